"""Rest after a bad night (spec 2.4): what a night was like, and who is offered whose duty."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.entries import RegionEntry, RestEntry, TeamEntry, WorkingHours
from domain.oncall import Shift
from domain.organisation import Organisation
from domain.rest import Night, Reply, RestOffer
from domain.snapshot import WorkingTime
from domain.timeline import Entry, Kind
from policy import rest, rest_words
from policy.rest import bad, due, lived, night_before, offered, refusal, work_of, working_day

REST = RestEntry(most_days=7, most_weeks_per_quarter=4, fewest_people=5, pages=2, work=timedelta(hours=1))
BERLIN = RegionEntry(name="Europe", time_zone="Europe/Berlin")
NEW_YORK = RegionEntry(
    name="Americas",
    time_zone="America/New_York",
    working_hours=WorkingHours.model_validate({"begins": "08:00"}),
)
INDIA = RegionEntry(name="India", time_zone="Asia/Kolkata")
EVENING = datetime(2026, 3, 3, 16, 0, tzinfo=UTC)  # a Tuesday, 17:00 in Berlin
MORNING = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)
NAMES = {"alice": "Alice Moreau", "ben": "Ben Okafor", "chiara": "Chiara Lindqvist"}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def night_time(clock: str) -> datetime:
    """That time of the night to MORNING, UTC."""
    day = "2026-03-03" if clock >= "12:00" else "2026-03-04"
    return at(f"{day}T{clock}")


def entries(
    *told: tuple[str, Kind, str | None] | tuple[str, Kind, str | None, dict[str, Any]],
) -> list[Entry]:
    return [
        Entry(
            sequence=number,
            at=night_time(one[0]),
            kind=one[1],
            text=one[1].value,
            person=one[2],
            data=one[3] if len(one) == 4 else {},
        )
        for number, one in enumerate(told, start=1)
    ]


def a_night(pages: int = 0, minutes: float = 0) -> Night:
    return Night(begins=EVENING, ends=MORNING, pages=pages, work=timedelta(minutes=minutes))


def an_offer(**more: Any) -> RestOffer:
    given = {
        "id": 7,
        "team": "storefront",
        "schedule": "storefront-primary",
        "day": date(2026, 3, 4),
        "person": "alice",
        "to": "ben",
        "begins": MORNING,
        "ends": MORNING + timedelta(hours=8),
        "pages": 3,
        "work": timedelta(minutes=80, seconds=12),
        "made_at": MORNING,
    }
    return RestOffer.model_validate(given | more)


# The working day, and the night before it


@pytest.mark.parametrize(
    ("now", "zone", "begins"),
    [
        ("2026-03-04T08:00:00.3", "Europe/Berlin", "2026-03-04T08:00"),
        ("2026-03-04T08:59:59", "Europe/Berlin", "2026-03-04T08:00"),
        ("2026-03-04T07:00:00", "Europe/Berlin", None),
        ("2026-03-04T09:00:00", "Europe/Berlin", None),
        ("2026-03-07T08:00:00", "Europe/Berlin", None),  # a Saturday
        ("2026-03-06T08:00:00", "Europe/Berlin", None),  # a day off
        ("2026-03-30T07:00:00", "Europe/Berlin", "2026-03-30T07:00"),  # the first Monday of summer time
        ("2026-03-30T08:00:00", "Europe/Berlin", None),
        ("2026-03-04T03:00:00", "Asia/Kolkata", "2026-03-04T03:30"),  # half past, in the zones of half hours
        ("2026-03-04T04:00:00", "Asia/Kolkata", None),
        ("2026-03-03T20:00:00", "Pacific/Auckland", "2026-03-03T20:00"),  # it is the 4th there
    ],
)
def test_2_4_a_working_day_begins_within_one_hour(now: str, zone: str, begins: str | None) -> None:
    day = working_day(at(now), WorkingTime(time_zone=zone, days_off=(date(2026, 3, 6),)))
    assert day == ((at(begins), at(begins) + timedelta(hours=8)) if begins else None)


@given(
    day=st.integers(0, 700),
    zone=st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"]),
)
def test_2_4_of_the_hours_of_a_day_at_most_one_begins_a_working_day(day: int, zone: str) -> None:
    midnight = at("2026-01-01T00:00") + timedelta(days=day)
    working = WorkingTime(time_zone=zone)
    found = [working_day(midnight + timedelta(hours=hour), working) for hour in range(24)]
    assert len([one for one in found if one]) <= 1


@pytest.mark.parametrize(
    ("moment", "place", "begins", "ends"),
    [
        ("2026-03-04T08:00", BERLIN, "2026-03-03T16:00", "2026-03-04T08:00"),
        ("2026-03-04T15:59", BERLIN, "2026-03-03T16:00", "2026-03-04T08:00"),
        ("2026-03-04T16:00", BERLIN, "2026-03-04T16:00", "2026-03-05T08:00"),
        (
            "2026-03-09T08:00",
            BERLIN,
            "2026-03-08T16:00",
            "2026-03-09T08:00",
        ),  # a Monday: since Sunday evening
        ("2026-03-29T12:00", BERLIN, "2026-03-28T16:00", "2026-03-29T07:00"),  # the night of the lost hour
        ("2026-10-25T12:00", BERLIN, "2026-10-24T15:00", "2026-10-25T08:00"),  # the night of the hour won
        ("2026-03-04T08:00", NEW_YORK, "2026-03-03T22:00", "2026-03-04T13:00"),  # it is not over there
        ("2026-03-04T03:30", INDIA, "2026-03-03T11:30", "2026-03-04T03:30"),
    ],
)
def test_2_4_a_night_lasts_from_the_end_of_working_hours_to_their_next_begin(
    moment: str, place: RegionEntry, begins: str, ends: str
) -> None:
    assert night_before(at(moment), place) == (at(begins), at(ends))


# What a night was like


def test_2_4_the_methods_of_one_round_are_one_page_and_another_run_or_round_is_another() -> None:
    first = {"run": 1, "round": 1, "method": "call"}
    timelines = {
        "checkout.a.abcde": entries(
            ("02:00", Kind.PAGE, "alice", first),
            ("02:02", Kind.PAGE, "alice", first | {"method": "sms"}),
            ("02:03", Kind.PAGE, "ben", first),
            ("02:30", Kind.PAGE, "alice", first | {"round": 2}),
            ("03:30", Kind.PAGE, "alice", first | {"run": 2}),
        ),
        "checkout.b.abcde": entries(
            ("15:59", Kind.PAGE, "alice", first),  # before the night
            ("08:00", Kind.PAGE, "alice", first),  # after it
            ("04:00", Kind.CARRIER, "alice", first),
        ),
    }
    assert lived("alice", EVENING, MORNING, timelines).pages == 3
    assert lived("ben", EVENING, MORNING, timelines).pages == 1
    assert lived("chiara", EVENING, MORNING, timelines) == a_night()


ACK, LEADS = Kind.ACKNOWLEDGED, Kind.COMMANDER


@pytest.mark.parametrize(
    ("told", "minutes"),
    [
        ([], 0),
        ([("02:00", ACK, "alice"), ("02:40", Kind.RESOLVED, "alice")], 40),
        ([("02:00", ACK, "alice"), ("02:40", Kind.RESOLVED, "ben")], 40),
        ([("02:00", ACK, "alice"), ("02:30", Kind.MITIGATION, "alice", {"state": "worked"})], 30),
        ([("02:00", ACK, "alice"), ("02:30", Kind.MITIGATION, "ben", {"state": "worked"})], 30),
        # One that had no effect ends nothing.
        (
            [
                ("02:00", ACK, "alice"),
                ("02:30", Kind.MITIGATION, "alice", {"state": "failed"}),
                ("02:50", Kind.RESOLVED, None),
            ],
            50,
        ),
        # The commander who hands over is done.
        ([("02:00", ACK, "alice"), ("02:00", LEADS, "alice"), ("02:20", LEADS, "ben")], 20),
        # Who helps is not, when others change.
        (
            [
                ("02:00", LEADS, "chiara"),
                ("02:05", ACK, "alice"),
                ("02:20", LEADS, "ben"),
                ("02:45", Kind.RESOLVED, "ben"),
            ],
            40,
        ),
        # Whoever takes over begins then.
        ([("02:00", LEADS, "ben"), ("02:30", LEADS, "alice"), ("03:00", Kind.CLOSED, "alice")], 30),
        # What is left for the morning is no work: until the last thing that was done.
        ([("02:00", ACK, "alice")], 0),
        ([("02:00", ACK, "alice"), ("02:25", Kind.DECISION, "alice"), ("04:00", Kind.ASKED, "alice")], 25),
        # An acknowledgement that came too late takes nothing.
        ([("02:00", ACK, "alice", {"late": True}), ("02:40", Kind.RESOLVED, "alice")], 0),
        # Taken twice is worked once, taken again is worked again.
        ([("02:00", ACK, "alice"), ("02:10", ACK, "alice"), ("02:30", Kind.RESOLVED, "alice")], 30),
        (
            [
                ("02:00", ACK, "alice"),
                ("02:10", Kind.RESOLVED, "alice"),
                ("03:00", ACK, "alice"),
                ("03:20", Kind.RESOLVED, "alice"),
            ],
            30,
        ),
        # Only what lies within the night.
        ([("15:30", ACK, "alice"), ("17:00", Kind.RESOLVED, "alice")], 60),
        ([("15:00", ACK, "alice"), ("15:30", Kind.DECISION, "alice")], 0),
        ([("07:30", ACK, "alice"), ("08:30", Kind.RESOLVED, "alice")], 0),
        ([("02:00", ACK, "ben"), ("02:40", Kind.RESOLVED, "alice")], 0),
    ],
)
def test_2_4_work_lasts_from_taking_it_until_it_is_mitigated_resolved_or_handed_over(
    told: list[Any], minutes: int
) -> None:
    night = lived("alice", EVENING, MORNING, {"checkout.a.abcde": entries(*told)})
    assert night.work == timedelta(minutes=minutes)


def test_2_4_work_on_several_incidents_at_once_counts_once() -> None:
    timelines = {
        "checkout.a.abcde": entries(("02:00", ACK, "alice"), ("02:40", Kind.RESOLVED, "alice")),
        "checkout.b.abcde": entries(("02:20", ACK, "alice"), ("03:00", Kind.RESOLVED, "alice")),
        "checkout.c.abcde": entries(("02:25", ACK, "alice"), ("02:30", Kind.RESOLVED, "alice")),
        "checkout.d.abcde": entries(("05:00", ACK, "alice"), ("05:10", Kind.RESOLVED, "alice")),
    }
    assert lived("alice", EVENING, MORNING, timelines).work == timedelta(minutes=70)


people = st.sampled_from(["alice", "ben", "chiara"])
lines = st.lists(
    st.tuples(
        st.integers(-300, 1_500),
        st.sampled_from([ACK, LEADS, Kind.PAGE, Kind.DECISION, Kind.MITIGATION, Kind.RESOLVED]),
        people,
    ),
    max_size=12,
)


def timeline_of(told: list[tuple[int, Kind, str]]) -> list[Entry]:
    return [
        Entry(
            sequence=number,
            at=EVENING + timedelta(minutes=minute),
            kind=kind,
            text=kind.value,
            person=person,
            data={"state": "worked", "run": minute, "round": 1},
        )
        for number, (minute, kind, person) in enumerate(sorted(told, key=lambda one: one[0]), start=1)
    ]


@given(told=lines, more=lines)
def test_2_4_nobody_works_longer_than_the_night_and_another_incident_takes_no_work_away(
    told: list[tuple[int, Kind, str]], more: list[tuple[int, Kind, str]]
) -> None:
    one = lived("alice", EVENING, MORNING, {"a": timeline_of(told)})
    both = lived("alice", EVENING, MORNING, {"a": timeline_of(told), "b": timeline_of(more)})
    assert timedelta(0) <= one.work <= both.work <= MORNING - EVENING
    assert one.pages <= both.pages
    for since, until in work_of("alice", timeline_of(told)):
        assert since <= until


# Who is offered whose duty


@pytest.mark.parametrize(
    ("night", "is_bad"),
    [
        (a_night(), False),
        (a_night(1, 59), False),
        (a_night(2), True),
        (a_night(9), True),
        (a_night(0, 60), True),
        (a_night(1, 60), True),
    ],
)
def test_2_4_two_pages_or_an_hour_of_work_make_a_bad_night(night: Night, is_bad: bool) -> None:
    assert bad(night, REST) is is_bad


def test_2_4_the_figures_are_the_organisations_own() -> None:
    hardy = REST.model_copy(update={"pages": 4, "work": timedelta(hours=3)})
    assert not bad(a_night(3, 179), hardy)
    assert bad(a_night(4), hardy)


nights = st.builds(a_night, st.integers(0, 5), st.integers(0, 200))


@given(first=nights, second=nights, person=people, to=people)
def test_2_4_it_is_never_offered_to_the_same_person_nor_to_one_whose_night_was_bad_too(
    first: Night, second: Night, person: str, to: str
) -> None:
    made = offered(an_offer(person=person, to=to), first, second, REST)
    expected = person != to and bad(first, REST) and not bad(second, REST)
    assert (made is not None) is expected
    if made:
        assert (made.pages, made.work) == (first.pages, first.work)


def with_teams(organisation: Organisation, **more: Any) -> Organisation:
    team = {"name": "Storefront", "members": ["alice", "ben"], "primary": "first", "secondary": "second"}
    teams = {"storefront": TeamEntry.model_validate(team | more)}
    regions = {"europe": BERLIN, "americas": NEW_YORK}
    return organisation.model_copy(update={"teams": teams, "regions": regions})


ON_CALL: Mapping[str, str | None] = {"first": "alice", "second": "ben"}


def drafts(organisation: Organisation, on_call: Mapping[str, str | None] = ON_CALL) -> list[RestOffer]:
    return due(organisation, MORNING, lambda schedule, moment: on_call[schedule])


def test_2_4_a_team_whose_day_begins_is_asked_for_its_primary_and_its_secondary(
    organisation: Organisation,
) -> None:
    [draft] = drafts(with_teams(organisation, region="europe"))
    assert (draft.team, draft.schedule, draft.person, draft.to) == ("storefront", "first", "alice", "ben")
    assert (draft.day, draft.begins, draft.ends) == (date(2026, 3, 4), MORNING, MORNING + timedelta(hours=8))


def test_2_4_nothing_is_offered_where_nobody_could_take_it(organisation: Organisation) -> None:
    whole = with_teams(organisation, region="europe")
    assert drafts(whole, {"first": None, "second": "ben"}) == []
    assert drafts(whole, {"first": "alice", "second": None}) == []
    assert drafts(whole, {"first": "alice", "second": "alice"}) == []
    assert drafts(with_teams(organisation, region="americas")) == []
    assert drafts(with_teams(organisation, region="europe", primary=None)) == []
    assert drafts(with_teams(organisation, region="europe", secondary=None)) == []


def test_2_4_everybodys_night_is_that_of_their_own_region(organisation: Organisation) -> None:
    whole = with_teams(organisation, region="europe")
    away = whole.people["alice"].model_copy(update={"region": "americas"})
    whole = whole.model_copy(update={"people": {**whole.people, "alice": away}})
    [draft] = drafts(whole)
    assert rest.night_of(whole, draft, "ben") == (EVENING, MORNING)
    assert rest.night_of(whole, draft, "alice") == (at("2026-03-03T22:00"), at("2026-03-04T13:00"))
    assert rest.night_of(whole, draft, "zoe") == (EVENING, MORNING)


# Answering


def shift(person: str | None) -> Shift:
    return Shift(schedule="storefront-primary", person=person, begins=EVENING, ends=at("2026-03-09T08:00"))


LATER = MORNING + timedelta(minutes=5)
OVER = MORNING + timedelta(hours=8)


@pytest.mark.parametrize(
    ("answer", "reply", "by", "on_call", "now", "why"),
    [
        (None, "accepted", "ben", "alice", LATER, None),
        (None, "declined", "ben", "alice", LATER, None),
        ("accepted", "accepted", "ben", "ben", LATER, None),
        ("declined", "declined", "ben", "alice", LATER, None),
        ("declined", "accepted", "ben", "alice", LATER, None),
        ("accepted", "declined", "ben", "ben", LATER, "Cancel the override"),
        (None, "accepted", "chiara", "alice", LATER, "It was offered to Ben Okafor"),
        (None, "declined", "alice", "alice", LATER, "It was offered to Ben Okafor"),
        (None, "accepted", "ben", "alice", OVER, "The day is over"),
        ("accepted", "accepted", "ben", "ben", OVER, "The day is over"),
        (None, "accepted", "ben", "chiara", LATER, "Chiara Lindqvist has it"),
        (None, "accepted", "ben", None, LATER, "nobody has it"),
        (None, "declined", "ben", "chiara", LATER, None),
    ],
)
def test_2_4_an_offer_is_answered_by_whom_it_was_made_to_on_its_day(
    answer: Reply | None, reply: Reply, by: str, on_call: str | None, now: datetime, why: str | None
) -> None:
    said = refusal(an_offer(answer=answer), reply, by, shift(on_call), NAMES, now)
    assert (why is None and said is None) or (why is not None and why in (said or ""))


def test_2_4_both_hear_how_bad_it_was_and_what_is_offered() -> None:
    about = (NAMES, "Storefront primary", "Europe/Berlin")
    assert rest_words.to_second(an_offer(), *about) == (
        "Alice Moreau had 3 pages and 1h20m of work last night. Will you take over Storefront primary today, "
        "09:00 to 17:00 CET, so that Alice Moreau can rest?"
    )
    assert rest_words.to_first(an_offer(pages=1, work=timedelta(seconds=5)), *about) == (
        "You had 1 page last night. Storefront primary today, 09:00 to 17:00 CET, is offered to Ben Okafor. "
        "Until Ben Okafor takes it you are on call."
    )
    assert rest_words.reason(an_offer(pages=0), NAMES) == "Alice Moreau had 1h20m of work last night"
    said = rest_words.taken(an_offer(), NAMES, "Storefront primary", OVER, "Europe/Berlin")
    assert said == "You are on call by Storefront primary until 17:00 CET. Alice Moreau can rest."


def test_2_4_the_buttons_name_the_offer_and_no_incident() -> None:
    row = rest_words.blocks(an_offer(), "Will you?")[1]["elements"]
    assert [button["action_id"] for button in row] == ["mw:rest-take:0", "mw:rest-decline:1"]
    assert {button["value"] for button in row} == {'{"incident": "", "value": "7"}'}
