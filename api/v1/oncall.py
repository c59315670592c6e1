"""Who is on call, when and why (spec 2.1), beneath `/api/v1`."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from api import errors
from api.auth import require_token
from api.deps import PartsDep
from api.errors import DatabaseAway, FieldFault, Invalid, Refused
from api.v1 import oncall_models as models
from api.v1.models import example
from api.v1.oncall_view import View, feed_url
from domain.base import zone
from domain.oncall import Schedule
from domain.organisation import Organisation
from policy.oncall import schedule_of
from policy.oncall.wall import first_shown
from policy.roster import rungs_for, schedules_of
from rota import Rota
from settings import Settings
from storage import overrides as stored

AnswerT = TypeVar("AnswerT")

LONGEST_VIEW = timedelta(days=400)
USUAL_VIEW = timedelta(weeks=2)
JUST_NOW = timedelta(minutes=1)
"""Before now is still now: what is asked for takes a moment to arrive."""
ROTA_KNOWS = timedelta(weeks=4)
"""How far back the rota knows overrides that are over."""
ASKABLE = (datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC))
"""Moments that may be asked for; the clocks of no zone are known beyond."""


class UnknownSchedule(Refused):
    """There is no such schedule."""

    status, code = 404, "unknown_schedule"


class UnknownService(Refused):
    """There is no such service."""

    status, code = 404, "unknown_service"


class UnknownPerson(Refused):
    """There is no such person."""

    status, code = 404, "unknown_person"


def _rota(request: Request) -> Rota:
    rota: Rota = request.app.state.rota
    return rota


def _engine(request: Request) -> Engine:
    engine: Engine = request.app.state.engine
    return engine


RotaDep = Annotated[Rota, Depends(_rota)]
EngineDep = Annotated[Engine, Depends(_engine)]


async def database(query: Callable[[], AnswerT]) -> AnswerT:
    """What the database answers.

    Raises:
        DatabaseAway: it does not.
    """
    try:
        return await asyncio.to_thread(query)
    except SQLAlchemyError as fault:
        raise DatabaseAway("the database does not answer; try again") from fault


async def view_from(begins: datetime, rota: Rota, engine: Engine) -> View:
    """What is known from this moment on. All overrides that are over are in the database alone: while that is
    away, the view is incomplete, and says so."""
    overrides = {override.id: override for override in rota.overrides}
    complete, now = True, datetime.now(UTC)
    if begins < now - JUST_NOW:
        try:
            past = await database(lambda: stored.between(engine, begins, now))
            overrides |= {override.id: override for override in past}
        except DatabaseAway:
            complete = False
    in_order = sorted(overrides.values(), key=lambda override: (override.begins, override.id))
    told_by = rota if begins > now - ROTA_KNOWS else None
    return View(rota.organisation, in_order, rota.feeds, told_by, complete)


def view_now(rota: Rota) -> View:
    """What is known from now on."""
    return View(rota.organisation, rota.overrides, rota.feeds, rota)


def schedule_named(name: str, organisation: Organisation) -> Schedule:
    """The schedule of this name.

    Raises:
        UnknownSchedule: there is none, with those there are.
    """
    if name not in organisation.schedules:
        raise UnknownSchedule(f"there is no schedule {name!r}; {known(organisation.schedules)}")
    return schedule_of(organisation, name)


def known(names: Iterable[str]) -> str:
    """Those that there are, for somebody who named another."""
    return f"known are {', '.join(sorted(names))}" if names else "none is configured"


def moment_of(given: datetime, time_zone: str, path: str) -> datetime:
    """A moment in UTC; without a zone of its own it is read off a clock in this one.

    Raises:
        Invalid: it is out of range; `path` says where it was given.
    """
    try:
        at = given.astimezone(UTC) if given.tzinfo else first_shown(given, zone(time_zone))
    except OverflowError:
        at = ASKABLE[1]
    if not ASKABLE[0] <= at < ASKABLE[1]:
        raise Invalid([FieldFault(path=path, message="is out of range")])
    return at


router = APIRouter(dependencies=[Depends(require_token)])

NOT_FOUND: dict[int | str, dict[str, Any]] = {
    404: {
        **errors.responses(404)[404],
        **example(models.UNKNOWN_SAMPLE, 404, "The configuration has no such schedule, service or person")[
            404
        ],
    }
}


@router.get(
    "/on-call",
    summary="Who is on call",
    responses={**example(models.ON_CALL_SAMPLE, description="Who, until when, and why"), **NOT_FOUND},
)
async def who_is_on_call(
    rota: RotaDep,
    engine: EngineDep,
    at: Annotated[
        datetime | None, Query(description="absent: now; without a zone: by the clocks of `time_zone`")
    ] = None,
    service: Annotated[str | None, Query(description="only the ladder of this service")] = None,
    schedule: Annotated[str | None, Query(description="only by this schedule")] = None,
) -> models.OnCallNow:
    """By every schedule and on every service's ladder, unless one is named."""
    organisation = rota.organisation
    if service is not None and service not in organisation.services:
        raise UnknownService(f"there is no service {service!r}; {known(organisation.services)}")
    time_zone = schedule_named(schedule, organisation).time_zone if schedule else organisation.time_zone
    moment = moment_of(at, time_zone, "query.at") if at else datetime.now(UTC)
    view = await view_from(moment, rota, engine)
    if schedule:
        asked: Iterable[str] = [schedule]
    elif service:
        asked = schedules_of(rungs_for(organisation, [service]))
    else:
        asked = organisation.schedules
    services = [service] if service else [] if schedule else organisation.services
    # Of a hundred schedules, it is long enough to hold up the others.
    return await asyncio.to_thread(view.answer, moment, time_zone, asked, services)


