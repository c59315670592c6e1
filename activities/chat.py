"""Chat, and telling people what asks for no answer. A vendor's refusal is an answer, never an exception."""

from temporalio import activity

from activities.conversation import SlackChat
from domain import jobs
from domain.jobs import Converse, Conversed, Notify, Told
from integrations.twilio import TwilioCarrier


class ChatActivities:
    """What is said to people in writing. Without a `chat` there is only the text message."""

    def __init__(self, carrier: TwilioCarrier, chat: SlackChat | None) -> None:
        self._carrier = carrier
        self._chat = chat

    @activity.defn(name=jobs.CONVERSE)
    async def converse(self, work: Converse) -> Conversed:
        """Bring chat up to date (spec 6.2)."""
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
