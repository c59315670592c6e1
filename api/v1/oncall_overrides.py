"""Somebody stands in: overrides are made and taken back (spec 2.1, 2.4), beneath `/api/v1`."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Body, Depends, Path, Query
from sqlalchemy import Engine

from api import errors
from api.auth import require_token
from api.errors import Refused
from api.v1 import oncall_models as models
from api.v1.models import example
from api.v1.oncall import (
    NOT_FOUND,
    EngineDep,
    RotaDep,
    database,
    moment_of,
    schedule_named,
    view_from,
    view_now,
)
from api.v1.requests import SourceId, message_id, person_ref
from domain.base import zone
from domain.oncall import Override
from policy import overriding
from policy.oncall import schedule_of
from rota import Rota
from storage import overrides as stored

LARGEST_NUMBER = 2**31 - 1
"""Of what a database counts by itself."""

router = APIRouter(dependencies=[Depends(require_token)])


class UnknownOverride(Refused):
    """There is no such override of this schedule."""

    status, code = 404, "unknown_override"


class OverrideRefused(Refused):
    """An override that makes no sense."""

    status, code = 409, "override_refused"


class RestRefused(Refused):
    """An override that takes away somebody's rest. It is made all the same with `despite_rest` (spec 2.4)."""

    status, code = 409, "rest_refused"


_ANSWERS = {
    **example(models.OUTCOME_SAMPLE, description="What holds now"),
    **NOT_FOUND,
    **errors.responses(400, 503),
    409: {
        **errors.responses(409)[409],
        "description": "`override_refused`: it makes no sense; `rest_refused`: it needs `despite_rest`",
        "content": {"application/json": {"example": models.REST_SAMPLE}},
    },
}


@router.post("/schedules/{schedule_id}/overrides", summary="Have somebody stand in", responses=_ANSWERS)
async def make_override(
    schedule_id: str,
    given: Annotated[models.MakeOverride, Body(examples=[models.MAKE_SAMPLE])],
    rota: RotaDep,
    engine: EngineDep,
    source_id: SourceId,
) -> models.OverrideOutcome:
    """From `begins` until just before `ends`. It is durable once it is answered. The same request with the
    same key makes one override."""
    organisation = rota.organisation
    schedule = schedule_named(schedule_id, organisation)
    key = message_id(source_id, f"override:{schedule_id}", given)
    override = await database(lambda: stored.made(engine, key))
    if override is None:
        now = datetime.now(UTC)
        wanted = Override(
            id=0,
            schedule=schedule_id,
            person=person_ref(given.person, organisation, "person").id,
            begins=moment_of(given.begins, schedule.time_zone, "begins"),
            ends=moment_of(given.ends, schedule.time_zone, "ends"),
            reason=given.reason.strip(),
            by=person_ref(given.by, organisation),
            made_at=now,
        )
        if why := overriding.refusal(wanted, organisation, now):
            raise OverrideRefused(why)
        if not given.despite_rest:
            await _refuse_without_rest(wanted, rota, engine)
        override = await database(lambda: stored.add(engine, wanted, key))
    await rota.refresh()
    told = view_now(rota).override(override)
    spoken = (_spoken(at, schedule.time_zone) for at in (override.begins, override.ends))
    said = (
        f"{told.person.name} is on call by {schedule.name} from {' to '.join(spoken)}, by override {told.id}."
    )
    return models.OverrideOutcome(said=said, override=told)


@router.delete(
    "/schedules/{schedule_id}/overrides/{number}", summary="Take an override back", responses=_ANSWERS
)
async def cancel_override(
    schedule_id: str,
    number: Annotated[int, Path(ge=1, le=LARGEST_NUMBER)],
    by: Annotated[str, Query(description="a person of the configuration")],
    rota: RotaDep,
    engine: EngineDep,
) -> models.OverrideOutcome:
    """From now on; what it has said until now stays true. Done twice, it is done once."""
    who = person_ref(by, rota.organisation, "query.by")
    found = await database(lambda: stored.find(engine, number))
    if found is None or found.schedule != schedule_id:
        raise UnknownOverride(f"there is no override {number} of {schedule_id}")
    at = datetime.now(UTC)
    override = await database(lambda: stored.cancel(engine, number, who, at)) or found
    await rota.refresh()
    return models.OverrideOutcome(
        said=_cancelled(found, override, at, rota), override=view_now(rota).override(override)
    )


async def _refuse_without_rest(wanted: Override, rota: Rota, engine: Engine) -> None:
    schedule = schedule_of(rota.organisation, wanted.schedule)
    begins, ends = overriding.window(wanted, rota.organisation, schedule.time_zone)
    before = replace(await view_from(begins, rota, engine), rota=None)
    after = replace(before, overrides=(*before.overrides, wanted))
    why = overriding.overrun(
        wanted,
        rota.organisation,
        schedule.time_zone,
        before.shifts(schedule, begins, ends),
        after.shifts(schedule, begins, ends),
    )
    if why:
        raise RestRefused(f"{why} (despite_rest makes it all the same)")


def _cancelled(found: Override, override: Override, at: datetime, rota: Rota) -> str:
    """What taking it back came to."""
    if found.ends <= at or found.ends <= found.begins:
        return f"Override {found.id} was over already."
    view = view_now(rota)
    name = view.named(found.schedule).name
    if found.schedule not in rota.organisation.schedules:
        return f"Override {found.id} is taken back; there is no schedule {name} any more."
    begun = override.ends > override.begins
    moment = at if begun else found.begins
    shift = view.shift(view.schedule(found.schedule), moment)
    who = view.ref(shift.person).name if shift.person else "nobody"
    is_on_call = "is on call now" if begun else "is on call then"
    return f"Override {found.id} is taken back; {who} {is_on_call} by {name}."


def _spoken(at: datetime, time_zone: str) -> str:
    return f"{at.astimezone(zone(time_zone)):%a %-d %b %H:%M %Z}"
