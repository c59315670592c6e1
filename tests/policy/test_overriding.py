"""Who may stand in, and for how long (spec 2.1, 2.4)."""

from datetime import UTC, datetime, timedelta

import pytest

import configuration
from domain.base import zone
from domain.oncall import Override, Shift
from domain.organisation import Organisation
from domain.people import PersonRef
from policy import overriding
from settings import STARTER_CONFIG

BERLIN = "Europe/Berlin"
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def organisation() -> Organisation:
    """The starter, in which nobody is on call for more than 7 days on end or 4 weeks in a quarter."""
    starter = configuration.load(STARTER_CONFIG)
    rest = starter.rest.model_copy(update={"most_days": 7, "most_weeks_per_quarter": 4})
    return starter.model_copy(update={"rest": rest})


def local(year: int, month: int, day: int, hour: int = 0) -> datetime:
    """A moment by the clock on a wall in Berlin."""
    return datetime(year, month, day, hour, tzinfo=zone(BERLIN)).astimezone(UTC)


def an_override(begins: datetime, ends: datetime, person: str = "ben") -> Override:
    by = PersonRef(id="alice", name="Alice Moreau")
    return Override(id=0, schedule="s", person=person, begins=begins, ends=ends, by=by, made_at=NOW)


def on_call(*spans: tuple[datetime, datetime], person: str = "ben") -> tuple[Shift, ...]:
    return tuple(Shift(schedule="s", person=person, begins=begins, ends=ends) for begins, ends in spans)


@pytest.mark.parametrize(
    ("override", "why"),
    [
        (an_override(NOW, NOW + HOUR, "zoe"), "nobody of the configuration is called 'zoe'"),
        (an_override(NOW + HOUR, NOW), "it ends before it begins"),
        (an_override(NOW, NOW), "it ends before it begins"),
        (an_override(NOW - DAY, NOW), "it would be over already"),
        (an_override(NOW - HOUR, NOW + HOUR), "it begins in the past"),
        (an_override(NOW, NOW + timedelta(days=90, minutes=1)), "it lasts longer than 90 days"),
    ],
)
def test_2_1_an_override_that_makes_no_sense_is_refused(
    organisation: Organisation, override: Override, why: str
) -> None:
    assert (overriding.refusal(override, organisation, NOW) or "").startswith(why)


@pytest.mark.parametrize(
    "override",
    [
        an_override(NOW, NOW + HOUR),
        an_override(NOW - timedelta(minutes=4), NOW + HOUR),
        an_override(NOW + WEEK, NOW + WEEK + timedelta(days=90)),
    ],
)
def test_2_1_any_other_override_can_be_made(organisation: Organisation, override: Override) -> None:
    assert overriding.refusal(override, organisation, NOW) is None


def test_2_4_more_days_on_end_than_allowed_are_refused_with_the_figures(organisation: Organisation) -> None:
    week = (local(2026, 3, 2, 9), local(2026, 3, 9, 9))
    weekend = an_override(week[1], local(2026, 3, 11, 9))
    said = overriding.overrun(
        weekend, organisation, BERLIN, on_call(week), on_call(week, (week[1], weekend.ends))
    )
    assert said == (
        "Ben Okafor would be on call for 9 days on end, from Mon 2 Mar 09:00 to Wed 11 Mar 09:00; "
        "at most 7 days are allowed"
    )


def test_2_4_a_night_off_is_no_rest_and_a_day_off_is(organisation: Organisation) -> None:
    days = [(local(2026, 3, day, 9), local(2026, 3, day, 17)) for day in range(2, 9)]
    short, long = local(2026, 3, 9, 9), local(2026, 3, 9, 18)
    after_a_night, after_a_day = an_override(short, short + 8 * HOUR), an_override(long, long + 8 * HOUR)
    for override, refused in ((after_a_night, True), (after_a_day, False)):
        would = on_call(*days, (override.begins, override.ends))
        assert bool(overriding.overrun(override, organisation, BERLIN, on_call(*days), would)) is refused


def test_2_4_a_week_over_the_end_of_summer_time_is_a_week(organisation: Organisation) -> None:
    whole = an_override(local(2026, 10, 19, 9), local(2026, 10, 26, 9))
    assert whole.ends - whole.begins > WEEK
    would = on_call((whole.begins, whole.ends))
    assert overriding.overrun(whole, organisation, BERLIN, (), would) is None


def test_2_4_more_weeks_in_a_quarter_than_allowed_are_refused_with_the_figures(
    organisation: Organisation,
) -> None:
    weeks = [(local(2026, 1, 5, 9) + n * 2 * WEEK, local(2026, 1, 12, 9) + n * 2 * WEEK) for n in range(4)]
    day = an_override(local(2026, 3, 16, 9), local(2026, 3, 17, 9))
    would = on_call(*weeks, (day.begins, day.ends))
    assert overriding.overrun(day, organisation, BERLIN, on_call(*weeks), would) == (
        "Ben Okafor would be on call for 29 days in the quarter from 1 Jan 2026 on (28 days without this "
        "override); at most 4 weeks are allowed"
    )
    # The next quarter is another one.
    later = an_override(local(2026, 4, 2, 9), local(2026, 4, 3, 9))
    would = on_call(*weeks, (later.begins, later.ends))
    assert overriding.overrun(later, organisation, BERLIN, on_call(*weeks), would) is None


def test_2_4_what_the_override_does_not_make_worse_it_is_not_refused_for(organisation: Organisation) -> None:
    month = on_call((local(2026, 3, 1), local(2026, 4, 1)))
    within = an_override(local(2026, 3, 10, 9), local(2026, 3, 10, 17))
    assert overriding.overrun(within, organisation, BERLIN, month, month) is None
    others = on_call((local(2026, 3, 1), local(2026, 4, 1)), person="alice")
    assert overriding.overrun(within, organisation, BERLIN, others, others) is None


def test_the_window_holds_the_quarters_and_what_the_override_may_join(organisation: Organisation) -> None:
    middle = an_override(local(2026, 2, 10, 9), local(2026, 2, 11, 9))
    assert overriding.window(middle, organisation, BERLIN) == (local(2026, 1, 1), local(2026, 4, 1))
    edge = an_override(local(2026, 3, 31, 9), local(2026, 4, 2, 9))
    begins, ends = overriding.window(edge, organisation, BERLIN)
    assert (begins, ends) == (local(2026, 1, 1), local(2026, 7, 1))
    first = an_override(local(2026, 4, 2, 9), local(2026, 4, 3, 9))
    begins, ends = overriding.window(first, organisation, BERLIN)
    assert begins < local(2026, 3, 26) < local(2026, 7, 1) == ends
