"""What things are: frozen Pydantic models, their identifiers, and the messages between rooms."""
