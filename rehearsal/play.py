"""Play a rehearsal: the incident's real workflow, on a server that skips time."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

from temporalio import workflow
from temporalio.client import WorkflowHandle
from temporalio.testing import TimeSkipper
from temporalio.worker import Worker

from domain.ids import IncidentId
from domain.incident import IncidentState, Said
from domain.messages import (
    INCIDENT_WORKFLOW,
    PHONE_QUEUE,
    POSTMORTEM_WORKFLOW,
    WORK_QUEUE,
    Answer,
    AttachAlert,
    CarrierEvent,
    Done,
    Resolve,
)
from domain.messages import Page as PageRef
from domain.people import PersonRef
from policy.opening import person_of
from rehearsal.agenda import Agenda, Page
from rehearsal.clockwork import PATIENCE_SECONDS, SHORTEST, Clockwork, Stuck
from rehearsal.opening import Cast, alert_of, answers_of, opened
from rehearsal.record import Rehearsed, Scene
from rehearsal.server import skipping_server
from rehearsal.telling import told
from rehearsal.world import World, carrier_id
from workflows import search_attributes
from workflows.incident import IncidentWorkflow

OVERLOOKED_SECONDS = 1.0
"""How long after a leap the timer it was meant for may fail to ring."""

NO_PAGE = PageRef(incident_id="none", run=0, attempt=0)
NOBODY = PersonRef(id="", name="Somebody")
"""Who resolves what nobody has taken."""

VIA = {"call": "phone key 1", "sms": "SMS", "slack": "Slack"}

Progress = Callable[[timedelta], None]


async def play(cast: Cast, scene: Scene, progress: Progress) -> Rehearsed:
    """Rehearse a scene from its alert to its end, on a server of its own, and tell what it showed.

    Args:
        progress: told after each step how much time has passed in the rehearsal.

    Raises:
        Stuck: the workflow failed.
        StackFault: there is no `temporal` to be found, or it does not start.
    """
    async with skipping_server() as server:
        return await play_on(server, cast, scene, progress)


async def play_on(server: TimeSkipper, cast: Cast, scene: Scene, progress: Progress) -> Rehearsed:
    """The same on a server that nobody else uses."""
    state = opened(cast, scene)
    world = World(cast.on_call, lambda person: person_of(cast.organisation, person))
    clockwork = Clockwork(scene.at)
    async with _working(server, world, clockwork):
        show = _Play(server, world, clockwork, state, scene, cast)
        await show.run(progress)
    return told(state, scene, show.agenda, world.entries)


@asynccontextmanager
async def _working(server: TimeSkipper, world: World, clockwork: Clockwork) -> AsyncIterator[None]:
    work = Worker(
        server.client,
        task_queue=WORK_QUEUE,
        workflows=[IncidentWorkflow, _Postmortem],
        activities=world.jobs,
        workflow_runner=clockwork,
    )
    calls = Worker(server.client, task_queue=PHONE_QUEUE, activities=[world.place_call])
    async with work, calls:
        yield


class _Play:
    """One incident on the stage."""

    def __init__(
        self,
        server: TimeSkipper,
        world: World,
        clockwork: Clockwork,
        state: IncidentState,
        scene: Scene,
        cast: Cast,
    ) -> None:
        names = {person: entry.name for person, entry in cast.organisation.people.items()}
        names |= {person.id: person.name for person in state.snapshot.people.values()}
        timing = state.snapshot.timing
        self.agenda = Agenda(answers_of(cast, scene), timing.ring_for, names)
        self._server, self._world, self._clockwork = server, world, clockwork
        self._state, self._scene = state, scene
        self._resolve_at = scene.at + scene.resolve_after if scene.resolve_after is not None else None
        self._signals = self._read = 0
        self._taker: PersonRef | None = None

    async def run(self, progress: Progress) -> None:
        """From the alert to the end, one moment after the other."""
        clockwork, ends = self._clockwork, self._scene.at + self._scene.length
        self._handle = await self._begin()
        await self._settle()
        while not clockwork.over:
            page, timer = self.agenda.next, clockwork.next_timer
            moments = [page.acts_at if page else None, self._resolve_at, timer]
            moment = min((moment for moment in moments if moment), default=None)
            if moment is None or moment >= ends:
                break
            clockwork.now = max(clockwork.now, moment)
            if page and page.acts_at == moment:
                await self._act(page)
            elif self._resolve_at == moment:
                await self._resolve()
            else:
                await self._leap(moment)
            await self._settle()
            progress(moment - self._scene.at)

    async def _begin(self) -> WorkflowHandle[Any, Any]:
        state, self._signals = self._state, 1
        return await self._server.client.start_workflow(
            INCIDENT_WORKFLOW,
            state,
            id=IncidentId.parse(state.id).workflow_id,
            task_queue=WORK_QUEUE,
            start_signal="attach_alert",
            start_signal_args=[AttachAlert(alert=alert_of(self._scene))],
            search_attributes=search_attributes.at_start(state),
        )

    async def _settle(self) -> None:
        """Wait until all that this moment brings is done, and see what came of it."""
        try:
            await self._clockwork.settle(self._signals)
        except TimeoutError as fault:
            raise Stuck(f"the workflow does not come to rest at {self._clockwork.now}") from fault
        entries = self._world.entries
        self.agenda.note(entries[self._read :])
        self._read = len(entries)

    async def _leap(self, moment: datetime) -> None:
        """Have the server's clock go on to the next timer. It may overlook one that was set while it leapt:
        then news that changes nothing wakes the workflow, and it finds what is due."""
        there = self._clockwork.by_server(moment)
        here = await self._server.get_current_time(self._handle)
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._server.fast_forward(self._handle, max(there - here, SHORTEST))
            await self._clockwork.settle(self._signals, within=OVERLOOKED_SECONDS)
        except TimeoutError:
            await self._signal(
                "carrier_event", CarrierEvent(page=NO_PAGE, word="queued", carrier_id="", at=moment)
            )

    async def _act(self, page: Page) -> None:
        """What becomes of a page comes to pass."""
        now, state = self._clockwork.now, self._state
        ref = PageRef(incident_id=state.id, run=page.run, attempt=page.attempt)
        if not page.answered:
            self.agenda.ended(page.attempt, now, "no answer")
            event = CarrierEvent(
                page=ref, word="no-answer", carrier_id=carrier_id(page.run, page.attempt), at=now
            )
            await self._signal("carrier_event", event)
            return
        answer = Answer(
            source_id=f"rehearsal-{page.attempt}",
            incident_id=state.id,
            by=PersonRef(id=page.paged.person, name=page.name),
            via=VIA[page.paged.method],
            at=now,
            page=ref,
        )
        await self._signal("acknowledge", answer)
        await self._clockwork.settle(self._signals)
        said = await self._handle.query("answer_to", answer.source_id, result_type=Said)
        accepted = bool(said and said.accepted)
        self.agenda.ended(page.attempt, now, "acknowledged" if accepted else "answered in vain")
        if accepted:
            self._taker = self._taker or answer.by
            self.agenda.run_over(page.run)

    async def _resolve(self) -> None:
        """The harm is over, and so is the paging for it. Whoever has it sees to the rest, but for the status
        page, which nobody plays."""
        self._resolve_at = None
        by = self._taker or NOBODY
        message = Resolve(
            source_id="rehearsal-resolve",
            incident_id=self._state.id,
            by=by,
            resolution="as rehearsed",
            fix_deployed=True,
            metrics_recovering=True,
            postmortem_owner=by,
        )
        await self._handle.execute_update("resolve", message, result_type=Done)
        self.agenda.run_over()

    async def _signal(self, name: str, message: Answer | CarrierEvent) -> None:
        self._signals += 1
        await self._handle.signal(name, message)


@workflow.defn(name=POSTMORTEM_WORKFLOW)
class _Postmortem:
    """What follows an incident is not rehearsed."""

    @workflow.run
    async def run(self, _state: Any) -> None:
        """Over at once."""
