"""Slack's methods for messages."""

from typing import Any

from .arguments import Arguments
from .blocks import message_blocks
from .errors import SlackError
from .records import Channel, Message
from .workspace import APP_ID, BOT, BOT_ID, TEAM, Workspace


def message_of(message: Message, *, with_metadata: bool = True) -> dict[str, Any]:
    """The message as Slack represents it."""
    shown: dict[str, Any] = {
        "type": "message",
        "user": message.user,
        "text": message.text,
        "ts": message.ts,
        "team": TEAM["id"],
    }
    if message.subtype:
        shown["subtype"] = message.subtype
    if message.user == BOT.id and not message.subtype:
        shown |= {"bot_id": BOT_ID, "app_id": APP_ID}
    if message.blocks:
        shown["blocks"] = message.blocks
    if message.thread_ts:
        shown["thread_ts"] = message.thread_ts
    if message.edited:
        shown["edited"] = {"user": message.user, "ts": message.edited}
    if message.metadata and with_metadata:
        shown["metadata"] = message.metadata
    return shown


def said(arguments: Arguments) -> dict[str, Any]:
    """The text and blocks of a message to be. Raises SlackError no_text, msg_too_long, invalid_blocks."""
    text = arguments.text("text")
    blocks = message_blocks(arguments.given["blocks"]) if arguments.given.get("blocks") else []
    if not text and not blocks:
        raise SlackError("no_text")
    if len(text) > 40_000:
        raise SlackError("msg_too_long")
    return {"text": text, "blocks": blocks}


def _metadata(arguments: Arguments) -> dict[str, Any] | None:
    metadata = arguments.object("metadata", "invalid_metadata_format")
    if metadata and not (
        isinstance(metadata.get("event_type"), str) and isinstance(metadata.get("event_payload"), dict)
    ):
        raise SlackError("invalid_metadata_schema")
    return metadata


def _target(workspace: Workspace, arguments: Arguments) -> Channel:
    written = arguments.required("channel", "channel_not_found")
    # A message to a person's id goes to their direct messages with the bot.
    if written in workspace.users:
        return workspace.direct_channel([written])[0]
    channel = workspace.channel_named(written)
    if channel is None or (channel.is_private and BOT.id not in channel.members):
        raise SlackError("channel_not_found")
    if channel.is_archived:
        raise SlackError("is_archived")
    return channel


def post_message(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """Posts, also where the bot is no member, as the scope chat:write.public lets it."""
    channel = _target(workspace, arguments)
    thread_ts = arguments.text("thread_ts") or None
    if thread_ts and (channel.id, thread_ts) not in workspace.messages:
        raise SlackError("thread_not_found")
    content, metadata = said(arguments), _metadata(arguments)
    message = Message(
        channel=channel.id,
        ts=workspace.timestamp(),
        user=BOT.id,
        metadata=metadata,
        thread_ts=thread_ts,
        **content,
    )
    workspace.post(message)
    return {"channel": channel.id, "ts": message.ts, "message": message_of(message)}


def post_ephemeral(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """Shows a message to one member of a channel; it is kept nowhere."""
    channel = _target(workspace, arguments)
    user = arguments.required("user", "user_not_found")
    if user not in workspace.users:
        raise SlackError("user_not_found")
    if user not in channel.members:
        raise SlackError("user_not_in_channel")
    content = said(arguments)
    message = Message(channel=channel.id, ts=workspace.timestamp(), user=BOT.id, ephemeral_to=user, **content)
    workspace.post(message)
    return {"message_ts": message.ts}


def _message(
    workspace: Workspace, arguments: Arguments, name: str, error: str = "message_not_found"
) -> Message:
    channel = workspace.channels.get(arguments.required("channel", "channel_not_found"))
    if channel is None:
        raise SlackError("channel_not_found")
    message = workspace.messages.get((channel.id, arguments.text(name)))
    if message is None or message.ephemeral_to:
        raise SlackError(error)
    return message


def update(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """Edits one of the bot's own messages. As at Slack, a text without blocks takes the blocks away."""
    message = _message(workspace, arguments, "ts")
    if message.user != BOT.id or message.subtype:
        raise SlackError("cant_update_message")
    if workspace.channels[message.channel].is_archived:
        raise SlackError("is_archived")
    metadata = _metadata(arguments) if arguments.has("metadata") else message.metadata
    content = said(arguments)
    message.text, message.blocks, message.metadata = content["text"], content["blocks"], metadata or None
    workspace.edited(message)
    return {
        "channel": message.channel,
        "ts": message.ts,
        "text": message.text,
        "message": message_of(message),
    }


def get_permalink(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """The address of a message; here it leads to the page."""
    message = _message(workspace, arguments, "message_ts")
    path = f"/slack/archives/{message.channel}/p{message.ts.replace('.', '')}"
    return {"channel": message.channel, "permalink": workspace.public_url + path}


def add_pin(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """Pins a message to its channel."""
    if not arguments.has("timestamp"):
        raise SlackError("no_item_specified")
    message = _message(workspace, arguments, "timestamp")
    channel = workspace.channels[message.channel]
    if BOT.id not in channel.members:
        raise SlackError("not_in_channel")
    if message.ts in channel.pins:
        raise SlackError("already_pinned")
    if len(channel.pins) >= 100:
        raise SlackError("too_many_pins")
    channel.pins.append(message.ts)
    workspace.channel_changed(channel)
    return {}


METHODS = {
    "chat.postMessage": post_message,
    "chat.postEphemeral": post_ephemeral,
    "chat.update": update,
    "chat.getPermalink": get_permalink,
    "pins.add": add_pin,
}
