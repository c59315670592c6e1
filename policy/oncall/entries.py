"""A schedule as it is computed with, from what the configuration says of it (spec 2.1)."""

from datetime import date, datetime, timedelta

from domain.entries import LayerEntry, RegionEntry, WorkingHours
from domain.oncall import Hours, Layer, Schedule
from domain.organisation import Organisation
from policy.calendar import place_of

BEYOND_WORK = timedelta(hours=2)
"""How much longer than its working day a region that the sun is over stays on call."""

SOME_DAY = date(2000, 1, 1)


def schedule_of(organisation: Organisation, name: str) -> Schedule:
    """The schedule of this name, every layer with a name and a clock of its own: its region's, else the
    schedule's region's, else the organisation's.

    Raises:
        KeyError: there is no such schedule.
    """
    entry = organisation.schedules[name]
    return Schedule(
        id=name,
        name=entry.name,
        time_zone=place_of(organisation, entry.region).time_zone,
        layers=tuple(
            _layer(layer, f"layer {number}", place_of(organisation, layer.region or entry.region))
            for number, layer in enumerate(entry.layers, start=1)
        ),
    )


def _layer(entry: LayerEntry, else_called: str, place: RegionEntry) -> Layer:
    return Layer(
        name=entry.name or else_called,
        time_zone=place.time_zone,
        people=entry.people,
        calendar=entry.calendar,
        starts=entry.starts,
        handoff=entry.handoff,
        every=entry.every,
        ends=entry.ends,
        hours=(_under_the_sun(place.working_hours),) if entry.follow_the_sun else entry.hours,
    )


def _under_the_sun(work: WorkingHours) -> Hours:
    """Every day from the beginning of work until two hours after its end."""
    begins = datetime.combine(SOME_DAY, work.begins)
    ends = datetime.combine(SOME_DAY, work.ends) + BEYOND_WORK
    # Past a full turn of the clock, the end would be read as one of the same day.
    ends = min(ends, begins + timedelta(days=1))
    return Hours(begins=begins.time(), ends=ends.time())
