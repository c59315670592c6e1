"""The life of one call: dialled, ringing, answered, over; and who is told."""

import asyncio
import math
from dataclasses import dataclass
from email.utils import format_datetime
from typing import Literal

from .callbacks import Callback, Courier, Webhooks
from .forms import CallCreate, StatusEvent
from .models import (
    Answer,
    Busy,
    CallbackMischief,
    HangUp,
    LineDown,
    ManualCall,
    Mumble,
    PersonOnCall,
    Voicemail,
)
from .numbers import geography
from .player import Fault, Player, Source, acts_of
from .records import CallRecord, CallStatus, ErrorEntry, now
from .world import World

_SWITCHING = 0.01  # seconds between being queued, dialled and ringing
_HUMAN_KNOWN_AFTER = 0.8
_MACHINE_KNOWN_AFTER = 1.5
_PICKS_UP = Answer | Mumble | Voicemail | HangUp
_SIP_CODE = {"completed": 200, "busy": 486, "no-answer": 487, "canceled": 487, "failed": 503}


@dataclass(frozen=True)
class PickUp:
    """A hand takes the phone off the hook."""


@dataclass(frozen=True)
class End:
    """The call is to end, in this status."""

    status: Literal["completed", "canceled", "busy"]


Order = PickUp | End | Source


