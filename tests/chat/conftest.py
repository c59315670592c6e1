"""The simulated Slack as a process, and a product that speaks to it."""

import contextlib
import os
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from activities.conversation import SlackChat
from domain.chat import Button, Channels, Post
from domain.incident import IncidentReport, Status
from domain.jobs import Converse, Conversed
from domain.people import PersonRef
from domain.response import WarRoom
from domain.roles import Holder, Role
from integrations.slack import Slack
from stack.ports import free_port
from stack.process import Process, answers_http
from stack.stack import slack_id

TOKEN, SECRET = "xoxb-of-the-tests", "signed-in-the-tests"
OPENED = datetime.now(UTC)
PEOPLE = {"alice": "alice@example.com", "ben": "ben@example.com"}


def a_report(key: str, **more: Any) -> IncidentReport:
    """A P0 with a war room and a commander."""
    alice = PersonRef(id="alice", name="Alice Moreau")
    given: dict[str, Any] = {
        "id": f"checkout.{key}.k3f9a",
        "reply_code": "48213",
        "service": "checkout",
        "service_name": "Checkout",
        "title": f"Payments <fail> & {key}",
        "impact": "Nobody can pay",
        "severity": "P0",
        "rank": 1,
        "drill": False,
        "status": Status.RESPONDING,
        "commander": alice,
        "opened_at": OPENED,
        "acknowledged_at": OPENED,
        "resolved_at": None,
        "closed_at": None,
        "resolution": "",
        "alerts_received": 1,
        "alerts_firing": 1,
        "first_started_at": OPENED,
        "ladder": None,
        "next_deadline": None,
        "faults": {},
        "document": None,
        "roles": {Role.COMMANDER: Holder(person=alice, since=OPENED)},
        "war_room": WarRoom(opened_at=OPENED, why="it is a P0", bridge="https://meet.example.com/x"),
    }
    return IncidentReport.model_validate(given | more)


def a_post(number: int, text: str, place: str = "room", person: str | None = None, *buttons: Button) -> Post:
    given = {"number": number, "at": datetime.now(UTC), "place": place, "text": text, "person": person}
    return Post.model_validate(given | {"buttons": buttons})


@dataclass
class Workspace:
    """The simulated Slack, and ways to look at it."""

    url: str
    http: httpx.AsyncClient

    def chat(self) -> SlackChat:
        """A product that has just started: it remembers nothing."""
        slack = Slack(token=TOKEN, api_url=f"{self.url}/slack/api")
        return SlackChat(slack, status_page="https://shop.example.com/status")

    async def mood(self, **mood: Any) -> None:
        (await self.http.put("/control/slack", json=mood)).raise_for_status()

    async def channels(self) -> dict[str, dict[str, Any]]:
        found = (await self.http.get("/control/slack/channels")).json()
        return {channel["name"]: channel for channel in found}

    async def channel(self, ident: str | None) -> dict[str, Any]:
        found = (await self.http.get("/control/slack/channels")).json()
        return next(channel for channel in found if channel["id"] == ident)

    async def said(self, channel: str | None) -> list[dict[str, Any]]:
        """What we have said in a channel, oldest first."""
        found = (await self.http.get("/control/slack/messages", params={"channel": channel or ""})).json()
        return [message for message in found if message["user"] == "U0MIDWATCH" and not message["subtype"]]

    async def calls(self, method: str) -> list[dict[str, Any]]:
        """How often a method was called."""
        path = f"/slack/api/{method}"
        found = await self.http.get("/control/slack/requests", params={"direction": "in", "path": path})
        return list(found.json())


@pytest.fixture(scope="session")
async def _workspace(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Workspace]:
    port = free_port(None)
    arguments = {
        "--port": str(port),
        "--account-sid": "AC" + "1" * 32,
        "--auth-token": "token",
        "--number": "+15005550006",
        "--sms-url": f"http://127.0.0.1:{port}/nobody",
        "--slack-token": TOKEN,
        "--slack-signing-secret": SECRET,
        "--slack-url": f"http://127.0.0.1:{free_port(None)}/callbacks/slack",
    }
    flat = [word for pair in arguments.items() for word in pair]
    logs = tmp_path_factory.mktemp("slack")
    process = Process(
        "slack",
        [sys.executable, "-m", "simulator", *flat],
        env=dict(os.environ),
        log_dir=Path(logs),
        probe=answers_http(f"http://127.0.0.1:{port}/"),
    )
    async with contextlib.AsyncExitStack() as undo:
        await process.start()
        undo.push_async_callback(process.stop)
        url = f"http://127.0.0.1:{port}"
        http = await undo.enter_async_context(httpx.AsyncClient(base_url=url, trust_env=False, timeout=20))
        yield Workspace(url, http)


@pytest.fixture
async def workspace(_workspace: Workspace) -> Workspace:
    """A Slack that is well, in which Alice and Ben work."""
    (await _workspace.http.post("/control/reset")).raise_for_status()
    await _workspace.mood()
    for email in PEOPLE.values():
        body = {"name": email.split("@")[0].capitalize(), "email": email}
        (await _workspace.http.put(f"/control/slack/users/{slack_id(email)}", json=body)).raise_for_status()
    return _workspace


async def converse(
    chat: SlackChat,
    report: IncidentReport,
    *posts: Post,
    channels: Channels | None = None,
    wanted: bool = True,
    over: bool = False,
) -> Conversed:
    """One turn."""
    return await chat.converse(
        Converse(
            report=report,
            announcements="incidents",
            room_wanted=wanted,
            room_over=over,
            channels=channels or Channels(),
            posts=posts,
            people=PEOPLE | {"chiara": "chiara@example.com"},
        )
    )
