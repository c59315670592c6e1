"""The parameters of a REST request, as Twilio names and checks them."""

from typing import Annotated, Literal, TypeVar
from urllib.parse import parse_qs, urlsplit

from fastapi import Request
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_pascal

from . import numbers
from .errors import TwilioError
from .records import Parameters

Method = Annotated[Literal["GET", "POST"], BeforeValidator(lambda value: str(value).upper())]
StatusEvent = Literal["initiated", "ringing", "answered", "completed"]
_STATUS_EVENTS: tuple[StatusEvent, ...] = ("initiated", "ringing", "answered", "completed")


class _Form(BaseModel):
    model_config = ConfigDict(alias_generator=to_pascal, extra="ignore", frozen=True)


class CallCreate(_Form):
    """What is asked of a new call. `timeout` is the seconds it may ring."""

    to: str
    from_number: Annotated[str, Field(alias="From")]
    url: str | None = None
    method: Method = "POST"
    twiml: str | None = None
    status_callback: str | None = None
    status_callback_method: Method = "POST"
    status_callback_event: list[StatusEvent] = ["completed"]
    timeout: Annotated[int, Field(ge=1, le=600)] = 60
    machine_detection: Literal["Enable", "DetectMessageEnd", "none"] = "none"
    async_amd: bool = False
    async_amd_status_callback: str | None = None
    async_amd_status_callback_method: Method = "POST"


class CallUpdate(_Form):
    """What is asked of a call that exists."""

    status: Literal["canceled", "completed"] | None = None
    url: str | None = None
    method: Method = "POST"
    twiml: str | None = None


class MessageCreate(_Form):
    """What is asked of a new message."""

    to: str
    from_number: Annotated[str, Field(alias="From")]
    body: str
    status_callback: str | None = None


_Asked = TypeVar("_Asked", CallCreate, CallUpdate, MessageCreate)


async def parameters_of(request: Request) -> Parameters:
    """The form of a request; a name that comes more than once gives a list."""
    fields = parse_qs((await request.body()).decode(errors="replace"), keep_blank_values=True)
    return {name: values[0] if len(values) == 1 else values for name, values in fields.items()}


def call_to_create(form: Parameters, own_number: str) -> CallCreate:
    """Checks the parameters of a new call. Raises TwilioError for the first fault."""
    if not form.get("To"):
        raise TwilioError(21201)
    if not form.get("From"):
        raise TwilioError(21213)
    to = numbers.callee(_single(form, "To"))
    caller = numbers.normal_form(_single(form, "From"))
    if caller is None:
        raise TwilioError(21212, _single(form, "From"))
    if caller != own_number:
        raise TwilioError(21210, caller)
    if not form.get("Twiml") and not is_url(_single(form, "Url")):
        raise TwilioError(21205, _single(form, "Url"))
    for name in ("StatusCallback", "AsyncAmdStatusCallback"):
        if form.get(name) and not is_url(_single(form, name)):
            raise TwilioError(21609, _single(form, name))
    events = _status_events(form)
    return _checked(CallCreate, {**form, "To": to, "From": caller, "StatusCallbackEvent": events})


def call_to_update(form: Parameters) -> CallUpdate:
    """Checks the parameters of an update. Raises TwilioError."""
    if form.get("Url") and not is_url(_single(form, "Url")):
        raise TwilioError(21205, _single(form, "Url"))
    return _checked(CallUpdate, form)


def message_to_create(form: Parameters, own_number: str) -> MessageCreate:
    """Checks the parameters of a new message. Raises TwilioError for the first fault."""
    if not form.get("To"):
        raise TwilioError(21604)
    if not form.get("From"):
        raise TwilioError(21603)
    to = numbers.recipient(_single(form, "To"))
    sender = numbers.normal_form(_single(form, "From"))
    if sender is None:
        raise TwilioError(21212, _single(form, "From"))
    if sender != own_number:
        raise TwilioError(21606, sender)
    body = _single(form, "Body")
    if not body:
        raise TwilioError(21602)
    if len(body) > 1600:
        raise TwilioError(21617)
    if form.get("StatusCallback") and not is_url(_single(form, "StatusCallback")):
        raise TwilioError(21609, _single(form, "StatusCallback"))
    return _checked(MessageCreate, {**form, "To": to, "From": sender, "Body": body})


def is_url(written: str) -> bool:
    """Whether this is an absolute URL that the carrier could ask."""
    try:
        parts = urlsplit(written)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return False


def _single(form: Parameters, name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else value[-1]


def _status_events(form: Parameters) -> list[str]:
    given = form.get("StatusCallbackEvent", "completed")
    # Twilio takes the parameter repeated, and also one value with spaces between the names.
    names = " ".join([given] if isinstance(given, str) else given).split()
    for name in names:
        if name not in _STATUS_EVENTS:
            raise TwilioError(21626, name)
    return names


def _checked(model: type[_Asked], form: object) -> _Asked:
    try:
        return model.model_validate(form)
    except ValidationError as error:
        raise TwilioError(20001, str(error.errors()[0]["loc"][0])) from None