class CallLife:
    """Drives a call record from queued to its end; orders come from the REST API and the person's hand."""

    def __init__(
        self,
        world: World,
        webhooks: Webhooks,
        record: CallRecord,
        *,
        asked: CallCreate,
        behaviour: PersonOnCall,
        mischief: CallbackMischief,
    ) -> None:
        self.record = record
        self._world = world
        self._webhooks = webhooks
        self._asked = asked
        self._behaviour: PersonOnCall = behaviour
        self._orders: asyncio.Queue[Order] = asyncio.Queue()
        self._told = 0
        self._courier = Courier(
            webhooks, mischief, record.callbacks, on_change=self._changed, on_refusal=self._callback_refused
        )
        self._player = self._new_player()

    def order(self, order: Order) -> None:
        """Asks the call to do something; it obeys at once, or not at all once it is over."""
        self._orders.put_nowait(order)

    def press(self, digits: str) -> None:
        """The person presses keys."""
        self._player.press(digits)

    def say(self, text: str, confidence: float) -> None:
        """The person says something."""
        self._player.say(text, confidence)

    async def run(self) -> None:
        """The whole life."""
        ending: CallStatus | None = await self._dial()
        if ending is None:
            ending = await self._ring()
        if ending is None:
            ending = await self._talk()
        self.record.ended_at = now()
        self.record.listening = False
        self._enter(ending, "completed")

    async def _dial(self) -> CallStatus | None:
        await asyncio.sleep(_SWITCHING)
        self.record.started_at = now()
        self._enter("initiated", "initiated")
        if isinstance(self._behaviour, Busy):
            return "busy"
        if isinstance(self._behaviour, LineDown):
            return "failed"
        await asyncio.sleep(_SWITCHING)
        return None

    async def _ring(self) -> CallStatus | None:
        self._enter("ringing", "ringing")
        after = self._behaviour.after if isinstance(self._behaviour, _PICKS_UP) else None
        patience = self._asked.timeout
        picks_up = after is not None and after < patience
        try:
            order = await asyncio.wait_for(self._orders.get(), after if picks_up else patience)
        except TimeoutError:
            return None if picks_up else "no-answer"
        if isinstance(order, End):
            # Completed while it rings: nobody has answered, so it is called off.
            return "canceled" if order.status == "completed" else order.status
        self._behaviour = ManualCall()  # a hand took the phone: the script does not speak for it
        self._player = self._new_player()
        return None

    async def _talk(self) -> CallStatus:
        self.record.answered_at = now()
        self._enter("in-progress", "answered")
        loop = asyncio.get_running_loop()
        if isinstance(self._behaviour, Voicemail):
            self._player.beep_at = loop.time() + self._behaviour.greeting
        hang_up = None
        if isinstance(self._behaviour, HangUp):
            hang_up = loop.call_later(self._behaviour.talk, self.order, End("completed"))
        detection = None
        if self._asked.machine_detection != "none" and self._asked.async_amd:
            detection = self._webhooks.start(self._detect_and_tell())
        try:
            await self._obey_until_over()
        except Fault as fault:
            self._log(fault.code, fault.message, fault.url)
        finally:
            if hang_up is not None:
                hang_up.cancel()
            if detection is not None:
                detection.cancel()
        return "completed"

    async def _obey_until_over(self) -> None:
        source = Source(self._asked.url or "", self._asked.method, document=self._asked.twiml)
        program = asyncio.create_task(self._program(source))
        try:
            while True:
                order = asyncio.create_task(self._orders.get())
                try:
                    await asyncio.wait({program, order}, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    order.cancel()
                if not order.done() or order.cancelled():
                    await program
                    return
                match order.result():
                    case End(status="canceled"):
                        pass  # Twilio cancels what is queued or rings; a call in progress goes on
                    case End():
                        return
                    case Source() as elsewhere:
                        await _stop(program)
                        program = asyncio.create_task(self._player.run(elsewhere))
        finally:
            await _stop(program)

    async def _program(self, source: Source) -> None:
        if self._asked.machine_detection != "none" and not self._asked.async_amd:
            source.more["AnsweredBy"] = await self._detect()
        await self._player.run(source)

    async def _detect(self) -> str:
        verdict, seconds = "human", _HUMAN_KNOWN_AFTER
        if isinstance(self._behaviour, Voicemail):
            verdict, seconds = "machine_start", min(_MACHINE_KNOWN_AFTER, self._behaviour.greeting)
            if self._asked.machine_detection == "DetectMessageEnd":
                verdict, seconds = "machine_end_beep", self._behaviour.greeting
        await asyncio.sleep(seconds)
        self.record.answered_by = verdict
        self._changed()
        return verdict

    async def _detect_and_tell(self) -> None:
        began = now()
        verdict = await self._detect()
        if self._asked.async_amd_status_callback:
            parameters = {
                "CallSid": self.record.sid,
                "AccountSid": self._world.settings.account_sid,
                "AnsweredBy": verdict,
                "MachineDetectionDuration": str(round((now() - began).total_seconds() * 1000)),
            }
            self._courier.send(
                Callback(
                    name="amd",
                    status=verdict,
                    url=self._asked.async_amd_status_callback,
                    method=self._asked.async_amd_status_callback_method,
                    parameters=parameters,
                )
            )

    def _new_player(self) -> Player:
        return Player(
            self.record,
            self._webhooks,
            usual=self._parameters,
            acts=acts_of(self._behaviour),
            speech_rate=self._world.settings.speech_rate,
            on_change=self._changed,
            on_warning=lambda message, url: self._log(12200, message, url, warning=True),
        )

    def _parameters(self) -> dict[str, str]:
        call = self.record
        return {
            "CallSid": call.sid,
            "AccountSid": self._world.settings.account_sid,
            "From": call.from_number,
            "To": call.to,
            "Caller": call.from_number,
            "Called": call.to,
            "CallStatus": call.status,
            "Direction": "outbound-api",
            "ApiVersion": "2010-04-01",
            **geography(From=call.from_number, To=call.to, Caller=call.from_number, Called=call.to),
        }

    def _enter(self, status: CallStatus, event: StatusEvent) -> None:
        self.record.enter(status)
        self._changed()
        url = self._asked.status_callback
        if not url or event not in self._asked.status_callback_event:
            return
        parameters = self._parameters() | {
            "Timestamp": format_datetime(self.record.updated_at),
            "CallbackSource": "call-progress-events",
            "SequenceNumber": str(self._told),
        }
        self._told += 1
        if event == "completed":
            parameters["SipResponseCode"] = str(_SIP_CODE[status])
            if self.record.duration is not None:
                parameters["CallDuration"] = str(self.record.duration)
                parameters["Duration"] = str(math.ceil(self.record.duration / 60))
        self._courier.send(
            Callback(
                name=event,
                status=status,
                url=url,
                method=self._asked.status_callback_method,
                parameters=parameters,
                last=event == "completed",
            )
        )

    def _changed(self) -> None:
        self._world.call_changed(self.record)

    def _callback_refused(self, callback: Callback, http_status: int) -> None:
        self._log(
            15003, f"Call progress: got {http_status} for {callback.status}", callback.url, warning=True
        )

    def _log(self, code: int, message: str, url: str | None, *, warning: bool = False) -> None:
        level: Literal["error", "warning"] = "warning" if warning else "error"
        entry = ErrorEntry(code=code, message=message, at=now(), sid=self.record.sid, url=url, level=level)
        self.record.errors.append(entry)
        self._world.log_error(entry)
        self._changed()


async def _stop(program: asyncio.Task[None]) -> None:
    # Waits for its end: what it cleans up must not fall upon its successor.
    program.cancel()
    await asyncio.wait({program})