@router.get(
    "/on-call/overrides",
    summary="List the overrides that hold or will",
    responses=example(models.OVERRIDES_SAMPLE, description="In order of begin"),
)
async def all_overrides(rota: RotaDep) -> models.OverrideList:
    """Of all schedules."""
    view = view_now(rota)
    return models.OverrideList(overrides=[view.override(override) for override in view.overrides])


@router.get(
    "/schedules",
    summary="List the schedules",
    responses=example(models.SCHEDULES_SAMPLE, description="All of them"),
)
async def all_schedules(rota: RotaDep, parts: PartsDep) -> list[models.ScheduleLine]:
    """As they are configured, with the addresses of their iCal feeds."""
    view = view_now(rota)
    return [_line(view, view.schedule(name), parts.settings) for name in rota.organisation.schedules]


def _line(view: View, schedule: Schedule, settings: Settings) -> models.ScheduleLine:
    rotating = dict.fromkeys(person for layer in schedule.layers for person in layer.people)
    return models.ScheduleLine(
        id=schedule.id,
        name=schedule.name,
        time_zone=schedule.time_zone,
        people=[view.ref(person) for person in rotating],
        calendars=_calendars(schedule),
        feed_url=feed_url(f"schedules/{schedule.id}.ics", settings),
    )


def _calendars(schedule: Schedule) -> list[str]:
    return list(dict.fromkeys(layer.calendar for layer in schedule.layers if layer.calendar))


@router.get(
    "/schedules/{schedule_id}",
    summary="Read a schedule over a time",
    responses={
        **example(models.DETAIL_SAMPLE, description="Its shifts, and what they come from"),
        **NOT_FOUND,
    },
)
async def one_schedule(
    schedule_id: str,
    rota: RotaDep,
    engine: EngineDep,
    parts: PartsDep,
    begins: Annotated[datetime | None, Query(description="absent: the beginning of today")] = None,
    ends: Annotated[datetime | None, Query(description="absent: two weeks later; 400 days at most")] = None,
) -> models.ScheduleDetail:
    """The final shifts, each layer by itself, overrides and calendars. Moments without a zone are read off a
    clock in the schedule's."""
    schedule = schedule_named(schedule_id, rota.organisation)
    first, last = _window(begins, ends, schedule.time_zone)
    view = await view_from(first, rota, engine)
    return await asyncio.to_thread(_detail, view, schedule, first, last, parts.settings)


def _window(begins: datetime | None, ends: datetime | None, time_zone: str) -> tuple[datetime, datetime]:
    today = datetime.now(zone(time_zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    first = moment_of(begins or today, time_zone, "query.begins")
    last = moment_of(ends, time_zone, "query.ends") if ends else first + USUAL_VIEW
    if not first < last <= first + LONGEST_VIEW:
        message = f"has to be after `begins`, and at most {LONGEST_VIEW.days} days"
        raise Invalid([FieldFault(path="query.ends", message=message)])
    return first, last


def _detail(
    view: View, schedule: Schedule, begins: datetime, ends: datetime, settings: Settings
) -> models.ScheduleDetail:
    now = datetime.now(UTC)
    return models.ScheduleDetail(
        id=schedule.id,
        name=schedule.name,
        time_zone=schedule.time_zone,
        begins=begins,
        ends=ends,
        feed_url=feed_url(f"schedules/{schedule.id}.ics", settings),
        shifts=[view.stretch(shift) for shift in view.shifts(schedule, begins, ends)],
        layers=[view.layer(schedule, number, begins, ends) for number in range(len(schedule.layers))],
        overrides=[
            view.override(override)
            for override in view.overrides
            if override.schedule == schedule.id and override.begins < ends and override.ends > begins
        ],
        feeds=[view.feed(name, now) for name in _calendars(schedule)],
        complete=view.complete,
    )
