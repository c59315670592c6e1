"""What people do in an incident: one route for each act of `domain.acts`, with the act's own fields and the
person who does it."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Annotated, Any, get_args

from fastapi import APIRouter, Body
from pydantic import BaseModel, Field, create_model

from api.deps import IncidentsDep, OrganisationDep, PartsDep
from api.errors import Invalid
from api.v1 import models
from api.v1.models import ACT_SAMPLES, Outcome
from api.v1.requests import VERB_ERRORS, SourceId, message_id, person_ref, unknown, update
from domain.acts import Act, Acting, AddService, AnyAct
from domain.organisation import Organisation
from domain.people import PersonRef
from policy.opening import person_of, service_of
from policy.roster import rungs_for, schedules_of, staffed

router = APIRouter()

ACTS: tuple[type[Act], ...] = tuple(act for act in get_args(get_args(AnyAct)[0]) if act is not AddService)
"""Every act that is made of what the request says alone, in the order of `domain.acts`."""


def verb_of(act: type[Act]) -> str:
    """The act's name in addresses and on the command line."""
    return str(act.model_fields["verb"].default)


def _person_fields(act: type[Act]) -> set[str]:
    return {name for name, field in act.model_fields.items() if PersonRef in get_args(field.annotation)}


def _body(act: type[Act]) -> type[BaseModel]:
    """The act's fields as a request names them: a person by their id."""
    people = _person_fields(act)
    fields: dict[str, Any] = {
        name: (str | None, None) if name in people else (field.annotation, field)
        for name, field in act.model_fields.items()
        if name != "verb"
    }
    by = (str, Field(description="a person of the configuration"))
    return create_model(f"{act.__name__}Request", __doc__=act.__doc__, by=by, **fields)


def _handler(act: type[Act], body: type[BaseModel]) -> Callable[..., Awaitable[Outcome]]:
    verb, people = verb_of(act), _person_fields(act)

    async def handle(
        incident_id: str,
        given: Any,
        organisation: OrganisationDep,
        incidents: IncidentsDep,
        source_id: SourceId,
    ) -> Outcome:
        key = message_id(source_id, verb, given)
        fields = given.model_dump(exclude={"by"})
        by = person_ref(given.by, organisation)
        named = {name: person_ref(fields[name], organisation, name) for name in people if fields.get(name)}
        message = Acting(
            source_id=key,
            incident_id=incident_id,
            by=by,
            at=datetime.now(UTC),
            act=act(**{**fields, **named}),
            contacts=_contacts(organisation, by, *named.values()),
        )
        return await update(incidents, incident_id, "act", message, key)

    example = {"by": "alice", **ACT_SAMPLES[verb]}
    handle.__annotations__["given"] = Annotated[body, Body(examples=[example])]
    return handle


def _contacts(organisation: Organisation, *people: PersonRef) -> Any:
    return tuple(person_of(organisation, person.id) for person in people)


for _act in ACTS:
    _doc = (_act.__doc__ or "").strip()
    router.post(
        f"/{{incident_id}}/{verb_of(_act)}",
        summary=_doc.split(".")[0].split("(spec")[0].strip(),
        description=_doc,
        name=verb_of(_act),
        responses={**models.example(models.OUTCOME_SAMPLE), **VERB_ERRORS},
    )(_handler(_act, _body(_act)))


class AddServiceRequest(BaseModel):
    """A further service is affected."""

    by: str = Field(description="a person of the configuration")
    service: str = Field(description="a service of the configuration")


@router.post(
    "/{incident_id}/service",
    summary="Say that a further service is affected",
    responses={**models.example(models.OUTCOME_SAMPLE), **VERB_ERRORS},
)
async def add_service(
    incident_id: str,
    given: Annotated[AddServiceRequest, Body(examples=[{"by": "alice", "service": "catalogue"}])],
    parts: PartsDep,
    incidents: IncidentsDep,
    source_id: SourceId,
) -> Outcome:
    """Whoever is on call for it is paged, also if somebody has the incident already."""
    organisation, now = parts.organisation, datetime.now(UTC)
    by = person_ref(given.by, organisation)
    if given.service not in organisation.services:
        raise Invalid([unknown("service", given.service, organisation.services)])
    rungs = rungs_for(organisation, [given.service])
    rungs = staffed(rungs, parts.rota.on_call(schedules_of(rungs), now))
    people = dict.fromkeys([by.id, *(person for rung in rungs for person in rung.people)])
    key = message_id(source_id, "service", given)
    message = Acting(
        source_id=key,
        incident_id=incident_id,
        by=by,
        at=now,
        act=AddService(service=service_of(organisation, given.service), rungs=rungs),
        contacts=tuple(person_of(organisation, person) for person in people),
    )
    return await update(incidents, incident_id, "act", message, key)
