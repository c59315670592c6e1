"""From the configuration to a schedule that can be computed with (spec 2.1)."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from domain.entries import (
    CalendarEntry,
    IntegrationsEntry,
    LayerEntry,
    RegionEntry,
    ScheduleEntry,
    WorkingHours,
)
from domain.oncall import WEEKDAYS, Hours, Schedule
from domain.organisation import Organisation
from policy.oncall import schedule_of, shifts

STARTS = date(2026, 1, 5)


def a_layer(**more: object) -> LayerEntry:
    return LayerEntry.model_validate({"people": ("alice", "ben"), "starts": STARTS} | more)


def with_schedule(organisation: Organisation, *layers: LayerEntry, **more: object) -> Organisation:
    """The organisation in Berlin, with three regions around the world."""
    early = WorkingHours(begins=time(7), ends=time(15))
    regions = {
        "eu": RegionEntry(name="Europe", time_zone="Europe/Berlin", working_hours=early),
        "us": RegionEntry(name="Americas", time_zone="America/New_York"),
        "ap": RegionEntry(name="Asia", time_zone="Asia/Kolkata", working_hours=WorkingHours(ends=time(18))),
    }
    entry = ScheduleEntry.model_validate({"name": "Operations", "layers": layers} | more)
    calendars = IntegrationsEntry(calendars={"duty": CalendarEntry(file="duty.ics")})
    changed = {"regions": regions, "schedules": {"ops": entry}, "integrations": calendars}
    return organisation.model_copy(update=changed)


def zones(schedule: Schedule) -> list[str]:
    return [layer.time_zone for layer in schedule.layers]


def test_2_1_a_layer_keeps_what_is_said_of_it(organisation: Organisation) -> None:
    hours = Hours(days=("sat",), begins=time(20), ends=time(4))
    entry = a_layer(
        name="Nights", handoff=time(18), every=timedelta(days=3), ends=date(2026, 6, 1), hours=(hours,)
    )
    found = schedule_of(with_schedule(organisation, entry, a_layer(people=(), calendar="duty")), "ops")
    assert (found.id, found.name) == ("ops", "Operations")
    nights, duty = found.layers
    assert (nights.name, nights.people, nights.starts, nights.handoff) == (
        "Nights",
        ("alice", "ben"),
        STARTS,
        time(18),
    )
    assert (nights.every, nights.ends, nights.hours) == (timedelta(days=3), date(2026, 6, 1), (hours,))
    assert (duty.people, duty.calendar) == ((), "duty")


def test_2_1_layers_without_a_name_are_numbered_as_they_stand(organisation: Organisation) -> None:
    found = schedule_of(with_schedule(organisation, a_layer(), a_layer(name="Days"), a_layer()), "ops")
    assert [layer.name for layer in found.layers] == ["layer 1", "Days", "layer 3"]


def test_2_1_a_layer_goes_by_its_regions_clock_then_the_schedules_then_the_organisations(
    organisation: Organisation,
) -> None:
    layers = a_layer(region="ap"), a_layer()
    assert zones(schedule_of(with_schedule(organisation, *layers, region="us"), "ops")) == [
        "Asia/Kolkata",
        "America/New_York",
    ]
    found = schedule_of(with_schedule(organisation, *layers), "ops")
    assert zones(found) == ["Asia/Kolkata", "Europe/Berlin"]
    assert found.time_zone == "Europe/Berlin"


def test_2_1_follow_the_sun_is_the_regions_working_hours_and_two_more_on_all_days(
    organisation: Organisation,
) -> None:
    found = schedule_of(with_schedule(organisation, a_layer(region="ap", follow_the_sun=True)), "ops")
    assert found.layers[0].hours == (Hours(days=WEEKDAYS, begins=time(9), ends=time(20)),)


@pytest.mark.parametrize(
    ("begins", "ends", "until"),
    [
        (time(15), time(22), time(0)),
        (time(15), time(23, 30), time(1, 30)),
        (time(1), time(23), time(1)),  # the whole day
        (time(0, 30), time(23, 30), time(0, 30)),  # no more than the whole day
    ],
)
def test_2_1_two_hours_beyond_work_may_be_past_midnight(
    organisation: Organisation, begins: time, ends: time, until: time
) -> None:
    late = organisation.model_copy(update={"working_hours": WorkingHours(begins=begins, ends=ends)})
    found = schedule_of(with_schedule(late, a_layer(follow_the_sun=True)), "ops")
    assert found.layers[0].hours == (Hours(begins=begins, ends=until),)


def test_2_1_three_regions_that_follow_the_sun_hand_over_in_their_own_mornings(
    organisation: Organisation,
) -> None:
    layers = [
        a_layer(name=region, people=(person,), region=region, follow_the_sun=True)
        for region, person in (("us", "alice"), ("eu", "ben"), ("ap", "chiara"))
    ]
    schedule = schedule_of(with_schedule(organisation, *layers), "ops")
    begins = datetime(2026, 1, 10, tzinfo=UTC)  # a Saturday
    found = shifts(schedule, begins, begins + timedelta(days=1))
    assert [(shift.person, f"{shift.begins:%H:%M}") for shift in found] == [
        (None, "00:00"),
        ("chiara", "03:30"),
        ("ben", "14:30"),
        ("alice", "16:00"),
    ]


def test_a_schedule_that_is_not_there_is_a_key_error(organisation: Organisation) -> None:
    with pytest.raises(KeyError):
        schedule_of(organisation, "nothing")
