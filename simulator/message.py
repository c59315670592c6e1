"""The life of a message to a person, and of a person's message to Midwatch."""

import asyncio
import re
from typing import Literal
from urllib.parse import urljoin

from . import twiml
from .callbacks import Callback, Courier, Webhooks
from .models import CallbackMischief, Ignore, PersonOnMessage, Reply, Undeliverable
from .numbers import geography
from .player import Fault, fetch_document
from .records import ErrorEntry, MessageRecord, MessageStatus, State, new_sid, now
from .twiml import Malformed
from .verbs import Redirect, TextMessage
from .world import Phone, World

_HOP = 0.02  # seconds between queued, sent and delivered
_STOP_WORDS = {"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"}
_START_WORDS = {"START", "YES", "UNSTOP"}
_LEFT = "You are unsubscribed and will get no more messages from this number. Reply START to subscribe again."
_RETURNED = "You are subscribed again. Reply STOP to unsubscribe."
_GSM = re.compile(
    r"[\n\r\f -~\xa1\xa3-\xa5\xa7\xbf\xc4-\xc7\xc9\xd1\xd6\xd8\xdc\xdf\xe0\xe4-\xe9\xec"
    r"\xf1\xf2\xf6\xf8\xf9\xfcΓ-Ω€]*"
)


def segments(body: str) -> int:
    """Into how many SMS a text is cut: 160 or 153 letters each, 70 or 67 outside the GSM alphabet."""
    single, joined = (160, 153) if _GSM.fullmatch(body) else (70, 67)
    return 1 if len(body) <= single else -(-len(body) // joined)


def new_message(
    world: World,
    phone: Phone,
    body: str,
    direction: Literal["inbound", "outbound-api", "outbound-reply"],
) -> MessageRecord:
    """Enters a message between Midwatch and a phone into the books."""
    at, own = now(), world.settings.number
    inbound = direction == "inbound"
    message = MessageRecord(
        sid=new_sid("SM"),
        to=own if inbound else phone.number,
        from_number=phone.number if inbound else own,
        name=phone.name,
        body=body,
        direction=direction,
        created_at=at,
        updated_at=at,
        states=[] if inbound else [State(state="queued", at=at)],
    )
    world.messages[message.sid] = message
    if inbound:
        message.enter("received")
    world.message_changed(message)
    return message


class MessageLife:
    """Delivers one message to a person's phone, tells of it, and lets the person answer."""

    def __init__(
        self,
        world: World,
        webhooks: Webhooks,
        record: MessageRecord,
        *,
        behaviour: PersonOnMessage,
        mischief: CallbackMischief,
        status_callback: str | None,
    ) -> None:
        self._world = world
        self._webhooks = webhooks
        self._record = record
        self._behaviour = behaviour
        self._mischief = mischief
        self._status_callback = status_callback
        self._courier = Courier(
            webhooks, mischief, record.callbacks, on_change=self._changed, on_refusal=lambda *_: None
        )

    async def run(self) -> None:
        """From queued to delivered or not, and the reply."""
        await asyncio.sleep(_HOP)
        self._enter("sent")
        await asyncio.sleep(_HOP)
        if isinstance(self._behaviour, Undeliverable):
            self._record.error_code = 30003
            self._enter("undelivered")
            return
        self._enter("delivered")
        if isinstance(self._behaviour, Reply):
            await asyncio.sleep(self._behaviour.after)
            text = reply_text(self._behaviour.text, self._record.body)
            await receive(
                self._world,
                self._webhooks,
                self._world.phone(self._record.to),
                text,
                mischief=self._mischief,
            )

    def _enter(self, status: MessageStatus) -> None:
        self._record.enter(status)
        self._changed()
        if self._status_callback is None:
            return
        message = self._record
        parameters = {
            "MessageSid": message.sid,
            "MessageStatus": status,
            "SmsSid": message.sid,
            "SmsStatus": status,
            "AccountSid": self._world.settings.account_sid,
            "From": message.from_number,
            "To": message.to,
            "ApiVersion": "2010-04-01",
        }
        if message.error_code is not None:
            parameters["ErrorCode"] = str(message.error_code)
        if status == "delivered":
            parameters["RawDlrDoneDate"] = message.updated_at.strftime("%y%m%d%H%M")
        self._courier.send(
            Callback(
                name="sms",
                status=status,
                url=self._status_callback,
                method="POST",
                parameters=parameters,
                last=status != "sent",
            )
        )

    def _changed(self) -> None:
        self._world.message_changed(self._record)


def reply_text(template: str, received: str) -> str:
    """The reply, its `{code}` replaced by the first number of 4 to 6 digits in the text received."""
    code = re.search(r"(?<!\d)\d{4,6}(?!\d)", received)
    return template.replace("{code}", code[0] if code else "")


async def receive(
    world: World, webhooks: Webhooks, phone: Phone, text: str, *, mischief: CallbackMischief
) -> None:
    """A person writes to Midwatch: opt-out words count, the application is told, its answer delivered."""
    message = new_message(world, phone, text, "inbound")
    word = text.strip().upper()
    if word in _STOP_WORDS | _START_WORDS and phone.opted_out != (word in _STOP_WORDS):
        phone.opted_out = word in _STOP_WORDS
        world.phone_changed(phone)
        _answer(world, webhooks, phone, _LEFT if phone.opted_out else _RETURNED)
    if "sms" in mischief.drop:
        return
    await asyncio.sleep(mischief.delay)
    for _ in range(mischief.times):
        try:
            replies = await _ask(world, webhooks, message)
        except Fault as fault:
            entry = ErrorEntry(
                code=fault.code, message=fault.message, at=now(), sid=message.sid, url=fault.url
            )
            message.errors.append(entry)
            world.log_error(entry)
            world.message_changed(message)
            continue
        for reply in replies:
            if not phone.opted_out:
                _answer(world, webhooks, phone, reply)


def _answer(world: World, webhooks: Webhooks, phone: Phone, text: str) -> None:
    reply = new_message(world, phone, text, "outbound-reply")
    life = MessageLife(
        world,
        webhooks,
        reply,
        # What answers an answer could go on for ever; a person leaves it at that.
        behaviour=Ignore(),
        mischief=CallbackMischief(),
        status_callback=None,
    )
    webhooks.start(life.run())


async def _ask(world: World, webhooks: Webhooks, message: MessageRecord) -> list[str]:
    parameters = {
        "MessageSid": message.sid,
        "SmsSid": message.sid,
        "SmsMessageSid": message.sid,
        "AccountSid": world.settings.account_sid,
        "From": message.from_number,
        "To": message.to,
        "Body": message.body,
        "NumMedia": "0",
        "NumSegments": str(segments(message.body)),
        "SmsStatus": "received",
        "ApiVersion": "2010-04-01",
        **geography(From=message.from_number, To=message.to),
    }
    url, method, replies = world.settings.sms_url, "POST", []
    for _ in range(10):
        answer = await fetch_document(webhooks, method, url, parameters, message.sid)
        try:
            document = twiml.parse(answer.body, messaging=True) if answer.body.strip() else None
        except Malformed as error:
            raise Fault(12100, f"Document parse failure: {error}", url) from None
        for verb in document.verbs if document else ():
            if isinstance(verb, Redirect):
                url, method = urljoin(url, verb.url), verb.method
                break
            if isinstance(verb, TextMessage):
                replies.append(verb.body)
        else:
            return replies
    return replies
