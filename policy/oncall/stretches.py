"""How long somebody is on call on end (spec 2.2, 2.4)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from domain.oncall import Shift


class Stretch(NamedTuple):
    """From when until when somebody is on call on end."""

    begins: datetime
    ends: datetime

    @property
    def length(self) -> timedelta:
        """How long it is."""
        return self.ends - self.begins


def stretches(shifts: Iterable[Shift], person: str, apart: timedelta = timedelta(0)) -> tuple[Stretch, ...]:
    """When this person is on call, by shifts of one schedule or of several, in order. Shifts that overlap,
    touch, or are at most `apart` from each other are one stretch: nobody rests in a night between two days
    of the same week on call."""
    found: list[Stretch] = []
    for shift in sorted(
        (shift for shift in shifts if shift.person == person), key=lambda shift: shift.begins
    ):
        if found and shift.begins <= found[-1].ends + apart:
            found[-1] = Stretch(found[-1].begins, max(found[-1].ends, shift.ends))
        else:
            found.append(Stretch(shift.begins, shift.ends))
    return tuple(found)
