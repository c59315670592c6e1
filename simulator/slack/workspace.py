"""The state of the simulated Slack, all of it in memory; every change of it is announced."""

import re
import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from .grants import ResponseUrl, Trigger
from .models import SlackMood
from .records import Channel, Message, RequestRecord, User, View

TEAM = {"id": "T0SIMULATED", "domain": "simulated"}
APP_ID = "A0MIDWATCH"
BOT_ID = "B0MIDWATCH"
BOT = User(id="U0MIDWATCH", name="Midwatch", handle="midwatch", is_bot=True)
SLACKBOT = User(id="USLACKBOT", name="Slackbot", handle="slackbot", is_bot=True)
_REQUESTS_KEPT = 5000


@dataclass(frozen=True)
class SlackSettings:
    """What the program was started with. `url` is the base of the application's callbacks."""

    token: str
    signing_secret: str
    url: str


def new_id(prefix: str) -> str:
    """A fresh identifier in Slack's form."""
    return prefix + secrets.token_hex(5).upper()


class Workspace:
    """People, channels, messages, views, requests and the mood.

    `on_appear` hears of every message that comes (True) or changes, `on_join` of whoever joins a channel.
    """

    def __init__(self, settings: SlackSettings, announce: Callable[[Callable[[], Any]], None]) -> None:
        self.settings = settings
        self._announce = announce
        self.on_appear: Callable[[Message, bool], None] = lambda message, new: None
        self.on_join: Callable[[Channel, str], None] = lambda channel, user: None
        # How the application reaches this program; its own idea of the address is the one to hand back to it.
        self.public_url = ""
        self._last_ts = 0
        self._made_anew()

    def _made_anew(self) -> None:
        self.users: dict[str, User] = {user.id: user for user in (BOT, SLACKBOT)}
        self.channels: dict[str, Channel] = {}
        self.messages: dict[tuple[str, str], Message] = {}
        self.views: dict[str, View] = {}
        self.homes: dict[str, View] = {}
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.requests: list[RequestRecord] = []
        self._requests_made = 0
        self.mood = SlackMood()
        general = Channel(
            id=new_id("C"), name="general", is_general=True, creator=SLACKBOT.id, created=int(time.time())
        )
        self.channels[general.id] = general

    def _tell(self, what: str, **data: BaseModel | str) -> None:
        # Not made unless somebody listens: nobody watches during a benchmark.
        def change() -> dict[str, Any]:
            plain = {
                name: one.model_dump(mode="json") if isinstance(one, BaseModel) else one
                for name, one in data.items()
            }
            return {"what": what, **plain}

        self._announce(change)

    def forget(self) -> None:
        """Everything as at the start: #general, and nobody in it."""
        self._made_anew()

    def timestamp(self) -> str:
        """The present instant as Slack writes it, later than every one before."""
        self._last_ts = max(time.time_ns() // 1000, self._last_ts + 1)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def people(self) -> list[User]:
        """Everybody who is not a bot."""
        return [user for user in self.users.values() if not user.is_bot]

    def user_changed(self, user: User) -> None:
        """A person is new, or is set up anew. All of them are in #general."""
        self.users[user.id] = user
        self._tell("user", user=user)
        general = next(channel for channel in self.channels.values() if channel.is_general)
        if user.id not in general.members:
            general.members.append(user.id)
            self.channel_changed(general)

    def channel_changed(self, channel: Channel) -> None:
        """Enters a channel into the books, or tells of its change."""
        self.channels[channel.id] = channel
        self._tell("channel", channel=channel)

    def channel_named(self, written: str) -> Channel | None:
        """The channel with this id or name, with or without its #."""
        found = self.channels.get(written)
        name = written.removeprefix("#")
        named = (one for one in self.channels.values() if one.kind == "channel" and one.name == name)
        return found or next(named, None)

    def direct_channel(self, users: Iterable[str]) -> tuple[Channel, bool]:
        """The direct messages between the bot and these people, and whether they were just opened."""
        members = sorted({BOT.id, *users})
        for channel in self.channels.values():
            if channel.kind != "channel" and sorted(channel.members) == members:
                return channel, False
        alone = len(members) <= 2
        names = [self.users[user].handle for user in members if user != BOT.id]
        channel = Channel(
            id=new_id("D" if alone else "G"),
            name=names[0] if alone else f"mpdm-{'--'.join(names)}-1",
            kind="im" if alone else "mpim",
            is_private=True,
            creator=BOT.id,
            created=int(time.time()),
            members=members,
        )
        self.channel_changed(channel)
        return channel, True

    def join(self, channel: Channel, user: str) -> None:
        """Makes somebody a member, with the line about it that the channel shows."""
        channel.members.append(user)
        self.channel_changed(channel)
        self.note(channel, user, "channel_join", f"<@{user}> has joined the channel")
        self.on_join(channel, user)

    def note(self, channel: Channel, user: str, subtype: str, text: str) -> None:
        """A line of the channel's own: who joined, what the topic is now."""
        self.post(Message(channel=channel.id, ts=self.timestamp(), user=user, text=text, subtype=subtype))

    def post(self, message: Message) -> Message:
        """Puts a message into its channel."""
        self.messages[message.channel, message.ts] = message
        self._message_changed(message, new=True)
        return message

    def edited(self, message: Message) -> None:
        """A message has been changed in place."""
        message.edited = self.timestamp()
        message.edits += 1
        self._message_changed(message, new=False)

    def delete(self, message: Message) -> None:
        """Takes a message away."""
        self.messages.pop((message.channel, message.ts), None)
        self._tell("message-gone", channel=message.channel, ts=message.ts)

    def _message_changed(self, message: Message, *, new: bool) -> None:
        if (message.channel, message.ts) in self.messages:
            self._tell("message", message=message)
            self.on_appear(message, new)

    def messages_in(self, channel: Channel) -> list[Message]:
        """The messages of a channel, oldest first, the ephemeral ones among them."""
        return [message for message in self.messages.values() if message.channel == channel.id]

    def view_changed(self, view: View) -> None:
        """A modal or home is new or different."""
        kept = self.homes if view.view["type"] == "home" else self.views
        kept[view.user if kept is self.homes else view.id] = view
        self._tell("view", view=view)

    def view_closed(self, view: View) -> None:
        """A modal is gone."""
        if self.views.pop(view.id, None):
            self._tell("view-gone", id=view.id)

    def trouble(self, user: str, text: str) -> None:
        """Something a person is told that stays nowhere: a click that was not answered."""
        self._tell("trouble", user=user, text=text)

    def new_trigger(self, user: str) -> Trigger:
        """The right to open one modal before this person."""
        numbers = (secrets.randbelow(10**13), secrets.randbelow(10**13))
        trigger = Trigger(id=f"{numbers[0]}.{numbers[1]}.{secrets.token_hex(16)}", user=user)
        self.triggers[trigger.id] = trigger
        return trigger

    def new_response_url(self, response: ResponseUrl) -> str:
        """An address at which the application may answer later."""
        token = secrets.token_hex(16)
        self.response_urls[token] = response
        return f"{self.public_url}/slack/response/{token}"

    def record(self, record: RequestRecord) -> RequestRecord:
        """Numbers a request and keeps it."""
        self._requests_made += 1
        record.n = self._requests_made
        self.requests.append(record)
        del self.requests[:-_REQUESTS_KEPT]
        return record

    def set_mood(self, mood: SlackMood) -> None:
        """Changes the mood."""
        self.mood = mood
        self._tell("mood", mood=mood)

    def take_mood(self, method: str) -> SlackMood:
        """The mood for one call; counts `for_next` down, and is well again after the last."""
        mood = self.mood
        if mood.method not in (None, method):
            return SlackMood()
        if mood.for_next is not None:
            left = mood.for_next - 1
            self.set_mood(mood.model_copy(update={"for_next": left}) if left else SlackMood())
        return mood

    def mentions(self, text: str) -> str:
        """What somebody typed, its @names made into the mentions that Slack sends."""
        by_handle = {user.handle.lower(): user.id for user in self.users.values()}

        def mention(match: re.Match[str]) -> str:
            found = by_handle.get(match[1].lower())
            return f"<@{found}>" if found else match[0]

        return re.sub(r"(?<![\w<])@([\w.-]*\w)", mention, text)

    def snapshot(self) -> dict[str, Any]:
        """Everything there is, as the page gets it before the changes."""
        return {
            "users": [user.model_dump(mode="json") for user in self.users.values()],
            "channels": [channel.model_dump(mode="json") for channel in self.channels.values()],
            "messages": [message.model_dump(mode="json") for message in self.messages.values()],
            "views": [view.model_dump(mode="json") for view in (*self.views.values(), *self.homes.values())],
            "mood": self.mood.model_dump(mode="json"),
            "bot": BOT.id,
        }
