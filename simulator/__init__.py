"""The outside world of drills and tests: a carrier that speaks Twilio's API, a Slack, and people with both.

A program of its own (`python -m simulator`). It shares no code with the rest of the project, so that what
Midwatch says to it is exactly what Midwatch would say to Twilio and to Slack.
"""
