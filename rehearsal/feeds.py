"""The calendars of a configuration, read once for a rehearsal."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from domain.oncall import Feed
from domain.organisation import Organisation
from integrations.calendars import CalendarFault, fetch
from integrations.ical import feed, read
from policy.oncall import schedule_of


async def feeds_of(organisation: Organisation, path: Path, environ: Mapping[str, str]) -> dict[str, Feed]:
    """What every calendar that a schedule asks says now. One that cannot be read says nothing, and why.

    Args:
        path: where the configuration is; files of calendars are beside it.
        environ: where secret addresses are looked up.
    """
    layers = [layer for name in organisation.schedules for layer in schedule_of(organisation, name).layers]
    zones = {layer.calendar: layer.time_zone for layer in reversed(layers) if layer.calendar}
    beside = path if path.is_dir() else path.parent
    found: dict[str, Feed] = {}
    for name, zone in zones.items():
        try:
            fetched = await fetch(organisation.integrations.calendars[name], beside, environ)
            reading = read(fetched.text, organisation.people, datetime.now(UTC))
        except CalendarFault as fault:
            found[name] = Feed(name=name, fault=str(fault))
        else:
            found[name] = feed(name, reading, zone, fetched.fetched_at)
    return found
