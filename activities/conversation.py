"""One turn of an incident's conversation: the room is opened, posts go out in their order, the card is made
true, and the room closes once it is over (spec 6.2). A turn may end half done at any point; the next one goes
on from there, and what may have been posted is looked for before it is posted again."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import Any

from activities.slack_places import CLOCK_SLACK, MOVED, Places
from domain.chat import Channels, Post
from domain.ids import slug
from domain.jobs import Converse, Conversed, Told
from integrations.slack import Blocks, Slack, SlackAway, SlackRefusal
from policy import cards

TURN_SECONDS = 25.0
"""How long a turn goes on before it leaves the rest to the next one."""

CARD = 0
"""The number of the card among an incident's posts, which count from 1."""

MOST_NAMES = 20
"""Names that are tried for a channel."""


@dataclass
class _Known:
    """What is remembered between turns, to spare requests. Forgetting all of it is harmless."""

    places: Places
    invited: dict[str, set[str]] = field(default_factory=dict)
    cards: dict[str, str] = field(default_factory=dict)
    topics: dict[str, str] = field(default_factory=dict)


class SlackChat:
    """Brings Slack up to date. `status_page` is where customers look."""

    def __init__(self, slack: Slack, *, status_page: str) -> None:
        self._slack = slack
        self._status_page = status_page
        self._known = _Known(Places(slack))

    async def converse(self, work: Converse) -> Conversed:
        """Do what is owed, as far as it goes now."""
        turn = _Turn(self._slack, self._known, self._status_page, work)
        fault, retry_after = "", None
        try:
            async with asyncio.timeout(TURN_SECONDS):
                await turn.play()
        except SlackAway as away:
            fault, retry_after = str(away), away.retry_after
        except TimeoutError:
            fault = "Slack is too slow"
        return Conversed(
            channels=turn.channels,
            through=turn.through,
            card_done=turn.card_done,
            fault="; ".join([*turn.notes, *([fault] if fault else [])])[:1_000],
            retry_after=retry_after,
        )

    async def tell(self, email: str, text: str, blocks: Blocks | None = None) -> Told:
        """Write to one person."""
        try:
            direct = await self._known.places.direct(email)
            if direct is None:
                return Told(done=False, detail=f"{email} is not in Slack")
            await self._slack.post(direct, text, blocks)
        except (SlackAway, SlackRefusal) as fault:
            return Told(done=False, detail=str(fault))
        return Told(done=True)


