"""Who is on call, clause by clause (spec 2.1)."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.oncall import Feed, Hours, Layer, Override, Schedule, Shift
from domain.people import PersonRef
from policy.oncall import layer_shifts, on_call, shifts

HOUR = timedelta(hours=1)
WORK = ("mon", "tue", "wed", "thu", "fri")
BERLIN = "Europe/Berlin"


def local(text: str, zone: str = BERLIN) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def weekly(**more: object) -> Layer:
    """Three people by the week, from Monday, 5 January 2026 at 9:00 in Berlin."""
    given: dict[str, object] = {
        "name": "Weekly",
        "time_zone": BERLIN,
        "people": ("ana", "bo", "cy"),
        "starts": date(2026, 1, 5),
    }
    return Layer.model_validate(given | more)


def of(*layers: Layer) -> Schedule:
    return Schedule(id="ops", name="Operations", time_zone=BERLIN, layers=layers)


def an_override(number: int, person: str, begins: datetime, ends: datetime, **more: object) -> Override:
    given: dict[str, object] = {
        "id": number,
        "schedule": "ops",
        "person": person,
        "begins": begins,
        "ends": ends,
        "by": PersonRef(id="bo", name="Bo Okafor"),
        "made_at": local("2026-01-01T12:00"),
    }
    return Override.model_validate(given | more)


def an_entry(person: str, begins: str, ends: str) -> Shift:
    return Shift(schedule="ops", person=person, begins=local(begins), ends=local(ends))


def a_feed(*entries: Shift) -> dict[str, Feed]:
    return {"duty": Feed(name="duty", shifts=entries)}


# Layers


def test_2_1_the_last_layer_that_has_somebody_says_who_is_on_call() -> None:
    days = weekly(name="Days", people=("dee",), hours=(Hours(days=WORK),))
    schedule = of(weekly(), days)
    assert on_call(schedule, local("2026-01-07T12:00")).person == "dee"
    assert on_call(schedule, local("2026-01-07T17:00")).person == "ana"
    assert on_call(of(days, weekly()), local("2026-01-07T12:00")).person == "ana"


def test_2_1_a_moment_that_no_layer_covers_has_nobody() -> None:
    schedule = of(weekly(hours=(Hours(days=WORK),)))
    found = on_call(schedule, local("2026-01-10T12:00"))
    assert (found.person, found.layer) == (None, "")
    assert (found.begins, found.ends) == (local("2026-01-09T17:00"), local("2026-01-12T09:00"))


def test_2_1_a_schedule_without_layers_has_nobody_for_as_far_as_is_looked() -> None:
    at = local("2026-01-10T12:00")
    found = on_call(of(), at)
    assert found.person is None
    assert found.begins < at < found.ends
    assert found.why == "nobody is on call"


def test_2_1_a_layer_alone_shows_what_it_says_even_where_another_counts() -> None:
    base = weekly()
    schedule = of(base, weekly(name="Above", people=("dee",)))
    found = layer_shifts(schedule, base, local("2026-01-12T00:00"), local("2026-01-19T00:00"))
    assert [(shift.person, shift.begins) for shift in found] == [
        ("ana", local("2026-01-12T00:00")),
        ("bo", local("2026-01-12T09:00")),
    ]


def test_2_1_nothing_is_said_of_no_time_at_all() -> None:
    at = local("2026-01-12T00:00")
    assert shifts(of(weekly()), at, at) == ()
    assert layer_shifts(of(weekly()), weekly(), at, at) == ()


# Rotations and handoffs


def test_2_1_a_weekly_rotation_hands_over_at_the_same_time_on_the_wall_in_summer_and_winter() -> None:
    found = shifts(of(weekly()), local("2026-03-16T09:00"), local("2026-04-13T09:00"))
    assert [shift.person for shift in found] == ["bo", "cy", "ana", "bo"]
    assert [shift.begins for shift in found] == [
        datetime(2026, 3, 16, 8, tzinfo=UTC),
        datetime(2026, 3, 23, 8, tzinfo=UTC),
        datetime(2026, 3, 30, 7, tzinfo=UTC),
        datetime(2026, 4, 6, 7, tzinfo=UTC),
    ]


@pytest.mark.parametrize(
    ("every", "ends"),
    [
        (12 * HOUR, "2026-01-05T21:00"),
        (36 * HOUR, "2026-01-06T21:00"),
        (72 * HOUR, "2026-01-08T09:00"),
        (336 * HOUR, "2026-01-19T09:00"),
    ],
)
def test_2_1_a_custom_rotation_hands_over_every_so_long(every: timedelta, ends: str) -> None:
    schedule = of(weekly(every=every))
    first = on_call(schedule, local("2026-01-05T09:00"))
    assert (first.person, first.begins, first.ends) == ("ana", local("2026-01-05T09:00"), local(ends))
    assert on_call(schedule, first.ends).person == "bo"


def test_2_1_after_the_last_of_the_people_the_first_is_on_call_again() -> None:
    found = shifts(of(weekly()), local("2026-01-05T09:00"), local("2026-02-02T09:00"))
    assert [shift.person for shift in found] == ["ana", "bo", "cy", "ana"]


def test_2_1_a_handoff_that_the_clock_jumps_over_is_at_the_change() -> None:
    schedule = of(weekly(handoff=time(2, 30), every=timedelta(days=1)))
    change = datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert on_call(schedule, change).begins == change
    assert on_call(schedule, change - timedelta(seconds=1)).ends == change


def test_2_1_a_handoff_that_the_clock_shows_twice_is_at_the_first_time() -> None:
    schedule = of(weekly(handoff=time(2, 30), every=timedelta(days=1)))
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    found = on_call(schedule, first + HOUR)
    assert (found.begins, found.ends) == (first, first + 25 * HOUR)


def test_2_1_a_change_of_half_an_hour_moves_no_handoff_either() -> None:
    island = "Australia/Lord_Howe"
    schedule = of(weekly(time_zone=island, every=timedelta(days=1), handoff=time(1, 45)))
    first = datetime(2026, 4, 4, 14, 45, tzinfo=UTC)  # It is 1:45 again half an hour later.
    found = on_call(schedule, first)
    assert (found.begins, found.ends) == (first, first + 24.5 * HOUR)
    assert found.ends == local("2026-04-06T01:45", island)


def test_2_1_before_the_first_handoff_nobody_is_on_call() -> None:
    schedule = of(weekly())
    assert on_call(schedule, local("2026-01-05T08:59")).person is None
    assert on_call(schedule, local("2026-01-05T09:00")).person == "ana"


def test_2_1_a_layer_ends_with_its_last_day() -> None:
    schedule = of(weekly(ends=date(2026, 1, 14)))
    assert on_call(schedule, local("2026-01-14T23:59")).person == "bo"
    assert on_call(schedule, local("2026-01-15T00:00")).person is None


def test_2_1_a_layer_that_ends_with_the_calendar_itself_never_ends() -> None:
    schedule = of(
        weekly(ends=date.max), weekly(name="Once", every=timedelta(days=999_999_999), starts=date.min)
    )
    assert on_call(schedule, local("2026-01-14T12:00")).person == "ana"


def test_2_1_who_is_alone_or_follows_themselves_has_one_stretch() -> None:
    alone = on_call(of(weekly(people=("ana", "ana"), ends=date(2026, 3, 31))), local("2026-02-01T12:00"))
    assert (alone.begins, alone.ends) == (local("2026-01-05T09:00"), local("2026-04-01T00:00"))
    assert alone.why == "the only one of Weekly, until Wed 01 Apr 00:00 CEST"
    twice = on_call(of(weekly(people=("ana", "bo", "bo"))), local("2026-01-20T12:00"))
    assert (twice.begins, twice.ends) == (local("2026-01-12T09:00"), local("2026-01-26T09:00"))
    assert twice.why == "turns 2 to 3 of Weekly, until Mon 26 Jan 09:00 CET"
    second = shifts(
        of(weekly(people=("ana", "bo", "bo"))), local("2026-01-20T12:00"), local("2026-02-01T12:00")
    )
    assert second[0].why == twice.why


# Overrides


def test_2_1_an_override_counts_before_all_layers_until_it_expires() -> None:
    stands_in = an_override(7, "dee", local("2026-01-06T18:00"), local("2026-01-07T08:00"))
    found = shifts(of(weekly()), local("2026-01-06T00:00"), local("2026-01-08T00:00"), [stands_in])
    assert [(shift.person, shift.override, shift.begins) for shift in found] == [
        ("ana", None, local("2026-01-06T00:00")),
        ("dee", 7, local("2026-01-06T18:00")),
        ("ana", None, local("2026-01-07T08:00")),
    ]


def test_2_1_an_override_covers_a_time_in_which_nobody_would_be_on_call() -> None:
    at = local("2026-01-04T12:00")
    assert on_call(of(weekly()), at, [an_override(1, "dee", at - HOUR, at + HOUR)]).person == "dee"


def test_2_1_of_two_overrides_the_later_made_counts_and_of_a_pair_the_higher_number() -> None:
    begins, ends = local("2026-01-06T00:00"), local("2026-01-07T00:00")
    earlier = an_override(9, "dee", begins, ends)
    later = an_override(3, "eli", begins + HOUR, ends - HOUR, made_at=earlier.made_at + HOUR)
    found = shifts(of(weekly()), begins, ends, [later, earlier])
    assert [(shift.person, shift.begins) for shift in found] == [
        ("dee", begins),
        ("eli", begins + HOUR),
        ("dee", ends - HOUR),
    ]
    together = [an_override(11, "eli", begins, ends), an_override(10, "dee", begins, ends)]
    assert on_call(of(weekly()), begins, together).person == "eli"


def test_2_1_an_override_of_another_schedule_changes_nothing() -> None:
    at = local("2026-01-06T12:00")
    assert on_call(of(weekly()), at, [an_override(1, "dee", at, at + HOUR, schedule="other")]).person == "ana"


def test_2_1_an_override_that_ends_before_it_begins_changes_nothing() -> None:
    at = local("2026-01-06T12:00")
    assert on_call(of(weekly()), at, [an_override(1, "dee", at + HOUR, at - HOUR)]).person == "ana"


# Restrictions


def test_2_1_hours_across_midnight_belong_to_the_day_on_which_they_begin() -> None:
    friday_night = Hours(days=("fri",), begins=time(22), ends=time(6))
    found = layer_shifts(
        of(), weekly(hours=(friday_night,)), local("2026-01-12T00:00"), local("2026-01-19T00:00")
    )
    assert [(shift.begins, shift.ends) for shift in found] == [
        (local("2026-01-16T22:00"), local("2026-01-17T06:00"))
    ]


def test_2_1_hours_that_end_when_they_begin_are_the_whole_day_and_adjoining_ones_are_one_stretch() -> None:
    weekend = Hours(days=("sat", "sun"), begins=time(0), ends=time(0))
    found = on_call(of(weekly(hours=(weekend,))), local("2026-01-18T12:00"))
    assert (found.begins, found.ends) == (local("2026-01-17T00:00"), local("2026-01-19T00:00"))


def test_2_1_hours_go_by_the_clock_on_the_wall_where_it_changes() -> None:
    nights = Hours(begins=time(22), ends=time(6))
    schedule = of(weekly(hours=(nights,)))
    short = on_call(schedule, local("2026-03-29T00:00"))
    assert (short.begins, short.ends) == (local("2026-03-28T22:00"), local("2026-03-29T06:00"))
    assert short.ends - short.begins == 7 * HOUR
    long = on_call(schedule, local("2026-10-25T00:00"))
    assert long.ends - long.begins == 9 * HOUR


def test_2_1_hours_that_the_clock_jumps_over_do_not_happen_and_break_nothing() -> None:
    missing = Hours(begins=time(2), ends=time(3))
    schedule = of(weekly(people=("ana",)), weekly(name="Above", people=("dee",), hours=(missing,)))
    found = shifts(schedule, local("2026-03-28T12:00"), local("2026-03-29T12:00"))
    assert [shift.person for shift in found] == ["ana"]


def test_2_1_a_turn_goes_on_outside_its_hours() -> None:
    schedule = of(weekly(every=timedelta(days=1), hours=(Hours(days=("wed",)),)))
    wednesdays = [on_call(schedule, local(f"2026-01-{day:02}T12:00")).person for day in (7, 14, 21)]
    assert wednesdays == ["cy", "ana", "bo"]


# Calendars


def test_2_1_a_calendar_says_who_is_on_call_in_place_of_a_rotation() -> None:
    schedule = of(weekly(), Layer(name="Duty", time_zone=BERLIN, calendar="duty"))
    feeds = a_feed(an_entry("dee", "2026-01-06T10:00", "2026-01-06T20:00"))
    found = on_call(schedule, local("2026-01-06T12:00"), (), feeds)
    assert (found.person, found.layer) == ("dee", "Duty")
    assert (found.begins, found.ends) == (local("2026-01-06T10:00"), local("2026-01-06T20:00"))
    assert found.why == "calendar duty, until Tue 06 Jan 20:00 CET"
    assert on_call(schedule, found.ends, (), feeds).person == "ana"


@pytest.mark.parametrize("feeds", [{}, a_feed()])
def test_2_1_a_calendar_that_is_missing_or_empty_leaves_it_to_the_layers_below(
    feeds: dict[str, Feed],
) -> None:
    schedule = of(weekly(), Layer(name="Duty", time_zone=BERLIN, calendar="duty"))
    assert on_call(schedule, local("2026-01-06T12:00"), (), feeds).person == "ana"


def test_2_1_of_two_entries_of_a_calendar_the_one_that_begins_later_counts() -> None:
    schedule = of(Layer(name="Duty", time_zone=BERLIN, calendar="duty"))
    feeds = a_feed(
        an_entry("dee", "2026-01-05T09:00", "2026-01-12T09:00"),
        an_entry("eli", "2026-01-07T09:00", "2026-01-08T09:00"),
    )
    found = shifts(schedule, local("2026-01-05T09:00"), local("2026-01-12T09:00"), (), feeds)
    assert [shift.person for shift in found] == ["dee", "eli", "dee"]


def test_2_1_a_calendar_holds_in_the_layers_days_and_hours_only() -> None:
    duty = Layer(
        name="Duty",
        time_zone=BERLIN,
        calendar="duty",
        starts=date(2026, 1, 6),
        ends=date(2026, 1, 7),
        hours=(Hours(),),
    )
    feeds = a_feed(an_entry("dee", "2026-01-05T00:00", "2026-01-12T00:00"))
    found = layer_shifts(of(duty), duty, local("2026-01-01T00:00"), local("2026-02-01T00:00"), feeds)
    assert [(shift.begins, shift.ends) for shift in found] == [
        (local("2026-01-06T09:00"), local("2026-01-06T17:00")),
        (local("2026-01-07T09:00"), local("2026-01-07T17:00")),
    ]


# Why


@pytest.mark.parametrize(
    ("every", "at", "why"),
    [
        (168 * HOUR, "2026-03-25T12:00", "turn 12 of Weekly, until Mon 30 Mar 09:00 CEST"),
        (24 * HOUR, "2026-01-05T12:00", "turn 1 of Weekly, until Tue 06 Jan 09:00 CET"),
        (12 * HOUR, "2026-01-05T22:00", "turn 2 of Weekly, until Tue 06 Jan 09:00 CET"),
    ],
)
def test_2_1_it_says_why_by_turn_and_layer_and_until_when(every: timedelta, at: str, why: str) -> None:
    assert on_call(of(weekly(every=every)), local(at)).why == why


def test_2_1_it_says_why_by_an_override_with_who_made_it_and_the_reason() -> None:
    at = local("2026-01-06T12:00")
    silent = an_override(1, "dee", at, at + HOUR)
    assert on_call(of(weekly()), at, [silent]).why == "override by Bo Okafor, until Tue 06 Jan 13:00 CET"
    swap = an_override(1, "dee", at, at + HOUR, reason="swap")
    assert on_call(of(weekly()), at, [swap]).why == "override by Bo Okafor: swap, until Tue 06 Jan 13:00 CET"


def test_2_1_it_says_until_when_nobody_is_on_call() -> None:
    found = on_call(of(weekly()), local("2026-01-04T12:00"))
    assert found.why == "nobody is on call, until Mon 05 Jan 09:00 CET"


def test_2_1_a_zone_without_letters_is_told_by_its_distance() -> None:
    schedule = Schedule(id="ops", name="Operations", time_zone="America/Sao_Paulo", layers=(weekly(),))
    assert on_call(schedule, local("2026-01-06T12:00")).why.endswith("until Mon 12 Jan 05:00 UTC-03")


def test_2_1_where_the_time_asked_for_cuts_a_shift_it_does_not_say_until_when() -> None:
    (found,) = shifts(of(weekly()), local("2026-01-06T12:00"), local("2026-01-07T12:00"))
    assert found.why == "turn 1 of Weekly"


def test_moments_may_be_given_in_any_zone_and_are_answered_in_utc() -> None:
    twice = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo(BERLIN))
    stands_in = an_override(1, "dee", twice.replace(minute=45), twice.replace(hour=4))
    found = shifts(of(weekly()), twice, twice.replace(hour=6), [stands_in])
    assert [(shift.person, shift.begins, shift.ends) for shift in found] == [
        ("cy", datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 0, 45, tzinfo=UTC)),
        ("dee", datetime(2026, 10, 25, 0, 45, tzinfo=UTC), datetime(2026, 10, 25, 3, 30, tzinfo=UTC)),
        ("cy", datetime(2026, 10, 25, 3, 30, tzinfo=UTC), datetime(2026, 10, 25, 5, 30, tzinfo=UTC)),
    ]
    assert on_call(of(), twice).begins.tzinfo is UTC
