"""Who is on call, as a calendar that other programs subscribe to (spec 2.1)."""

from collections.abc import Iterable, Mapping
from datetime import UTC, timedelta

from icalendar import Calendar, Event

from domain.oncall import Schedule, Shift

REFRESH = timedelta(minutes=15)
"""How often whoever subscribes is asked to look again."""


def schedule_ics(schedule: Schedule, shifts: Iterable[Shift], names: Mapping[str, str]) -> bytes:
    """A schedule's shifts. `names` are people's, by id."""
    calendar = _calendar(f"On call: {schedule.name}")
    _enter(calendar, schedule.name, shifts, names)
    return bytes(calendar.to_ical())


def person_ics(person: str, shifts: Mapping[str, Iterable[Shift]], names: Mapping[str, str]) -> bytes:
    """A person's own shifts out of these, which are by the schedule's id. `names` are those of people and of
    schedules, by id."""
    calendar = _calendar(f"On call: {names.get(person, person)}")
    for schedule, held in shifts.items():
        mine = (shift for shift in held if shift.person == person)
        _enter(calendar, names.get(schedule, schedule), mine, names)
    return bytes(calendar.to_ical())


def _calendar(name: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Midwatch//EN")
    calendar.add("version", "2.0")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT15M")
    return calendar


def _enter(calendar: Calendar, schedule: str, shifts: Iterable[Shift], names: Mapping[str, str]) -> None:
    for shift in shifts:
        if shift.person is None:
            continue
        begins = shift.begins.astimezone(UTC)
        event = Event()
        # A shift that changes hands keeps its identity, so that calendars change the entry.
        event.add("uid", f"{shift.schedule}-{begins:%Y%m%dT%H%M%SZ}@midwatch")
        # The same shifts are the same bytes, whenever they are asked for.
        event.add("dtstamp", begins)
        event.add("dtstart", begins)
        event.add("dtend", shift.ends.astimezone(UTC))
        event.add("summary", f"On call: {names.get(shift.person, shift.person)} ({schedule})")
        if shift.why:
            event.add("description", shift.why)
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
