"""What calendar programs write gives the right people at the right moments (spec 2.1)."""

from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Event, vRecur

import configuration
from domain.entries import PersonEntry
from domain.oncall import Shift
from integrations.calendars import CalendarFault
from integrations.ical import Reading, feed, read, shifts
from settings import STARTER_CONFIG
from tests.rota.calendars import a_calendar, an_event, in_berlin, mail, on_day, weekly

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
PEOPLE = configuration.load(STARTER_CONFIG).people

Span = tuple[str | None, str, str]


def said(text: str, zone: str = "Europe/Berlin", now: datetime = NOW) -> list[Span]:
    return spans(shifts(read(text, PEOPLE, now), zone))


def spans(found: tuple[Shift, ...]) -> list[Span]:
    return [(shift.person, f"{shift.begins:%m-%d %H:%M}", f"{shift.ends:%m-%d %H:%M}") for shift in found]


def reading(*events: Event) -> Reading:
    return read(a_calendar(*events), PEOPLE, NOW)


def test_2_1_a_weekly_series_keeps_its_handoff_over_a_change_of_the_clock() -> None:
    turns = [
        an_event(
            summary,
            dtstart=in_berlin(2026, 3, day),
            dtend=in_berlin(2026, 3, day + 7),
            rrule=weekly(interval=2, until=datetime(2026, 4, 20, tzinfo=UTC)),
        )
        for summary, day in (("Alice Moreau", 16), ("Ben Okafor", 23))
    ]
    # Summer time begins on 29 March: nine o'clock is at eight, then at seven in UTC.
    assert said(a_calendar(*turns)) == [
        ("alice", "03-16 08:00", "03-23 08:00"),
        ("ben", "03-23 08:00", "03-30 07:00"),
        ("alice", "03-30 07:00", "04-06 07:00"),
        ("ben", "04-06 07:00", "04-13 07:00"),
        ("alice", "04-13 07:00", "04-20 07:00"),
    ]


def test_2_1_an_exdate_takes_one_turn_out() -> None:
    event = an_event(
        dtstart=in_berlin(2026, 3, 2),
        dtend=in_berlin(2026, 3, 3),
        rrule=weekly(count=3),
        exdate=in_berlin(2026, 3, 9),
    )
    assert said(a_calendar(event)) == [
        ("alice", "03-02 08:00", "03-03 08:00"),
        ("alice", "03-16 08:00", "03-17 08:00"),
    ]


def test_2_1_one_turn_of_a_series_is_moved_and_another_given_away() -> None:
    series = an_event(
        uid="s", dtstart=in_berlin(2026, 3, 3), dtend=in_berlin(2026, 3, 4), rrule=weekly(count=3)
    )
    moved = an_event(
        uid="s",
        recurrence_id=in_berlin(2026, 3, 10),
        dtstart=in_berlin(2026, 3, 12, 18),
        dtend=in_berlin(2026, 3, 13, 18),
    )
    given = an_event(
        "Ben Okafor",
        uid="s",
        recurrence_id=in_berlin(2026, 3, 17),
        dtstart=in_berlin(2026, 3, 17),
        dtend=in_berlin(2026, 3, 18),
    )
    assert said(a_calendar(series, moved, given)) == [
        ("alice", "03-03 08:00", "03-04 08:00"),
        ("alice", "03-12 17:00", "03-13 17:00"),
        ("ben", "03-17 08:00", "03-18 08:00"),
    ]


def test_2_1_times_without_a_zone_are_those_of_the_layer() -> None:
    event = an_event(
        dtstart=datetime(2026, 3, 23, 22),  # noqa: DTZ001
        dtend=datetime(2026, 3, 24, 6),  # noqa: DTZ001
        rrule=weekly(count=2),
    )
    text = a_calendar(event)
    assert said(text, "Europe/Berlin") == [
        ("alice", "03-23 21:00", "03-24 05:00"),
        ("alice", "03-30 20:00", "03-31 04:00"),
    ]
    assert said(text, "America/New_York") == [
        ("alice", "03-24 02:00", "03-24 10:00"),
        ("alice", "03-31 02:00", "03-31 10:00"),
    ]


