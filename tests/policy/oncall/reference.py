"""Who is on call, slowly and obviously: clocks watched each quarter of an hour, turns counted one by one.

Everything that is asked of it has to lie in its two years, and on whole quarters of an hour.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import accumulate
from typing import NamedTuple
from zoneinfo import ZoneInfo

from domain.oncall import WEEKDAYS, Feed, Hours, Layer, Override, Schedule

QUARTER = timedelta(minutes=15)
DAY = timedelta(days=1)
SINCE = datetime(2017, 7, 1, tzinfo=UTC)
UNTIL = datetime(2019, 7, 1, tzinfo=UTC)
MOMENTS = [SINCE + QUARTER * number for number in range((UNTIL - SINCE) // QUARTER)]


class Answer(NamedTuple):
    """Who is on call, by which layer or override."""

    person: str | None
    layer: str
    override: int | None


NOBODY = Answer(None, "", None)


@cache
def latest_readings(zone: str) -> list[datetime]:
    """For each moment the latest time that a clock on the wall has shown until then."""
    clock = ZoneInfo(zone)
    return list(accumulate((moment.astimezone(clock).replace(tzinfo=None) for moment in MOMENTS), max))


def first_time(wall: datetime, zone: str) -> datetime:
    """When the clock on the wall first shows this time, or has jumped past it."""
    return MOMENTS[bisect_left(latest_readings(zone), wall)]


@cache
def handoffs(starts: date, handoff: time, every: timedelta, zone: str) -> list[datetime]:
    found = []
    wall = datetime.combine(starts, handoff)
    while wall < UNTIL.replace(tzinfo=None) - 2 * DAY:
        found.append(first_time(wall, zone))
        wall += every
    return found


def on_turn(layer: Layer, at: datetime) -> str | None:
    assert layer.starts is not None
    begun = bisect_right(handoffs(layer.starts, layer.handoff, layer.every, layer.time_zone), at)
    return layer.people[(begun - 1) % len(layer.people)] if begun else None


def in_calendar(feed: Feed | None, at: datetime) -> str | None:
    now = [entry for entry in (feed.shifts if feed else ()) if entry.begins <= at < entry.ends]
    return now[-1].person if now else None


def within(hour: Hours, day: date, zone: str, at: datetime) -> bool:
    if WEEKDAYS[day.weekday()] not in hour.days:
        return False
    last = day if hour.begins < hour.ends else day + DAY
    opens = first_time(datetime.combine(day, hour.begins), zone)
    return opens <= at < first_time(datetime.combine(last, hour.ends), zone)


def by_layer(layer: Layer, at: datetime, feeds: Mapping[str, Feed]) -> str | None:
    today = at.astimezone(ZoneInfo(layer.time_zone)).date()
    if layer.ends and at >= first_time(datetime.combine(layer.ends + DAY, time()), layer.time_zone):
        return None
    if layer.starts and at < first_time(datetime.combine(layer.starts, time()), layer.time_zone):
        return None
    days = [today + DAY * number for number in (-2, -1, 0, 1)]
    if layer.hours and not any(
        within(hour, day, layer.time_zone, at) for day in days for hour in layer.hours
    ):
        return None
    return in_calendar(feeds.get(layer.calendar), at) if layer.calendar else on_turn(layer, at)


def answer(
    schedule: Schedule, at: datetime, overrides: Sequence[Override] = (), feeds: Mapping[str, Feed] = {}
) -> Answer:
    now = [each for each in overrides if each.schedule == schedule.id and each.begins <= at < each.ends]
    if now:
        counts = max(now, key=lambda each: (each.made_at, each.id))
        return Answer(counts.person, "", counts.id)
    for layer in reversed(schedule.layers):
        if person := by_layer(layer, at, feeds):
            return Answer(person, layer.name, None)
    return NOBODY
