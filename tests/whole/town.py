"""A town with phones in it: the whole system as processes, and what a test does and sees from outside."""

import asyncio
import itertools
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import httpx
from sqlalchemy import delete
from sqlalchemy.exc import SQLAlchemyError
from temporalio.client import Client, WorkflowHandle
from temporalio.contrib.pydantic import pydantic_data_converter

from domain.ids import IncidentId
from domain.incident import IncidentReport
from domain.organisation import Organisation
from domain.timeline import Entry, Kind
from stack.stack import Stack
from storage.engine import make_engine
from storage.page_models import PageRow
from storage.schema import ensure
from tests.eventually import eventually

_numbers = itertools.count(1)

BUSY = {"kind": "busy"}
SILENT = {"kind": "no-answer"}
IGNORE = {"kind": "ignore"}
LINE_DOWN = {"kind": "line-down"}
OVER = ("completed", "busy", "no-answer", "failed", "canceled")
UNDELIVERABLE = {"kind": "undeliverable"}


def presses(*keys: str, after: float = 0.2) -> dict[str, Any]:
    """Picks up, and presses one key at each question."""
    return {"kind": "answer", "after": after, "then": [{"wait": 0.1, "press": key} for key in keys]}


def says(*words: str, confidence: float = 0.9) -> dict[str, Any]:
    """Picks up, and says one thing at each question."""
    steps = [{"wait": 0.1, "say": word, "confidence": confidence} for word in words]
    return {"kind": "answer", "after": 0.2, "then": steps}


