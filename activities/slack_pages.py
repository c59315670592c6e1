"""Pages in chat. What came of them is always an answer: the workflow decides what is next."""

import asyncio
from contextlib import suppress

from temporalio import activity

from activities.slack_places import CLOCK_SLACK, MOVED, Places
from domain import jobs
from domain.jobs import Placed, SendSlack, Told, WithdrawSlack
from domain.people import Person
from integrations.slack import Slack, SlackAway, SlackRefusal
from policy import cards_page

PLACE_SECONDS = 10.0
"""How long a page may take as a whole."""

LOOK_SECONDS = 2.0
"""How long it is looked for before it is posted. One that may be there twice is better than none."""


class SlackPages:
    """Pages by way of one workspace. Without one each is rejected at once, so that the next method starts."""

    def __init__(self, slack: Slack | None) -> None:
        self._slack = slack
        self._places = Places(slack) if slack else None

    @activity.defn(name=jobs.SEND_SLACK)
    async def send_slack(self, work: SendSlack) -> Placed:
        """Post a page (spec 3.2). One that is there already is not posted again."""
        if self._slack is None or self._places is None:
            return Placed(result="rejected", detail="Slack is off")
        page = _Page(self._slack, self._places, work)
        try:
            async with asyncio.timeout(PLACE_SECONDS):
                return await page.placed()
        except SlackRefusal as refusal:
            return Placed(result="rejected", detail=f"Slack refuses it: {refusal}")
        except SlackAway as away:
            # Where its answer alone was lost, the next try finds it.
            return Placed(result="unavailable", detail=str(away))
        except TimeoutError:
            return Placed(result="unavailable", detail="Slack is too slow")

    @activity.defn(name=jobs.WITHDRAW_SLACK)
    async def withdraw_slack(self, work: WithdrawSlack) -> Told:
        """Take a page back: its buttons go, and who has the incident is said (spec 3.3)."""
        if self._slack is None:
            return Told(done=False, detail="Slack is off")
        channel, _, ts = work.carrier_id.partition(":")
        line = f"{work.heading}: {work.text}"
        try:
            await self._slack.edit(channel, ts, line, cards_page.withdrawn_blocks(work))
        except (SlackAway, SlackRefusal) as fault:
            return Told(done=False, detail=str(fault))
        return Told(done=True)


class _Page:
    """One page on its way."""

    def __init__(self, slack: Slack, places: Places, work: SendSlack) -> None:
        self._slack, self._places, self._work = slack, places, work
        # The incident's own posts count from 1, too, and some go to the same place.
        self._known_by = f"{work.page.incident_id}/page/{work.key}"

    async def placed(self) -> Placed:
        try:
            return await self._placed_once()
        except SlackRefusal as refusal:
            if refusal.error not in MOVED:
                raise
        self._places.forget()
        return await self._placed_once()

    async def _placed_once(self) -> Placed:
        person = self._work.person
        channel = await self._place(person)
        if channel is None:
            where = f"there is no #{person.slack}" if person.slack else f"{person.name} is not in Slack"
            return Placed(result="rejected", detail=where)
        ts = await self._found_soon(channel) or await self._post(channel)
        return Placed(result="accepted", carrier_id=f"{channel}:{ts}")

    async def _place(self, person: Person) -> str | None:
        if person.slack:
            return await self._places.channel(person.slack)
        return await self._places.direct(person.email) if person.email else None

    async def _found_soon(self, channel: str) -> str | None:
        with suppress(SlackAway, SlackRefusal, TimeoutError):
            async with asyncio.timeout(LOOK_SECONDS):
                return await self._found(channel)
        return None

    async def _found(self, channel: str) -> str | None:
        since = (self._work.since - CLOCK_SLACK).timestamp()
        return next(iter((await self._slack.posted(channel, self._known_by, since)).values()), None)

    async def _post(self, channel: str) -> str:
        work = self._work
        line, blocks = f"{work.heading}: {work.text}", cards_page.page_blocks(work)
        try:
            return await self._slack.post(
                channel, line, blocks, incident=self._known_by, number=work.page.attempt
            )
        except SlackAway as away:
            if not away.refused and (found := await self._found(channel)):
                return found
            raise
