"""A worker in the test's own process, with real activities and a simulator that they really call."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from temporalio.client import Client, WorkflowHandle

import configuration
import settings as environment
import storage.timeline
import worker
from domain.alert import Alert
from domain.ids import IncidentId
from domain.incident import IncidentNow
from domain.messages import INCIDENT_WORKFLOW, WORK_QUEUE, AttachAlert
from domain.organisation import Organisation
from domain.timeline import Entry
from policy.opening import NOBODY, open_incident
from policy.roster import OnCall
from policy.tempo import compressed
from settings import STARTER_CONFIG
from stack.ports import free_port
from stack.process import Process, answers_http
from storage.engine import make_engine
from tests.make import an_alert
from workflows import search_attributes
from workflows.incident import IncidentWorkflow


def quick_organisation() -> Organisation:
    """The example organisation, a minute of it in a second."""
    return compressed(configuration.load(STARTER_CONFIG), 60)


class Crew:
    """What the test may do and see."""

    def __init__(self, client: Client, world: httpx.AsyncClient, database_url: str) -> None:
        self.client = client
        self.world = world
        self.engine = make_engine(database_url)

    async def open(self, alert: Alert | None = None) -> WorkflowHandle[Any, Any]:
        """Open an incident the way the API does: start and signal in one."""
        return await start(self.client, alert or an_alert(name=f"Rule{datetime.now(UTC):%M%S%f}"))

    async def calls(self) -> list[dict[str, Any]]:
        """Every call the carrier took."""
        found: list[dict[str, Any]] = (await self.world.get("/control/calls")).json()
        return found

    async def stored(self, incident: str) -> list[Entry]:
        """The timeline as the database has it."""
        return await asyncio.to_thread(storage.timeline.entries, self.engine, incident)

    async def now(self, handle: WorkflowHandle[Any, Any]) -> IncidentNow:
        """The incident as it is."""
        now: IncidentNow = await handle.query("now", result_type=IncidentNow)
        return now


async def start(
    client: Client, alert: Alert, organisation: Organisation | None = None, on_call: OnCall = NOBODY
) -> WorkflowHandle[Any, Any]:
    """Start an incident's workflow with its first alert."""
    state = open_incident(alert, organisation or quick_organisation(), "abcde", "12345", on_call)
    return await client.start_workflow(
        INCIDENT_WORKFLOW,
        state,
        id=IncidentId.parse(state.id).workflow_id,
        task_queue=WORK_QUEUE,
        start_signal="attach_alert",
        start_signal_args=[AttachAlert(alert=alert)],
        search_attributes=search_attributes.at_start(state),
    )


@asynccontextmanager
async def crew(
    client: Client, place: Path, workflow: type = IncidentWorkflow, *, config: Path = STARTER_CONFIG
) -> AsyncIterator[Crew]:
    """A simulator and a worker, as long as the block lasts. Nobody serves callbacks: the carrier is asked."""
    port = free_port(None)
    settings = environment.load(
        {
            "MIDWATCH_CONFIG": str(config),
            "MIDWATCH_DATA_DIR": str(place),
            "MIDWATCH_SIMULATOR_PORT": str(port),
            "MIDWATCH_PUBLIC_URL": f"http://127.0.0.1:{free_port(None)}",
            "MIDWATCH_PHONE_CALLS_PER_SECOND": "100",
        }
    )
    arguments = {
        "--port": str(port),
        "--account-sid": settings.twilio_account_sid,
        "--auth-token": settings.twilio_auth_token.get_secret_value(),
        "--number": settings.twilio_from_number,
        "--sms-url": settings.public_url,
    }
    argv = [sys.executable, "-m", "simulator", *(word for pair in arguments.items() for word in pair)]
    url = f"http://127.0.0.1:{port}"
    simulator = Process(
        "simulator", argv, env=environment.inherited(), log_dir=place, probe=answers_http(url)
    )
    stop = asyncio.Event()
    await simulator.start()
    working = asyncio.create_task(worker.serve(settings, client, stop, workflow))
    try:
        async with httpx.AsyncClient(base_url=url, trust_env=False) as world:
            yield Crew(client, world, settings.database_url.get_secret_value())
    finally:
        stop.set()
        await asyncio.wait_for(working, timedelta(seconds=20).total_seconds())
        await simulator.stop()
