"""A carrier whose line can be held, so that calls queue before it, and what it was really asked."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from temporalio import activity
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from domain import jobs
from domain.ids import IncidentId
from domain.jobs import Found, HangUp, LookUp, PlaceCall, Placed, SendSms, Stored, Told, WriteTimeline
from domain.messages import PHONE_QUEUE, WORK_QUEUE, Page
from rehearsal.world import World
from stack.temporal import find_executable
from worker import SANDBOX
from workflows import search_attributes
from workflows.incident import IncidentWorkflow

SERVER = (
    # Timers of milliseconds ring in milliseconds, and histories are cut in the middle of a story.
    'history.timerProcessorMaxTimeShift="5ms"',
    "limit.historyCount.suggestContinueAsNew=250",
)

Verdict = Literal["accepted", "rejected", "unavailable", "held", "rings unheard", "lost"]
"""What the carrier makes of a page. Of the last two it says nothing: the one rings, the other never will."""


@dataclass
class Asked:
    """A page that the carrier was asked for: whether it took it, whether a phone rings for it now, and
    whether it could not say so."""

    page: Page
    method: Literal["call", "sms"]
    to: str
    at: datetime
    taken: bool = False
    rings: bool = False
    unheard: bool = False

    @property
    def carrier_id(self) -> str:
        """What the carrier calls it."""
        return f"{self.page.incident_id}/{self.page.run}-{self.page.attempt}"


class HeldLine(World):
    """The outside world of one incident after another. `asked` is in the order in which pages came."""

    def __init__(self) -> None:
        super().__init__(lambda schedules, at: dict.fromkeys(schedules), _nobody)
        self.free, self.waiting = asyncio.Event(), 0
        self.begin("", ("accepted",))

    def begin(self, incident: str, verdicts: tuple[Verdict, ...]) -> None:
        """From now on everything is about this incident; its calls get one verdict after the other."""
        self.incident, self.verdicts = incident, verdicts
        self.asked: list[Asked] = []
        self.entries = []
        self.free.set()

    @property
    def ringing(self) -> list[Asked]:
        """The calls for which a phone rings."""
        return [asked for asked in self.asked if asked.rings]

    def find(self, carrier_id: str) -> Asked | None:
        """The page of this id."""
        return next((asked for asked in self.asked if asked.carrier_id == carrier_id), None)

    @activity.defn(name=jobs.PLACE_CALL)
    async def place_call(self, work: PlaceCall) -> Placed:
        """Take the call as soon as the line is free."""
        asked = self._ask(work, "call")
        self.waiting += 1
        await self.free.wait()
        self.waiting -= 1
        verdict = self.verdicts[len(self.asked) % len(self.verdicts)]
        asked.taken = asked.rings = verdict in ("accepted", "rings unheard")
        asked.unheard = verdict == "rings unheard"
        match verdict:
            case "accepted":
                return Placed(result="accepted", carrier_id=asked.carrier_id)
            case "rings unheard" | "lost":
                return Placed(result="unknown", detail="no answer")
            case _:
                return Placed(result=verdict, detail=verdict)

    @activity.defn(name=jobs.SEND_SMS)
    async def send_sms(self, work: SendSms) -> Placed:
        """The message is on its way."""
        asked = self._ask(work, "sms")
        asked.taken = True
        return Placed(result="accepted", carrier_id=asked.carrier_id)

    @activity.defn(name=jobs.LOOK_UP)
    async def look_up(self, work: LookUp) -> Found:
        """What has become of a page."""
        about = activity.info().workflow_id
        for asked in self.asked:
            wanted = (
                asked.carrier_id == work.carrier_id
                if work.carrier_id
                else asked.unheard and asked.to == work.to and asked.at >= work.since
            )
            if wanted and asked.taken and IncidentId.parse(asked.page.incident_id).workflow_id == about:
                asked.unheard = False  # Two that look at the same moment must not find the same call.
                word = "ringing" if asked.rings else "no-answer"
                return Found(checked=True, carrier_id=asked.carrier_id, word=word)
        return Found(checked=True)

    @activity.defn(name=jobs.HANG_UP)
    async def hang_up(self, work: HangUp) -> Told:
        """It rings no longer."""
        if asked := self.find(work.carrier_id):
            asked.rings = False
        return Told(done=True)

    @activity.defn(name=jobs.WRITE_TIMELINE)
    async def write_timeline(self, work: WriteTimeline) -> Stored:
        """Kept, each entry once."""
        if work.report.id == self.incident:
            return await super().write_timeline(work)
        return Stored(through=work.entries[-1].sequence)

    def _ask(self, work: PlaceCall | SendSms, method: Literal["call", "sms"]) -> Asked:
        asked = Asked(page=work.page, method=method, to=work.to, at=datetime.now(UTC))
        if work.page.incident_id == self.incident:
            self.asked.append(asked)
        return asked


def _nobody(person: str) -> Any:
    raise AssertionError(f"{person} is on call by no schedule here")


@asynccontextmanager
async def held_line() -> AsyncIterator[tuple[Client, HeldLine]]:
    """A server and a worker, as long as the block lasts. One call at a time is handed to the carrier."""
    arguments = [word for setting in SERVER for word in ("--dynamic-config-value", setting)]
    for name, kind in search_attributes.TYPES.items():
        arguments += ["--search-attribute", f"{name}={kind}"]
    async with await WorkflowEnvironment.start_local(
        dev_server_existing_path=str(find_executable({})),
        dev_server_extra_args=arguments,
        dev_server_log_level="error",
        data_converter=pydantic_data_converter,
    ) as server:
        world = HeldLine()
        work = Worker(
            server.client,
            task_queue=WORK_QUEUE,
            workflows=[IncidentWorkflow],
            activities=world.jobs,
            workflow_runner=SANDBOX,
        )
        calls = Worker(
            server.client, task_queue=PHONE_QUEUE, activities=[world.place_call], max_concurrent_activities=1
        )
        async with work, calls:
            yield server.client, world
