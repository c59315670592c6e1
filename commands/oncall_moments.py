"""Moments of on-call, as people write them: by the clock on the wall of whoever is on call."""

import re
from datetime import UTC, datetime, time, timedelta

from commands.told import Told
from domain.base import parse_duration, zone

DAY = timedelta(days=1)
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def as_given(text: str | None, option: str) -> str | None:
    """A moment as the API takes it; without a zone it is left to the API, which knows whose clock counts.

    Raises:
        Told: it is no moment.
    """
    return None if text is None else _moment(text, option).isoformat()


def beginning(text: str | None, time_zone: str) -> str:
    """When an override begins: now, a moment, a day's beginning, or the next time the clock shows `09:00`."""
    now = datetime.now(zone(time_zone))
    if text is None or text == "now":
        return now.astimezone(UTC).isoformat()
    return (_next(text, now.replace(tzinfo=None)) or _moment(text, "from")).isoformat()


def end(text: str, time_zone: str, begins: str) -> str:
    """When it ends: a moment, a day's end, the next time after its beginning that the clock shows `09:00`, or
    so long after it."""
    began = datetime.fromisoformat(begins)
    began = began if began.tzinfo else began.replace(tzinfo=zone(time_zone))
    local = began.astimezone(zone(time_zone)).replace(tzinfo=None)
    if found := _next(text, local):
        return found.isoformat()
    if _DAY.fullmatch(text):
        return (_moment(text, "to") + DAY).isoformat()
    length = _length(text)
    return (began.astimezone(UTC) + length if length else _moment(text, "to")).isoformat()


def weeks_from(text: str | None, weeks: int, time_zone: str) -> tuple[str, str]:
    """The first midnight and the last of so many weeks: from that day on or, without one, from this Monday.

    Raises:
        Told: it is no day.
    """
    if text is None:
        today = datetime.now(zone(time_zone)).date()
        first = today - timedelta(days=today.weekday())
    else:
        first = _moment(text, "from").date()
    begins = datetime.combine(first, time())
    return begins.isoformat(), (begins + timedelta(weeks=weeks)).isoformat()


def _next(text: str, after: datetime) -> datetime | None:
    """The next time that the clock shows this, if it is a time of day."""
    if not (match := _CLOCK.fullmatch(text)):
        return None
    try:
        at = datetime.combine(after.date(), time(int(match[1]), int(match[2])))
    except ValueError:
        return None
    return at if at > after else at + DAY


def _length(text: str) -> timedelta | None:
    try:
        length = parse_duration(text)
    except ValueError:
        return None
    return length if isinstance(length, timedelta) else None


def _moment(text: str, option: str) -> datetime:
    if length := _length(text):
        return datetime.now(UTC) + length
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        wanted = 'write "2026-12-24 03:00", 2026-12-24T03:00Z, a day, or 8h'
        raise Told(f"{option}: {text!r} is not a moment; {wanted}") from None
