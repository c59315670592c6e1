"""Who is on call can be subscribed to, and read back as it was (spec 2.1)."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

import configuration
from domain.oncall import Schedule, Shift
from integrations.ical import read
from integrations.ical import shifts as imported
from policy.ics import person_ics, schedule_ics
from settings import STARTER_CONFIG

PEOPLE = configuration.load(STARTER_CONFIG).people
NAMES = {name: person.name for name, person in PEOPLE.items()}
NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
DAY = timedelta(days=1)
SCHEDULE = Schedule(id="primary", name="Storefront primary", time_zone="UTC", layers=())


def a_shift(person: str | None, begins: datetime = NOW, ends: datetime = NOW + DAY, **more: str) -> Shift:
    return Shift.model_validate(
        {"schedule": "primary", "person": person, "begins": begins, "ends": ends} | more
    )


def exported(*shifts: Shift) -> Any:
    found: Any = Calendar.from_ical(schedule_ics(SCHEDULE, shifts, NAMES))
    assert [event.errors for event in found.events] == [[]] * len(found.events)
    return found


def test_2_1_a_schedule_is_a_calendar_that_says_who() -> None:
    calendar = exported(a_shift("alice", why="layer 1, her turn"), a_shift(None, NOW + DAY, NOW + 2 * DAY))
    assert str(calendar["X-WR-CALNAME"]) == "On call: Storefront primary"
    assert calendar["REFRESH-INTERVAL"].dt == timedelta(minutes=15)
    [event] = calendar.events
    assert str(event["SUMMARY"]) == "On call: Alice Moreau (Storefront primary)"
    assert str(event["DESCRIPTION"]) == "layer 1, her turn"
    assert (event.start, event.end) == (NOW, NOW + DAY)


def test_2_1_a_shift_that_changes_hands_is_the_same_entry() -> None:
    [before], [after] = exported(a_shift("alice")).events, exported(a_shift("ben")).events
    assert before["UID"] == after["UID"]
    assert schedule_ics(SCHEDULE, [a_shift("alice")], NAMES) == schedule_ics(
        SCHEDULE, [a_shift("alice")], NAMES
    )


def test_2_1_a_persons_calendar_has_their_own_shifts_of_all_schedules() -> None:
    second = a_shift("alice", NOW + DAY, NOW + 2 * DAY, schedule="secondary")
    shifts = {"primary": [a_shift("alice"), a_shift("ben", NOW + DAY, NOW + 2 * DAY)], "secondary": [second]}
    names = {**NAMES, "primary": "Storefront primary"}
    calendar = Calendar.from_ical(person_ics("alice", shifts, names))
    assert str(calendar["X-WR-CALNAME"]) == "On call: Alice Moreau"
    assert [str(event["SUMMARY"]) for event in calendar.walk("VEVENT")] == [
        "On call: Alice Moreau (Storefront primary)",
        "On call: Alice Moreau (secondary)",
    ]
    assert len({str(event["UID"]) for event in calendar.walk("VEVENT")}) == 2


@given(
    st.lists(
        st.tuples(st.integers(1, 200), st.sampled_from([*PEOPLE, None])),
        max_size=20,
    )
)
def test_2_1_what_was_exported_is_imported_again_as_it_was(turns: list[tuple[int, str | None]]) -> None:
    at = NOW
    shifts: list[Shift] = []
    for hours, person in turns:
        ends = at + timedelta(hours=hours)
        if shifts and shifts[-1].person == person:
            shifts[-1] = shifts[-1].model_copy(update={"ends": ends})
        else:
            shifts.append(a_shift(person, at, ends))
        at = ends
    text = schedule_ics(SCHEDULE, shifts, NAMES).decode()
    found = imported(read(text, PEOPLE, NOW), "Asia/Kolkata")
    horizon = NOW + timedelta(days=120)
    wanted = [shift for shift in shifts if shift.person and shift.begins < horizon]
    assert [(shift.person, shift.begins, shift.ends) for shift in found] == [
        (shift.person, shift.begins, shift.ends) for shift in wanted
    ]
    assert all(before.ends <= after.begins for before, after in pairwise(found))
