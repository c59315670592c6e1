"""What a database takes."""

from typing import Any


def storable(value: Any) -> Any:
    """The value without what PostgreSQL refuses: one such character would hold up a timeline for ever."""
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, dict):
        return {storable(key): storable(inner) for key, inner in value.items()}
    return [storable(inner) for inner in value] if isinstance(value, list) else value
