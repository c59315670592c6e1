"""Working time, in a team's own zone (spec 1.6, 3.4)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.snapshot import WorkingTime
from policy.calendar import in_working_time

ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "Pacific/Apia")


BERLIN = WorkingTime(time_zone="Europe/Berlin")


def local(text: str, zone: str = "Europe/Berlin") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-03-04T12:00", "2026-03-04T12:00"),  # a Wednesday's noon
        ("2026-03-04T09:00", "2026-03-04T09:00"),
        ("2026-03-04T16:59:59", "2026-03-04T16:59:59"),
        ("2026-03-04T17:00", "2026-03-05T09:00"),
        ("2026-03-04T08:59:59", "2026-03-04T09:00"),
        ("2026-03-04T00:00", "2026-03-04T09:00"),
        ("2026-03-06T17:30", "2026-03-09T09:00"),  # a Friday's evening
        ("2026-03-07T12:00", "2026-03-09T09:00"),  # a Saturday
        ("2026-03-08T23:59", "2026-03-09T09:00"),  # a Sunday
        ("2026-03-27T18:00", "2026-03-30T09:00"),  # over the weekend in which summer time begins
        ("2026-10-23T18:00", "2026-10-26T09:00"),  # over the weekend in which it ends
        ("2026-12-31T18:00", "2027-01-01T09:00"),  # a Friday, and no holiday is written out
    ],
)
def test_1_6_it_is_the_moment_itself_or_the_next_morning_of_a_working_day(moment: str, expected: str) -> None:
    assert in_working_time(local(moment), BERLIN) == local(expected)


def test_1_6_nine_in_the_morning_is_the_teams_own_also_after_the_clocks_have_changed() -> None:
    friday = datetime(2026, 3, 27, 20, 0, tzinfo=UTC)
    assert in_working_time(friday, BERLIN) == datetime(2026, 3, 30, 7, 0, tzinfo=UTC)
    before = datetime(2026, 3, 20, 20, 0, tzinfo=UTC)
    assert in_working_time(before, BERLIN) == datetime(2026, 3, 23, 8, 0, tzinfo=UTC)


@given(moment=st.integers(min_value=1_577_836_800, max_value=2_051_222_400), zone=st.sampled_from(ZONES))
def test_1_6_it_is_never_earlier_always_in_working_time_and_settled(moment: int, zone: str) -> None:
    at = datetime.fromtimestamp(moment, UTC)
    working = WorkingTime(time_zone=zone)
    found = in_working_time(at, working)
    there = found.astimezone(ZoneInfo(zone))
    assert at <= found <= at + timedelta(days=4)
    assert there.weekday() < 5
    assert 9 <= there.hour < 17
    assert in_working_time(found, working) == found
