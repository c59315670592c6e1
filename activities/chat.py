"""Chat, and telling people what asks for no answer. A vendor's refusal is an answer, never an exception."""

import asyncio

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from temporalio import activity

import storage.timeline
from activities.conversation import SlackChat
from domain import jobs
from domain.jobs import Converse, Conversed, Notify, Stored, Told, WriteTimeline
from integrations.twilio import TwilioCarrier


class ChatActivities:
    """What is said to people in writing. Without a `chat` there is only the text message."""

    def __init__(self, carrier: TwilioCarrier, chat: SlackChat | None, engine: Engine) -> None:
        self._carrier = carrier
        self._engine = engine
        self._chat = chat

    @activity.defn(name=jobs.CONVERSE)
    async def converse(self, work: Converse) -> Conversed:
        """Bring chat up to date (spec 6.2); before that, store what travels along."""
        write = WriteTimeline(report=work.report, entries=work.entries)
        stored = await asyncio.to_thread(self._store, write) if work.entries else None
        answered = await self._converse(work)
        return answered.model_copy(update={"stored": stored})

    def _store(self, write: WriteTimeline) -> Stored | None:
        try:
            return storage.timeline.write(self._engine, write)
        except SQLAlchemyError:
            return None  # The duty to write down tries it again, at its own pace.

    async def _converse(self, work: Converse) -> Conversed:
        if self._chat is None:
            before = min((post.number for post in work.posts), default=1) - 1
            fault = "Slack has been turned off"
            return Conversed(channels=work.channels, through=before, card_done=False, fault=fault)
        return await self._chat.converse(work)

    @activity.defn(name=jobs.NOTIFY)
    async def notify(self, work: Notify) -> Told:
        """Tell somebody something by text message and, where there is one, by chat. One of them is enough."""
        told = [await self._carrier.tell(work.person.phone, work.text)]
        if self._chat and work.person.email:
            told.append(await self._chat.tell(work.person.email, work.text))
        detail = "; ".join(one.detail for one in told if one.detail)
        return Told(done=any(one.done for one in told), detail=detail)
