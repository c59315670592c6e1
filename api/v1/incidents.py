"""Incidents, declared, read and steered by people and their tools."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Body, Query, Response

from api import errors
from api.deps import IncidentsDep, OrganisationDep, PastDep
from api.errors import DatabaseAway, FieldFault, Invalid, Refused
from api.ingest.fields import impact_of, kept, labels_of, title_of
from api.v1 import models
from api.v1.models import (
    Acknowledge,
    CloseIncident,
    Declared,
    DeclareIncident,
    EscalateIncident,
    IncidentList,
    Outcome,
    ResolveIncident,
    TimelinePage,
)
from api.v1.requests import VERB_ERRORS, SourceId, message_id, person_ref, unknown, update
from domain.alert import Alert
from domain.incident import IncidentReport, Status
from domain.messages import Answer, Close, Escalate, Resolve
from domain.organisation import Organisation
from policy.grouping import shortened
from policy.opening import person_of

router = APIRouter()


@router.post(
    "",
    status_code=201,
    summary="Declare an incident",
    responses={
        **models.example(
            {"id": models.REPORT_SAMPLE["id"], "report": models.REPORT_SAMPLE}, 201, "Opened or joined"
        ),
        **errors.responses(400, 413, 503),
    },
)
async def declare(
    given: Annotated[
        DeclareIncident,
        Body(openapi_examples={"outage": {"summary": "An outage", "value": models.DECLARE_SAMPLE}}),
    ],
    response: Response,
    organisation: OrganisationDep,
    incidents: IncidentsDep,
    source_id: SourceId,
) -> Declared:
    """A person opens an incident, or joins the open one of the same service and key (or title)."""
    now = datetime.now(UTC)
    alert = _declaration(given, organisation, source_id, now)
    incident_id = await incidents.attach([alert])
    report: IncidentReport | None = None
    if incident_id:
        response.headers["Location"] = f"/api/v1/incidents/{incident_id}"
        try:
            report = (await incidents.read(incident_id)).now.report
        except Refused:
            # It is durable, which is what was asked for; that nobody can describe it is no failure of it.
            report = None
    return Declared(id=incident_id, report=report)


@router.get(
    "",
    summary="List incidents, the latest first",
    responses={
        **models.example({"incidents": [models.REPORT_SAMPLE], "cursor": None}),
        **errors.responses(503),
    },
)
async def list_incidents(
    past: PastDep,
    status: Annotated[list[Status] | None, Query(description="only those; repeat it for several")] = None,
    service: Annotated[str | None, Query(description="only of this service")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(description="the `cursor` of the page before")] = None,
) -> IncidentList:
    """From the database: one that was opened a moment ago may still be missing."""
    try:
        page = await past.incidents(status or (), service, limit, cursor)
    except ValueError as fault:
        raise Invalid([FieldFault(path="query.cursor", message=str(fault))]) from fault
    return IncidentList(incidents=list(page.incidents), cursor=page.cursor)


@router.get(
    "/{incident_id}",
    summary="Read an incident",
    responses={**models.example(models.REPORT_SAMPLE), **errors.responses(404, 503)},
)
async def read_incident(incident_id: str, incidents: IncidentsDep) -> IncidentReport:
    """As it is now or, while no worker answers, as it was last known."""
    return (await incidents.read(incident_id)).now.report


@router.get(
    "/{incident_id}/timeline",
    summary="Read an incident's timeline",
    responses={**models.example(models.TIMELINE_SAMPLE), **errors.responses(404, 503)},
)
async def timeline(
    incident_id: str,
    incidents: IncidentsDep,
    past: PastDep,
    after: Annotated[int, Query(ge=0, description="only entries after this sequence")] = 0,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 500,
) -> TimelinePage:
    """What is in the database, and what is still on its way there."""
    # The workflow first: what it hands over to the database in between is then seen twice, never not at all.
    read = await incidents.read(incident_id)
    pending, complete = read.now.pending, read.current
    try:
        stored = await past.entries(incident_id, after, limit)
    except DatabaseAway:
        stored, complete = [], False
    found = {entry.sequence: entry for entry in (*stored, *pending) if entry.sequence > after}
    if len(stored) == limit:
        # Between a full page and what is pending there may be more.
        found = {entry.sequence: entry for entry in stored}
    ordered = [found[sequence] for sequence in sorted(found)]
    page = ordered[:limit]
    more = len(ordered) > limit or len(stored) == limit
    return TimelinePage(entries=page, next_after=page[-1].sequence if more else None, complete=complete)


@router.post(
    "/{incident_id}/acknowledge",
    summary="Take an incident",
    responses={**models.example(models.OUTCOME_SAMPLE), **VERB_ERRORS},
)
async def acknowledge(
    incident_id: str,
    given: Annotated[Acknowledge, Body(examples=[{"by": "alice"}])],
    organisation: OrganisationDep,
    incidents: IncidentsDep,
    source_id: SourceId,
) -> Outcome:
    """Ends the ladder run: nobody else is paged. Doing it twice is harmless."""
    by, key = person_ref(given.by, organisation), message_id(source_id, "acknowledge", given)
    now = datetime.now(UTC)
    contacts = (person_of(organisation, by.id),)
    message = Answer(source_id=key, incident_id=incident_id, by=by, via="API", at=now, contacts=contacts)
    return await update(incidents, incident_id, "acknowledge", message, key)


@router.post(
    "/{incident_id}/escalate",
    summary="Page the next rung now",
    responses={**models.example(models.OUTCOME_SAMPLE), **VERB_ERRORS},
)
async def escalate(
    incident_id: str,
    given: Annotated[EscalateIncident, Body(examples=[{"by": "alice", "reason": "I need the team lead"}])],
    organisation: OrganisationDep,
    incidents: IncidentsDep,
    source_id: SourceId,
) -> Outcome:
    """Without waiting for the ack window; after an acknowledgement, a new ladder run begins one rung up."""
    by, key = person_ref(given.by, organisation), message_id(source_id, "escalate", given)
    message = Escalate(source_id=key, incident_id=incident_id, by=by, reason=given.reason)
    return await update(incidents, incident_id, "escalate", message, key)


@router.post(
    "/{incident_id}/resolve",
    summary="Resolve an incident",
    responses={**models.example(models.OUTCOME_SAMPLE), **VERB_ERRORS},
)
async def resolve(
    incident_id: str,
    given: Annotated[
        ResolveIncident, Body(examples=[{"by": "alice", "resolution": "Rolled back release 4.2"}])
    ],
    organisation: OrganisationDep,
    incidents: IncidentsDep,
    source_id: SourceId,
) -> Outcome:
    """Ends the paging, and has the incident document written."""
    by, key = person_ref(given.by, organisation), message_id(source_id, "resolve", given)
    owner = (
        person_ref(given.postmortem_owner, organisation, "postmortem_owner")
        if given.postmortem_owner
        else None
    )
    message = Resolve(
        source_id=key,
        incident_id=incident_id,
        by=by,
        postmortem_owner=owner,
        **given.model_dump(exclude={"by", "postmortem_owner"}),
    )
    return await update(incidents, incident_id, "resolve", message, key)


@router.post(
    "/{incident_id}/close",
    summary="Close an incident",
    responses={**models.example(models.OUTCOME_SAMPLE), **VERB_ERRORS},
)
async def close(
    incident_id: str,
    given: Annotated[CloseIncident, Body(examples=[{"by": "alice"}])],
    organisation: OrganisationDep,
    incidents: IncidentsDep,
    source_id: SourceId,
) -> Outcome:
    """Only once it is resolved."""
    by, key = person_ref(given.by, organisation), message_id(source_id, "close", given)
    message = Close(source_id=key, incident_id=incident_id, by=by)
    return await update(incidents, incident_id, "close", message, key)


def _declaration(given: DeclareIncident, organisation: Organisation, source_id: str, now: datetime) -> Alert:
    """The declaration as an alert. Of a person we can ask for a name that exists, which of a monitoring
    system in the night we cannot."""
    service = given.service or organisation.default_service
    faults = []
    if service not in organisation.services:
        faults.append(unknown("service", service, organisation.services))
    faults += [
        unknown(f"also.{number}", name, organisation.services)
        for number, name in enumerate(given.also)
        if name not in organisation.services
    ]
    if given.severity and given.severity not in organisation.severities:
        faults.append(unknown("severity", given.severity, organisation.severities))
    if faults:
        raise Invalid(faults)
    person = organisation.people.get(given.declared_by)
    return Alert(
        source="person",
        fingerprint=f"declared:{source_id}",
        service=service,
        name=shortened(given.key or given.title, 200),
        title=title_of(given.title),
        impact=impact_of(given.impact),
        severity=given.severity,
        also=tuple(given.also),
        by_customer=given.by_customer,
        data_loss=given.data_loss,
        labels=labels_of(given.labels),
        starts_at=now,
        received_at=now,
        drill=given.drill,
        extra=kept(
            {"declared_by": person.name if person else given.declared_by, **(given.model_extra or {})}
        ),
    )
