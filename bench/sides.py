"""The two that are compared: how each is given an alert, and how it is freed of it again."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from typing import Protocol

import aiohttp
from temporalio.client import Client
from temporalio.service import RPCError

from bench.bare import QUEUE, BareCall, Order
from domain.ids import IncidentId
from domain.messages import Page
from domain.organisation import Organisation
from integrations.twilio_inbound import callback_url
from settings import Settings

SERVICE = "checkout"
AT_ONCE = 32
"""Requests under way at the same time, to either side."""


class Side(Protocol):
    """One of the two."""

    name: str

    async def send(self, key: str) -> None:
        """Hand over an alert; returns once it is durable."""

    async def clear(self, keys: Iterable[str]) -> None:
        """End whatever is still open of these alerts."""


class Bare:
    """Bare Temporal, started by its own client: no HTTP on the way, unlike an alert."""

    name = "bare Temporal"

    def __init__(self, client: Client, settings: Settings, organisation: Organisation) -> None:
        self._client = client
        self._settings = settings
        self._to = _first_phone(organisation)

    async def send(self, key: str) -> None:
        """Start the workflow."""
        page = Page(incident_id=str(IncidentId(SERVICE, key, "bare0")), run=1, attempt=1)
        # As Midwatch's form, but for the addresses to report to: there is nobody to hear it.
        form = {
            "To": self._to,
            "From": self._settings.twilio_from_number,
            "Url": callback_url(self._settings.public_url, "voice", page),
            "Timeout": "600",
            "MachineDetection": "DetectMessageEnd",
            "AsyncAmd": "true",
        }
        await self._client.start_workflow(BareCall.run, Order(form), id=f"bare/{key}", task_queue=QUEUE)

    async def clear(self, keys: Iterable[str]) -> None:
        """Nothing: a workflow that has placed its call is over."""


class Midwatch:
    """Midwatch, by the door that a monitoring system uses."""

    name = "Midwatch"

    def __init__(
        self, client: Client, session: aiohttp.ClientSession, settings: Settings, organisation: Organisation
    ) -> None:
        self._client = client
        self._session = session
        self._url = f"http://127.0.0.1:{settings.api_port}/ingest/generic"
        self._headers = {"Authorization": f"Bearer {settings.api_token.get_secret_value()}"}
        self._severity = min(organisation.severities, key=lambda name: organisation.severities[name].rank)

    async def send(self, key: str) -> None:
        """Post the alert."""
        alert = {"title": "Payments fail", "service": SERVICE, "severity": self._severity, "key": key}
        async with self._session.post(self._url, json=alert, headers=self._headers) as answer:
            answer.raise_for_status()

    async def clear(self, keys: Iterable[str]) -> None:
        """Terminate the incidents: nobody is going to acknowledge them."""
        gate = asyncio.Semaphore(AT_ONCE)

        async def terminate(key: str) -> None:
            workflow = IncidentId(SERVICE, key, "any0").workflow_id
            async with gate:
                with suppress(RPCError):
                    await self._client.get_workflow_handle(workflow).terminate("measured")

        await asyncio.gather(*map(terminate, keys))


def _first_phone(organisation: Organisation) -> str:
    ladder = organisation.ladders[organisation.services[SERVICE].ladder]
    return organisation.people[ladder.rungs[0].people[0]].phone
