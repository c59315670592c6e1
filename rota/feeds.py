"""The calendars that an organisation's schedules ask, fetched again and again and remembered (spec 2.1)."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog

from domain.entries import CalendarEntry, PersonEntry
from domain.oncall import Feed
from domain.organisation import Organisation
from integrations.calendars import CalendarFault, Fetched, fetch
from integrations.ical import Reading, feed, read
from rota.kept import keep, kept

AGAIN = timedelta(minutes=1)
"""When a calendar that could not be had is tried again, unless it is due before."""

OFTEN = timedelta(seconds=1)
"""No calendar is fetched more often, whatever its `refresh`."""

HOLDS = timedelta(hours=6)
"""How long what was read of an unchanged calendar is good: it reaches four months ahead of that moment."""

log = structlog.get_logger()


@dataclass(frozen=True)
class _Calendar:
    """One calendar: what was fetched last, and what it says of the people of its day."""

    entry: CalendarEntry
    due_at: datetime
    fetched: Fetched | None = None
    reading: Reading = field(default_factory=Reading)
    read_at: datetime | None = None
    fault: str = ""


class Calendars:
    """All calendars of an organisation. `take` reads them again, and waits for the disk."""

    def __init__(self, path: Path, data_dir: Path, environ: Mapping[str, str]) -> None:
        self._beside = path if path.is_dir() else path.parent
        self._directory = data_dir / "calendars"
        self._environ = environ
        self._people: Mapping[str, PersonEntry] = {}
        self._calendars: dict[str, _Calendar] = {}

    def take(self, organisation: Organisation) -> None:
        """Go by this configuration from now on: its calendars, its people's names. What is known of a
        calendar stays known until it was fetched anew, also if it has another address from now on."""
        now = datetime.now(UTC)
        before, self._people = self._calendars, organisation.people
        self._calendars = {
            name: self._taken(name, entry, before.get(name), now)
            for name, entry in organisation.integrations.calendars.items()
        }

    def _taken(self, name: str, entry: CalendarEntry, before: _Calendar | None, now: datetime) -> _Calendar:
        if before is None:
            before = _Calendar(entry, now, kept(self._file(name), Fetched))
        due_at = before.due_at if before.entry == entry else now
        calendar = replace(before, entry=entry, due_at=due_at, read_at=None)
        if calendar.fetched is None:
            return calendar
        try:
            return replace(self._renewed(calendar, calendar.fetched, now), fault=before.fault)
        except Exception as error:  # A copy that this release cannot read any more is fetched anew.
            log.warning("a calendar's copy cannot be read", calendar=name, error=str(error))
            return replace(calendar, fault=f"its copy cannot be read: {error}", due_at=now)

    def feed(self, name: str, zone: str) -> Feed:
        """What a calendar says, its times without a zone placed in `zone`. A calendar that nobody knows says
        nothing."""
        calendar = self._calendars.get(name)
        if calendar is None:
            return Feed(name=name, fault="there is no such calendar")
        fetched_at = calendar.fetched.fetched_at if calendar.fetched else None
        return feed(name, calendar.reading, zone, fetched_at, calendar.fault)

    async def fetch_due(self) -> bool:
        """Fetch what is due, all at once; whether anything was."""
        now = datetime.now(UTC)
        due = [name for name, calendar in self._calendars.items() if calendar.due_at <= now]
        await asyncio.gather(*map(self._fetch, due))
        return bool(due)

    async def _fetch(self, name: str) -> None:
        calendar = self._calendars[name]
        now, refresh = datetime.now(UTC), max(calendar.entry.refresh, OFTEN)
        try:
            fetched = await fetch(calendar.entry, self._beside, self._environ, calendar.fetched)
            renewed = await asyncio.to_thread(self._renewed, calendar, fetched, now)
            await asyncio.to_thread(keep, self._file(name), fetched)
        except CalendarFault as fault:
            renewed = replace(calendar, fault=str(fault), due_at=now + min(refresh, AGAIN))
        except Exception as error:  # Whatever a calendar does to its reader, it holds up no other.
            log.exception("a calendar broke its reader", calendar=name)
            renewed = replace(calendar, fault=f"cannot be read: {error!r}", due_at=now + min(refresh, AGAIN))
        else:
            renewed = replace(renewed, due_at=now + refresh)
        if renewed.fault and renewed.fault != calendar.fault:
            log.warning("no news of a calendar", calendar=name, fault=renewed.fault)
        # Else the configuration changed in the meantime, and the calendar is still due.
        if self._calendars.get(name) is calendar:
            self._calendars[name] = renewed

    def _renewed(self, calendar: _Calendar, fetched: Fetched, now: datetime) -> _Calendar:
        same = calendar.fetched is not None and calendar.fetched.text == fetched.text
        if same and calendar.read_at and now - calendar.read_at < HOLDS:
            return replace(calendar, fetched=fetched, fault="")
        reading = read(fetched.text, self._people, now)
        return replace(calendar, fetched=fetched, reading=reading, read_at=now, fault="")

    def _file(self, name: str) -> Path:
        return self._directory / f"{name}.json"
