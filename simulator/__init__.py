"""The outside world for drills and tests: a telephone carrier that speaks Twilio's API, and people with phones.

A program of its own (`python -m simulator`). It shares no code with the rest of the project, so that what Midwatch says
to it is exactly what Midwatch would say to Twilio.
"""
