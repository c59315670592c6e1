"""Slack's methods for modals and home tabs, and what a person has filled in."""

import secrets
import time
from typing import Any

from .arguments import Arguments
from .blocks import checked_view
from .errors import SlackError
from .grants import TRIGGER_LASTS, Trigger
from .records import View
from .state import initial_state
from .workspace import APP_ID, BOT_ID, TEAM, Workspace, new_id


def view_of(given: dict[str, Any], view_id: str) -> dict[str, Any]:
    """A checked view as Slack represents it, with the values it begins with."""
    return {
        "id": view_id,
        "team_id": TEAM["id"],
        "type": given["type"],
        "title": given.get("title"),
        "submit": given.get("submit"),
        "close": given.get("close"),
        "blocks": given["blocks"],
        "private_metadata": given.get("private_metadata") or "",
        "callback_id": given.get("callback_id") or "",
        "external_id": given.get("external_id") or "",
        "state": {"values": initial_state(given["blocks"])},
        "hash": f"{int(time.time())}.{secrets.token_hex(4)}",
        "clear_on_close": bool(given.get("clear_on_close")),
        "notify_on_close": bool(given.get("notify_on_close")),
        "previous_view_id": None,
        "root_view_id": view_id,
        "app_id": APP_ID,
        "bot_id": BOT_ID,
    }


def open_(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """Opens a modal before whoever gave the trigger."""
    given = checked_view(arguments.given.get("view"))
    if given["type"] != "modal":
        raise SlackError("invalid_arguments")
    _check_external_id(workspace, given)
    trigger = _valid(workspace, arguments.text("trigger_id"))
    view_id = new_id("V")
    view = View(id=view_id, user=trigger.user, view=view_of(given, view_id), trigger=trigger.id)
    workspace.view_changed(view)
    trigger.used.set()
    return {"view": view.view}


def _valid(workspace: Workspace, trigger_id: str) -> Trigger:
    trigger = workspace.triggers.get(trigger_id)
    if trigger is None:
        raise SlackError("invalid_trigger_id")
    if time.monotonic() - trigger.given_at > TRIGGER_LASTS:
        raise SlackError("expired_trigger_id")
    if trigger.used.is_set():
        raise SlackError("exchanged_trigger_id")
    return trigger


def update(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """Replaces a view, unless `hash` shows that another one has come meanwhile."""
    view = _found(workspace, arguments)
    given = checked_view(arguments.given.get("view"))
    if given["type"] != view.view["type"]:
        raise SlackError("invalid_arguments")
    if given.get("external_id") != view.view["external_id"]:
        _check_external_id(workspace, given)
    _check_hash(view, arguments)
    replace(workspace, view, given)
    return {"view": view.view}


def replace(workspace: Workspace, view: View, given: dict[str, Any]) -> None:
    """Puts a checked view in the place of another. What was filled in stays where block and action stay."""
    filled = view.view["state"]["values"]
    view.view = view_of(given, view.id)
    for block_id, actions in view.view["state"]["values"].items():
        for action_id in actions:
            kept = filled.get(block_id, {}).get(action_id)
            if kept is not None and kept["type"] == actions[action_id]["type"]:
                actions[action_id] = kept
    view.errors, view.trouble = {}, None
    workspace.view_changed(view)


def publish(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """Puts up a person's home tab."""
    user = arguments.required("user_id", "user_not_found")
    if user not in workspace.users:
        raise SlackError("user_not_found")
    given = checked_view(arguments.given.get("view"))
    if given["type"] != "home":
        raise SlackError("invalid_arguments")
    view = workspace.homes.get(user)
    if view is None:
        view_id = new_id("V")
        view = View(id=view_id, user=user, view=view_of(given, view_id))
        workspace.view_changed(view)
    else:
        _check_hash(view, arguments)
        replace(workspace, view, given)
    return {"view": view.view}


def find_view(workspace: Workspace, view_id: str) -> View | None:
    """The modal or home with this id."""
    homes = (home for home in workspace.homes.values() if home.id == view_id)
    return workspace.views.get(view_id) or next(homes, None)


def _found(workspace: Workspace, arguments: Arguments) -> View:
    view = find_view(workspace, arguments.text("view_id"))
    external_id = arguments.text("external_id")
    if view is None and external_id:
        named = (one for one in workspace.views.values() if one.view["external_id"] == external_id)
        view = next(named, None)
    if view is None:
        raise SlackError("not_found")
    return view


def _check_external_id(workspace: Workspace, given: dict[str, Any]) -> None:
    external_id = given.get("external_id")
    if external_id and any(view.view["external_id"] == external_id for view in workspace.views.values()):
        raise SlackError("duplicate_external_id")


def _check_hash(view: View, arguments: Arguments) -> None:
    if arguments.has("hash") and arguments.text("hash") != view.view["hash"]:
        raise SlackError("hash_conflict")


METHODS = {"views.open": open_, "views.update": update, "views.publish": publish}
