"""Twilio's resource for messages."""

from typing import Any

from fastapi import APIRouter, Depends, Request

from . import forms
from .errors import TwilioError
from .exchange import Exchange
from .message import segments
from .numbers import normal_form
from .records import MessageRecord
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
_ERROR_MESSAGES = {30003: "Unreachable destination handset"}


@router.post("/Messages.json", status_code=201)
async def create(request: Request, exchange: TheExchange) -> Any:
    """Sends a message."""
    mood = await carrier_mood(exchange)
    parameters = await forms.parameters_of(request)
    asked = forms.message_to_create(parameters, exchange.world.settings.number)
    accepted = resource(exchange.send_message(asked, parameters, mood.callbacks), exchange)
    await before_answering(request, mood)
    return accepted


@router.get("/Messages.json")
async def read_many(request: Request, exchange: TheExchange) -> Any:
    """Lists messages, newest first."""
    query = request.query_params
    found = [
        message
        for message in reversed(exchange.world.messages.values())
        if (query.get("To") is None or normal_form(query["To"]) == message.to)
        and (query.get("From") is None or normal_form(query["From"]) == message.from_number)
        and matches_date(request, "DateSent", message.sent_at or message.created_at)
    ]
    return envelope(request, "messages", found, lambda message: resource(message, exchange))


@router.get("/Messages/{sid}.json")
async def read(request: Request, sid: str, exchange: TheExchange) -> Any:
    """Reads one message."""
    message = exchange.world.messages.get(sid)
    if message is None:
        raise TwilioError(20404, request.url.path)
    return resource(message, exchange)


def resource(message: MessageRecord, exchange: Exchange) -> dict[str, Any]:
    """The message exactly as Twilio represents it."""
    account = exchange.world.settings.account_sid
    base = f"/{VERSION}/Accounts/{account}/Messages/{message.sid}"
    code = message.error_code
    return {
        "account_sid": account,
        "api_version": VERSION,
        "body": message.body,
        "date_created": rfc2822(message.created_at),
        "date_sent": rfc2822(message.sent_at),
        "date_updated": rfc2822(message.updated_at),
        "direction": message.direction,
        "error_code": code,
        "error_message": None if code is None else _ERROR_MESSAGES[code],
        "from": message.from_number,
        "messaging_service_sid": None,
        "num_media": "0",
        "num_segments": str(segments(message.body)),
        "price": None,
        "price_unit": "USD",
        "sid": message.sid,
        "status": message.status,
        "subresource_uris": {"media": f"{base}/Media.json"},
        "to": message.to,
        "uri": f"{base}.json",
    }
