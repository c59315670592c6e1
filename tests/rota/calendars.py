"""Calendars as other programs write them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vRecur

BERLIN = ZoneInfo("Europe/Berlin")
WEEK = timedelta(weeks=1)


def an_event(summary: str = "Alice Moreau", **more: Any) -> Event:
    """A week of Alice's in UTC; further properties by name, `None` to leave one out."""
    event = Event()
    given: dict[str, Any] = {
        "uid": summary,
        "dtstart": datetime(2026, 3, 2, 9, tzinfo=UTC),
        "dtend": datetime(2026, 3, 9, 9, tzinfo=UTC),
        "summary": summary,
    }
    for name, value in (given | more).items():
        for one in value if isinstance(value, list) else [value]:
            if one is not None:
                event.add(name.replace("_", "-"), one)
    return event


def a_calendar(*events: Event, **more: str) -> str:
    """A whole calendar, times with the zones that they need."""
    calendar = Calendar()
    calendar.add("prodid", "-//A calendar program//EN")
    calendar.add("version", "2.0")
    for name, value in more.items():
        calendar.add(name.replace("_", "-"), value)
    for event in events:
        calendar.add_component(event)
    calendar.add_missing_timezones()
    return str(calendar.to_ical().decode())


def weekly(**more: Any) -> vRecur:
    return vRecur(freq="weekly", **more)


def in_berlin(year: int, month: int, day: int, hour: int = 9) -> datetime:
    return datetime(year, month, day, hour, tzinfo=BERLIN)


def mail(address: str, **params: str) -> vCalAddress:
    found = vCalAddress(f"mailto:{address}")
    found.params.update(params)
    return found


def on_day(month: int, day: int) -> date:
    return date(2026, month, day)
