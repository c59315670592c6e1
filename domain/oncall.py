"""Who is on call: schedules of layers, what was changed for a while, and the shifts that follow (spec
2.1)."""

from datetime import date, time, timedelta
from typing import Literal

from pydantic import Field

from domain.base import Duration, Instant, Thing
from domain.fields import ClockTime, Strict
from domain.people import PersonRef

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""In the order of `date.weekday()`."""


class Hours(Strict):
    """Certain hours of certain days, by the clock on the wall. Where `ends` is not after `begins` they end
    on the next day; where both are the same they are the whole day."""

    days: tuple[Weekday, ...] = Field(default=WEEKDAYS, min_length=1)
    begins: ClockTime = time(9)
    ends: ClockTime = time(17)


class Layer(Thing):
    """One rotation of a schedule, in a time zone of its own.

    The first of `people` begins on the day `starts` at the time `handoff`; the next one takes over `every`
    so long, counted by the clock on the wall: a change to or from summer time moves no handoff. `calendar`
    names a feed that says who is on call, in place of a rotation. With `hours` the layer only holds within
    them; whose turn it is goes on all the same.

    Attributes:
        ends: the last day, inclusive, on which the layer holds; None: for ever.
    """

    name: str
    time_zone: str
    people: tuple[str, ...] = ()
    calendar: str | None = None
    starts: date | None = None
    handoff: time = time(9)
    every: Duration = timedelta(weeks=1)
    ends: date | None = None
    hours: tuple[Hours, ...] = ()


class Schedule(Thing):
    """Who is on call at any time: the last of the layers that has somebody says who, and an override before
    them all. Exactly one person, or nobody."""

    id: str
    name: str
    time_zone: str
    layers: tuple[Layer, ...]


class Override(Thing):
    """Somebody stands in for whoever would be on call, from `begins` until just before `ends`. Of two that
    overlap the one that was made later counts."""

    id: int
    schedule: str
    person: str
    begins: Instant
    ends: Instant
    reason: str = ""
    by: PersonRef
    made_at: Instant


class Shift(Thing):
    """A stretch of time in which one person, or nobody (`person` is None), is on call by a schedule, and why:
    `layer` is the layer's name or empty, `override` the number of the override that says so."""

    schedule: str
    person: str | None
    begins: Instant
    ends: Instant
    layer: str = ""
    override: int | None = None
    why: str = ""


class Feed(Thing):
    """What a calendar said when it was last fetched: whole shifts by the person's id, in order of begin.

    Attributes:
        fetched_at: when it was last read well; None: never.
        fault: why the latest attempt came to nothing.
        unknown: entries that name nobody of the configuration, as they stand there.
    """

    name: str
    shifts: tuple[Shift, ...] = ()
    fetched_at: Instant | None = None
    fault: str = ""
    unknown: tuple[str, ...] = ()
