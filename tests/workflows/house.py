"""An organisation after an incident: postmortem and review, all that they really use, and time to skip."""

import asyncio
import sys
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine
from temporalio.client import Client, WorkflowHandle, WorkflowUpdateFailedError
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError
from temporalio.testing import TimeSkippingConfig, WorkflowEnvironment
from temporalio.worker import Worker

import configuration
import settings as environment
import storage.action_items
import storage.timeline
from activities.action_items import ActionItemActivities
from activities.chat import ChatActivities
from activities.conversation import SlackChat
from activities.documents import DocumentActivities
from activities.invitations import InvitationActivities
from activities.timeline import TimelineActivities
from domain.aftermath_acts import FollowingUp
from domain.incident import IncidentNow, IncidentReport, IncidentState, Status
from domain.jobs import WriteTimeline
from domain.messages import POSTMORTEM_WORKFLOW, WORK_QUEUE, Done
from domain.people import PersonRef
from domain.postmortem import ListedItem
from domain.roles import Holder, Role
from domain.timeline import Entry, Kind
from integrations.slack import Slack
from integrations.twilio import TwilioCarrier
from policy import postmortem
from policy.opening import open_incident, person_of
from policy.report import report
from settings import STARTER_CONFIG
from stack.ports import free_port
from stack.process import Process, answers_http
from stack.temporal import find_executable
from storage.engine import make_engine
from tests.eventually import eventually
from tests.make import an_alert
from tests.sandbox import STRICT_SANDBOX
from workflows import search_attributes
from workflows.postmortem import PostmortemWorkflow
from workflows.review import ActionItemReviewWorkflow
from workflows.sweep import OverdueSweepWorkflow

ORGANISATION = configuration.load(STARTER_CONFIG)
ALICE = PersonRef(id="alice", name="Alice Moreau")
BEN = PersonRef(id="ben", name="Ben Okafor")
SLACK_TOKEN = "xoxb-of-the-tests"

CHIARA = PersonRef(id="chiara", name="Chiara Lindqvist")
PEOPLE = {person: person_of(ORGANISATION, person) for person in ORGANISATION.people}
PHONES = {entry.phone: person for person, entry in ORGANISATION.people.items()}

SERVER = (
    "frontend.WorkflowTimeSkippingEnabled=true",
    'history.timerProcessorMaxTimeShift="5ms"',
    # A run that has yet to begin is where a skipping clock goes astray: no cut here.
    "limit.historyCount.suggestContinueAsNew=45000",
    "limit.historySize.suggestContinueAsNew=45000000",
)

_numbers = count(1)


@asynccontextmanager
async def skipping_server() -> AsyncIterator[WorkflowEnvironment]:
    """A Temporal server whose workflows' clocks can be moved on."""
    arguments = [word for setting in SERVER for word in ("--dynamic-config-value", setting)]
    arguments += [
        word
        for name, kind in search_attributes.TYPES.items()
        for word in ("--search-attribute", f"{name}={kind}")
    ]
    async with await WorkflowEnvironment.start_time_skipping_v2(
        ts_config=TimeSkippingConfig(enabled=False, max_session_skip_count=100_000),
        dev_server_existing_path=str(find_executable({})),
        dev_server_extra_args=arguments,
        dev_server_log_level="error",
        data_converter=pydantic_data_converter,
    ) as server:
        yield server


def closing_incident(
    *, severity: str = "critical", owner: PersonRef | None = BEN, chat: bool = False, **more: Any
) -> IncidentState:
    """An incident whose room has just closed: Alice commanded it."""
    now = datetime.now(UTC)
    alert = an_alert(at=now - timedelta(hours=2), name=f"Rule{next(_numbers)}", severity=severity)
    state = open_incident(alert, ORGANISATION, "abcde", "12345", chat=chat)
    state.roles = {Role.COMMANDER: Holder(person=ALICE, since=now - timedelta(hours=1))}
    state.status, state.resolved_at, state.resolution = Status.IN_REVIEW, now, "Rolled back release 42"
    state.cause, state.postmortem_owner = "A certificate had run out", owner
    return state.model_copy(update=more)


