"""The state of the outside world, all of it in memory, and the stream of its changes."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel

from .models import (
    CallBehaviour,
    Carrier,
    ManualCall,
    ManualMessage,
    MessageBehaviour,
    PersonOnCall,
    PersonOnMessage,
    PhoneSetup,
)
from .records import CallRecord, ErrorEntry, MessageRecord
from .slack.workspace import SlackSettings, Workspace

ChangeName = Literal["phone", "call", "message", "carrier", "log", "slack", "reset"]
_BACKLOG = 20_000
_ERRORS_KEPT = 500


@dataclass(frozen=True)
class Settings:
    """What the program was started with. Without `slack` there is no Slack."""

    account_sid: str
    auth_token: str
    number: str
    sms_url: str
    speech_rate: float
    slack: SlackSettings | None = None


@dataclass
class Phone:
    """A person's phone, and how far their behaviours have been played."""

    number: str
    name: str
    calls: list[PersonOnCall] = field(default_factory=lambda: [ManualCall()])
    messages: list[PersonOnMessage] = field(default_factory=lambda: [ManualMessage()])
    opted_out: bool = False
    calls_played: int = 0
    messages_played: int = 0

    def next_call(self) -> PersonOnCall:
        """How this person treats the call that comes now."""
        behaviour = self.calls[min(self.calls_played, len(self.calls) - 1)]
        self.calls_played += 1
        return behaviour

    def next_message(self) -> PersonOnMessage:
        """How this person treats the message that comes now."""
        behaviour = self.messages[min(self.messages_played, len(self.messages) - 1)]
        self.messages_played += 1
        return behaviour


class PhoneView(BaseModel):
    """A phone as the control API shows it."""

    number: str
    name: str
    calls: list[CallBehaviour]
    messages: list[MessageBehaviour]
    opted_out: bool


class World:
    """Phones, calls, messages, the carrier's mood and its error log; and Slack, if there is one."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.phones: dict[str, Phone] = {}
        self.calls: dict[str, CallRecord] = {}
        self.messages: dict[str, MessageRecord] = {}
        self.errors: list[ErrorEntry] = []
        self.carrier = Carrier()
        self._listeners: set[asyncio.Queue[tuple[ChangeName, Any] | None]] = set()
        self.slack: Workspace | None = None
        if settings.slack is not None:
            self.slack = Workspace(settings.slack, lambda change: self._announce("slack", change))

    def phone(self, number: str) -> Phone:
        """The phone with this number; one that nobody has set up waits for a hand on the page."""
        phone = self.phones.get(number)
        if phone is None:
            phone = self.phones[number] = Phone(number=number, name=number)
            self.phone_changed(phone)
        return phone

    def set_up_phone(self, number: str, setup: PhoneSetup) -> Phone:
        """Gives a phone its person and behaviours, played from the first again. An opt-out stays."""
        phone = self.phone(number)
        phone.name = setup.name or number
        phone.calls = list(setup.calls) if isinstance(setup.calls, list) else [setup.calls]
        phone.messages = list(setup.messages) if isinstance(setup.messages, list) else [setup.messages]
        phone.calls_played = phone.messages_played = 0
        self.phone_changed(phone)
        return phone

    def take_carrier(self) -> Carrier:
        """The carrier's mood for one creation; counts `for_next` down, and is normal after the last."""
        mood = self.carrier
        if mood.for_next is not None:
            left = mood.for_next - 1
            self.set_carrier(mood.model_copy(update={"for_next": left}) if left else Carrier())
        return mood

    def set_carrier(self, carrier: Carrier) -> None:
        """Changes the carrier's mood."""
        self.carrier = carrier
        self._announce("carrier", lambda: carrier.model_dump(mode="json"))

    def log_error(self, entry: ErrorEntry) -> None:
        """Adds to the carrier's error log."""
        self.errors.append(entry)
        del self.errors[:-_ERRORS_KEPT]
        self._announce("log", lambda: entry.model_dump(mode="json"))

    def call_changed(self, call: CallRecord) -> None:
        """Tells the listeners what a call looks like now; what was forgotten stays so."""
        if call.sid in self.calls:
            self._announce("call", lambda: call.model_dump(mode="json", by_alias=True))

    def message_changed(self, message: MessageRecord) -> None:
        """Tells the listeners what a message looks like now; what was forgotten stays so."""
        if message.sid in self.messages:
            self._announce("message", lambda: message.model_dump(mode="json", by_alias=True))

    def phone_changed(self, phone: Phone) -> None:
        """Tells the listeners what a phone looks like now."""
        self._announce("phone", lambda: view_of(phone).model_dump(mode="json"))

    def forget(self) -> None:
        """Empties the world. The calls' own tasks must have been stopped before."""
        self.phones.clear()
        self.calls.clear()
        self.messages.clear()
        self.errors.clear()
        self.carrier = Carrier()
        if self.slack is not None:
            self.slack.forget()
        # Not None: browsers pass over an event without data.
        self._announce("reset", self._slack_snapshot)

    def snapshot(self) -> dict[str, Any]:
        """Everything there is, as the listeners get it before the changes."""
        return {
            "phones": [view_of(phone).model_dump(mode="json") for phone in self.phones.values()],
            "calls": [call.model_dump(mode="json", by_alias=True) for call in self.calls.values()],
            "messages": [
                message.model_dump(mode="json", by_alias=True) for message in self.messages.values()
            ],
            "carrier": self.carrier.model_dump(mode="json"),
            "errors": [entry.model_dump(mode="json") for entry in self.errors],
            **self._slack_snapshot(),
        }

    def _slack_snapshot(self) -> dict[str, Any]:
        return {} if self.slack is None else {"slack": self.slack.snapshot()}

    def listen(self) -> asyncio.Queue[tuple[ChangeName, Any] | None]:
        """A queue of the changes from now on; None in it cuts a listener off that was too slow."""
        queue: asyncio.Queue[tuple[ChangeName, Any] | None] = asyncio.Queue()
        self._listeners.add(queue)
        return queue

    def stop_listening(self, queue: asyncio.Queue[tuple[ChangeName, Any] | None]) -> None:
        """Ends what `listen` began."""
        self._listeners.discard(queue)

    def _announce(self, name: ChangeName, data: Callable[[], Any]) -> None:
        # Nobody watches during a benchmark: the view is made only when somebody does.
        if not self._listeners:
            return
        change = (name, data())
        for queue in list(self._listeners):
            if queue.qsize() < _BACKLOG:
                queue.put_nowait(change)
            else:
                self._listeners.discard(queue)
                queue.put_nowait(None)


def view_of(phone: Phone) -> PhoneView:
    """The phone as the control API shows it."""
    return PhoneView(
        number=phone.number,
        name=phone.name,
        calls=phone.calls,
        messages=phone.messages,
        opted_out=phone.opted_out,
    )
