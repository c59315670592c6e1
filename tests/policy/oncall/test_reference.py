"""The engine against a slow, obvious reference, over a year with its changes of the clocks (spec 2.1)."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.oncall import Feed, Hours, Layer, Override, Schedule, Shift
from domain.people import PersonRef
from policy.oncall import layer_shifts, on_call, shifts
from policy.oncall.wall import first_shown
from tests.policy.oncall import reference
from tests.policy.oncall.reference import QUARTER, Answer
from tests.policy.oncall.worlds import BEGIN_OF_YEAR, CHANGES, QUARTERS_OF_YEAR, ZONES, World, moments, worlds

END_OF_YEAR = BEGIN_OF_YEAR + QUARTER * QUARTERS_OF_YEAR
MINUTE = timedelta(minutes=1)


def said(shift: Shift) -> Answer:
    return Answer(shift.person, shift.layer, shift.override)


@given(worlds(), moments, st.integers(0, 899))
@settings(max_examples=300, deadline=None)
def test_2_1_at_any_moment_exactly_the_one_is_on_call_whom_the_reference_names(
    world: World, quarter: datetime, seconds: int
) -> None:
    at = quarter + timedelta(seconds=seconds)
    assert said(on_call(world.schedule, at, world.overrides, world.feeds)) == reference.answer(
        world.schedule, at, world.overrides, world.feeds
    )


@given(worlds(), moments)
@settings(max_examples=200, deadline=None)
def test_2_1_a_stretch_is_whole_it_says_something_else_before_and_after(world: World, at: datetime) -> None:
    found = on_call(world.schedule, at, world.overrides, world.feeds)
    assert found.begins <= at < found.ends
    for inside in (found.begins, found.ends - QUARTER):
        if reference.SINCE + 4 * reference.DAY < inside < reference.UNTIL - 4 * reference.DAY:
            assert said(found) == reference.answer(world.schedule, inside, world.overrides, world.feeds)
    for outside in (found.begins - QUARTER, found.ends):
        if abs(outside - at) < timedelta(days=120):
            assert said(found) != reference.answer(world.schedule, outside, world.overrides, world.feeds)


@given(worlds(), moments, st.integers(1, 96 * 4))
@settings(max_examples=150, deadline=None)
def test_2_1_shifts_are_without_gaps_merged_and_what_the_reference_says_at_every_quarter_of_an_hour(
    world: World, begins: datetime, quarters: int
) -> None:
    ends = begins + QUARTER * quarters
    found = shifts(world.schedule, begins, ends, world.overrides, world.feeds)
    assert (found[0].begins, found[-1].ends) == (begins, ends)
    for before, after in pairwise(found):
        assert before.ends == after.begins
        assert said(before) != said(after)
    for shift in found:
        at = shift.begins
        while at < shift.ends:
            assert said(shift) == reference.answer(world.schedule, at, world.overrides, world.feeds)
            at += QUARTER


@given(worlds(), moments, st.integers(1, 96 * 60))
@settings(max_examples=150, deadline=None)
def test_2_1_shifts_are_the_stretches_of_their_moments_cut_to_the_time_that_was_asked_for(
    world: World, begins: datetime, quarters: int
) -> None:
    ends = begins + QUARTER * quarters
    found = shifts(world.schedule, begins, ends, world.overrides, world.feeds)
    for shift in (found[0], found[len(found) // 2], found[-1]):
        whole = on_call(world.schedule, shift.begins, world.overrides, world.feeds)
        assert said(shift) == said(whole)
        assert shift.begins == max(whole.begins, begins)
        assert shift.ends == min(whole.ends, ends)
        if shift.ends < ends:
            assert shift.why == whole.why


@given(worlds(), moments, st.integers(1, 96 * 4))
@settings(max_examples=100, deadline=None)
def test_2_1_one_layer_alone_says_who_it_names_and_only_when_it_names_somebody(
    world: World, begins: datetime, quarters: int
) -> None:
    ends = begins + QUARTER * quarters
    for layer in world.schedule.layers:
        found = layer_shifts(world.schedule, layer, begins, ends, world.feeds)
        at = begins
        while at < ends:
            holding = [shift.person for shift in found if shift.begins <= at < shift.ends]
            expected = reference.by_layer(layer, at, world.feeds)
            assert holding == ([expected] if expected else [])
            at += QUARTER


@given(st.sampled_from(sorted(ZONES)), st.sampled_from(CHANGES), st.integers(-300, 300))
@settings(deadline=None)
def test_a_time_on_the_wall_is_the_first_minute_at_which_clocks_show_it_or_a_later_one(
    name: str, change: datetime, minutes: int
) -> None:
    clock = ZoneInfo(name)
    wall = change.astimezone(clock).replace(tzinfo=None) + MINUTE * minutes
    at = change + MINUTE * (minutes - 200)
    while at.astimezone(clock).replace(tzinfo=None) < wall:
        at += MINUTE
    assert first_shown(wall, clock) == at


def composed() -> World:
    """A base by the week, days in Berlin, nights in New York and on an island, weekends by the calendar,
    a stand-in for some months, and overrides at the changes of the clocks."""
    work = ("mon", "tue", "wed", "thu", "fri")
    schedule = Schedule(
        id="ops",
        name="Operations",
        time_zone="Europe/Berlin",
        layers=(
            Layer(
                name="base",
                time_zone="Europe/Berlin",
                people=("ana", "bo", "cy"),
                starts=date(2018, 1, 2),
                handoff=time(2, 30),
            ),
            Layer(
                name="days",
                time_zone="Europe/Berlin",
                people=("dee", "eli"),
                starts=date(2017, 12, 1),
                every=timedelta(days=3),
                hours=(Hours(days=work, begins=time(9), ends=time(19)),),
            ),
            Layer(
                name="sunset",
                time_zone="America/New_York",
                people=("bo", "bo", "ana"),
                starts=date(2017, 12, 1),
                every=timedelta(hours=12),
                hours=(Hours(days=work, begins=time(14), ends=time(1, 30)),),
            ),
            Layer(
                name="island",
                time_zone="Australia/Lord_Howe",
                people=("cy", "dee"),
                starts=date(2018, 3, 1),
                handoff=time(1, 45),
                every=timedelta(weeks=2),
                ends=date(2018, 10, 7),
                hours=(Hours(begins=time(1, 15), ends=time(2, 15)),),
            ),
            Layer(
                name="calendar",
                time_zone="UTC",
                calendar="duty",
                hours=(Hours(days=("sat", "sun"), ends=time(9)),),
            ),
        ),
    )
    entries = tuple(
        Shift(
            schedule="ops",
            person=("eli", "ana", "bo")[number % 3],
            begins=BEGIN_OF_YEAR + timedelta(days=5 * number),
            ends=BEGIN_OF_YEAR + timedelta(days=5 * number + number % 7),
        )
        for number in range(70)
        if number % 7
    )
    overrides = tuple(
        Override(
            id=number,
            schedule="ops",
            person="cy",
            begins=change - timedelta(hours=number),
            ends=change + timedelta(hours=2 * number),
            by=PersonRef(id="cy", name="Cy"),
            made_at=BEGIN_OF_YEAR,
        )
        for number, change in enumerate(CHANGES)
    )
    return World(schedule, overrides, {"duty": Feed(name="duty", shifts=entries)})


def test_2_1_a_whole_year_is_as_the_reference_says_at_every_quarter_of_an_hour() -> None:
    world = composed()
    found = shifts(world.schedule, BEGIN_OF_YEAR, END_OF_YEAR, world.overrides, world.feeds)
    walked, layers_seen = 0, set()
    for shift in found:
        layers_seen.add(shift.layer or ("override" if shift.override is not None else "nobody"))
        at = shift.begins
        while at < shift.ends:
            assert said(shift) == reference.answer(world.schedule, at, world.overrides, world.feeds), at
            at += QUARTER
            walked += 1
    assert walked == QUARTERS_OF_YEAR
    assert layers_seen == {"base", "days", "sunset", "island", "calendar", "override", "nobody"}


def test_2_1_each_hour_of_a_year_asked_by_itself_is_in_its_shift() -> None:
    world = composed()
    found = shifts(
        world.schedule, BEGIN_OF_YEAR - timedelta(days=9), END_OF_YEAR, world.overrides, world.feeds
    )
    for shift in found:
        at = max(shift.begins, BEGIN_OF_YEAR)
        while at < min(shift.ends, END_OF_YEAR - timedelta(days=9)):
            assert on_call(world.schedule, at, world.overrides, world.feeds) == shift
            at += timedelta(hours=1)
    assert found[0].begins.tzinfo is UTC