class Town:
    """One running system, and every way a test may look at it. All of them are the world's own doors."""

    def __init__(self, stack: Stack, organisation: Organisation) -> None:
        self.stack = stack
        self.organisation = organisation
        token = stack.settings.api_token.get_secret_value()
        self.api = httpx.AsyncClient(
            base_url=stack.api_url, headers={"Authorization": f"Bearer {token}"}, trust_env=False, timeout=15
        )
        self.world = httpx.AsyncClient(base_url=stack.simulator_url or "", trust_env=False, timeout=15)
        self.opened: list[str] = []
        self._client: Client | None = None

    async def leave(self) -> None:
        """Close what the test opened, so that nobody is paged for it in the next one."""
        for incident in self.opened:
            handle = await self.handle(incident)
            await handle.terminate("the test is over")
        self.opened.clear()
        await self.world.post("/control/reset")
        await self.forget_pages()

    async def forget_pages(self) -> None:
        """Nobody was paged lately, and no call is under way: what a reset world knows, and a database does
        not."""
        await asyncio.to_thread(self._forget_pages)

    def _forget_pages(self) -> None:
        engine = make_engine(self.stack.settings.database_url.get_secret_value())
        with suppress(SQLAlchemyError):  # Some tests take the database away.
            ensure(engine)
            with engine.begin() as connection:
                connection.execute(delete(PageRow))
        engine.dispose()

    async def close(self) -> None:
        """Let go of the connections."""
        await self.api.aclose()
        await self.world.aclose()

    async def phone(self, person: str, calls: Any = None, messages: Any = None) -> None:
        """Say how a person's phone behaves: no answer and no reply, unless told otherwise."""
        entry = self.organisation.people[person]
        body = {"name": entry.name, "calls": calls or SILENT, "messages": messages or IGNORE}
        answer = await self.world.put(f"/control/phones/{quote(entry.phone, safe='')}", json=body)
        answer.raise_for_status()

    async def everybody(self, calls: Any = None, messages: Any = None) -> None:
        """Say how everybody's phone behaves."""
        for person in self.organisation.people:
            await self.phone(person, calls, messages)

    async def carrier(self, **mood: Any) -> None:
        """Say how the carrier behaves."""
        (await self.world.put("/control/carrier", json=mood)).raise_for_status()

    async def alert(self, **more: Any) -> str:
        """Send a new alert at the worst severity; the incident that it opened."""
        body = {"title": "Payments fail", "service": "checkout", "severity": "P0"} | more
        body.setdefault("key", f"test-{next(_numbers)}")
        answer = await self.api.post("/ingest/generic", json=body)
        assert answer.status_code == 202, answer.text
        incident = str(answer.json()["incidents"][0])
        if incident not in self.opened:
            self.opened.append(incident)
        return incident

    async def handle(self, incident: str) -> WorkflowHandle[Any, Any]:
        """The incident's workflow."""
        return await self.workflow(IncidentId.parse(incident).workflow_id)

    async def workflow(self, workflow_id: str) -> WorkflowHandle[Any, Any]:
        """Any workflow, by its id."""
        if self._client is None:
            self._client = await Client.connect(
                self.stack.temporal_address,
                namespace=self.stack.temporal_namespace,
                data_converter=pydantic_data_converter,
            )
        return self._client.get_workflow_handle(workflow_id)

    async def report(self, incident: str) -> IncidentReport:
        """The incident as it is now."""
        answer = await self.api.get(f"/api/v1/incidents/{incident}")
        assert answer.status_code == 200, answer.text
        return IncidentReport.model_validate(answer.json())

    async def until(
        self, incident: str, happened: Callable[[IncidentReport], Any], within: float = 20
    ) -> IncidentReport:
        """The incident, as soon as this is true of it."""

        async def check() -> IncidentReport | None:
            report = await self.report(incident)
            return report if happened(report) else None

        return await eventually(check, within=within, what=f"{incident}")

    async def until_taken(self, incident: str, within: float = 20) -> IncidentReport:
        """The incident, as soon as somebody has it."""
        return await self.until(
            incident, lambda report: report.status.unresolved and report.commander, within
        )

    async def timeline(self, incident: str) -> list[Entry]:
        """Everything that was written down, as soon as the API knows that it is everything."""

        async def check() -> dict[str, Any] | None:
            answer = await self.api.get(f"/api/v1/incidents/{incident}/timeline", params={"limit": 1000})
            assert answer.status_code == 200, answer.text
            page: dict[str, Any] = answer.json()
            return page if page["complete"] else None

        page = await eventually(check, what="the whole timeline")
        return [Entry.model_validate(entry) for entry in page["entries"]]

    async def entry(self, incident: str, kind: Kind, text: str = "", within: float = 20) -> Entry:
        """The first entry of this kind with this text in it, as soon as it is there."""

        async def check() -> Entry | None:
            found = [e for e in await self.timeline(incident) if e.kind is kind and text in e.text]
            return found[0] if found else None

        return await eventually(check, within=within, what=f"{kind} {text!r}")

    async def say(self, incident: str, verb: str, **body: Any) -> httpx.Response:
        """Tell the API: acknowledge, escalate, resolve, close."""
        return await self.api.post(f"/api/v1/incidents/{incident}/{verb}", json={"by": "ben"} | body)

    async def wind_down(self, incident: str, by: str = "alice") -> int:
        """Resolve it, with all that closing waits for but one: the update to publish; its number."""
        told = {"fix_deployed": True, "metrics_recovering": True, "postmortem_owner": by}
        await self.said(incident, "resolve", by=by, resolution="rolled back", cause="a bad release", **told)
        await self.said(incident, "draft", by=by, phase="resolved")
        number = (await self.report(incident)).updates[-1].number
        await self.said(incident, "approve", by=by, number=number)
        return number

    async def said(self, incident: str, verb: str, **body: Any) -> IncidentReport:
        """Tell the API, which has to take it; the incident as it is then. While a worker is just coming back
        it says to try again, and the same key makes that harmless."""
        path, key = f"/api/v1/incidents/{incident}/{verb}", {"Idempotency-Key": f"key-{next(_numbers)}"}

        async def attended() -> httpx.Response | None:
            answer = await self.api.post(path, json={"by": "ben"} | body, headers=key)
            return None if answer.status_code == 503 else answer

        answer = await eventually(attended, within=40, what=f"an answer to {verb}")
        assert answer.status_code == 200, answer.text
        assert answer.json()["said"]["accepted"], answer.text
        return IncidentReport.model_validate(answer.json()["report"])

    async def calls(self, incident: str, person: str | None = None) -> list[dict[str, Any]]:
        """The calls that the carrier took for this incident, and this person, oldest first."""
        return await self._contacts("/control/calls", incident, person)

    async def messages(self, incident: str, person: str | None = None) -> list[dict[str, Any]]:
        """The messages that the carrier took for this incident, and this person, oldest first."""
        return await self._contacts("/control/messages", incident, person)

    async def _contacts(self, path: str, incident: str, person: str | None) -> list[dict[str, Any]]:
        contacts = (await self.world.get(path)).json()
        phone = self.organisation.people[person].phone if person else None
        return [c for c in contacts if _incident_of(c) == incident and phone in (None, c["to"])]

    async def call(self, incident: str, person: str, within: float = 10) -> dict[str, Any]:
        """The first call to this person, as soon as the carrier has it."""

        async def check() -> list[dict[str, Any]]:
            return await self.calls(incident, person)

        return (await eventually(check, within=within, what=f"a call to {person}"))[0]

    async def ended_call(self, incident: str, person: str) -> dict[str, Any]:
        """The first call to this person, as soon as it is over."""

        async def check() -> dict[str, Any] | None:
            calls = await self.calls(incident, person)
            return calls[0] if calls and calls[0]["status"] in OVER else None

        return await eventually(check, what=f"the end of the call to {person}")

    async def message(self, incident: str, person: str, within: float = 10) -> dict[str, Any]:
        """The first message to this person, as soon as the carrier has it."""

        async def check() -> list[dict[str, Any]]:
            return await self.messages(incident, person)

        return (await eventually(check, within=within, what=f"a message to {person}"))[0]

    async def hand(self, person: str, act: str, **body: Any) -> httpx.Response:
        """Move a person's hand: `pick-up`, `press`, `say`, `hang-up`, `send`."""
        number = quote(self.organisation.people[person].phone, safe="")
        answer = await self.world.post(f"/control/phones/{number}/{act}", json=body)
        assert answer.is_success, answer.text
        return answer


def _incident_of(contact: dict[str, Any]) -> str | None:
    """The incident that a page was for, by the callback address that we gave the carrier."""
    url = contact.get("parameters", {}).get("StatusCallback", "")
    return next(iter(parse_qs(urlsplit(url).query).get("incident", [])), None)
