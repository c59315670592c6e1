"""Slack at work: the workspace, the people in it, and what the application is told of them."""

from typing import Annotated

from fastapi import Depends, Request

from ..callbacks import Webhooks
from .chat import message_of
from .habits import Habits
from .hands import Hands
from .outbound import Outbound
from .records import Message
from .workspace import BOT, Workspace

_CHANNEL_TYPES = {"im": "im", "mpim": "mpim"}


class Slack:
    """Joins the parts."""

    def __init__(self, workspace: Workspace, webhooks: Webhooks) -> None:
        self.workspace = workspace
        self.outbound = Outbound(workspace, webhooks)
        self.hands = Hands(workspace, self.outbound)
        self.habits = Habits(workspace, self.hands, webhooks)
        workspace.on_appear = self._appeared
        workspace.on_join = self.habits.look_around

    def _appeared(self, message: Message, new: bool) -> None:
        self.habits.look(message)
        channel = self.workspace.channels[message.channel]
        if not new or message.ephemeral_to or BOT.id not in channel.members:
            return
        # The bot's own messages are among them, as at Slack: an application must know its own voice.
        private = "group" if channel.is_private else "channel"
        event = {
            **message_of(message),
            "channel": channel.id,
            "channel_type": _CHANNEL_TYPES.get(channel.kind, private),
            "event_ts": message.ts,
        }
        self.outbound.event(event)
        mentioned = f"<@{BOT.id}>" in message.text and message.user != BOT.id and not message.subtype
        if mentioned and channel.kind == "channel":
            self.outbound.event({**event, "type": "app_mention"})


def slack_of(request: Request) -> Slack:
    """The Slack of this program."""
    slack = request.app.state.slack
    assert isinstance(slack, Slack)
    return slack


TheSlack = Annotated[Slack, Depends(slack_of)]
