"""What the methods for channels share: how one is represented and found, and the pages of a list."""

import base64
from collections.abc import Sequence
from typing import Any, TypeVar

from .arguments import Arguments
from .errors import SlackError
from .records import Channel
from .workspace import BOT, TEAM, Workspace

_Item = TypeVar("_Item")
_MOST_ON_A_PAGE = 1000


def channel_of(channel: Channel) -> dict[str, Any]:
    """The channel as Slack represents it."""
    kind, private = channel.kind, channel.is_private
    shown: dict[str, Any] = {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": kind == "channel" and not private,
        "is_group": kind == "channel" and private,
        "is_im": kind == "im",
        "is_mpim": kind == "mpim",
        "is_private": private,
        "is_archived": channel.is_archived,
        "is_general": channel.is_general,
        "is_member": BOT.id in channel.members,
        "is_shared": False,
        "is_ext_shared": False,
        "is_org_shared": False,
        "created": channel.created,
        "creator": channel.creator,
        "context_team_id": TEAM["id"],
        "unlinked": 0,
        "previous_names": [],
        "topic": {"value": channel.topic, "creator": BOT.id if channel.topic else "", "last_set": 0},
        "purpose": {"value": channel.purpose, "creator": BOT.id if channel.purpose else "", "last_set": 0},
        "num_members": len(channel.members),
    }
    if kind == "im":
        shown["user"] = next(user for user in channel.members if user != BOT.id)
    return shown


def seen_channel(workspace: Workspace, arguments: Arguments, name: str = "channel") -> Channel:
    """The channel given by its id. Raises SlackError channel_not_found, for private ones of others too."""
    channel = workspace.channels.get(arguments.required(name, "channel_not_found"))
    if channel is None or (channel.is_private and BOT.id not in channel.members):
        raise SlackError("channel_not_found")
    return channel


def own_channel(workspace: Workspace, arguments: Arguments, name: str = "channel") -> Channel:
    """The same, when only a member may. Raises SlackError not_in_channel, is_archived."""
    channel = seen_channel(workspace, arguments, name)
    if channel.is_archived:
        raise SlackError("is_archived")
    if BOT.id not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def page_of(items: Sequence[_Item], arguments: Arguments) -> tuple[list[_Item], str]:
    """The part of a list that `cursor` and `limit` ask for, and the cursor of the next; empty at the end."""
    start = 0
    if cursor := arguments.text("cursor"):
        try:
            start = int(base64.b64decode(cursor, validate=True))
        except ValueError:
            raise SlackError("invalid_cursor") from None
    end = start + min(arguments.number("limit", 100), _MOST_ON_A_PAGE)
    following = base64.b64encode(str(end).encode()).decode() if end < len(items) else ""
    return list(items[start:end]), following
