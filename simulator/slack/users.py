"""Slack's methods for the bot itself, for people, and for bookmarks."""

import time
from typing import Any
from urllib.parse import urlsplit

from .arguments import Arguments
from .channels import own_channel
from .errors import SlackError
from .records import Bookmark, User
from .workspace import APP_ID, BOT, BOT_ID, TEAM, Workspace, new_id


def user_of(user: User) -> dict[str, Any]:
    """The person as Slack represents them."""
    profile: dict[str, Any] = {
        "real_name": user.name,
        "real_name_normalized": user.name,
        "display_name": user.handle,
        "display_name_normalized": user.handle,
        "team": TEAM["id"],
    }
    profile |= {"email": user.email} if user.email else {}
    return {
        "id": user.id,
        "team_id": TEAM["id"],
        "name": user.handle,
        "real_name": user.name,
        "deleted": False,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "tz": "Etc/UTC",
        "tz_label": "Coordinated Universal Time",
        "tz_offset": 0,
        "updated": 0,
        "profile": profile,
    }


def auth_test(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """Whose token this is."""
    return {
        "url": f"{workspace.public_url}/slack/",
        "team": TEAM["domain"],
        "user": BOT.handle,
        "team_id": TEAM["id"],
        "user_id": BOT.id,
        "bot_id": BOT_ID,
        "is_enterprise_install": False,
    }


def lookup_by_email(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """The person with this address, in capitals or not."""
    email = arguments.text("email").lower()
    for user in workspace.people():
        if email and user.email.lower() == email:
            return {"user": user_of(user)}
    raise SlackError("users_not_found")


def info(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """One person."""
    user = workspace.users.get(arguments.text("user"))
    if user is None:
        raise SlackError("user_not_found")
    return {"user": user_of(user)}


def add_bookmark(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """Puts a link at the head of a channel."""
    channel = own_channel(workspace, arguments, "channel_id")
    title, kind = arguments.required("title"), arguments.required("type")
    if kind != "link":
        raise SlackError("invalid_bookmark_type")
    link = arguments.required("link", "invalid_link")
    if urlsplit(link).scheme not in ("http", "https") or not urlsplit(link).netloc:
        raise SlackError("invalid_link")
    if len(channel.bookmarks) >= 100:
        raise SlackError("too_many_bookmarks")
    at = int(time.time())
    bookmark = Bookmark(id=new_id("Bk"), title=title, link=link, emoji=arguments.text("emoji"), at=at)
    channel.bookmarks.append(bookmark)
    workspace.channel_changed(channel)
    shown = {
        "id": bookmark.id,
        "channel_id": channel.id,
        "title": title,
        "link": link,
        "emoji": bookmark.emoji,
        "icon_url": None,
        "type": "link",
        "entity_id": None,
        "date_created": at,
        "date_updated": 0,
        "rank": "U",
        "last_updated_by_user_id": BOT.id,
        "last_updated_by_team_id": TEAM["id"],
        "shortcut_id": None,
        "app_id": APP_ID,
    }
    return {"bookmark": shown}


METHODS = {
    "auth.test": auth_test,
    "users.lookupByEmail": lookup_by_email,
    "users.info": info,
    "bookmarks.add": add_bookmark,
}