@asynccontextmanager
async def working(server: WorkflowEnvironment, place: Path, *, chat: bool = False) -> AsyncIterator["House"]:
    """A simulator, a database and a worker, as long as the block lasts. `chat`: there is Slack."""
    settings = environment.load(
        {
            "MIDWATCH_DATA_DIR": str(place),
            "MIDWATCH_SIMULATOR_PORT": str(free_port(None)),
            "MIDWATCH_PUBLIC_URL": f"http://127.0.0.1:{free_port(None)}",
        }
    )
    arguments = {
        "--port": str(settings.simulator_port),
        "--account-sid": settings.twilio_account_sid,
        "--auth-token": settings.twilio_auth_token.get_secret_value(),
        "--number": settings.twilio_from_number,
        "--sms-url": settings.public_url,
    }
    if chat:
        arguments |= {"--slack-token": SLACK_TOKEN, "--slack-signing-secret": "signed"}
        arguments["--slack-url"] = f"{settings.public_url}/callbacks/slack"
    argv = [sys.executable, "-m", "simulator", *(word for pair in arguments.items() for word in pair)]
    url = settings.simulator_url or ""
    simulator = Process(
        "simulator", argv, env=environment.inherited(), log_dir=place, probe=answers_http(url)
    )
    await simulator.start()
    engine = make_engine(settings.database_url.get_secret_value())
    carrier = TwilioCarrier(
        account_sid=settings.twilio_account_sid,
        auth_token=settings.twilio_auth_token.get_secret_value(),
        from_number=settings.twilio_from_number,
        public_url=settings.public_url,
        api_url=url,
    )
    slack = Slack(token=SLACK_TOKEN, api_url=f"{url}/slack/api") if chat else None
    room = SlackChat(slack, status_page=settings.public_url) if slack else None
    told = ChatActivities(carrier, room, engine)
    documents = DocumentActivities(engine, place)
    items = ActionItemActivities(engine, lambda: PEOPLE)
    try:
        with ThreadPoolExecutor(max_workers=4) as threads:
            worker = Worker(
                server.client,
                task_queue=WORK_QUEUE,
                workflows=[PostmortemWorkflow, ActionItemReviewWorkflow, OverdueSweepWorkflow],
                activities=[
                    told.notify,
                    told.converse,
                    TimelineActivities(engine).write_timeline,
                    documents.write_document,
                    documents.write_postmortem,
                    documents.write_review,
                    InvitationActivities(place).write_invitation,
                    items.store_items,
                    items.find_overdue,
                    items.mark_reminded,
                ],
                activity_executor=threads,
                workflow_runner=STRICT_SANDBOX,
            )
            async with worker, httpx.AsyncClient(base_url=url, trust_env=False) as world:
                yield House(server, world, engine, place)
    finally:
        await carrier.close()
        engine.dispose()
        await simulator.stop()


class House:
    """What a test may do, and everything that it may look at."""

    def __init__(
        self, server: WorkflowEnvironment, world: httpx.AsyncClient, engine: Engine, data: Path
    ) -> None:
        self.server, self.world, self.engine, self.data = server, world, engine, data
        self.client: Client = server.client

    async def postmortem(self, state: IncidentState) -> "Case":
        """Begin the postmortem of an incident as the incident's own workflow does."""
        now = state.resolved_at or datetime.now(UTC)
        told = report(state, None, now)
        first = Entry(sequence=1, at=state.opened_at, kind=Kind.OPENED, text="It began.")
        decided = Entry(sequence=2, at=now, kind=Kind.DECISION, text="Decision 1: roll back.")
        work = WriteTimeline(report=told, entries=(first, decided))
        await asyncio.to_thread(storage.timeline.write, self.engine, work)
        state.timeline.last = 2
        handle = await self.client.start_workflow(
            POSTMORTEM_WORKFLOW,
            postmortem.begin(state, told, now),
            id=f"postmortem/{state.id}",
            task_queue=WORK_QUEUE,
        )
        return Case(self, state.id, handle)

    async def messages(self) -> list[dict[str, Any]]:
        """Every text message that the carrier took: to whom, and what it says."""
        found = (await self.world.get("/control/messages")).json()
        return [{"to": PHONES.get(one["to"], one["to"]), "text": one["body"]} for one in found]

    async def told(self, person: str, text: str) -> list[str]:
        """What this person was told that has this text in it."""
        return [m["text"] for m in await self.messages() if m["to"] == person and text in m["text"]]

    def items(self, **filters: Any) -> list[ListedItem]:
        """The list of action items."""
        return storage.action_items.items(self.engine, **filters)


class Case:
    """One incident after its room has closed."""

    def __init__(self, house: House, incident: str, handle: WorkflowHandle[Any, Any]) -> None:
        self.house, self.id, self.handle = house, incident, handle

    async def review(self) -> "Case":
        """The review of its action items, as soon as it has begun."""
        handle = self.house.client.get_workflow_handle(f"review/{self.id}")

        async def begun() -> bool:
            try:
                await handle.describe()
            except RPCError:
                return False
            return True

        await eventually(begun, what="the review")
        await self.handle.result()
        return Case(self.house, self.id, handle)

    async def now(self) -> IncidentReport:
        """The incident as it is."""
        told: IncidentNow = await self.handle.query("now", result_type=IncidentNow)
        return told.report

    async def skip(self, **length: float) -> None:
        """Let time pass."""
        await self.house.server.fast_forward(self.handle, timedelta(**length))

    async def act(self, act: dict[str, Any], *, by: PersonRef = BEN, key: str | None = None) -> Done:
        """Do something."""
        asked = FollowingUp.model_validate(
            {
                "source_id": key or f"test:{next(_numbers)}",
                "incident_id": self.id,
                "by": by,
                "at": datetime.now(UTC),
                "act": act,
                "contacts": list(PEOPLE.values()),
            }
        )
        done: Done = await self.handle.execute_update(
            "act", asked, id=f"{asked.source_id}:{next(_numbers)}", result_type=Done
        )
        return done

    async def refused(self, act: dict[str, Any], **more: Any) -> ApplicationError:
        """Try something that cannot be done."""
        with pytest.raises(WorkflowUpdateFailedError) as refusal:
            await self.act(act, **more)
        cause = refusal.value.cause
        assert isinstance(cause, ApplicationError)
        return cause

    async def timeline(self) -> list[Entry]:
        """Everything that was written down, as soon as nothing is pending."""

        async def complete() -> bool:
            told: IncidentNow = await self.handle.query("now", result_type=IncidentNow)
            return not told.pending

        await eventually(complete, what="the timeline stored")
        return await asyncio.to_thread(storage.timeline.entries, self.house.engine, self.id)
