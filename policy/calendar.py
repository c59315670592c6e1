"""Working time, by a team's own clock, hours and holidays (spec 1.6)."""

from datetime import date, datetime, time, timedelta

import holidays

from domain.base import zone as zone_of
from domain.entries import RegionEntry
from domain.oncall import WEEKDAYS
from domain.organisation import Organisation
from domain.snapshot import Snapshot, WorkingTime

ONE_DAY = timedelta(days=1)

AHEAD = timedelta(days=370)
"""How far holidays are written out: longer than any incident waits for a working day."""


def in_working_time(at: datetime, working: WorkingTime) -> datetime:
    """The moment itself if it is in working time, else the next moment that is (spec 3.4)."""
    day = at.astimezone(zone_of(working.time_zone)).date()
    if _works(day, working) and _moment(day, working.begins, working) <= at < _moment(
        day, working.ends, working
    ):
        return at
    return next_business_day(at, working)


def next_business_day(at: datetime, working: WorkingTime) -> datetime:
    """The beginning of the next business day (spec 1.1): of another day than that of `at`, unless work has
    not begun yet on it."""
    day = at.astimezone(zone_of(working.time_zone)).date()
    if at >= _moment(day, working.begins, working):
        day += ONE_DAY
    while not _works(day, working):
        day += ONE_DAY
    return _moment(day, working.begins, working).astimezone(at.tzinfo)


def _moment(day: date, clock: time, working: WorkingTime) -> datetime:
    return datetime.combine(day, clock, tzinfo=zone_of(working.time_zone))


def _works(day: date, working: WorkingTime) -> bool:
    return WEEKDAYS[day.weekday()] in working.days and day not in working.days_off


def working_time(organisation: Organisation, region: str | None, at: datetime) -> WorkingTime:
    """When people of this region work, the holidays from `at` on written out; the organisation's own hours
    where there is no region."""
    place = place_of(organisation, region)
    first = at.date() - timedelta(days=2)
    last = first + AHEAD
    days = {day for day in place.days_off if first <= day <= last}
    if place.holidays:
        country, _, part = place.holidays.partition("-")
        years = range(first.year, last.year + 1)
        known = holidays.country_holidays(country, subdiv=part or None, years=years)
        days |= {day for day in known if first <= day <= last}
    hours = place.working_hours
    return WorkingTime(
        time_zone=place.time_zone,
        days=hours.days,
        begins=hours.begins,
        ends=hours.ends,
        days_off=tuple(sorted(days)),
    )


def working(snapshot: Snapshot) -> WorkingTime:
    """When the team works. An incident of a time before there were holidays has a zone alone."""
    return snapshot.working_time or WorkingTime(time_zone=snapshot.time_zone)


def place_of(organisation: Organisation, region: str | None) -> RegionEntry:
    """The region of this name, or the organisation itself as one."""
    if region and region in organisation.regions:
        return organisation.regions[region]
    return RegionEntry(
        name=organisation.time_zone,
        time_zone=organisation.time_zone,
        working_hours=organisation.working_hours,
        holidays=organisation.holidays,
        days_off=organisation.days_off,
    )
