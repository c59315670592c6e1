"""How simulated people and their carrier behave; the bodies that the control API takes."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Seconds = Annotated[float, Field(ge=0)]
Confidence = Annotated[float, Field(ge=0, le=1)]
Digits = Annotated[str, Field(pattern=r"^[0-9*#]+$")]


class Strict(BaseModel):
    """Refuses fields it does not know: a misspelt behaviour must not pass for the default one."""

    model_config = ConfigDict(extra="forbid")


class Step(Strict):
    """What a person does at one gather, `wait` seconds after it opened: press keys or say a sentence."""

    wait: Seconds = 0.5
    press: Digits | None = None
    say: str | None = None
    confidence: Confidence = 0.93

    @model_validator(mode="after")
    def _one_act(self) -> "Step":
        if (self.press is None) == (self.say is None):
            raise ValueError("a step either presses keys or says something")
        return self


class Answer(Strict):
    """Picks up after `after` seconds of ringing; one step at each gather; with none left, listens."""

    kind: Literal["answer"] = "answer"
    after: Seconds = 1.0
    then: list[Step] = []


class Mumble(Strict):
    """Picks up and says something unintelligible at every gather."""

    kind: Literal["mumble"]
    after: Seconds = 1.0
    text: str = "mm hrm"
    confidence: Confidence = 0.2


class Busy(Strict):
    """The line is engaged."""

    kind: Literal["busy"]


class NoAnswer(Strict):
    """Rings until the caller's timeout."""

    kind: Literal["no-answer"]


class Voicemail(Strict):
    """A mailbox picks up, plays a greeting of `greeting` seconds, beeps, and records."""

    kind: Literal["voicemail"]
    after: Seconds = 1.0
    greeting: Seconds = 2.0


class HangUp(Strict):
    """Picks up, and hangs up again after `talk` seconds."""

    kind: Literal["hang-up"]
    after: Seconds = 1.0
    talk: Seconds = 1.0


class LineDown(Strict):
    """The carrier cannot reach the phone: the call fails."""

    kind: Literal["line-down"]


class ManualCall(Strict):
    """Rings until somebody acts on the page or through the control API."""

    kind: Literal["manual"] = "manual"


PersonOnCall = Answer | Mumble | Busy | NoAnswer | Voicemail | HangUp | LineDown | ManualCall
CallBehaviour = Annotated[PersonOnCall, Field(discriminator="kind")]


class Ignore(Strict):
    """The message arrives and is not answered."""

    kind: Literal["ignore"] = "ignore"


class Reply(Strict):
    """Answers `after` seconds after delivery; `{code}`: the first number of 4 to 6 digits received."""

    kind: Literal["reply"]
    after: Seconds = 1.0
    text: str = "ACK {code}"


class Undeliverable(Strict):
    """The handset cannot be reached: status undelivered, error 30003."""

    kind: Literal["undeliverable"]


class OptedOut(Strict):
    """The person has unsubscribed: the carrier refuses the message with 21610."""

    kind: Literal["opted-out"]


class ManualMessage(Strict):
    """The message arrives; a reply comes only from the page or the control API."""

    kind: Literal["manual"] = "manual"


PersonOnMessage = Ignore | Reply | Undeliverable | OptedOut | ManualMessage
MessageBehaviour = Annotated[PersonOnMessage, Field(discriminator="kind")]


class PhoneSetup(Strict):
    """A person and their phone. A list is played one by one; its last entry repeats."""

    name: str | None = None
    calls: CallBehaviour | Annotated[list[CallBehaviour], Field(min_length=1)] = ManualCall()
    messages: MessageBehaviour | Annotated[list[MessageBehaviour], Field(min_length=1)] = ManualMessage()


CallbackName = Literal["initiated", "ringing", "answered", "completed", "amd", "sms"]


class CallbackMischief(Strict):
    """What the carrier does to its callbacks; fixed for a call or message at its creation.

    `delay` is in seconds. `times` 2 delivers each one twice. `reorder` holds every other one back until its
    successor is out. `sms` in `drop` means message statuses and incoming messages. Requests for TwiML are
    left alone: no call goes on without them.
    """

    delay: Seconds = 0.0
    times: Annotated[int, Field(ge=1, le=5)] = 1
    reorder: bool = False
    drop: list[CallbackName] = []


class Carrier(Strict):
    """How the carrier treats the creation of calls and messages.

    `slow` (seconds) answers late, having placed the call at once. `lose_answers` places it and closes the
    connection without a word. `for_next` counts down the creations this still holds for; None: until changed.
    """

    slow: Seconds = 0.0
    fail_with: Literal[429, 500, 503] | None = None
    lose_answers: bool = False
    callbacks: CallbackMischief = CallbackMischief()
    for_next: Annotated[int, Field(ge=1)] | None = None


class Press(Strict):
    """Keys pressed on a phone in a call."""

    digits: Digits


class Speech(Strict):
    """A sentence spoken on a phone in a call, and how sure the recogniser is of it."""

    text: Annotated[str, Field(min_length=1)]
    confidence: Confidence = 0.93


class OutgoingText(Strict):
    """A message that a person sends to Midwatch's number."""

    text: Annotated[str, Field(min_length=1, max_length=1600)]
