"""Calls and messages. What came of them is always an answer: the workflow decides what is next.

A person is not flooded (spec 4.4): pages to one number are counted and calls shared by way of the database.
Without it, and for the worst severity, pages leave at once.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any, TypeVar

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from temporalio import activity

from domain import jobs
from domain.jobs import Found, HangUp, LeaveMessage, LookUp, PlaceCall, Placed, SendSms, Told
from domain.pages import PageLog
from domain.snapshot import Limits
from integrations.twilio import REQUEST_TIMEOUT, TwilioCarrier
from policy import limits, words
from policy.limits import Decision, Go, Hold, Ride
from storage import pages
from storage.schema import ensure

log = structlog.get_logger()

HEARTBEAT_SECONDS = 1.0

DATABASE_SECONDS = 0.3
"""How long a page waits for the database at most."""

POLL_SECONDS = 0.1

AnswerT = TypeVar("AnswerT")


class PhoneActivities:
    """The phone, by way of one carrier, and of a database that remembers who was paged lately."""

    def __init__(self, carrier: TwilioCarrier, engine: Engine | None = None) -> None:
        self._carrier = carrier
        self._engine = engine
        # Of their own: a database that hangs must not take the threads that look up the carrier's address.
        self._threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="pages")
        if engine:
            self._threads.submit(ensure, engine)

    @activity.defn(name=jobs.PLACE_CALL)
    async def place_call(self, work: PlaceCall) -> Placed:
        """Ring a phone (spec 4.1). Never tried twice by itself: a second ring has to be decided."""
        return await _uninterrupted(self._call(work))

    @activity.defn(name=jobs.SEND_SMS)
    async def send_sms(self, work: SendSms) -> Placed:
        """Send a text message (spec 4.3)."""
        return await _uninterrupted(self._text(work))

    @activity.defn(name=jobs.LOOK_UP)
    async def look_up_page(self, work: LookUp) -> Found:
        """Ask the carrier what became of a page (spec 13.3)."""
        return await self._carrier.look_up(work)

    @activity.defn(name=jobs.HANG_UP)
    async def hang_up(self, work: HangUp) -> Told:
        """End a call that is no longer needed (spec 3.3), unless another incident needs it."""
        if page := work.page:
            now, withdrawn = datetime.now(UTC), page
            if await self._quickly(lambda engine: pages.withdraw(engine, withdrawn, now)):
                return Told(done=True, detail="the call goes on for another incident")
        return await self._carrier.hang_up(work)

    @activity.defn(name=jobs.LEAVE_MESSAGE)
    async def leave_message(self, work: LeaveMessage) -> Told:
        """Speak to the machine that answered (spec 4.2), once for all pages of the call."""
        count = await self._quickly(lambda engine: pages.speaks(engine, work.carrier_id))
        if count == 0:
            return Told(done=True, detail="it was left for several incidents at once")
        text = words.with_others(work.text, count - 1) if count and count > 1 else work.text
        return await self._carrier.leave_message(work.model_copy(update={"text": text}))

    async def _call(self, work: PlaceCall) -> Placed:
        new = _page(work)
        new = new.model_copy(update={"rings_until": new.requested_at + work.ring_for})
        return await self._within(work.limits, new, lambda _: self._carrier.call(work))

    async def _text(self, work: SendSms) -> Placed:
        def send(go: Go) -> Awaitable[Placed]:
            text = words.last_message(work.text, go.quiet_until, go.others) if go.quiet_until else work.text
            return self._carrier.text(work.model_copy(update={"text": text}))

        return await self._within(work.limits, _page(work), send)

    async def _within(
        self, limit: Limits | None, new: PageLog, request: Callable[[Go], Awaitable[Placed]]
    ) -> Placed:
        """Do what the limits say of a page, and remember it."""
        if limit is None:
            return await request(Go())
        asked, decision = await self._decide(limit, new)
        match decision:
            case Hold(why=why):
                return Placed(result="held", detail=why)
            case Ride(on=call):
                placed = await self._joined(call)
            case Go():
                placed = await request(decision)
        fate = {"result": placed.result, "carrier_id": placed.carrier_id}
        settled = asked.model_copy(update=fate)
        await self._quickly(lambda engine: pages.settle(engine, settled, datetime.now(UTC)))
        return placed

    async def _decide(self, limit: Limits, new: PageLog) -> tuple[PageLog, Decision]:
        if new.rank <= limits.WORST:
            return new, Go()
        decisions: list[Decision] = []

        def choose(recent: tuple[PageLog, ...]) -> PageLog:
            decision = limits.decide(recent, new, limit, new.requested_at)
            decisions.append(decision)
            match decision:
                case Ride(on=call):
                    return new.model_copy(update={"rides_on": call.id})
                case Hold():
                    return new.model_copy(update={"result": "held", "over_at": new.requested_at})
                case Go():
                    return new

        within = max(limit.calls.within, limit.messages.within)
        stored = await self._quickly(lambda engine: pages.ask(engine, new, within, choose))
        return (stored, decisions[-1]) if stored else (new, Go())

    async def _joined(self, call: PageLog) -> Placed:
        """What the carrier made of the call that this page joined. It may just be asked for it."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + REQUEST_TIMEOUT
        known: PageLog | None = call
        while known and known.result is None and loop.time() < deadline:
            await asyncio.sleep(POLL_SECONDS)
            known = await self._quickly(lambda engine: pages.find(engine, call.id))
        if known is None or known.result is None or known.result == "held":
            return Placed(result="unknown", detail="what became of the call that it shares is not known")
        return Placed(result=known.result, carrier_id=known.carrier_id, detail="it shares a call")

    async def _quickly(self, query: Callable[[Engine], AnswerT]) -> AnswerT | None:
        """What the database answers; None if it does not, in the short time that a page can wait for it."""
        if self._engine is None:
            return None
        loop = asyncio.get_running_loop()
        try:
            asked = loop.run_in_executor(self._threads, query, self._engine)
            return await asyncio.wait_for(asked, DATABASE_SECONDS)
        except (SQLAlchemyError, TimeoutError) as fault:
            log.warning("paging without the database", error=str(fault) or "no answer in time")
            return None


def _page(work: PlaceCall | SendSms) -> PageLog:
    # An incident's time is ahead of ours where it is rehearsed, and never where people are paged.
    now = datetime.now(UTC)
    return PageLog(
        page=work.page,
        person=work.person,
        number=work.to,
        method="call" if isinstance(work, PlaceCall) else "sms",
        rank=work.rank,
        requested_at=max(now, work.at) if work.at else now,
    )


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
