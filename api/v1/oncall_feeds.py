"""Somebody's own duty, and iCal feeds for calendar programs (spec 2.1), beneath `/api/v1`. It has paths where
`api.v1.oncall` has an id, so it comes before that."""

import asyncio
import hmac
from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.auth import require_token
from api.deps import PartsDep
from api.errors import Unauthorised
from api.v1 import oncall_models as models
from api.v1.models import example
from api.v1.oncall import (
    NOT_FOUND,
    EngineDep,
    RotaDep,
    UnknownPerson,
    known,
    schedule_named,
    view_from,
    view_now,
)
from api.v1.oncall_view import View, feed_key, feed_url
from domain.oncall import Shift
from policy.ics import person_ics, schedule_ics
from rota import Rota

BEFORE, AHEAD = timedelta(days=14), timedelta(days=180)
"""How much of the past and of the future a feed tells."""
USUAL_DAYS = 28

_bearer = HTTPBearer(auto_error=False, description="The token of `MIDWATCH_API_TOKEN`.")


def _reader(
    request: Request,
    parts: PartsDep,
    given: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
    key: Annotated[str | None, Query(description="as in the `feed_url` of a JSON answer")] = None,
) -> None:
    """Let through whoever has the feed's own key, for a calendar program sends no token, or may read all."""
    if key is None:
        require_token(request, parts, given)
        return
    subject = request.url.path.removeprefix("/api/v1/")
    # As bytes: the comparison in constant time refuses text beyond ASCII.
    if not hmac.compare_digest(key.encode(), feed_key(subject, parts.settings).encode()):
        raise Unauthorised("the key is not that of this feed")


class Ics(Response):
    """A calendar."""

    media_type = "text/calendar"


router = APIRouter()


@router.get(
    "/schedules/{schedule_id}.ics",
    summary="A schedule's iCal feed",
    dependencies=[Depends(_reader)],
    response_class=Ics,
    responses=NOT_FOUND,
)
async def schedule_feed(schedule_id: str, rota: RotaDep, engine: EngineDep) -> Ics:
    """Its shifts, from two weeks ago to half a year ahead."""
    schedule = schedule_named(schedule_id, rota.organisation)
    begins, ends = _told()
    view = await view_from(begins, rota, engine)
    shifts = await asyncio.to_thread(_whole, view, schedule_id, begins, ends)
    return Ics(schedule_ics(schedule, shifts, _names(rota)))


@router.get(
    "/people/{person_id}/on-call.ics",
    summary="A person's iCal feed",
    dependencies=[Depends(_reader)],
    response_class=Ics,
    responses=NOT_FOUND,
)
async def person_feed(person_id: str, rota: RotaDep, engine: EngineDep) -> Ics:
    """When this person is on call, from two weeks ago to half a year ahead."""
    _known_person(person_id, rota)
    begins, ends = _told()
    view = await view_from(begins, rota, engine)
    shifts = await asyncio.to_thread(_of_person, view, person_id, begins, ends)
    return Ics(person_ics(person_id, shifts, _names(rota)))


@router.get(
    "/people/{person_id}/on-call",
    summary="When somebody is on call",
    dependencies=[Depends(require_token)],
    responses={**example(models.PERSON_SAMPLE, description="In order of begin"), **NOT_FOUND},
)
async def person_on_call(
    person_id: str,
    rota: RotaDep,
    parts: PartsDep,
    days: Annotated[int, Query(ge=1, le=400, description="how far ahead")] = USUAL_DAYS,
) -> models.PersonOnCall:
    """From now on, by whatever schedule."""
    _known_person(person_id, rota)
    view, begins = view_now(rota), datetime.now(UTC)
    ends = begins + timedelta(days=days)
    shifts = await asyncio.to_thread(_of_person, view, person_id, begins, ends)
    told = [
        models.PersonShift(schedule=view.named(schedule), **view.stretch(shift).model_dump())
        for schedule, held in shifts.items()
        for shift in held
    ]
    return models.PersonOnCall(
        person=view.ref(person_id),
        begins=begins,
        ends=ends,
        feed_url=feed_url(f"people/{person_id}/on-call.ics", parts.settings),
        shifts=sorted(told, key=lambda shift: shift.begins),
    )


def _known_person(person: str, rota: Rota) -> None:
    people = rota.organisation.people
    if person not in people:
        raise UnknownPerson(f"there is nobody called {person!r}; {known(people)}")


def _told() -> tuple[datetime, datetime]:
    now = datetime.now(UTC)
    return now - BEFORE, now + AHEAD


def _names(rota: Rota) -> dict[str, str]:
    """Of people and, for a person's own feed, of schedules."""
    organisation = rota.organisation
    schedules = {name: entry.name for name, entry in organisation.schedules.items()}
    return schedules | {name: entry.name for name, entry in organisation.people.items()}


def _whole(view: View, schedule: str, begins: datetime, ends: datetime) -> tuple[Shift, ...]:
    """The shifts, those at both ends whole: one that was cut would be another each time it is looked at."""
    named = view.schedule(schedule)
    first, last = view.shift(named, begins), view.shift(named, ends)
    return view.shifts(named, first.begins, last.ends)


def _of_person(view: View, person: str, begins: datetime, ends: datetime) -> dict[str, list[Shift]]:
    """The shifts of one person, by schedule. Only those schedules are looked at that can name them."""
    found: dict[str, list[Shift]] = {}
    for name, entry in view.organisation.schedules.items():
        named = any(layer.calendar or person in layer.people for layer in entry.layers)
        if named or any(one.schedule == name and one.person == person for one in view.overrides):
            found[name] = [shift for shift in _whole(view, name, begins, ends) if shift.person == person]
    return found
