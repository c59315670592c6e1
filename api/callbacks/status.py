"""What becomes of a call or a message, told by the carrier. What becomes of a call is told to every incident
of which it speaks (spec 4.4)."""

from datetime import UTC, datetime

import structlog
from fastapi import APIRouter, Response

from api.callbacks.callers import quickly
from api.callbacks.genuine import FormDep, PageDep
from api.deps import Parts, PartsDep
from api.errors import UnknownIncident
from api.together import together
from domain.messages import CarrierEvent, CarrierWord
from integrations import twilio_inbound
from storage import pages

router = APIRouter()
log = structlog.get_logger()


_CALL_OVER: tuple[CarrierWord, ...] = ("completed", "busy", "no-answer", "failed", "canceled")
"""Words after which no call goes on."""


@router.post("/status", summary="A call has come further")
async def status(form: FormDep, page: PageDep, parts: PartsDep) -> Response:
    """Told to the incident. 503 while Temporal is away; the incident asks the carrier itself then."""
    if page:
        await _tell_all(twilio_inbound.event_of(form, page, datetime.now(UTC)), parts)
    return Response()


@router.post("/amd", summary="A person or a machine has answered")
async def amd(form: FormDep, page: PageDep, parts: PartsDep) -> Response:
    """Told to the incident: a machine is not an acknowledgement."""
    if page:
        await _tell_all(twilio_inbound.answered_by(form, page, datetime.now(UTC)), parts)
    return Response()


@router.post("/sms-status", summary="A message has come further")
async def sms_status(form: FormDep, page: PageDep, parts: PartsDep) -> Response:
    """Told to the incident."""
    if page and (event := twilio_inbound.event_of(form, page, datetime.now(UTC))):
        await _tell(event, parts)
    return Response()


async def _tell_all(event: CarrierEvent | None, parts: Parts) -> None:
    """Tell the call's own incident, and beside it all others that it carries: none waits for another."""
    if event:
        await together([_tell(event, parts), _tell_others(event, parts)])


async def _tell_others(event: CarrierEvent, parts: Parts) -> None:
    over = event.word in _CALL_OVER
    carried = await quickly(
        parts, lambda engine: pages.heard(engine, event.page, event.carrier_id, event.at, over=over)
    )
    await together(_tell(event.model_copy(update={"page": page}), parts) for page in carried or ())


async def _tell(event: CarrierEvent, parts: Parts) -> None:
    try:
        stored = await parts.incidents.signal(event.page.incident_id, "carrier_event", event)
    except UnknownIncident:
        stored = False
    log.info(
        "carrier", incident=event.page.incident_id, attempt=event.page.attempt, word=event.word, stored=stored
    )
