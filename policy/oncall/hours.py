"""Restrictions to certain hours of certain days (spec 2.1)."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from domain.base import zone
from domain.oncall import WEEKDAYS, Hours
from policy.oncall.wall import first_shown, shown

DAY = timedelta(days=1)

Window = tuple[datetime, datetime]


def windows(hours: Sequence[Hours], time_zone: str, begins: datetime, ends: datetime) -> list[Window]:
    """The time between `begins` and `ends` that lies within any of these hours, in order and merged. Hours
    that go past midnight belong to the day on which they begin. No hours restrict nothing."""
    if not hours:
        return [(begins, ends)]
    merged: list[Window] = []
    for opens, closes in sorted(_days(hours, time_zone, begins, ends)):
        if merged and opens <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(closes, merged[-1][1])
        else:
            merged.append((opens, closes))
    return merged


def _days(hours: Sequence[Hours], time_zone: str, begins: datetime, ends: datetime) -> Iterator[Window]:
    clock = zone(time_zone)
    day = shown(begins, clock).replace(hour=0, minute=0, second=0, microsecond=0) - DAY
    last = shown(ends, clock) + DAY  # Where a clock goes back past midnight, tomorrow has begun already.
    while day <= last:
        for hour in hours:
            if WEEKDAYS[day.weekday()] in hour.days:
                closing = day if hour.begins < hour.ends else day + DAY
                opens = max(first_shown(datetime.combine(day, hour.begins), clock), begins)
                closes = min(first_shown(datetime.combine(closing, hour.ends), clock), ends)
                if opens < closes:
                    yield opens, closes
        day += DAY
