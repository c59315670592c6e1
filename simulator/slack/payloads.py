"""The bodies that Slack sends to the application."""

from typing import Any

from .chat import message_of
from .grants import Trigger
from .models import Command, Values
from .records import Channel, Message
from .workspace import APP_ID, TEAM, Workspace

_VERIFICATION = "verification"


def common(workspace: Workspace, user: str, kind: str, trigger: Trigger | None = None) -> dict[str, Any]:
    """What every interaction says."""
    handle = workspace.users[user].handle
    payload: dict[str, Any] = {
        "type": kind,
        "user": {"id": user, "username": handle, "name": handle, "team_id": TEAM["id"]},
        "api_app_id": APP_ID,
        "token": _VERIFICATION,
        "team": TEAM,
        "enterprise": None,
        "is_enterprise_install": False,
    }
    return payload | ({"trigger_id": trigger.id} if trigger else {})


def message_part(workspace: Workspace, message: Message, values: Values) -> dict[str, Any]:
    """What a click on a message says of it; of an ephemeral one Slack does not send the message."""
    container: dict[str, Any] = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": message.channel,
        "is_ephemeral": message.ephemeral_to is not None,
    }
    channel = workspace.channels[message.channel]
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    part = {
        "container": container,
        "channel": {"id": channel.id, "name": _name(channel)},
        "state": {"values": values},
    }
    return part | ({} if message.ephemeral_to else {"message": message_of(message)})


def command(
    workspace: Workspace, user: str, channel: Channel, command: Command, trigger: Trigger
) -> dict[str, str]:
    """A slash command."""
    return {
        "token": _VERIFICATION,
        "team_id": TEAM["id"],
        "team_domain": TEAM["domain"],
        "channel_id": channel.id,
        "channel_name": _name(channel),
        "user_id": user,
        "user_name": workspace.users[user].handle,
        "command": command.command,
        "text": workspace.mentions(command.text),
        "api_app_id": APP_ID,
        "is_enterprise_install": "false",
        "trigger_id": trigger.id,
    }


def _name(channel: Channel) -> str:
    if channel.kind == "im":
        return "directmessage"
    return "privategroup" if channel.is_private and channel.kind == "channel" else channel.name
