"""What happened, in order, for good."""

from enum import StrEnum
from typing import Any

from pydantic import Field

from domain.base import Instant, State, Thing

MOST_PENDING = 2_000
"""Entries that wait in workflow state for a database. Beyond it the state could outgrow what Temporal stores."""


class Kind(StrEnum):
    """What sort of thing happened."""

    OPENED = "opened"
    ALERT = "alert"
    RUN = "ladder"
    RUNG = "rung"
    PAGE = "page"
    CARRIER = "carrier"
    ACKNOWLEDGED = "acknowledged"
    PASSED = "passed"
    COMMANDER = "commander"
    RESOLVED = "resolved"
    CLOSED = "closed"
    REOPENED = "reopened"
    DOCUMENT = "document"
    FAULT = "fault"


class Entry(Thing):
    """One line of the timeline: `text` for people, `data` for machines. `sequence` counts from 1 within
    an incident and never changes its meaning, so writing it twice is harmless."""

    sequence: int
    at: Instant
    kind: Kind
    text: str
    person: str | None = None
    data: dict[str, Any] = Field(default_factory=dict)


class Timeline(State):
    """The part of the timeline that is not in the database yet."""

    last: int = 0
    pending: list[Entry] = Field(default_factory=list)
    dropped: int = 0

    def add(self, entry: Entry) -> None:
        """Append an entry. With the database away for very long the oldest page details make room, and
        how many is told: an incident that cannot be stored any more would page nobody."""
        self.last = entry.sequence
        self.pending.append(entry)
        if len(self.pending) > MOST_PENDING:
            details = (Kind.PAGE, Kind.CARRIER, Kind.ALERT)
            victim = next((e for e in self.pending if e.kind in details), self.pending[0])
            self.pending.remove(victim)
            self.dropped += 1

    def written(self, through: int) -> None:
        """Forget what the database has: every entry up to and including `through`."""
        self.pending = [entry for entry in self.pending if entry.sequence > through]
