"""What becomes of a call or a message, told by the carrier."""

from datetime import UTC, datetime

import structlog
from fastapi import APIRouter, Response

from api.callbacks.genuine import FormDep, PageDep
from api.deps import IncidentsDep
from api.errors import UnknownIncident
from domain.messages import CarrierEvent
from integrations import twilio_inbound

router = APIRouter()
log = structlog.get_logger()


@router.post("/status", summary="A call has come further")
@router.post("/sms-status", summary="A message has come further")
async def status(form: FormDep, page: PageDep, incidents: IncidentsDep) -> Response:
    """Told to the incident. 503 while Temporal is away; the incident asks the carrier itself then."""
    if page:
        await _tell(twilio_inbound.event_of(form, page, datetime.now(UTC)), incidents)
    return Response()


@router.post("/amd", summary="A person or a machine has answered")
async def amd(form: FormDep, page: PageDep, incidents: IncidentsDep) -> Response:
    """Told to the incident: a machine is not an acknowledgement."""
    if page:
        await _tell(twilio_inbound.answered_by(form, page, datetime.now(UTC)), incidents)
    return Response()


async def _tell(event: CarrierEvent | None, incidents: IncidentsDep) -> None:
    if event is None:
        return
    try:
        stored = await incidents.signal(event.page.incident_id, "carrier_event", event)
    except UnknownIncident:
        stored = False
    log.info(
        "carrier", incident=event.page.incident_id, attempt=event.page.attempt, word=event.word, stored=stored
    )
