"""Moments and lengths of time in words, both ways, and text that is safe to print."""

import re
from datetime import UTC, datetime, time, timedelta
from typing import Any

from commands.told import Told
from domain.base import parse_duration

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")

QUESTIONS = (
    "What do we know now?",
    "What do we try next?",
    "Do we need more people?",
    "Is the status page current?",
)
"""Those of a checkpoint (spec 6.3)."""


def cleaned(value: Any) -> Any:
    """The same, without control characters: a title comes from outside, and could steer a terminal."""
    if isinstance(value, str):
        return _CONTROL.sub("", value)
    if isinstance(value, dict):
        return {name: cleaned(inner) for name, inner in value.items()}
    return [cleaned(inner) for inner in value] if isinstance(value, list) else value


def when(at: datetime, now: datetime) -> str:
    """A moment in UTC, with its day where that is not today."""
    at = at.astimezone(UTC)
    if at.date() == now.astimezone(UTC).date():
        return f"{at:%H:%M:%S} UTC"
    return f"{at:%Y-%m-%d %H:%M} UTC"


def span(length: timedelta) -> str:
    """A length of time, in its two largest units."""
    seconds = int(abs(length.total_seconds()))
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3_600:
        return f"{seconds // 60} min {seconds % 60:02} s"
    if seconds < 86_400:
        return f"{seconds // 3_600} h {seconds % 3_600 // 60:02} min"
    return f"{seconds // 86_400} d {seconds % 86_400 // 3_600} h"


def countdown(at: datetime, now: datetime) -> str:
    """How long until then, or since when it is late."""
    return f"in {span(at - now)}" if at > now else f"overdue by {span(now - at)}"


def moment(text: str | None, option: str) -> str | None:
    """What a person wrote, as the API takes it: `2026-03-01 14:00` (UTC unless it has a zone), a day, which
    means its end, or a length of time from now, like `30m` or `3d`.

    Raises:
        Told: it is none of these.
    """
    if text is None:
        return None
    try:
        length = parse_duration(text)
        if isinstance(length, timedelta):
            return (datetime.now(UTC) + length).isoformat()
    except ValueError:
        pass
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        wanted = "write 2026-03-01T14:00Z, 2026-03-01 (its end, UTC), or 30m, 2h, 3d from now"
        raise Told(f"{option}: {text!r} is not a moment; {wanted}") from None
    if re.fullmatch(r"[\d-]+", text):
        at = datetime.combine(at, time(23, 59, 59))
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).isoformat()
