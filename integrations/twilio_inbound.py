"""What Twilio says to us: the addresses it is given, its words, its signature. Pure functions."""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlencode

from pydantic import ValidationError
from starlette.datastructures import FormData
from twilio.request_validator import RequestValidator

from domain.messages import CarrierEvent, CarrierWord, Page

SIGNATURE_HEADER = "X-Twilio-Signature"

_WORDS: dict[str, CarrierWord] = {
    "accepted": "queued",
    "scheduled": "queued",
    "queued": "queued",
    "sending": "queued",
    "initiated": "initiated",
    "ringing": "ringing",
    "in-progress": "answered",
    "answered": "answered",
    "completed": "completed",
    "busy": "busy",
    "no-answer": "no-answer",
    "failed": "failed",
    "canceled": "canceled",
    "sent": "sent",
    "delivered": "delivered",
    "read": "delivered",
    "undelivered": "undelivered",
}


def callback_url(public_url: str, what: str, page: Page, **more: str) -> str:
    """Where Twilio reports on a page: `what` is `voice`, `answer`, `status`, `amd` or `sms-status`."""
    query = {"incident": page.incident_id, "run": page.run, "attempt": page.attempt, **more}
    return f"{public_url}/callbacks/twilio/{what}?{urlencode(query)}"


def page_of(query: Mapping[str, str]) -> Page | None:
    """The page that a callback is about; None where the address does not name one."""
    named = {"incident_id": query.get("incident"), "run": query.get("run"), "attempt": query.get("attempt")}
    try:
        return Page.model_validate(named)
    except ValidationError:
        return None


def word_of(status: str | None) -> CarrierWord | None:
    """Twilio's status of a call or message in our words; None for one that means nothing to a page."""
    return _WORDS.get(status or "")


def event_of(form: Mapping[str, str], page: Page, now: datetime) -> CarrierEvent | None:
    """What a status callback of a call or a message says, if it is anything we know."""
    word = word_of(form.get("CallStatus") or form.get("MessageStatus") or form.get("SmsStatus"))
    carrier_id = form.get("CallSid") or form.get("MessageSid") or form.get("SmsSid")
    if word is None or not carrier_id:
        return None
    code, sip = form.get("ErrorCode", ""), form.get("SipResponseCode", "")
    detail = f"Twilio {code}: {form.get('ErrorMessage', '')}".rstrip(": ") if code else sip and f"SIP {sip}"
    return CarrierEvent(page=page, word=word, carrier_id=carrier_id, at=now, detail=detail)


def answered_by(form: Mapping[str, str], page: Page, now: datetime) -> CarrierEvent | None:
    """What the detection of machines found. Where it cannot tell, somebody is taken to listen: a machine
    presses no key, so at worst a page waits for an answer (spec 4.2)."""
    found, carrier_id = form.get("AnsweredBy", ""), form.get("CallSid")
    if not found or not carrier_id:
        return None
    machine = found == "fax" or found.startswith("machine")
    return CarrierEvent(page=page, word="machine" if machine else "human", carrier_id=carrier_id, at=now)


def is_genuine(auth_token: str, url: str, form: FormData, signature: str) -> bool:
    """Whether the carrier signed this request. `url` is the public address it was told to call: behind a
    proxy, what the request itself claims to be addressed to proves nothing."""
    if not all(isinstance(value, str) for value in form.values()):
        return False
    return bool(RequestValidator(auth_token).validate(url, form, signature))
