"""What people do in Slack: click, fill in, command, say; and how Slack takes the application's answer."""

import json
import time
from dataclasses import dataclass
from typing import Any

from . import answers, payloads
from .blocks import actions_in, checked_view
from .errors import SlackError
from .grants import ResponseUrl, Trigger
from .models import Click, CloseView, Command, Say, Submit
from .outbound import Outbound, Taken
from .records import Channel, Message, View
from .state import chosen, filled_in, initial_state, lacking
from .views import find_view, replace, view_of
from .workspace import BOT, Workspace, new_id


class CannotDo(Exception):
    """Nothing of the kind is before this person."""


@dataclass(frozen=True)
class Outcome:
    """What came of a deed: its request, what the person reads if it went wrong, the modal that stays."""

    taken: Taken | None = None
    error: str | None = None
    view: View | None = None
    trigger: Trigger | None = None


class Hands:
    """Does what people do. Every deed returns when the application has answered, within three seconds."""

    def __init__(self, workspace: Workspace, outbound: Outbound) -> None:
        self._workspace = workspace
        self._outbound = outbound

    async def click(self, user: str, click: Click) -> Outcome:
        """A button or select of a message or view. Raises CannotDo; NoSuchValue for a choice not there."""
        if click.view_id is not None:
            where: Message | View = self._view(user, click.view_id)
            blocks = where.view["blocks"] if isinstance(where, View) else []
        else:
            where = self._message(user, click)
            blocks = where.blocks
        for block, element in actions_in(blocks):
            same = element["type"] != "button" or click.value in (None, element.get("value"))
            if element["action_id"] == click.action_id and same and block["type"] != "input":
                break
        else:
            raise CannotDo(f"there is no {click.action_id!r} to click")
        action = {
            "type": element["type"],
            "action_id": element["action_id"],
            "block_id": block["block_id"],
            "action_ts": self._workspace.timestamp(),
        }
        values = initial_state(blocks) if isinstance(where, Message) else where.view["state"]["values"]
        if element["type"] == "button":
            action |= {key: element[key] for key in ("text", "value", "style", "url") if key in element}
        else:
            action |= chosen(element, click.value)
            given = {block["block_id"]: {element["action_id"]: click.value}}
            values = filled_in(blocks, values, given)
        trigger = self._workspace.new_trigger(user)
        payload = payloads.common(self._workspace, user, "block_actions", trigger)
        payload |= {"actions": [action]}
        if isinstance(where, View):
            where.view["state"]["values"] = values
            payload |= {"container": {"type": "view", "view_id": where.id}, "view": where.view}
        else:
            payload |= payloads.message_part(self._workspace, where, values)
            response = ResponseUrl(channel=where.channel, user=user, message=where)
            payload["response_url"] = self._workspace.new_response_url(response)
        taken = await self._outbound.interaction(payload)
        if taken.error is not None:
            self._workspace.trouble(user, answers.TROUBLE)
        return Outcome(taken, taken.error and answers.TROUBLE, trigger=trigger)

    async def submit(self, user: str, submit: Submit) -> Outcome:
        """Sends a modal off. Raises CannotDo; NoSuchValue for a field or choice that it has not."""
        view = self._modal(user, submit.view_id)
        blocks = view.view["blocks"]
        values = filled_in(blocks, view.view["state"]["values"], submit.values)
        view.view["state"]["values"] = values
        view.trouble, view.errors = None, lacking(blocks, values)
        self._workspace.view_changed(view)
        if view.errors:
            return Outcome(view=view)
        trigger = self._workspace.new_trigger(user)
        payload = payloads.common(self._workspace, user, "view_submission", trigger)
        taken = await self._outbound.interaction({**payload, "view": view.view, "response_urls": []})
        if view.id not in self._workspace.views:
            return Outcome(taken)
        try:
            self._obey(view, taken)
        except (SlackError, ValueError):
            view.trouble = answers.TROUBLE
            self._workspace.view_changed(view)
        return Outcome(taken, view.trouble, self._workspace.views.get(view.id), trigger)

    def _obey(self, view: View, taken: Taken) -> None:
        if taken.error is not None:
            raise ValueError(taken.error)
        told = json.loads(taken.body) if taken.body.strip() else {}
        if not isinstance(told, dict):
            raise ValueError("not an object")
        match told.get("response_action"):
            case None:
                self._workspace.view_closed(view)
            case "clear":
                for one in [one for one in self._workspace.views.values() if one.user == view.user]:
                    self._workspace.view_closed(one)
            case "update":
                replace(self._workspace, view, checked_view(told.get("view")))
            case "push":
                view_id = new_id("V")
                pushed = view_of(checked_view(told.get("view")), view_id)
                pushed |= {"previous_view_id": view.id, "root_view_id": view.view["root_view_id"]}
                self._workspace.view_changed(View(id=view_id, user=view.user, view=pushed))
            case "errors":
                errors = told.get("errors")
                known = {block["block_id"] for block in view.view["blocks"] if block["type"] == "input"}
                if not isinstance(errors, dict) or not errors or set(errors) - known:
                    raise ValueError("errors that belong to no input")
                view.errors = {block_id: str(error) for block_id, error in errors.items()}
                self._workspace.view_changed(view)
            case other:
                raise ValueError(f"no such response_action: {other}")

    async def close_view(self, user: str, close: CloseView) -> Outcome:
        """Closes a modal by hand; the application hears of it if it wanted to. Raises CannotDo."""
        view = self._modal(user, close.view_id)
        self._workspace.view_closed(view)
        if not view.view["notify_on_close"]:
            return Outcome()
        payload = payloads.common(self._workspace, user, "view_closed")
        return Outcome(await self._outbound.interaction({**payload, "view": view.view, "is_cleared": False}))

    async def command(self, user: str, command: Command) -> Outcome:
        """A slash command; what the application answers appears in the channel. Raises CannotDo."""
        channel = self._channel(user, command.channel)
        trigger = self._workspace.new_trigger(user)
        to = ResponseUrl(channel=channel.id, user=user)
        parameters = payloads.command(self._workspace, user, channel, command, trigger)
        parameters["response_url"] = self._workspace.new_response_url(to)
        taken = await self._outbound.command(parameters)
        failed = None
        if taken.error is not None:
            failed = "operation_timeout" if taken.error == "http_timeout" else "dispatch_failed"
        elif taken.body.strip():
            try:
                told = json.loads(taken.body) if taken.content_type == "application/json" else None
                answers.answer(self._workspace, to, told or {"text": taken.body.decode()})
            except (SlackError, ValueError, TypeError, AttributeError):
                failed = "dispatch_failed"
        if failed is not None:
            failed = f'{command.command} failed with the error "{failed}"'
            answers.tell(self._workspace, to, failed)
        return Outcome(taken, failed, trigger=trigger)

    def say(self, user: str, say: Say) -> Message:
        """A message in a channel, which the person joins for it if it is public. Raises CannotDo."""
        channel = self._channel(user, say.channel)
        if channel.is_archived:
            raise CannotDo(f"#{channel.name} is archived")
        if user not in channel.members:
            self._workspace.join(channel, user)
        text = self._workspace.mentions(say.text)
        ts, thread = self._workspace.timestamp(), say.thread_ts
        message = Message(channel=channel.id, ts=ts, user=user, text=text, thread_ts=thread)
        return self._workspace.post(message)

    def open_home(self, user: str) -> None:
        """The person opens the application's home tab."""
        channel, _ = self._workspace.direct_channel([user])
        ts = f"{time.time():.6f}"
        event = {
            "type": "app_home_opened",
            "user": user,
            "channel": channel.id,
            "tab": "home",
            "event_ts": ts,
        }
        home = self._workspace.homes.get(user)
        self._outbound.event({**event, "view": home.view} if home else event)

    def _channel(self, user: str, written: str) -> Channel:
        if written == f"@{BOT.handle}":
            return self._workspace.direct_channel([user])[0]
        channel = self._workspace.channel_named(written)
        if channel is None or (channel.is_private and user not in channel.members):
            raise CannotDo(f"there is no channel {written!r}")
        return channel

    def _message(self, user: str, click: Click) -> Message:
        channel = self._channel(user, click.channel or "")
        message = self._workspace.messages.get((channel.id, click.ts or ""))
        if message is None or message.ephemeral_to not in (None, user):
            raise CannotDo("there is no such message")
        return message

    def _view(self, user: str, view_id: str) -> View:
        view = find_view(self._workspace, view_id)
        if view is None or view.user != user:
            raise CannotDo("there is no such view")
        return view

    def _modal(self, user: str, view_id: str) -> View:
        view: Any = self._workspace.views.get(view_id)
        if view is None or view.user != user:
            raise CannotDo("there is no such modal")
        assert isinstance(view, View)
        return view
