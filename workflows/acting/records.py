"""Records with a number of their own within an incident."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from workflows.live_incident import LiveIncident
from workflows.telling import MOST_RECORDS


class _Numbered(Protocol):
    @property
    def number(self) -> int: ...


RecordT = TypeVar("RecordT", bound=_Numbered)


def numbered(records: Sequence[_Numbered]) -> int:
    """The number of the next record."""
    return max((record.number for record in records), default=0) + 1


def put(records: Sequence[RecordT], new: RecordT) -> list[RecordT]:
    """The records with this one, in the place of its earlier self or at the end."""
    if any(record.number == new.number for record in records):
        return [new if record.number == new.number else record for record in records]
    return [*records, new][-MOST_RECORDS:]


def progress(live: LiveIncident) -> None:
    """Something was recorded that counts as progress (spec 3.4)."""
    live.state.progress_at = live.now()
