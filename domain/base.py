"""The two kinds of model, and the types that every room shares."""

import re
from datetime import datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, PlainSerializer

_UNITS = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1}
_DURATION = re.compile("".join(rf"(?:(\d+(?:\.\d+)?){unit})?" for unit in _UNITS))


class Thing(BaseModel):
    """A value that never changes once made. A field it does not know is ignored, so that a newer
    sender and an older history can both be read."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class State(BaseModel):
    """A record that its one owner, a workflow, changes in place."""

    model_config = ConfigDict(extra="ignore")


def parse_duration(value: Any) -> Any:
    """Read `5m`, `90s`, `1h30m` or `2w` as a timedelta; leave anything else to Pydantic.

    Raises:
        ValueError: text that is no duration, with an example of one that is.
    """
    if not isinstance(value, str) or value.startswith(("P", "-P")):
        return value
    match = _DURATION.fullmatch(value.replace(" ", ""))
    if match is None or not any(match.groups()):
        raise ValueError(f"{value!r} is not a duration; write it like 90s, 5m, 1h30m or 2w")
    amounts = zip(match.groups(), _UNITS.values(), strict=True)
    return timedelta(seconds=sum(float(amount) * unit for amount, unit in amounts if amount))


def spell_duration(value: timedelta) -> str:
    """Write a duration the way `parse_duration` reads it: `1h30m`, `2.5s`, `0s`."""
    rest, spelled = value.total_seconds(), ""
    for unit, seconds in _UNITS.items():
        if unit == "w":
            continue  # People think of deadlines in days.
        whole = rest if unit == "s" else rest // seconds
        rest -= whole * seconds
        spelled += f"{whole:g}{unit}" if whole else ""
    return spelled or "0s"


Duration = Annotated[
    timedelta, BeforeValidator(parse_duration), PlainSerializer(spell_duration, when_used="json")
]
"""A length of time, `5m` in files and JSON, a `timedelta` in code."""

Instant = AwareDatetime
"""A moment with its zone; Midwatch keeps them all in UTC."""


def zone(name: str) -> ZoneInfo:
    """A time zone by its name, also where workflows run: their sandbox gives out no zones itself. What is
    computed with one may differ after an update of the zones, so it belongs into state, not into a replay."""
    return ZoneInfo(name)


class Deadline(Thing):
    """The one kind of timer: an absolute moment with the name that people see everywhere."""

    name: str
    at: Instant

    def remaining(self, now: datetime) -> timedelta:
        """How long until it is due; zero once it is past."""
        return max(self.at - now, timedelta(0))
