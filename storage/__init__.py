"""The past: what happened, in SQL, and what people look up there. Paging never needs it."""

from storage.schema import migrate

__all__ = ["migrate"]