def test_2_1_whole_days_are_the_days_of_the_layer() -> None:
    event = an_event(dtstart=on_day(3, 28), dtend=on_day(3, 30))
    # From midnight to midnight; a weekend on which the clock goes forward has 47 hours.
    assert said(a_calendar(event)) == [("alice", "03-27 23:00", "03-29 22:00")]
    assert said(a_calendar(event), "Asia/Kolkata") == [("alice", "03-27 18:30", "03-29 18:30")]


def test_2_1_days_one_after_the_other_are_one_shift() -> None:
    event = an_event(dtstart=on_day(3, 2), dtend=None, rrule=vRecur(freq="daily", count=5))
    assert said(a_calendar(event), "UTC") == [("alice", "03-02 00:00", "03-07 00:00")]


def test_2_1_a_calendar_that_states_its_zone_means_it_for_its_times() -> None:
    event = an_event(dtstart=datetime(2026, 3, 2, 9), dtend=datetime(2026, 3, 2, 17))  # noqa: DTZ001
    text = a_calendar(event, x_wr_timezone="America/New_York")
    assert said(text) == [("alice", "03-02 14:00", "03-02 22:00")]
    assert said(text.replace("America/New_York", "Mars/Phobos")) == [("alice", "03-02 08:00", "03-02 16:00")]


def test_2_1_cancelled_entries_are_nobodys() -> None:
    series = an_event(
        uid="s", dtstart=in_berlin(2026, 3, 3), dtend=in_berlin(2026, 3, 4), rrule=weekly(count=2)
    )
    one_off = an_event(
        uid="s",
        recurrence_id=in_berlin(2026, 3, 10),
        dtstart=in_berlin(2026, 3, 10),
        dtend=in_berlin(2026, 3, 11),
        status="CANCELLED",
    )
    whole = an_event("Ben Okafor", status="CANCELLED")
    assert said(a_calendar(series, one_off, whole)) == [("alice", "03-03 08:00", "03-04 08:00")]


def test_2_1_of_entries_that_overlap_the_one_that_began_last_holds() -> None:
    week = an_event("Alice Moreau")
    night = an_event(
        "Ben Okafor",
        dtstart=datetime(2026, 3, 4, 20, tzinfo=UTC),
        dtend=datetime(2026, 3, 5, 8, tzinfo=UTC),
    )
    morning = an_event("Dev Raman", dtend=datetime(2026, 3, 2, 12, tzinfo=UTC))
    for order in ((week, night, morning), (morning, night, week)):
        assert said(a_calendar(*order)) == [
            ("dev", "03-02 09:00", "03-02 12:00"),
            ("alice", "03-02 12:00", "03-04 20:00"),
            ("ben", "03-04 20:00", "03-05 08:00"),
            ("alice", "03-05 08:00", "03-09 09:00"),
        ]


def test_2_1_a_calendar_is_read_from_a_week_ago_to_four_months_ahead() -> None:
    event = an_event(dtstart=on_day(1, 1), dtend=None, rrule=vRecur(freq="daily"))
    [shift] = shifts(read(a_calendar(event), PEOPLE, NOW), "UTC")
    assert NOW - timedelta(days=8) < shift.begins <= NOW - timedelta(days=7)
    assert NOW + timedelta(days=120) <= shift.ends < NOW + timedelta(days=121)


@pytest.mark.parametrize(
    "summary",
    [
        "alice",
        "ALICE",
        "Alice Moreau",
        "alice   moreau",
        "On call: Alice Moreau",
        "On Call - Alice Moreau - Storefront",
        "Alice Moreau (primary)",
        "[L1] alice",
        "alice@example.com",
        "Primary on call: alice@example.com until Monday",
        "Alice Moreau stands in for Ben Okafor",
        "Dev: Alice Moreau",
    ],
)
def test_2_1_a_title_names_a_person(summary: str) -> None:
    found = reading(an_event(summary))
    assert [entry.person for entry in found.entries] == ["alice"]
    assert found.unknown == ()


@pytest.mark.parametrize(
    "summary",
    ["Malice Moreaux", "malice@example.com", "alice@example.com.au", "Deploy to dev today", "Alice", ""],
)
def test_a_title_that_only_resembles_a_name_names_nobody(summary: str) -> None:
    people = {name: entry for name, entry in PEOPLE.items() if name != "alice"}
    people["a1"] = PEOPLE["alice"]
    found = read(a_calendar(an_event(summary)), people, NOW)
    assert found.entries == ()
    assert found.unknown == (summary or "an entry without a title",)


