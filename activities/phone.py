"""Calls and messages. What came of them is always an answer: the workflow decides what is next."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from temporalio import activity

from domain import jobs
from domain.jobs import Found, HangUp, LeaveMessage, LookUp, PlaceCall, Placed, SendSms, Told
from integrations.twilio import TwilioCarrier

HEARTBEAT_SECONDS = 1.0


class PhoneActivities:
    """The phone, by way of one carrier."""

    def __init__(self, carrier: TwilioCarrier) -> None:
        self._carrier = carrier

    @activity.defn(name=jobs.PLACE_CALL)
    async def place_call(self, work: PlaceCall) -> Placed:
        """Ring a phone (spec 4.1). Never tried twice by itself: a second ring has to be decided."""
        return await _uninterrupted(self._carrier.call(work))

    @activity.defn(name=jobs.SEND_SMS)
    async def send_sms(self, work: SendSms) -> Placed:
        """Send a text message (spec 4.3)."""
        return await _uninterrupted(self._carrier.text(work))

    @activity.defn(name=jobs.LOOK_UP)
    async def look_up_page(self, work: LookUp) -> Found:
        """Ask the carrier what became of a page (spec 13.3)."""
        return await self._carrier.look_up(work)

    @activity.defn(name=jobs.HANG_UP)
    async def hang_up(self, work: HangUp) -> Told:
        """End a call that is no longer needed (spec 3.3)."""
        return await self._carrier.hang_up(work)

    @activity.defn(name=jobs.LEAVE_MESSAGE)
    async def leave_message(self, work: LeaveMessage) -> Told:
        """Speak to the machine that answered (spec 4.2)."""
        return await self._carrier.leave_message(work)


async def _uninterrupted(request: Coroutine[Any, Any, Placed]) -> Placed:
    """Let a request run to its end, and tell Temporal meanwhile that this worker lives.

    A page that is withdrawn while the carrier is taking it must not be broken off: whether the phone
    rings has to be known, so that it can be hung up.
    """
    task = asyncio.create_task(request)
    while not task.done():
        try:
            await asyncio.wait({task}, timeout=HEARTBEAT_SECONDS)
        except asyncio.CancelledError:
            continue
        activity.heartbeat()
    return task.result()
