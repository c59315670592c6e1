"""The calendars of a configuration, read once for a rehearsal."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

from domain.oncall import Feed
from domain.organisation import Organisation
from policy.oncall import schedule_of
from rota.feeds import Calendars


async def feeds_of(organisation: Organisation, path: Path, environ: Mapping[str, str]) -> dict[str, Feed]:
    """What every calendar that a schedule asks says now. One that cannot be read says nothing, and why.

    Args:
        path: where the configuration is; files of calendars are beside it.
        environ: where secret addresses are looked up.
    """
    layers = [layer for name in organisation.schedules for layer in schedule_of(organisation, name).layers]
    zones = {layer.calendar: layer.time_zone for layer in reversed(layers) if layer.calendar}
    if not zones:
        return {}
    with tempfile.TemporaryDirectory(prefix="midwatch-rehearsal-") as place:
        calendars = Calendars(path, Path(place), environ)
        calendars.take(organisation)
        await calendars.fetch_due()
        return {name: calendars.feed(name, zone) for name, zone in zones.items()}
