"""Play the story against a running stack, by the same doors that the world uses."""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

from domain.incident import IncidentReport, Status
from domain.organisation import Organisation
from domain.timeline import Entry
from drill.facts import Contact, Facts
from drill.scenario import PHONES, RESOLUTION, SECONDARY, alert
from drill.screen import Screen
from stack.stack import Stack

PATIENCE = 30.0
"""Seconds within which each act of the story has to be over."""

PAGED = "Midwatch paged you"
"""What a message on a machine begins with."""


class StoryStuck(Exception):
    """An act of the story did not come to its end."""


class Play:
    """One performance."""

    def __init__(self, stack: Stack, organisation: Organisation, screen: Screen) -> None:
        self._organisation = organisation
        self._screen = screen
        token = stack.settings.api_token.get_secret_value()
        self._api = httpx.AsyncClient(
            base_url=stack.api_url, headers={"Authorization": f"Bearer {token}"}, trust_env=False, timeout=10
        )
        self._world = httpx.AsyncClient(base_url=stack.simulator_url or "", trust_env=False, timeout=10)
        self._report: IncidentReport | None = None
        self._news = asyncio.Condition()

    async def run(self) -> Facts:
        """The whole story.

        Raises:
            StoryStuck: an act did not end.
            httpx.HTTPError: a door was shut.
        """
        async with self._api, self._world:
            await self._set_the_scene()
            alerted_at, answered_at, incident = await self._break_checkout()
            async with self._watching(incident):
                await self._until("somebody acknowledges", lambda r: r.status is Status.RESPONDING)
                self._screen.act("Voicemail is still recording; the secondary rolls the release back.")
                await self._until_voicemail_is_left()
                await self._say(incident, "resolve", {"by": SECONDARY, "resolution": RESOLUTION})
                await self._until("the document is written", lambda r: r.document is not None)
                await self._say(incident, "close", {"by": SECONDARY})
                await self._until("the incident is closed", lambda r: r.status is Status.CLOSED)
            return await self._facts(incident, alerted_at, answered_at)

    async def _set_the_scene(self) -> None:
        for person, behaviour in PHONES.items():
            entry = self._organisation.people[person]
            path = f"/control/phones/{quote(entry.phone, safe='')}"
            (await self._world.put(path, json={"name": entry.name, **behaviour})).raise_for_status()

    async def _break_checkout(self) -> tuple[datetime, datetime, str]:
        self._screen.act("The checkout breaks: Alertmanager sends its alert.")
        alerted_at = datetime.now(UTC)
        answer = await self._api.post("/ingest/alertmanager", json=alert(secrets.token_hex(2), alerted_at))
        answer.raise_for_status()
        return alerted_at, datetime.now(UTC), str(answer.json()["incidents"][0])

    async def _say(self, incident: str, verb: str, body: dict[str, Any]) -> None:
        self._screen.act(f"{self._organisation.people[body['by']].name}: {verb}.")
        (await self._api.post(f"/api/v1/incidents/{incident}/{verb}", json=body)).raise_for_status()

    @asynccontextmanager
    async def _watching(self, incident: str) -> AsyncIterator[None]:
        watcher = asyncio.create_task(self._watch(incident))
        try:
            yield
        finally:
            watcher.cancel()
            with suppress(asyncio.CancelledError, httpx.HTTPError):
                await watcher

    async def _watch(self, incident: str) -> None:
        """Follow the live stream; what it says goes to the screen and to whoever waits for it."""
        async with self._api.stream("GET", f"/api/v1/incidents/{incident}/stream", timeout=None) as stream:
            kind = ""
            async for line in stream.aiter_lines():
                field, _, value = line.partition(": ")
                if field == "event":
                    kind = value
                elif field == "data":
                    await self._hear(kind, json.loads(value))

    async def _hear(self, kind: str, data: Any) -> None:
        if kind == "timeline":
            self._screen.entry(Entry.model_validate(data))
        elif kind == "incident":
            async with self._news:
                self._report = IncidentReport.model_validate(data)
                self._screen.report(self._report)
                self._news.notify_all()

    async def _until(self, what: str, happened: Callable[[IncidentReport], bool]) -> None:
        try:
            async with asyncio.timeout(PATIENCE), self._news:
                await self._news.wait_for(lambda: self._report is not None and happened(self._report))
        except TimeoutError:
            raise StoryStuck(f"waited {PATIENCE:.0f} s in vain until {what}") from None

    async def _until_voicemail_is_left(self) -> None:
        with suppress(TimeoutError):  # What was not left, the checks will tell.
            async with asyncio.timeout(PATIENCE):
                while not any(
                    PAGED in (call["voicemail"] or "")
                    for call in (await self._world.get("/control/calls")).json()
                ):
                    await asyncio.sleep(0.2)

    async def _facts(self, incident: str, alerted_at: datetime, answered_at: datetime) -> Facts:
        report = IncidentReport.model_validate((await self._api.get(f"/api/v1/incidents/{incident}")).json())
        entries = await self._stored_entries(incident)
        calls, messages = await self._world.get("/control/calls"), await self._world.get("/control/messages")
        return Facts(
            organisation=self._organisation,
            alerted_at=alerted_at,
            answered_at=answered_at,
            report=report,
            entries=entries,
            calls=[Contact.model_validate(call) for call in calls.json()],
            messages=[
                Contact.model_validate(message)
                for message in messages.json()
                if message["direction"] == "outbound-api"
            ],
            document=Path(report.document) if report.document else None,
        )

    async def _stored_entries(self, incident: str) -> list[Entry]:
        answer = await self._api.get(f"/api/v1/incidents/{incident}/timeline", params={"limit": 1000})
        answer.raise_for_status()
        body = answer.json()
        return [
            Entry.model_validate(entry) for entry in (body["entries"] if isinstance(body, dict) else body)
        ]
