"""Who is on call, as a process knows it: answered at once and always, from what was known last (spec 2.1)."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from threading import Lock

import structlog
from sqlalchemy import Engine

import policy.oncall
from domain.oncall import Feed, Override, Schedule, Shift
from domain.organisation import Organisation
from rota.configured import Configured, Standing
from rota.feeds import Calendars
from rota.stand_ins import StandIns

FILES_SECONDS = 2.0
"""Between two looks at the configuration's files."""

OVERRIDES_SECONDS = 5.0
"""Between two looks at the database; whoever changes an override calls `refresh`."""

CALENDARS_SECONDS = 1.0
"""Between two looks at which calendars are due."""

log = structlog.get_logger()


@dataclass(frozen=True)
class _Known:
    """What one schedule is computed from."""

    schedule: Schedule
    overrides: tuple[Override, ...]
    feeds: Mapping[str, Feed]


@dataclass(frozen=True)
class _Learnt:
    """What goes together: an organisation, what its schedules are computed from, its calendars."""

    organisation: Organisation
    schedules: Mapping[str, _Known]
    feeds: Mapping[str, Feed]


class Rota:
    """An organisation's configuration, overrides and calendars, and who is on call by them.

    Questions may be asked from any thread, before `run` began and after it ended: they wait for nothing and
    raise nothing. A database that is away, a calendar that cannot be fetched or a bad change of the files
    leaves everything as it was known last, also through a restart.

    Args:
        environ: where calendars' addresses of the form `env:MIDWATCH_CALENDAR_NAME` are looked up.
        organisation: what the files at `path` say, where the caller has read them already.

    Raises:
        configuration.Faults: the files are wrong, and no process has ever known them good.
    """

    def __init__(
        self,
        path: Path,
        engine: Engine,
        data_dir: Path,
        *,
        environ: Mapping[str, str] | None = None,
        organisation: Organisation | None = None,
    ) -> None:
        self._configured = Configured(path, data_dir, organisation)
        self._stand_ins = StandIns(engine, data_dir)
        self._calendars = Calendars(path, data_dir, environ or {})
        self._asking = asyncio.Lock()
        self._learning = Lock()
        self._take()
        self._standing = self._configured.standing

    @property
    def organisation(self) -> Organisation:
        """The last good configuration."""
        return self._learnt.organisation

    @property
    def standing(self) -> Standing:
        """How it stands with the files."""
        return self._standing

    @property
    def overrides(self) -> tuple[Override, ...]:
        """Those that hold now, and all to come."""
        now = datetime.now(UTC)
        return tuple(override for override in self._stand_ins.overrides if override.ends > now)

    @property
    def feeds(self) -> Mapping[str, Feed]:
        """Every calendar by its name. Times without a zone are those of the first layer that asks it."""
        return self._learnt.feeds

    def on_call(self, schedules: Iterable[str], at: datetime) -> dict[str, str | None]:
        """Who is on call by each of these; None where nobody is, or where there is no such schedule."""
        return {schedule: self.shift(schedule, at).person for schedule in schedules}

    def shift(self, schedule: str, at: datetime) -> Shift:
        """Who is on call at this moment, and from when until when."""
        return self._shifts(schedule, at, at, lambda known: (_at(known, at),))[0]

    def shifts(self, schedule: str, begins: datetime, ends: datetime) -> tuple[Shift, ...]:
        """Everything from `begins` until just before `ends`, gaps too. Overrides of the last five weeks are
        known, calendars of the last one."""
        return self._shifts(schedule, begins, ends, lambda known: _between(known, begins, ends))

    async def refresh(self) -> None:
        """Ask the database for overrides now: what was committed before holds afterwards."""
        # One after the other: an answer from before a change must not come after one from behind it.
        async with self._asking:
            if await asyncio.to_thread(self._stand_ins.look):
                await asyncio.to_thread(self._learn)

    async def run(self) -> None:
        """Keep everything up to date until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(_again_and_again(self._look_at_files, FILES_SECONDS))
            group.create_task(_again_and_again(self.refresh, OVERRIDES_SECONDS))
            group.create_task(_again_and_again(self._look_at_calendars, CALENDARS_SECONDS))

    async def _look_at_files(self) -> None:
        if await asyncio.to_thread(self._configured.look):
            await asyncio.to_thread(self._take)
        self._standing = self._configured.standing

    async def _look_at_calendars(self) -> None:
        if await self._calendars.fetch_due():
            await asyncio.to_thread(self._learn)

    def _take(self) -> None:
        # Its calendars first: nobody shall be told of schedules without them.
        organisation = self._configured.organisation
        self._calendars.take(organisation)
        self._organisation = organisation
        self._learn()

    def _learn(self) -> None:
        """Prepare the answers anew, from everything that is known by now."""
        with self._learning:
            organisation, overrides = self._organisation, self._stand_ins.overrides
            feed = cache(self._calendars.feed)
            known: dict[str, _Known] = {}
            zones = dict.fromkeys(organisation.integrations.calendars, organisation.time_zone)
            for name in reversed(organisation.schedules):
                schedule = policy.oncall.schedule_of(organisation, name)
                asked = {
                    layer.calendar: layer.time_zone for layer in reversed(schedule.layers) if layer.calendar
                }
                zones |= asked
                known[name] = _Known(
                    schedule=schedule,
                    overrides=tuple(override for override in overrides if override.schedule == name),
                    feeds={calendar: feed(calendar, zone) for calendar, zone in asked.items()},
                )
            feeds = {calendar: feed(calendar, zone) for calendar, zone in zones.items()}
            self._learnt = _Learnt(organisation, known, feeds)

    def _shifts(
        self,
        schedule: str,
        begins: datetime,
        ends: datetime,
        ask: Callable[[_Known], tuple[Shift, ...]],
    ) -> tuple[Shift, ...]:
        known = self._learnt.schedules.get(schedule)
        if known is None:
            return (_nobody(schedule, begins, ends, "there is no such schedule"),)
        try:
            return ask(known)
        except Exception:  # Better that one schedule is silent than that nobody of a whole ladder is paged.
            log.exception("nobody can tell who is on call", schedule=schedule)
            return (_nobody(schedule, begins, ends, "nobody can tell who is on call"),)


def _at(known: _Known, at: datetime) -> Shift:
    return policy.oncall.on_call(known.schedule, at, known.overrides, known.feeds)


def _between(known: _Known, begins: datetime, ends: datetime) -> tuple[Shift, ...]:
    return policy.oncall.shifts(known.schedule, begins, ends, known.overrides, known.feeds)


def _nobody(schedule: str, begins: datetime, ends: datetime, why: str) -> Shift:
    return Shift(schedule=schedule, person=None, begins=begins, ends=ends, why=why)


async def _again_and_again(step: Callable[[], Awaitable[None]], seconds: float) -> None:
    while True:
        try:
            await step()
        except Exception:
            log.exception("the rota goes by what it knew", step=getattr(step, "__name__", ""))
        await asyncio.sleep(seconds)
