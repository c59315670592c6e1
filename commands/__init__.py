"""The command line of people and their scripts: it does over HTTP what the page does.

It knows the API's addresses and the things of `domain`, and nothing of how they are kept. As in `cli.py`,
what a command needs is imported by the command itself.
"""
