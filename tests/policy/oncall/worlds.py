"""Schedules of every kind, with what was changed in them and what calendars say, for Hypothesis."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import strategies as st

from domain.oncall import WEEKDAYS, Feed, Hours, Layer, Override, Schedule, Shift
from domain.people import PersonRef
from tests.policy.oncall.reference import QUARTER

BEGIN_OF_YEAR = datetime(2018, 1, 1, tzinfo=UTC)
QUARTERS_OF_YEAR = 365 * 96
PEOPLE = ("ana", "bo", "cy", "dee", "eli")

ZONES = {
    "Europe/Berlin": ("2018-03-25T01:00", "2018-10-28T01:00"),
    "America/New_York": ("2018-03-11T07:00", "2018-11-04T06:00"),
    "Australia/Lord_Howe": ("2018-03-31T15:00", "2018-10-06T15:30"),  # by half an hour
    "America/Sao_Paulo": ("2018-02-18T02:00", "2018-11-04T03:00"),  # at midnight
    "Asia/Kolkata": (),
    "UTC": (),
}
"""When clocks changed in 2018, the last year in which São Paulo's did."""

CHANGES = [datetime.fromisoformat(change).replace(tzinfo=UTC) for pair in ZONES.values() for change in pair]

EVERY = [timedelta(hours=hours) for hours in (1, 5.25, 12, 24, 72, 102, 168, 336)]


@dataclass(frozen=True)
class World:
    """A schedule with all that bears upon it."""

    schedule: Schedule
    overrides: tuple[Override, ...]
    feeds: dict[str, Feed]


moments = st.one_of(
    st.builds(
        lambda number: BEGIN_OF_YEAR + QUARTER * number,
        st.integers(0, QUARTERS_OF_YEAR - 1),
    ),
    st.builds(
        lambda change, number: change + QUARTER * number, st.sampled_from(CHANGES), st.integers(-120, 120)
    ),
)
"""Any quarter of an hour of the year, often one around a change of the clocks."""

lengths = st.integers(1, 96 * 12).map(lambda number: QUARTER * number)
quarters = st.integers(0, 95).map(lambda number: time(number // 4, number % 4 * 15))
early_quarters = st.integers(0, 14).map(lambda number: time(number // 4, number % 4 * 15))
clock_times = st.one_of(quarters, early_quarters)
"""Often one at which clocks change."""

days = st.integers(-60, 300).map(lambda number: date(2018, 1, 1) + timedelta(days=number))
hours = st.builds(
    Hours,
    days=st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=7, unique=True).map(tuple),
    begins=clock_times,
    ends=clock_times,
)


@st.composite
def layers(draw: st.DrawFn, name: str) -> Layer:
    from_calendar = draw(st.integers(0, 4)) == 0
    starts = draw(st.one_of(days, st.just(date(2017, 12, 1))))
    return Layer(
        name=name,
        time_zone=draw(st.sampled_from(sorted(ZONES))),
        people=()
        if from_calendar
        else tuple(draw(st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=5))),
        calendar=draw(st.sampled_from(("duty", "missing"))) if from_calendar else None,
        starts=None if from_calendar and draw(st.booleans()) else starts,
        handoff=draw(clock_times),
        every=draw(st.sampled_from(EVERY)),
        ends=draw(st.one_of(st.none(), st.none(), days)),
        hours=tuple(draw(st.lists(hours, max_size=3))),
    )


@st.composite
def an_override(draw: st.DrawFn, number: int) -> Override:
    begins = draw(moments)
    return Override(
        id=number,
        schedule=draw(st.sampled_from(("ops", "ops", "other"))),
        person=draw(st.sampled_from(PEOPLE)),
        begins=begins,
        ends=begins + draw(lengths),
        by=PersonRef(id="dee", name="Dee"),
        made_at=BEGIN_OF_YEAR - QUARTER * draw(st.integers(0, 3)),
    )


@st.composite
def feeds(draw: st.DrawFn) -> dict[str, Feed]:
    entries = [
        Shift(
            schedule="ops", person=draw(st.sampled_from(PEOPLE)), begins=begins, ends=begins + draw(lengths)
        )
        for begins in sorted(draw(st.lists(moments, max_size=8)))
    ]
    return {"duty": Feed(name="duty", shifts=tuple(entries), fetched_at=BEGIN_OF_YEAR)}


@st.composite
def worlds(draw: st.DrawFn) -> World:
    count = draw(st.integers(1, 4))
    schedule = Schedule(
        id="ops",
        name="Operations",
        time_zone=draw(st.sampled_from(sorted(ZONES))),
        layers=tuple(draw(layers(f"layer {number}")) for number in range(1, count + 1)),
    )
    overrides = tuple(draw(an_override(number)) for number in range(draw(st.integers(0, 4))))
    return World(schedule, overrides, draw(feeds()))
