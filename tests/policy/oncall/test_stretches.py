"""How long somebody is on call on end (spec 2.2, 2.4)."""

from datetime import UTC, datetime, timedelta

from domain.oncall import Shift
from policy.oncall import stretches

MONDAY = datetime(2026, 1, 5, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def a_shift(person: str | None, begins: float, ends: float, schedule: str = "ops") -> Shift:
    """From so many days after Monday until so many."""
    return Shift(schedule=schedule, person=person, begins=MONDAY + begins * DAY, ends=MONDAY + ends * DAY)


def test_2_2_shifts_that_touch_are_one_stretch_and_others_are_their_own() -> None:
    found = stretches(
        [a_shift("ana", 0, 7), a_shift("ana", 7, 9), a_shift("bo", 9, 10), a_shift("ana", 10, 11)], "ana"
    )
    assert [(stretch.begins, stretch.length) for stretch in found] == [
        (MONDAY, 9 * DAY),
        (MONDAY + 10 * DAY, DAY),
    ]


def test_2_2_shifts_of_several_schedules_in_any_order_are_put_together() -> None:
    found = stretches([a_shift("ana", 3, 9, "backup"), a_shift("ana", 0, 10), a_shift("ana", 10, 12)], "ana")
    assert [stretch.length for stretch in found] == [12 * DAY]


def test_2_2_the_days_of_a_week_on_call_are_one_stretch_if_nights_between_them_do_not_count() -> None:
    days = [a_shift("ana", number, number + 0.4) for number in range(5)]
    assert len(stretches(days, "ana")) == 5
    assert [stretch.length for stretch in stretches(days, "ana", apart=0.6 * DAY)] == [4.4 * DAY]


def test_2_2_who_is_never_on_call_has_no_stretches() -> None:
    assert stretches([a_shift("ana", 0, 7), a_shift(None, 7, 8)], "bo") == ()
