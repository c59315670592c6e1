"""Twilio's resource for calls."""

from typing import Any

from fastapi import APIRouter, Depends, Request

from . import forms
from .errors import TwilioError
from .exchange import Exchange
from .numbers import displayed, normal_form
from .player import Source
from .records import CallRecord, now
from .rest import (
    VERSION,
    TheExchange,
    authenticate,
    before_answering,
    carrier_mood,
    envelope,
    matches_date,
    rfc2822,
)

router = APIRouter(prefix=f"/{VERSION}/Accounts/{{account_sid}}", dependencies=[Depends(authenticate)])
_SUBRESOURCES = (
    "events",
    "notifications",
    "payments",
    "recordings",
    "siprec",
    "streams",
    "transcriptions",
    "user_defined_message_subscriptions",
    "user_defined_messages",
)


@router.post("/Calls.json", status_code=201)
async def create(request: Request, exchange: TheExchange) -> Any:
    """Places a call."""
    at = now()
    mood = await carrier_mood(exchange)
    parameters = await forms.parameters_of(request)
    asked = forms.call_to_create(parameters, exchange.world.settings.number)
    call = exchange.place_call(asked, parameters, mood.callbacks, at)
    # As it is at the moment of acceptance, however late the answer leaves.
    accepted = resource(call, exchange)
    await before_answering(request, mood)
    return accepted


@router.get("/Calls.json")
async def read_many(request: Request, exchange: TheExchange) -> Any:
    """Lists calls, newest first."""
    query = request.query_params
    found = [
        call
        for call in reversed(exchange.world.calls.values())
        if _same_number(query.get("To"), call.to)
        and _same_number(query.get("From"), call.from_number)
        and query.get("Status", status_of(call)) == status_of(call)
        and matches_date(request, "StartTime", call.started_at or call.created_at)
    ]
    return envelope(request, "calls", found, lambda call: resource(call, exchange))


@router.get("/Calls/{sid}.json")
async def read(request: Request, sid: str, exchange: TheExchange) -> Any:
    """Reads one call."""
    return resource(_find(request, exchange, sid), exchange)


@router.post("/Calls/{sid}.json")
async def update(request: Request, sid: str, exchange: TheExchange) -> Any:
    """Cancels, completes or redirects a call."""
    call = _find(request, exchange, sid)
    asked = forms.call_to_update(await forms.parameters_of(request))
    if asked.status is not None:
        exchange.end_call(call, cancel=asked.status == "canceled")
    elif asked.twiml is not None or asked.url is not None:
        exchange.redirect_call(call, Source(asked.url or "", asked.method, document=asked.twiml))
    return resource(call, exchange)


def status_of(call: CallRecord) -> str:
    """The status as the resource has it, which knows no `initiated`."""
    return "queued" if call.status == "initiated" else call.status


def resource(call: CallRecord, exchange: Exchange) -> dict[str, Any]:
    """The call exactly as Twilio represents it."""
    account = exchange.world.settings.account_sid
    base = f"/{VERSION}/Accounts/{account}/Calls/{call.sid}"
    return {
        "account_sid": account,
        "annotation": None,
        "answered_by": call.answered_by,
        "api_version": VERSION,
        "caller_name": None,
        "date_created": rfc2822(call.created_at),
        "date_updated": rfc2822(call.updated_at),
        "direction": "outbound-api",
        "duration": None if call.duration is None else str(call.duration),
        "end_time": rfc2822(call.ended_at),
        "forwarded_from": None,
        "from": call.from_number,
        "from_formatted": displayed(call.from_number),
        "group_sid": None,
        "parent_call_sid": None,
        "phone_number_sid": None,
        "price": None,
        "price_unit": "USD",
        "queue_time": "0",
        "sid": call.sid,
        "start_time": rfc2822(call.started_at),
        "status": status_of(call),
        "subresource_uris": {name: f"{base}/{_camel(name)}.json" for name in _SUBRESOURCES},
        "to": call.to,
        "to_formatted": displayed(call.to),
        "trunk_sid": None,
        "uri": f"{base}.json",
    }


def _camel(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


def _same_number(wanted: str | None, number: str) -> bool:
    return wanted is None or normal_form(wanted) == number


def _find(request: Request, exchange: Exchange, sid: str) -> CallRecord:
    call = exchange.world.calls.get(sid)
    if call is None:
        raise TwilioError(20404, request.url.path)
    return call
