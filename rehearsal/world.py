"""The outside world of a rehearsal: every job of an incident's is answered well, at once, and nothing leaves.

What people do about a page is not decided here, but by the agenda; the carrier of this world takes anything.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from temporalio import activity

from domain import jobs
from domain.jobs import (
    CallWebhook,
    Converse,
    Conversed,
    Found,
    HangUp,
    LeaveMessage,
    LookUp,
    Notify,
    OnCallNow,
    PlaceCall,
    Placed,
    PublishUpdate,
    SendSlack,
    SendSms,
    Stored,
    Told,
    WhoIsOnCall,
    WithdrawSlack,
    WriteDocument,
    WriteTimeline,
    Written,
)
from domain.people import Person
from domain.timeline import Entry

OnCallAt = Callable[[Iterable[str], datetime], dict[str, str | None]]


def carrier_id(run: int, attempt: int) -> str:
    """What the carrier of this world calls a page."""
    return f"{run}-{attempt}"


class World:
    """What a worker needs to run one incident. `entries` is its timeline as far as it was written down."""

    def __init__(self, on_call: OnCallAt, person_of: Callable[[str], Person]) -> None:
        self.entries: list[Entry] = []
        self._on_call, self._person_of = on_call, person_of

    @activity.defn(name=jobs.PLACE_CALL)
    async def place_call(self, work: PlaceCall) -> Placed:
        """The phone rings."""
        return Placed(result="accepted", carrier_id=carrier_id(work.page.run, work.page.attempt))

    @activity.defn(name=jobs.SEND_SMS)
    async def send_sms(self, work: SendSms) -> Placed:
        """The message arrives."""
        return Placed(result="accepted", carrier_id=carrier_id(work.page.run, work.page.attempt))

    @activity.defn(name=jobs.SEND_SLACK)
    async def send_slack(self, work: SendSlack) -> Placed:
        """The message stands in chat."""
        return Placed(result="accepted", carrier_id=carrier_id(work.page.run, work.page.attempt))

    @activity.defn(name=jobs.WITHDRAW_SLACK)
    async def withdraw_slack(self, work: WithdrawSlack) -> Told:
        """It has no buttons any more."""
        return Told(done=True)

    @activity.defn(name=jobs.LOOK_UP)
    async def look_up(self, work: LookUp) -> Found:
        """What the carrier knows is what was said of it before."""
        return Found(checked=True, carrier_id=work.carrier_id)

    @activity.defn(name=jobs.HANG_UP)
    async def hang_up(self, work: HangUp) -> Told:
        """It rings no longer."""
        return Told(done=True)

    @activity.defn(name=jobs.LEAVE_MESSAGE)
    async def leave_message(self, work: LeaveMessage) -> Told:
        """Spoken to the machine."""
        return Told(done=True)

    @activity.defn(name=jobs.WRITE_TIMELINE)
    async def write_timeline(self, work: WriteTimeline) -> Stored:
        """Kept, each entry once."""
        return Stored(through=self._keep(work.entries))

    @activity.defn(name=jobs.CONVERSE)
    async def converse(self, work: Converse) -> Conversed:
        """All of it is said."""
        through = max((post.number for post in work.posts), default=0)
        stored = Stored(through=self._keep(work.entries)) if work.entries else None
        return Conversed(channels=work.channels, through=through, card_done=True, stored=stored)

    @activity.defn(name=jobs.NOTIFY)
    async def notify(self, work: Notify) -> Told:
        """They are told."""
        return Told(done=True)

    @activity.defn(name=jobs.PUBLISH_UPDATE)
    async def publish_update(self, work: PublishUpdate) -> Told:
        """The public reads it."""
        return Told(done=True)

    @activity.defn(name=jobs.WRITE_DOCUMENT)
    async def write_document(self, work: WriteDocument) -> Written:
        """Written nowhere."""
        return Written(path="")

    @activity.defn(name=jobs.CALL_WEBHOOK)
    async def call_webhook(self, work: CallWebhook) -> Told:
        """The repair is asked for, and repairs nothing: the rehearsal is of what comes then."""
        return Told(done=True)

    @activity.defn(name=jobs.WHO_IS_ON_CALL)
    async def who_is_on_call(self, work: WhoIsOnCall) -> OnCallNow:
        """As the schedules say it of the rehearsal's hour."""
        on_call = self._on_call(work.schedules, work.at)
        people = tuple(self._person_of(person) for person in dict.fromkeys(on_call.values()) if person)
        return OnCallNow(on_call=on_call, people=people)

    @property
    def jobs(self) -> list[Callable[..., Any]]:
        """All of it but the calls, which have a queue of their own."""
        return [
            self.send_sms,
            self.send_slack,
            self.withdraw_slack,
            self.look_up,
            self.hang_up,
            self.leave_message,
            self.write_timeline,
            self.converse,
            self.notify,
            self.publish_update,
            self.write_document,
            self.call_webhook,
            self.who_is_on_call,
        ]

    def _keep(self, entries: tuple[Entry, ...]) -> int:
        known = self.entries[-1].sequence if self.entries else 0
        self.entries += [entry for entry in entries if entry.sequence > known]
        return max((entry.sequence for entry in entries), default=known)
