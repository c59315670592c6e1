"""Times on the wall, placed into the one time that has no gaps."""

from bisect import bisect_left
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

SECOND = timedelta(seconds=1)

BEFORE_ALL = datetime.min.replace(tzinfo=UTC)
FOR_EVER = datetime.max.replace(tzinfo=UTC)


def first_shown(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first moment, in UTC, at which clocks in the zone show this time (without a zone) or a later one.

    A time that a change of the clocks leaves out is the moment of the change; of one that comes twice it is
    the first. So nothing that is in order on the wall is ever out of order here.
    """
    there = datetime.combine(wall, wall.time(), zone)  # `replace` would take four times as long.
    try:
        moment = there.astimezone(UTC)
        if moment.astimezone(zone).utcoffset() == there.utcoffset():
            return moment
    except OverflowError:  # It is within hours of the first year or the last.
        return BEFORE_ALL if wall.year == 1 else FOR_EVER
    # A time that was left out is read by the clock before the change, and with `fold` by the one after it.
    earlier = there.replace(fold=1).astimezone(UTC)
    seconds = range((moment - earlier) // SECOND)
    return earlier + SECOND * bisect_left(
        seconds, True, key=lambda passed: shown(earlier + SECOND * passed, zone) >= wall
    )


def shown(moment: datetime, zone: ZoneInfo) -> datetime:
    """What clocks in the zone show at a moment, without the zone."""
    return moment.astimezone(zone).replace(tzinfo=None)