class _Turn:
    """How far one turn has come."""

    def __init__(self, slack: Slack, known: _Known, status_page: str, work: Converse) -> None:
        self._slack, self._known, self._status_page, self._work = slack, known, status_page, work
        self._again = work.report.chat_away_since is not None
        self._sent: dict[str, dict[int, str]] = {}
        self.channels: Channels = work.channels
        self.through = min((post.number for post in work.posts), default=1) - 1
        self.card_done = not work.room_wanted
        self.notes: list[str] = []

    async def play(self) -> None:
        """Everything that is owed, in its order."""
        work = self._work
        if work.room_wanted and not work.room_over:
            if self.channels.archived:
                # The incident came back after its room was closed: it gets another one.
                self.channels = Channels()
            await self._open()
            if self.channels.room and self.channels.card is None:
                await self._show_card(self.channels.room)
        for post in work.posts:
            await self._post(post)
            self.through = post.number
        if self.channels.room and not self.channels.archived:
            await self._show_card(self.channels.room)
        elif work.room_over:
            self.card_done = True
        if work.room_over and not self.channels.archived:
            for channel in (self.channels.status, self.channels.room):
                if channel:
                    await self._try("archive the channel", self._slack.archive(channel))
            self._put(archived=True)

    def _put(self, **changes: object) -> None:
        self.channels = self.channels.model_copy(update=changes)

    async def _try(self, what: str, request: Awaitable[object]) -> None:
        """Do something without which the rest goes on; a refusal is told."""
        try:
            await request
        except SlackRefusal as refusal:
            self.notes.append(f"cannot {what}: {refusal}")

    async def _open(self) -> None:
        """Both channels, with purpose and people."""
        report, slack = self._work.report, self._slack
        if self.channels.room is None:
            purpose = cards.room_purpose(report)
            try:
                found = await self._channel("", purpose)
            except SlackRefusal as refusal:
                self.notes.append(f"cannot open the room: {refusal}")
                return
            self._put(room=found["id"], room_name=found["name"])
            await self._try("say what the room is for", slack.set_purpose(found["id"], purpose))
        if self.channels.status is None:
            purpose = cards.status_purpose(report)
            try:
                found = await self._channel("-status", purpose)
            except SlackRefusal as refusal:
                self.notes.append(f"cannot open the status channel: {refusal}")
            else:
                self._put(status=found["id"], status_name=found["name"])
                await self._try("say what it is for", slack.set_purpose(found["id"], purpose))
        for channel in (self.channels.room, self.channels.status):
            if channel:
                await self._invite(channel)

    async def _channel(self, ending: str, purpose: str) -> dict[str, Any]:
        """A new channel, or ours of an earlier turn that could not tell of it."""
        report, name = self._work.report, ""
        for number in range(1, MOST_NAMES):
            suffix = (f"-{number}" if number > 1 else "") + ending
            name = cards.channel_name(report, slug(report.title), suffix)
            try:
                return await self._slack.create(name)
            except SlackRefusal as refusal:
                if refusal.error != "name_taken":
                    raise
            if self._again and (found := await self._slack.named(name)):
                said = str((found.get("purpose") or {}).get("value") or "")
                mine = found.get("creator") == await self._slack.bot() and said in ("", purpose)
                if mine and not found.get("is_archived"):
                    return found
        raise SlackRefusal("name_taken", name)

    async def _invite(self, channel: str) -> None:
        """Everybody who answers for the service, each asked once. Who is not in Slack is left out."""
        asked = self._known.invited.setdefault(channel, set())
        fresh = [email for email in self._work.people.values() if email not in asked]
        users = [user for email in fresh if (user := await self._known.places.user(email))]
        if users:
            await self._try("invite everybody", self._slack.invite(channel, users))
        asked.update(fresh)

    async def _show_card(self, room: str) -> None:
        report = self._work.report.model_copy(update={"channels": self.channels})
        blocks, line = cards.card(report, self._status_page), cards.summary(report)
        digest = cards.digest(report)
        card = self.channels.card
        if card and self._known.cards.get(card) != digest:
            try:
                await self._slack.edit(room, card, line, blocks)
            except SlackRefusal as refusal:
                if refusal.error == "channel_not_found":
                    # Somebody has deleted the room: the next turn opens another one.
                    self.channels = Channels()
                    self.notes.append("the room is gone; another one is opened")
                    return
                if refusal.error == "message_not_found":
                    card = None  # Somebody has deleted it.
                else:
                    self.notes.append(f"cannot edit the card: {refusal}")
        if card is None:
            posted = None if self.channels.card else (await self._posted(room)).get(CARD)
            new = posted or await self._slack.post(room, line, blocks, incident=report.id, number=CARD)
            await self._furnish(room, new)
        if self.channels.card:
            self._known.cards[self.channels.card] = digest
        if self._known.topics.get(room) != line:
            await self._try("set the topic", self._slack.set_topic(room, cards.topic(report)))
            self._known.topics[room] = line
        self.card_done = True

    async def _furnish(self, room: str, card: str) -> None:
        """Pin the card, find its address, and put the bridge's link beside it."""
        room_opened = self._work.report.war_room
        await self._try("pin the card", self._slack.pin(room, card))
        try:
            self._put(room_url=await self._slack.permalink(room, card))
        except SlackRefusal as refusal:
            self.notes.append(f"cannot find the card's address: {refusal}")
        if room_opened and room_opened.bridge and self.channels.card is None:
            try:
                await self._try("bookmark", self._slack.bookmark(room, "Bridge", room_opened.bridge))
            except SlackAway as away:
                if away.refused:
                    raise
                # It may have been done, and is not done twice: the card has the link, too.
                self.notes.append(f"the bridge's bookmark may be missing: {away}")
        self._put(card=card)

    async def _post(self, post: Post) -> None:
        try:
            try:
                await self._post_once(post)
            except SlackRefusal as refusal:
                if refusal.error not in MOVED:
                    raise
                # What is remembered of the place may be out of date.
                self._known.places.forget()
                await self._post_once(post)
        except SlackRefusal as refusal:
            self.notes.append(f"cannot post to {post.place}: {refusal}")

    async def _post_once(self, post: Post) -> None:
        channel, elsewhere = await self._place(post)
        if channel is None or (self._again and post.number in await self._posted(channel)):
            return
        report = self._work.report.model_copy(update={"channels": self.channels})
        blocks = cards.post(report, post, elsewhere=elsewhere, status_page=self._status_page)
        line = cards.post_line(report, post, elsewhere=elsewhere)
        await self._slack.post(channel, line, blocks, incident=report.id, number=post.number)

    async def _place(self, post: Post) -> tuple[str | None, bool]:
        """The channel, and whether it is outside of the incident's own. What has no room is announced."""
        if post.place == "person":
            email = self._work.people.get(post.person or "")
            return (await self._known.places.direct(email) if email else None), True
        own = {"room": self.channels.room, "status": self.channels.status}.get(post.place)
        if own and not self.channels.archived:
            return own, False
        return await self._known.places.made(self._work.announcements), True

    async def _posted(self, channel: str) -> dict[int, str]:
        """What this incident has in a channel already."""
        if channel not in self._sent:
            report = self._work.report
            opened = report.war_room.opened_at if report.war_room else report.opened_at
            since = (min([opened, *(post.at for post in self._work.posts)]) - CLOCK_SLACK).timestamp()
            self._sent[channel] = await self._slack.posted(channel, report.id, since)
        return self._sent[channel]
