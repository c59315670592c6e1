"""People who act by themselves: they click what they wait for, and fill in the modal that opens."""

import asyncio
import re
from dataclasses import dataclass, field

from ..callbacks import Webhooks
from .blocks import actions_in
from .grants import TRIGGER_LASTS
from .hands import CannotDo, Hands
from .models import Auto, Click, Submit
from .records import Channel, Message, User
from .state import NoSuchValue
from .workspace import Workspace

_Button = tuple[str, str, str, str]


@dataclass
class _Done:
    """How far one habit has been played: the buttons seen, and how many of them were clicked."""

    user: str
    habit: Auto
    seen: set[_Button] = field(default_factory=set)
    clicks: int = 0


class Habits:
    """Watches what appears on behalf of everybody."""

    def __init__(self, workspace: Workspace, hands: Hands, webhooks: Webhooks) -> None:
        self._workspace = workspace
        self._hands = hands
        self._webhooks = webhooks
        self._played: dict[int, _Done] = {}

    def look(self, message: Message) -> None:
        """A message has appeared or changed."""
        for user in self._workspace.people():
            self._consider(user, message)

    def look_around(self, channel: Channel, user_id: str) -> None:
        """Somebody has come into a channel and sees what stands there."""
        for message in self._workspace.messages_in(channel):
            self._consider(self._workspace.users[user_id], message)

    def _consider(self, user: User, message: Message) -> None:
        channel = self._workspace.channels[message.channel]
        if message.ephemeral_to not in (None, user.id):
            return
        for habit in user.auto:
            if user.id not in channel.members and (channel.is_private or not habit.anywhere):
                continue
            # By identity: set up anew, the same habit begins again.
            done = self._played.setdefault(id(habit), _Done(user.id, habit))
            for button in _buttons(message, habit):
                if button not in done.seen and done.clicks < habit.times:
                    done.seen.add(button)
                    self._webhooks.start(self._act(done, button))

    async def _act(self, done: _Done, button: _Button) -> None:
        channel, ts, action_id, value = button
        habit = done.habit
        await asyncio.sleep(habit.after)
        message = self._workspace.messages.get((channel, ts))
        if message is None or button not in _buttons(message, habit):
            done.seen.discard(button)  # it went away before the hand was there; it may come again
            return
        if done.clicks >= habit.times:
            return
        done.clicks += 1
        click = Click(channel=channel, ts=ts, action_id=action_id, value=habit.value or value or None)
        try:
            outcome = await self._hands.click(done.user, click)
            if habit.submit is None or outcome.trigger is None:
                return
            await asyncio.wait_for(outcome.trigger.used.wait(), TRIGGER_LASTS)
            for view in list(self._workspace.views.values()):
                if view.trigger == outcome.trigger.id:
                    submit = Submit(view_id=view.id, values=habit.submit)
                    await self._hands.submit(done.user, submit)
        except (CannotDo, NoSuchValue, TimeoutError) as error:
            self._workspace.trouble(done.user, f"{action_id}: {error or 'no modal opened'}")


def _buttons(message: Message, habit: Auto) -> list[_Button]:
    found: list[_Button] = []
    for _, element in actions_in(message.blocks):
        value = str(element.get("value") or "")
        wanted = element["type"] != "button" or habit.value in (None, value)
        if wanted and re.fullmatch(habit.on, element["action_id"]):
            found.append((message.channel, message.ts, element["action_id"], value))
    return found
