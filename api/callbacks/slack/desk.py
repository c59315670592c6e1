"""Who is at the door, which incident they mean, and how they hear what came of it."""

import asyncio
import json
from collections.abc import Awaitable, Coroutine
from typing import Annotated, Any, TypeVar

import structlog
from fastapi import Depends, Request
from starlette.datastructures import State

from api.deps import Parts, PartsDep
from api.errors import Refused
from api.v1.rest import RestOffers
from domain.incident import IncidentReport
from domain.people import PersonRef
from integrations.slack import Slack, SlackAway, SlackRefusal
from policy import cards
from policy.cards_blocks import Block, escaped
from policy.cards_page import answered_blocks

log = structlog.get_logger()

AnswerT = TypeVar("AnswerT")

PATIENCE_SECONDS = 2.2
"""How long somebody waits for an answer to what they did. Slack gives up after three."""

QUERY_SECONDS = 1.0
"""How long the incident is asked before a modal opens without what it knows."""

MOST_EVENTS = 1_000
"""Events remembered, because Slack sends one again that was not answered in time."""

STRANGER = (
    "Midwatch answers to the people in its configuration, and finds them by their email address. "
    "Yours is not there. Ask whoever looks after Midwatch to add you."
)


class Desk:
    """One for the application."""

    def __init__(self, parts: Parts, state: State) -> None:
        settings = parts.settings
        token = settings.slack_bot_token.get_secret_value() if settings.slack_bot_token else ""
        self.slack = Slack(token=token, api_url=settings.slack_api_url)
        self.parts = parts
        self._state = state
        self.status_page = f"{settings.public_url}/status"
        self._known: dict[str, PersonRef] = {}
        self._rooms: dict[str, str] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._events: dict[str, None] = {}

    @property
    def rest_offers(self) -> RestOffers:
        """The duties that are offered after a bad night."""
        return RestOffers(self.parts.rota, self._state.engine)

    async def person(self, user: str) -> PersonRef | None:
        """Who this is, by their email address; None: nobody of the organisation.

        Raises:
            SlackAway: it cannot be found out.
        """
        if user not in self._known:
            email = (await self.slack.email_of(user) or "").lower()
            for ident, entry in self.parts.organisation.people.items():
                if email and (entry.email or "").lower() == email:
                    self._known[user] = PersonRef(id=ident, name=entry.name)
        return self._known.get(user)

    async def incident_in(self, channel: str) -> str | None:
        """The incident whose room this is, by the channel's purpose."""
        if channel not in self._rooms:
            try:
                purpose = await self.slack.purpose(channel)
            except (SlackAway, SlackRefusal):
                return None
            if incident := cards.incident_of(purpose):
                self._rooms[channel] = incident
        return self._rooms.get(channel)

    async def report(self, incident_id: str) -> IncidentReport | None:
        """The incident as it is now; None if nobody can tell soon enough."""
        try:
            return (await self.parts.incidents.now(incident_id, QUERY_SECONDS)).report
        except Refused:
            return None

    def is_new(self, event_id: str) -> bool:
        """Whether this event has not been here before."""
        if event_id in self._events:
            return False
        self._events[event_id] = None
        while len(self._events) > MOST_EVENTS:
            del self._events[next(iter(self._events))]
        return True

    async def within(self, work: Coroutine[Any, Any, AnswerT]) -> tuple[asyncio.Task[AnswerT], bool]:
        """Begin, and wait as long as Slack does; whether it is done. It goes on in any case."""
        task = self.later(work)
        done, _ = await asyncio.wait({task}, timeout=PATIENCE_SECONDS)
        return task, bool(done)

    def later(self, work: Coroutine[Any, Any, AnswerT]) -> asyncio.Task[AnswerT]:
        """Do it beside, also after Slack has its answer."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (fault := task.exception()):
            log.error("what somebody did in chat failed", exc_info=fault)

    async def reply(self, url: str, text: str) -> None:
        """Tell whoever pressed or typed, and nobody else."""
        body = {"response_type": "ephemeral", "replace_original": False, "text": escaped(text)}
        await heard(self.slack.respond(url, body))

    async def settle(self, url: str, blocks: list[Block], text: str) -> None:
        """Take the buttons off the post that was pressed, and say in it what came of it."""
        body = {"replace_original": True, "text": escaped(text), "blocks": answered_blocks(blocks, text)}
        await heard(self.slack.respond(url, body))

    async def tell(self, user: str, channel: str, text: str) -> None:
        """Tell one person in the channel where they are or, where that cannot be, directly."""
        said = escaped(text)
        if channel:
            try:
                await self.slack.whisper(channel, user, said)
                return
            except SlackRefusal:
                pass
            except SlackAway as away:
                log.warning("slack did not take a word", reason=str(away))
                return
        await heard(self._direct(user, said))

    async def _direct(self, user: str, text: str) -> None:
        await self.slack.post(await self.slack.direct(user), text)

    async def open_modal(self, trigger: str, view: dict[str, Any], channel: str) -> bool:
        """Open a modal that knows from which channel it came; whether it opened."""
        metadata = json.loads(view["private_metadata"]) | {"channel": channel}
        return await heard(self.slack.open_modal(trigger, view | {"private_metadata": json.dumps(metadata)}))


async def heard(request: Awaitable[None]) -> bool:
    """Do what is only a courtesy; whether Slack took it."""
    try:
        await request
    except (SlackAway, SlackRefusal) as fault:
        log.warning("slack did not take a word", reason=str(fault))
        return False
    return True


def _desk(request: Request, parts: PartsDep) -> Desk:
    state = request.app.state
    if not isinstance(getattr(state, "slack_desk", None), Desk) or state.slack_desk.parts is not parts:
        state.slack_desk = Desk(parts, state)
    desk: Desk = state.slack_desk
    return desk


DeskDep = Annotated[Desk, Depends(_desk)]
