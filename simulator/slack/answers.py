"""What the application says back to a click or a command, at once or later at its response_url."""

from typing import Any

from .arguments import Arguments
from .chat import said
from .errors import SlackError
from .grants import ResponseUrl
from .records import Message
from .workspace import BOT, SLACKBOT, Workspace

TROUBLE = "We had some trouble connecting. Try again?"


def answer(workspace: Workspace, to: ResponseUrl, given: dict[str, Any]) -> None:
    """Posts, replaces or deletes as the answer asks; by default only the person who acted sees it.

    Raises:
        SlackError: if it is no proper message; message_not_found if there is nothing to replace.
    """
    arguments = Arguments(given)
    original = to.message
    if arguments.flag("replace_original") or arguments.flag("delete_original"):
        if original is None or (original.channel, original.ts) not in workspace.messages:
            raise SlackError("message_not_found")
        if arguments.flag("delete_original"):
            workspace.delete(original)
            return
        content = said(arguments)
        original.text, original.blocks = content["text"], content["blocks"]
        workspace.edited(original)
        return
    response_type = arguments.text("response_type", "ephemeral")
    message = Message(
        channel=to.channel,
        ts=workspace.timestamp(),
        user=BOT.id,
        thread_ts=arguments.text("thread_ts") or None,
        ephemeral_to=None if response_type == "in_channel" else to.user,
        **said(arguments),
    )
    workspace.post(message)


def tell(workspace: Workspace, to: ResponseUrl, text: str) -> None:
    """Slack itself tells a person something that nobody else sees."""
    ts = workspace.timestamp()
    workspace.post(Message(channel=to.channel, ts=ts, user=SLACKBOT.id, text=text, ephemeral_to=to.user))
