"""The doors through which the drill acts and looks: Midwatch's API, and the world of the simulator."""

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import httpx

from domain.incident import IncidentReport
from domain.timeline import Entry
from drill.facts import Channel, Contact, Message, PublicPage, Refusal, Request
from stack.stack import slack_id

TIMEOUT_SECONDS = 10


class StoryStuck(Exception):
    """The story did not go on as it should."""


@dataclass(frozen=True)
class Press:
    """A button of a message, as somebody finds it."""

    channel: str
    ts: str
    action_id: str
    value: str


class _Door:
    def __init__(self, base_url: str, headers: Mapping[str, str] | None = None) -> None:
        self._http = httpx.AsyncClient(
            base_url=base_url, headers=headers, trust_env=False, timeout=TIMEOUT_SECONDS
        )

    async def __aenter__(self) -> Self:
        await self._http.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.__aexit__(kind, value, trace)

    async def _get(self, path: str, **parameters: Any) -> Any:
        answer = await self._http.get(path, params=parameters)
        answer.raise_for_status()
        return answer.json()


class Api(_Door):
    """Midwatch's own API."""

    def __init__(self, base_url: str, token: str) -> None:
        super().__init__(base_url, {"Authorization": f"Bearer {token}"})

    async def alert(self, body: dict[str, Any]) -> str:
        """Send an alert as Alertmanager does; the id of its incident."""
        answer = await self._http.post("/ingest/alertmanager", json=body)
        answer.raise_for_status()
        return str(answer.json()["incidents"][0])

    async def do(self, incident: str, verb: str, by: str, **fields: Any) -> IncidentReport:
        """Have something done; the incident after it.

        Raises:
            StoryStuck: it was refused.
        """
        outcome = await self.attempt(incident, verb, by, **fields)
        if isinstance(outcome, Refusal):
            raise StoryStuck(f"{by} may not {verb}: {outcome.detail}")
        return outcome

    async def attempt(self, incident: str, verb: str, by: str, **fields: Any) -> IncidentReport | Refusal:
        """Try to have something done; the incident after it, or why not."""
        answer = await self._http.post(f"/api/v1/incidents/{incident}/{verb}", json={"by": by, **fields})
        body = answer.json()
        if answer.is_error:
            faults = {fault["path"]: fault["message"] for fault in body.get("faults") or ()}
            return Refusal(at=datetime.now(UTC), detail=str(body.get("detail")), faults=faults)
        if not body["said"]["accepted"]:
            return Refusal(at=datetime.now(UTC), detail=body["said"]["text"], faults={})
        return IncidentReport.model_validate(body["report"])

    async def report(self, incident: str) -> IncidentReport:
        """The incident as it is now."""
        return IncidentReport.model_validate(await self._get(f"/api/v1/incidents/{incident}"))

    async def followed(self, incident: str) -> IncidentReport | None:
        """The incident as postmortem and review know it; None before there is one."""
        answer = await self._http.get(f"/api/v1/incidents/{incident}/postmortem")
        if answer.status_code == httpx.codes.NOT_FOUND:
            return None
        answer.raise_for_status()
        return IncidentReport.model_validate(answer.json()["report"])

    async def timeline(self, incident: str) -> list[Entry]:
        """Every entry that is stored."""
        body = await self._get(f"/api/v1/incidents/{incident}/timeline", limit=1000)
        return [Entry.model_validate(entry) for entry in body["entries"]]

    async def public_page(self) -> PublicPage:
        """What everybody may read of our services."""
        return PublicPage.model_validate(await self._get("/api/v2/summary.json"))

    async def stream(self, incident: str) -> AsyncIterator[tuple[str, Any]]:
        """The incident live: kind of event and its data, until it ends."""
        path, kind = f"/api/v1/incidents/{incident}/stream", ""
        async with self._http.stream("GET", path, timeout=None) as lines:
            async for line in lines.aiter_lines():
                field, _, value = line.partition(": ")
                if field == "event":
                    kind = value
                elif field == "data":
                    yield kind, json.loads(value)


class World(_Door):
    """People with phones and hands, and the moods of what they use."""

    async def phone(self, number: str, name: str, behaviour: dict[str, Any]) -> None:
        """How a phone is answered from now on."""
        path = f"/control/phones/{quote(number, safe='')}"
        (await self._http.put(path, json={"name": name, **behaviour})).raise_for_status()

    async def calls(self) -> list[Contact]:
        """Every call, as the carrier knows it."""
        return [Contact.model_validate(call) for call in await self._get("/control/calls")]

    async def messages(self) -> list[Contact]:
        """Every text message that Midwatch sent, as the carrier knows it."""
        found = await self._get("/control/messages")
        return [Contact.model_validate(one) for one in found if one["direction"] == "outbound-api"]

    async def slack_mood(self, **mood: Any) -> None:
        """How Slack treats Midwatch from now on; without a word, well."""
        (await self._http.put("/control/slack", json=mood)).raise_for_status()

    async def slack_requests(self) -> list[Request]:
        """Every request between Slack and Midwatch."""
        found = await self._get("/control/slack/requests")
        return [Request.model_validate(one) for one in found]

    async def channels(self) -> dict[str, Channel]:
        """The channels of Slack, by their id."""
        found = [Channel.model_validate(one) for one in await self._get("/control/slack/channels")]
        return {channel.id: channel for channel in found}

    async def posts(self, channel: str) -> list[Message]:
        """What stands in a channel."""
        found = await self._get("/control/slack/messages", channel=channel)
        return [Message.model_validate(one) for one in found]

    async def button(self, channel: str, action: str, value: str = "") -> Press | None:
        """The latest button of a channel for this action and, if it is given, this value."""
        for post in reversed(await self.posts(channel)):
            for element in post.elements:
                named = str(element.get("action_id", "")).split(":")
                if named[:2] != ["mw", action] or "value" not in element:
                    continue
                if not value or json.loads(element["value"])["value"] == value:
                    return Press(channel, post.ts, element["action_id"], element["value"])
        return None

    async def press(self, email: str, button: Press) -> None:
        """Somebody presses a button."""
        await self._deed(email, "click", vars(button))

    async def modal(self, email: str) -> str | None:
        """The modal that is open before somebody."""
        views = await self._get("/control/slack/modals", user=slack_id(email))
        return str(views[-1]["id"]) if views else None

    async def send(self, email: str, view: str, **fields: str) -> None:
        """Somebody fills in a modal and sends it off."""
        values = {block: {"in": text} for block, text in fields.items()}
        await self._deed(email, "submit", {"view_id": view, "values": values})

    async def _deed(self, email: str, deed: str, body: Mapping[str, Any]) -> None:
        answer = await self._http.post(f"/control/slack/users/{slack_id(email)}/{deed}", json=dict(body))
        told = answer.json()
        wrong = told.get("detail") or told.get("error") or (told.get("view") or {}).get("errors")
        if answer.is_error or wrong:
            raise StoryStuck(f"in Slack, {email} could not {deed}: {wrong}")
