"""What the outside world remembers of calls and messages, and how the control API shows it."""

import secrets
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

CallStatus = Literal[
    "queued", "initiated", "ringing", "in-progress", "completed", "busy", "no-answer", "failed", "canceled"
]
MessageStatus = Literal["queued", "sent", "delivered", "undelivered", "failed", "received"]
Parameters = dict[str, str | list[str]]


def now() -> datetime:
    """The present instant, in UTC."""
    return datetime.now(UTC)


def new_sid(prefix: str) -> str:
    """A fresh Twilio identifier: two letters and 32 hexadecimal digits."""
    return prefix + secrets.token_hex(16)


class State(BaseModel):
    """A status and the instant it was reached."""

    state: str
    at: datetime


class Delivery(BaseModel):
    """One callback: what was posted where, and what came of it. `http_status` is None if no answer came."""

    event: str
    url: str
    status: str
    sent_at: datetime
    http_status: int | None = None
    error: str | None = None
    dropped: bool = False


class Heard(BaseModel):
    """Keys pressed or words spoken by the person called, when `spoken_before` texts had begun."""

    at: datetime
    spoken_before: int
    digits: str | None = None
    speech: str | None = None
    confidence: float | None = None


class ErrorEntry(BaseModel):
    """An entry of the carrier's error log, with Twilio's code (12100, 12200, 11200 …)."""

    code: int
    message: str
    at: datetime
    sid: str
    url: str | None = None
    level: Literal["error", "warning"] = "error"


class CallRecord(BaseModel):
    """A call as the outside world saw it."""

    sid: str
    to: str
    from_number: Annotated[str, Field(serialization_alias="from")]
    name: str
    behaviour: str
    created_at: datetime
    updated_at: datetime
    started_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    status: CallStatus = "queued"
    answered_by: str | None = None
    states: list[State]
    spoken: list[str] = []
    speaking: str | None = None
    listening: bool = False
    heard: list[Heard] = []
    voicemail: str | None = None
    joined: list[str] = []
    parameters: Parameters
    callbacks: list[Delivery] = []
    errors: list[ErrorEntry] = []

    @property
    def ended(self) -> bool:
        """Whether the call has reached a status that it will not leave."""
        return self.ended_at is not None

    @property
    def duration(self) -> int | None:
        """Whole seconds of talk, once a call that was answered is over."""
        if self.ended_at is None or self.answered_at is None:
            return None
        return round((self.ended_at - self.answered_at).total_seconds())

    def enter(self, status: CallStatus) -> None:
        """Moves the call to a status and notes when."""
        self.status, self.updated_at = status, now()
        self.states.append(State(state=status, at=self.updated_at))


class MessageRecord(BaseModel):
    """A message as the outside world saw it; `inbound` ones are from a person to Midwatch."""

    sid: str
    to: str
    from_number: Annotated[str, Field(serialization_alias="from")]
    name: str
    body: str
    direction: Literal["inbound", "outbound-api", "outbound-reply"]
    created_at: datetime
    updated_at: datetime
    sent_at: datetime | None = None
    status: MessageStatus = "queued"
    error_code: int | None = None
    states: list[State]
    parameters: Parameters = {}
    callbacks: list[Delivery] = []
    errors: list[ErrorEntry] = []

    @property
    def person(self) -> str:
        """The number of the person's phone, whichever end of the message it is."""
        return self.from_number if self.direction == "inbound" else self.to

    def enter(self, status: MessageStatus) -> None:
        """Moves the message to a status and notes when."""
        self.status, self.updated_at = status, now()
        if status in ("sent", "received"):
            self.sent_at = self.updated_at
        self.states.append(State(state=status, at=self.updated_at))
