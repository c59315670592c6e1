"""The API as a real server: its Temporal is real too, and a worker works when a test asks for one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import uvicorn
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment
from twilio.request_validator import RequestValidator

import configuration
import settings as environment
import worker
from api.app import create_app
from domain.ids import IncidentId
from domain.messages import Page
from domain.organisation import Organisation
from integrations.twilio_inbound import callback_url
from policy.tempo import compressed
from settings import STARTER_CONFIG, Settings
from stack.ports import free_port
from stack.temporal import find_executable
from tests.eventually import eventually
from tests.storage.conftest import postgres_server, postgres_url
from workflows import search_attributes

__all__ = ["postgres_server", "postgres_url"]


@pytest.fixture(scope="session")
async def temporal() -> AsyncIterator[Client]:
    """A Temporal server that knows our search attributes."""
    arguments = [
        word
        for name, kind in search_attributes.TYPES.items()
        for word in ("--search-attribute", f"{name}={kind}")
    ]
    async with await WorkflowEnvironment.start_local(
        dev_server_existing_path=str(find_executable({})),
        dev_server_extra_args=arguments,
        dev_server_log_level="error",
        data_converter=pydantic_data_converter,
    ) as server:
        yield server.client


@pytest.fixture(scope="session")
def organisation() -> Organisation:
    """The example organisation, in which nobody waits long."""
    return compressed(configuration.load(STARTER_CONFIG), 60)


@dataclass
class House:
    """A running API, and the ways in which others come to its door."""

    settings: Settings
    organisation: Organisation
    http: httpx.AsyncClient
    temporal: Client | None

    async def alert(self, key: str, **more: Any) -> str:
        """Send an alert; the incident that it opened."""
        body = {"title": "Payments fail", "service": "checkout", "severity": "P0", "key": key} | more
        answer = await self.http.post("/ingest/generic", json=body)
        assert answer.status_code == 202, answer.text
        return str(answer.json()["incidents"][0])

    async def report(self, incident: str) -> dict[str, Any]:
        """The incident as the API tells it."""
        answer = await self.http.get(f"/api/v1/incidents/{incident}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def paged(self, incident: str, method: str = "call") -> Page:
        """The first page by this method, as soon as there is one."""

        async def check() -> Page | None:
            ladder = (await self.report(incident))["ladder"]
            attempts = ladder["attempts"] if ladder else []
            found = [attempt["id"] for attempt in attempts if attempt["method"] == method]
            return Page(incident_id=incident, run=ladder["run"], attempt=found[0]) if found else None

        page = await eventually(check, what=f"a page by {method}")
        assert page is not None
        return page

    async def callback(
        self, what: str, page: Page, query: dict[str, str] | None = None, **form: str
    ) -> httpx.Response:
        """Come as the carrier does: to an address we gave it, with its signature."""
        return await self.carrier(callback_url(self.settings.public_url, what, page, **(query or {})), **form)

    async def carrier(self, url: str, signature: str | None = None, **form: str) -> httpx.Response:
        """Post a form to a public address, signed."""
        if signature is None:
            token = self.settings.twilio_auth_token.get_secret_value()
            signature = RequestValidator(token).compute_signature(url, form)
        parts = urlsplit(url)
        # As through a proxy: the request's own address is not the public one.
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        return await self.http.post(path, data=form, headers={b"X-Twilio-Signature": signature.encode()})

    async def text(self, person: str, body: str, sid: str = "SM1") -> str:
        """A text message from this person's phone; the TwiML that answers it."""
        number = self.organisation.people[person].phone if person in self.organisation.people else person
        url = f"{self.settings.public_url}/callbacks/twilio/sms"
        answer = await self.carrier(url, From=number, Body=body, MessageSid=sid)
        assert answer.status_code == 200, answer.text
        return answer.text

    async def code(self, incident: str) -> str:
        """Its reply code, which Temporal tells at once, also without a worker."""
        assert self.temporal
        handle = self.temporal.get_workflow_handle(IncidentId.parse(incident).workflow_id)
        return str(await (await handle.describe()).memo_value("reply_code"))

    async def until_over(self, incident: str) -> None:
        """Wait until its workflow has completed."""
        assert self.temporal
        handle = self.temporal.get_workflow_handle(IncidentId.parse(incident).workflow_id)
        await asyncio.wait_for(handle.result(), 20)

    async def end(self, incident: str) -> None:
        """Stop its workflow."""
        assert self.temporal
        await self.temporal.get_workflow_handle(IncidentId.parse(incident).workflow_id).terminate()


@asynccontextmanager
async def house(
    place: Path, organisation: Organisation, client: Client | None, **more: str
) -> AsyncIterator[House]:
    """An API on a free port. Without a client its Temporal is a port that nobody listens on."""
    given = {
        "MIDWATCH_DATA_DIR": str(place),
        "MIDWATCH_API_PORT": str(free_port(None)),
        "MIDWATCH_SIMULATOR_PORT": str(free_port(None)),
        "MIDWATCH_API_TOKEN": "a-token",
        "MIDWATCH_PUBLIC_URL": "https://midwatch.example.com",
        "TEMPORAL_ADDRESS": client.service_client.config.target_host
        if client
        else f"127.0.0.1:{free_port(None)}",
    }
    settings = environment.load(given | more)
    server = uvicorn.Server(
        uvicorn.Config(create_app(settings, organisation), port=settings.api_port, log_config=None)
    )
    serving = asyncio.create_task(server.serve())
    base = f"http://127.0.0.1:{settings.api_port}"
    headers = {"Authorization": "Bearer a-token"}
    try:
        async with httpx.AsyncClient(base_url=base, headers=headers, trust_env=False, timeout=20) as http:

            async def answers() -> bool:
                return server.started

            await eventually(answers)
            yield House(settings, organisation, http, client)
    finally:
        server.should_exit = True
        await serving


@pytest.fixture(scope="session")
async def served(
    temporal: Client, organisation: Organisation, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[House]:
    """One API for all tests, with Temporal, and with no worker unless a test has one."""
    async with house(tmp_path_factory.mktemp("api"), organisation, temporal) as built:
        yield built


@asynccontextmanager
async def working(built: House) -> AsyncIterator[None]:
    """A worker, as long as the block lasts. Nobody answers at its carrier's address."""
    assert built.temporal
    stop = asyncio.Event()
    task = asyncio.create_task(worker.serve(built.settings, built.temporal, stop))
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(task, 20)


@asynccontextmanager
async def mute_carrier(built: House) -> AsyncIterator[None]:
    """A carrier that takes every request and answers none, as long as the block lasts."""
    writers: list[asyncio.StreamWriter] = []

    async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        await reader.read()

    async with await asyncio.start_server(hold, "127.0.0.1", built.settings.simulator_port):
        yield
        for writer in writers:
            writer.close()


@pytest.fixture
async def attended(served: House) -> AsyncIterator[House]:
    """The API with a worker behind it."""
    async with working(served):
        yield served


@pytest.fixture(scope="session")
async def alone(organisation: Organisation, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """An API whose Temporal and whose database are both away."""
    url = f"postgresql://nobody:none@127.0.0.1:{free_port(None)}/none"
    async with house(
        tmp_path_factory.mktemp("alone"), organisation, None, MIDWATCH_DATABASE_URL=url
    ) as built:
        yield built