def test_a_name_of_two_people_names_neither() -> None:
    twin: dict[str, PersonEntry] = {
        **PEOPLE,
        "twin": PEOPLE["alice"].model_copy(update={"email": "t@example.com"}),
    }
    found = read(a_calendar(an_event("Alice Moreau"), an_event("t@example.com")), twin, NOW)
    assert [entry.person for entry in found.entries] == ["twin"]
    assert found.unknown == ("Alice Moreau",)


def test_2_1_attendees_name_a_person_where_the_title_does_not() -> None:
    title = "Storefront on call"
    invited = an_event(title, uid="1", attendee=[mail("room4@example.com"), mail("Ben@Example.com")])
    declined = an_event(title, uid="2", attendee=[mail("ben@example.com", PARTSTAT="DECLINED")])
    organised = an_event(title, uid="3", organizer=mail("dev@example.com"))
    both = an_event(title, uid="4", organizer=mail("dev@example.com"), attendee=[mail("who@example.com")])
    people = [
        [entry.person for entry in reading(event).entries] for event in (invited, declined, organised, both)
    ]
    assert people == [["ben"], [], ["dev"], []]


@pytest.mark.parametrize(
    ("wrong", "because"),
    [
        ("DTSTART:2026-03-02\nDTEND:20260303T090000Z", "2026-03-02"),
        ("SUMMARY:no start", "DTSTART"),
        ("DTSTART:20260302T090000Z\nRRULE:FREQ=OFTEN", "OFTEN"),
        ("DTSTART:20260302T090000Z\nRRULE:COUNT=3", "freq"),
        ("DTSTART:20260302T090000Z\nDTEND:20260303T090000Z\nRRULE:FREQ=SECONDLY", "minute"),
        ("DTSTART:20260302T090000Z\nDTEND:20260301T090000Z", "ends before it begins"),
        ("DTSTART:20260302T090000Z\nDTEND:20260303T090000", "offset"),
        (
            "DTSTART;TZID=Nowhere/Land:20260302T090000\nDTEND;TZID=Nowhere/Land:20260303T090000",
            "Nowhere/Land",
        ),
        ("DTSTART:20260302T090000Z\nRRULE:FREQ=DAILY\nEXDATE:yesterday", "yesterday"),
    ],
)
def test_a_malformed_entry_is_left_out_and_said_so_and_the_others_count(wrong: str, because: str) -> None:
    broken = f"BEGIN:VEVENT\nUID:x\nSUMMARY:Ben Okafor\n{wrong}\nEND:VEVENT\n".replace("\n", "\r\n")
    text = a_calendar(an_event()).replace("END:VCALENDAR", f"{broken}END:VCALENDAR")
    found = read(text, PEOPLE, NOW)
    assert [entry.person for entry in found.entries] == ["alice"]
    assert len(found.faults) == 1
    assert "Ben Okafor" in found.faults[0]
    assert because in found.faults[0]


def test_a_line_that_is_none_costs_no_entry_but_is_said() -> None:
    text = a_calendar(an_event()).replace("SUMMARY", "what is this\r\nSUMMARY")
    found = read(text, PEOPLE, NOW)
    assert [entry.person for entry in found.entries] == ["alice"]
    assert "what is this" in feed("swaps", found, "UTC", NOW).fault


@pytest.mark.parametrize("text", ["", "<html>Sign in</html>", "BEGIN:VEVENT\r\nEND:VEVENT\r\n", "\x00"])
def test_what_is_no_calendar_is_refused(text: str) -> None:
    with pytest.raises(CalendarFault, match="is no calendar"):
        read(text, PEOPLE, NOW)


def test_half_a_calendar_is_refused() -> None:
    whole = a_calendar(an_event("Alice Moreau"), an_event("Ben Okafor"))
    for length in range(len(whole) // 3, len(whole) - len("END:VCALENDAR\r\n"), 7):
        with pytest.raises(CalendarFault):
            read(whole[:length], PEOPLE, NOW)


def test_two_calendars_in_one_file_are_both_read() -> None:
    both = a_calendar(an_event()) + a_calendar(
        an_event("Ben Okafor", dtstart=on_day(3, 9), dtend=on_day(3, 10))
    )
    assert [entry.person for entry in read(both, PEOPLE, NOW).entries] == ["alice", "ben"]
