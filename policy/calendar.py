"""Working time, in a team's own zone."""

from datetime import datetime, timedelta

from domain.base import zone as zone_of

BEGINS, ENDS = 9, 17
SATURDAY = 5


def in_working_time(at: datetime, zone: str) -> datetime:
    """The moment itself if it is in working time, Monday to Friday from nine to five, else the next moment
    that is (spec 1.6, 3.4)."""
    local = at.astimezone(zone_of(zone))
    if local.weekday() < SATURDAY and BEGINS <= local.hour < ENDS:
        return at
    day = local.date() if local.hour < BEGINS else local.date() + timedelta(days=1)
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return datetime(day.year, day.month, day.day, BEGINS, tzinfo=zone_of(zone)).astimezone(at.tzinfo)
