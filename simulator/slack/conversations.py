"""Slack's methods for channels and direct messages."""

import re
import time
from typing import Any

from .arguments import Arguments
from .channels import channel_of, own_channel, page_of, seen_channel
from .chat import message_of
from .errors import SlackError
from .records import Channel, Message
from .workspace import BOT, Workspace, new_id


def create(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """Makes a channel with the bot in it."""
    name = arguments.text("name")
    check_name(workspace, name)
    channel = Channel(
        id=new_id("C"),
        name=name,
        is_private=arguments.flag("is_private"),
        creator=BOT.id,
        created=int(time.time()),
    )
    workspace.channel_changed(channel)
    workspace.join(channel, BOT.id)
    return {"channel": channel_of(channel)}


def check_name(workspace: Workspace, name: str) -> None:
    """Whether a new channel may be called so. Raises SlackError with the rule that is broken."""
    if not name:
        raise SlackError("invalid_name_required")
    if len(name) > 80:
        raise SlackError("invalid_name_maxlength")
    if not re.search(r"\w", name):
        raise SlackError("invalid_name_punctuation")
    # Letters of other alphabets are allowed as long as they are not capitals.
    if not re.fullmatch(r"[\w-]+", name) or name != name.lower():
        raise SlackError("invalid_name_specials")
    if workspace.channel_named(name):
        raise SlackError("name_taken")


def invite(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """Brings people in: all of them, or without `force` none if one cannot be."""
    channel = own_channel(workspace, arguments)
    faults: dict[str, str] = {}
    users = arguments.names("users")
    if not users:
        raise SlackError("no_user")
    for user in users:
        if user == BOT.id:
            faults[user] = "cant_invite_self"
        elif user not in workspace.users:
            faults[user] = "user_not_found"
        elif user in channel.members:
            faults[user] = "already_in_channel"
    force = arguments.flag("force")
    if faults and (not force or len(faults) == len(users)):
        listed = [{"user": user, "ok": False, "error": error} for user, error in faults.items()]
        raise SlackError(next(iter(faults.values())), errors=listed)
    for user in dict.fromkeys(users):
        if user not in faults:
            workspace.join(channel, user)
    return {"channel": channel_of(channel)}


def set_topic(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """Changes the line at a channel's head."""
    channel = own_channel(workspace, arguments)
    topic = _line(arguments, "topic")
    if topic != channel.topic:
        channel.topic = topic
        workspace.channel_changed(channel)
        workspace.note(channel, BOT.id, "channel_topic", f"<@{BOT.id}> set the channel topic: {topic}")
    return {"channel": channel_of(channel), "topic": topic}


def set_purpose(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """Changes a channel's description."""
    channel = own_channel(workspace, arguments)
    purpose = _line(arguments, "purpose")
    if purpose != channel.purpose:
        channel.purpose = purpose
        workspace.channel_changed(channel)
        text = f"<@{BOT.id}> set the channel description: {purpose}"
        workspace.note(channel, BOT.id, "channel_purpose", text)
    return {"channel": channel_of(channel), "purpose": purpose}


def _line(arguments: Arguments, name: str) -> str:
    value = arguments.text(name)
    if len(value) > 250:
        raise SlackError("too_long")
    return value


def join(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """Makes the bot a member of a public channel."""
    channel = seen_channel(workspace, arguments)
    if channel.kind != "channel":
        raise SlackError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise SlackError("is_archived")
    if BOT.id in channel.members:
        warning = "already_in_channel"
        more = {"warning": warning, "response_metadata": {"warnings": [warning]}}
        return {"channel": channel_of(channel), **more}
    workspace.join(channel, BOT.id)
    return {"channel": channel_of(channel)}


def list_(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """The channels of the kinds asked for; private ones only with the bot in them."""
    kinds = set(arguments.names("types") or ["public_channel"])
    if kinds - {"public_channel", "private_channel", "im", "mpim"}:
        raise SlackError("invalid_types")
    found = [
        channel
        for channel in workspace.channels.values()
        if _kind(channel) in kinds
        and (not channel.is_private or BOT.id in channel.members)
        and not (channel.is_archived and arguments.flag("exclude_archived"))
    ]
    shown, cursor = page_of(found, arguments)
    channels = [channel_of(channel) for channel in shown]
    return {"channels": channels, "response_metadata": {"next_cursor": cursor}}


def _kind(channel: Channel) -> str:
    if channel.kind != "channel":
        return channel.kind
    return "private_channel" if channel.is_private else "public_channel"


def info(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """One channel."""
    return {"channel": channel_of(seen_channel(workspace, arguments))}


def archive(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """Closes a channel; it can still be read."""
    channel = seen_channel(workspace, arguments)
    if channel.is_archived:
        raise SlackError("already_archived")
    if channel.is_general:
        raise SlackError("cant_archive_general")
    if BOT.id not in channel.members:
        raise SlackError("not_in_channel")
    channel.is_archived = True
    workspace.channel_changed(channel)
    return {}


def history(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """The messages of a channel, newest first; replies in threads and ephemeral ones are not among them."""
    channel = seen_channel(workspace, arguments)
    if BOT.id not in channel.members:
        raise SlackError("not_in_channel")
    with_metadata = arguments.flag("include_all_metadata")
    found = [
        message
        for message in sorted(workspace.messages_in(channel), key=lambda message: message.ts, reverse=True)
        if message.ephemeral_to is None
        and message.thread_ts in (None, message.ts)
        and _within(message, arguments)
    ]
    shown, cursor = page_of(found, arguments)
    answer: dict[str, Any] = {
        "messages": [message_of(message, with_metadata=with_metadata) for message in shown],
        "has_more": bool(cursor),
        "pin_count": len(channel.pins),
    }
    return answer | ({"response_metadata": {"next_cursor": cursor}} if cursor else {})


def _within(message: Message, arguments: Arguments) -> bool:
    try:
        oldest = float(arguments.text("oldest", "0"))
        latest = float(arguments.text("latest") or "inf")
    except ValueError:
        raise SlackError("invalid_ts_oldest") from None
    at = float(message.ts)
    return oldest < at < latest or (arguments.flag("inclusive") and at in (oldest, latest))


def open_(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """Opens direct messages with one person or several."""
    users = arguments.names("users")
    if not users:
        raise SlackError("users_list_not_supplied")
    if any(user not in workspace.users for user in users):
        raise SlackError("user_not_found")
    channel, opened = workspace.direct_channel(users)
    whole = channel_of(channel) if arguments.flag("return_im") else {"id": channel.id}
    return {"channel": whole} | ({} if opened else {"no_op": True, "already_open": True})


METHODS = {
    "conversations.create": create,
    "conversations.invite": invite,
    "conversations.setTopic": set_topic,
    "conversations.setPurpose": set_purpose,
    "conversations.join": join,
    "conversations.list": list_,
    "conversations.info": info,
    "conversations.archive": archive,
    "conversations.history": history,
    "conversations.open": open_,
}
