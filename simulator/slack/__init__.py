"""A stand-in for Slack: its Web API, its signed requests to the application, and people in channels."""
