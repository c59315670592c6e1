"""Alerts in. Nothing is answered with success before it is durable (spec 10.2)."""
