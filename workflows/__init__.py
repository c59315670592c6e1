"""The durable part: one workflow for each incident, and its duties."""
