"""The director's side of Slack: sets up people, moves their hands, changes the mood, and sees everything."""

import time
from collections.abc import Awaitable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Path, Request
from pydantic import BaseModel

from .conversations import check_name
from .errors import SlackError
from .hands import CannotDo, Outcome
from .models import ChannelSetup, Click, CloseView, Command, Say, SlackMood, Submit, UserSetup
from .records import Channel, Message, RequestRecord, User, View
from .service import Slack, TheSlack
from .state import NoSuchValue
from .workspace import SLACKBOT, new_id

router = APIRouter(prefix="/control/slack")
UserId = Annotated[str, Path(pattern=r"^[UW][A-Z0-9]+$")]


class Deed(BaseModel):
    """What came of a deed. `request` is the number of the request it made, `status` of its answer.

    `error` is what the person reads when it went wrong, `view` the modal that stays open with its errors.
    """

    request: int | None
    status: int | None
    error: str | None
    view: View | None


@router.put("")
async def set_mood(mood: SlackMood, slack: TheSlack) -> SlackMood:
    """Changes Slack's mood; {} is well."""
    slack.workspace.set_mood(mood)
    return mood


@router.get("")
async def mood(slack: TheSlack) -> SlackMood:
    """Slack's mood; `for_next` is what is left of it."""
    return slack.workspace.mood


@router.put("/users/{user_id}")
async def set_up_user(user_id: UserId, setup: UserSetup, slack: TheSlack) -> User:
    """Puts a person into the workspace; their habits begin anew. 409 for the bots."""
    workspace = slack.workspace
    known = workspace.users.get(user_id)
    if known is not None and known.is_bot:
        raise HTTPException(409, f"{user_id} is a bot")
    handle = setup.email.split("@")[0].lower()
    user = User(id=user_id, name=setup.name, handle=handle, email=setup.email, auto=setup.auto)
    workspace.user_changed(user)
    return user


@router.get("/users")
async def users(slack: TheSlack) -> list[User]:
    """Everybody, the bots too."""
    return list(slack.workspace.users.values())


@router.put("/channels/{name}")
async def set_up_channel(name: str, setup: ChannelSetup, slack: TheSlack) -> Channel:
    """A channel that people have made; one that is there gets the members it lacks. The bot must join it."""
    workspace = slack.workspace
    unknown = [user for user in setup.members if user not in workspace.users]
    if unknown:
        raise HTTPException(422, f"nobody is called {', '.join(unknown)}")
    channel = workspace.channel_named(name)
    if channel is None:
        try:
            check_name(workspace, name)
        except SlackError as error:
            raise HTTPException(422, error.error) from None
        creator = setup.members[0] if setup.members else SLACKBOT.id
        channel = Channel(
            id=new_id("C"),
            name=name,
            is_private=setup.is_private,
            creator=creator,
            created=int(time.time()),
        )
    channel.members += [user for user in setup.members if user not in channel.members]
    workspace.channel_changed(channel)
    return channel


@router.get("/channels")
async def channels(slack: TheSlack) -> list[Channel]:
    """Every channel and direct message."""
    return list(slack.workspace.channels.values())


@router.get("/messages")
async def messages(slack: TheSlack, channel: str | None = None) -> list[Message]:
    """Messages as they stand now, oldest first: of one channel (id or name), or all. 404 if there is none."""
    if channel is None:
        return list(slack.workspace.messages.values())
    found = slack.workspace.channel_named(channel)
    if found is None:
        raise HTTPException(404, f"there is no channel {channel!r}")
    return slack.workspace.messages_in(found)


@router.get("/modals")
async def modals(slack: TheSlack, user: str | None = None) -> list[View]:
    """The modals that are open, of everybody or of one person."""
    return [view for view in slack.workspace.views.values() if user in (None, view.user)]


@router.get("/home")
async def homes(slack: TheSlack) -> dict[str, View]:
    """The home tabs that have been published, by user."""
    return slack.workspace.homes


@router.get("/requests")
async def requests(
    slack: TheSlack, direction: Literal["out", "in"] | None = None, path: str | None = None
) -> list[RequestRecord]:
    """The requests out to the application and in from it, oldest first; `path` selects one path."""
    return [
        record
        for record in slack.workspace.requests
        if direction in (None, record.direction) and path in (None, record.path)
    ]


@router.post("/requests/{n}/replay")
async def replay(n: int, slack: TheSlack) -> RequestRecord:
    """Sends a request out again, byte by byte. 404 if there is no such request out."""
    for record in slack.workspace.requests:
        if record.n == n and record.direction == "out":
            return await slack.outbound.replay(record)
    raise HTTPException(404, f"there is no request out with the number {n}")


@router.post("/verify-url")
async def verify_url(slack: TheSlack) -> dict[str, Any]:
    """Sends a url_verification and says whether the challenge came back."""
    taken, verified = await slack.outbound.verify_url()
    return {"verified": verified, "request": taken.record.n, "status": taken.record.status}


@router.post("/users/{user_id}/click")
async def click(user_id: UserId, body: Click, slack: TheSlack, request: Request) -> Deed:
    """Clicks or picks. 409 if no such thing is before this person, 422 for a choice that is not there."""
    return await _done(slack, request, user_id, slack.hands.click(user_id, body))


@router.post("/users/{user_id}/submit")
async def submit(user_id: UserId, body: Submit, slack: TheSlack, request: Request) -> Deed:
    """Sends a modal off. 409 if it is not open before this person, 422 for fields that it has not."""
    return await _done(slack, request, user_id, slack.hands.submit(user_id, body))


@router.post("/users/{user_id}/close-view")
async def close_view(user_id: UserId, body: CloseView, slack: TheSlack, request: Request) -> Deed:
    """Closes a modal by hand. 409 if it is not open before this person."""
    return await _done(slack, request, user_id, slack.hands.close_view(user_id, body))


@router.post("/users/{user_id}/command")
async def command(user_id: UserId, body: Command, slack: TheSlack, request: Request) -> Deed:
    """Gives a slash command. 409 if this person has no such channel."""
    return await _done(slack, request, user_id, slack.hands.command(user_id, body))


@router.post("/users/{user_id}/say")
async def say(user_id: UserId, body: Say, slack: TheSlack) -> Message:
    """Writes into a channel, or to `@midwatch` itself. 409 if this person has no such channel."""
    _known(slack, user_id)
    try:
        return slack.hands.say(user_id, body)
    except CannotDo as error:
        raise HTTPException(409, str(error)) from None


@router.post("/users/{user_id}/open-home", status_code=202)
async def open_home(user_id: UserId, slack: TheSlack) -> dict[str, str]:
    """Opens the application's home tab: tells it app_home_opened."""
    _known(slack, user_id)
    slack.hands.open_home(user_id)
    return {"user": user_id}


async def _done(slack: Slack, request: Request, user: str, deed: Awaitable[Outcome]) -> Deed:
    _known(slack, user)
    # Until the application has called, it is known by no better address than the director's.
    slack.workspace.public_url = slack.workspace.public_url or str(request.base_url).rstrip("/")
    try:
        outcome = await deed
    except CannotDo as error:
        raise HTTPException(409, str(error)) from None
    except NoSuchValue as error:
        raise HTTPException(422, str(error)) from None
    record = outcome.taken.record if outcome.taken else None
    return Deed(
        request=record.n if record else None,
        status=record.status if record else None,
        error=outcome.error,
        view=outcome.view,
    )


def _known(slack: Slack, user: str) -> None:
    if user not in slack.workspace.users:
        raise HTTPException(404, f"nobody is called {user}")
