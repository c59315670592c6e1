"""What the calendars of an organisation say at this moment, for those who ask once and end."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from domain.oncall import Feed
from domain.organisation import Organisation
from integrations.calendars import CalendarFault, fetch
from integrations.ical import feed, read
from policy.oncall import schedule_of


async def read_all(organisation: Organisation, path: Path, environ: Mapping[str, str]) -> dict[str, Feed]:
    """Every calendar, read once, by its name. Of one that cannot be had, `fault` says why."""
    names = organisation.integrations.calendars
    feeds = await asyncio.gather(*(_read(organisation, name, path, environ) for name in names))
    return {found.name: found for found in feeds}


async def _read(organisation: Organisation, name: str, path: Path, environ: Mapping[str, str]) -> Feed:
    beside = path if path.is_dir() else path.parent
    try:
        fetched = await fetch(organisation.integrations.calendars[name], beside, environ)
        reading = await asyncio.to_thread(read, fetched.text, organisation.people, datetime.now(UTC))
    except CalendarFault as fault:
        return Feed(name=name, fault=str(fault))
    return feed(name, reading, _zone(organisation, name), fetched.fetched_at)


def _zone(organisation: Organisation, calendar: str) -> str:
    """The zone of the first layer that asks it: there its times without a zone are."""
    schedules = (schedule_of(organisation, name) for name in organisation.schedules)
    layers = (layer for schedule in schedules for layer in schedule.layers)
    return next((layer.time_zone for layer in layers if layer.calendar == calendar), organisation.time_zone)
