"""What happened, in order, for good."""

from enum import StrEnum
from itertools import accumulate
from typing import Any

from pydantic import Field

from domain.base import Instant, State, Thing

MOST_PENDING_BYTES = 1_000_000
"""Bytes of entries that wait in workflow state for a database. Temporal stores nothing over two mebibytes."""

MOST_BATCH_BYTES = 500_000
"""Bytes of entries that are sent to the database at once."""


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
    SEVERITY = "severity"
    IMPACT = "impact"
    ROLE = "role"
    WAR_ROOM = "war room"
    CHECKPOINT = "checkpoint"
    HYPOTHESIS = "hypothesis"
    DECISION = "decision"
    ANNOUNCEMENT = "announcement"
    MITIGATION = "mitigation"
    UPDATE = "update"
    ASKED = "asked"
    STATUS = "status"
    POSTMORTEM = "postmortem"
    ACTION_ITEM = "action item"
    REVIEW = "review"
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

    @property
    def size(self) -> int:
        """Its length in bytes, as it is stored."""
        return len(self.model_dump_json())


class Timeline(State):
    """The part of the timeline that is not in the database yet."""

    last: int = 0
    pending: list[Entry] = Field(default_factory=list)
    pending_bytes: int = 0
    dropped: int = 0

    def add(self, entry: Entry) -> None:
        """Append an entry. With the database away for very long the oldest details make room and are
        counted: an incident that cannot be stored any more would page nobody."""
        self.last = entry.sequence
        self.pending.append(entry)
        self.pending_bytes += entry.size
        while self.pending_bytes > MOST_PENDING_BYTES:
            details = (Kind.PAGE, Kind.CARRIER, Kind.ALERT)
            victim = next((e for e in self.pending if e.kind in details), self.pending[0])
            self.pending.remove(victim)
            self.pending_bytes -= victim.size
            self.dropped += 1

    def batch(self) -> tuple[Entry, ...]:
        """The first of what is pending, as much as may travel at once."""
        sizes = accumulate(entry.size for entry in self.pending)
        return tuple(
            entry
            for number, (entry, size) in enumerate(zip(self.pending, sizes, strict=True))
            if size <= MOST_BATCH_BYTES or number == 0
        )

    def written(self, through: int) -> None:
        """Forget what the database has: every entry up to and including `through`."""
        self.pending_bytes -= sum(entry.size for entry in self.pending if entry.sequence <= through)
        self.pending = [entry for entry in self.pending if entry.sequence > through]
