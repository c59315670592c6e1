"""The status page as HTML: one document with its style and script in it, that needs neither to be read."""

import base64
import hashlib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.status import board as boards
from api.status.board import Board
from api.status.lastgood import Copy
from domain.response import ComponentState
from storage.public import PublicIncident

TEMPLATES = Path(__file__).resolve().parent / "templates"
_STYLE, _SCRIPT = ((TEMPLATES / name).read_text(encoding="utf-8") for name in ("page.css", "page.js"))


def _hash(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


HEADERS = {
    # Nothing but what we wrote ourselves, and nothing from elsewhere, even if a text should get around
    # the escaping.
    "Content-Security-Policy": f"default-src 'none'; style-src {_hash(_STYLE)}; script-src {_hash(_SCRIPT)}; "
    "img-src data:; base-uri 'none'; form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}

STATES = {
    ComponentState.OPERATIONAL: "Operational",
    ComponentState.DEGRADED: "Degraded performance",
    ComponentState.PARTIAL_OUTAGE: "Partial outage",
    ComponentState.MAJOR_OUTAGE: "Major outage",
}


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def _moment(at: datetime) -> str:
    moment = at.astimezone(UTC)
    return f"{_day(moment.date())}, {moment:%H:%M} UTC"


def ago(age: timedelta) -> str:
    """How long ago, in words: the largest unit that counts one at least, as a whole number."""
    for unit, seconds in (("hour", 3600), ("minute", 60), ("second", 1)):
        if (count := int(age.total_seconds()) // seconds) or unit == "second":
            return f"{count} {unit}{'' if count == 1 else 's'}"
    raise AssertionError("seconds are always named")


_environment = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.globals.update(style=_STYLE, script=_SCRIPT)
_environment.filters.update(
    day=_day,
    moment=_moment,
    ago=ago,
    title=boards.title,
    impact=boards.impact,
    state=STATES.__getitem__,
    indicator=boards.INDICATORS.__getitem__,
)


def status(board: Board, copy: Copy, now: datetime) -> str:
    """The page of everything."""
    return _environment.get_template("status.html.j2").render(
        board=board, days=board.days(now), age=copy.age if copy.away else None
    )


def incident(board: Board, found: PublicIncident, age: timedelta | None) -> str:
    """The page of one incident; `age` is how old it is, if it could not be read anew."""
    return _environment.get_template("incident.html.j2").render(board=board, incident=found, age=age)


def message(name: str, heading: str, text: str) -> str:
    """A page that only says something."""
    return _environment.get_template("message.html.j2").render(name=name, heading=heading, text=text)
