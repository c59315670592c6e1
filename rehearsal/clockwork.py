"""The hour of a rehearsal, and a workflow runner that lives by it.

A server that skips time still lets it run on between two leaps: each timer would fire a little late, the next
would be set from there, and two rehearsals would never print the same. So the workflow is told the hour of
the rehearsal, which only its driver moves, and the server's timers are cut to fit it. Whatever belongs to one
moment, its timers and the answers to its jobs, reaches the workflow together, in the order in which it was
asked for: on a server that is a matter of luck.
"""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio import workflow
from temporalio.bridge.proto.workflow_activation import FireTimer, WorkflowActivation, WorkflowActivationJob
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.converter import SerializationContext, StorageDriverStoreContext
from temporalio.worker import (
    UnsandboxedWorkflowRunner,
    WorkflowInstance,
    WorkflowInstanceDetails,
    WorkflowRunner,
)

from domain.messages import INCIDENT_WORKFLOW

SHORTEST = timedelta(milliseconds=1)
"""The server takes no timer of no length."""

PATIENCE_SECONDS = 30.0
"""How long the workflow may take over one moment before the rehearsal is given up."""


class Stuck(Exception):
    """The workflow does not go on, and why."""


class Clockwork(WorkflowRunner):
    """What time it is in one rehearsal, and what its one workflow waits for.

    The worker's threads turn it; the driver, on its event loop, reads it and moves `now`, never back.
    """

    def __init__(self, begins: datetime) -> None:
        self.now = self._begins = begins
        self.begin_anew()
        self._server_began: datetime | None = None
        # What the workflow was told at each of the server's moments: if the server has it played again, it
        # has to be told the same.
        self._told: dict[int, datetime] = {}
        self._loop, self._turned = asyncio.get_running_loop(), asyncio.Event()

    def begin_anew(self) -> None:
        """Forget what the workflow waits for: it is played from its beginning."""
        self.timers: dict[int, datetime] = {}
        self.jobs: set[tuple[str, int]] = set()
        self.signals, self.over, self.fault = 0, False, ""
        self.replaying = True

    def prepare_workflow(self, defn: Any) -> None:
        """Nothing to prepare: what the sandbox guards against is tested elsewhere."""

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        """The workflow, wound up. What the incident starts in its turn lives by the server's clock."""
        inner = UnsandboxedWorkflowRunner().create_instance(det)
        if det.info.workflow_type != INCIDENT_WORKFLOW:
            return inner
        self.begin_anew()
        return _Wound(self, inner)

    @property
    def next_timer(self) -> datetime | None:
        """When the workflow wakes by itself."""
        return min(self.timers.copy().values(), default=None)

    def by_server(self, moment: datetime) -> datetime:
        """A moment of the rehearsal, by the server's clock."""
        return moment + ((self._server_began or self._begins) - self._begins)

    def told(self, server: datetime, *, replaying: bool) -> datetime:
        """The hour that the workflow is told at this moment of the server's."""
        self._server_began = self._server_began or server
        key = round(server.timestamp() * 1e6)
        if not replaying:
            self._told[key] = self.now
        return self._told.get(key, self.now)

    def turned(self) -> None:
        """Wake the driver."""
        self._loop.call_soon_threadsafe(self._turned.set)

    async def settle(self, signals: int, *, within: float = PATIENCE_SECONDS) -> None:
        """Wait until all signals have come, no job is under way, and nothing is due any more.

        Raises:
            Stuck: the workflow failed.
            TimeoutError: it is still busy, or a timer that is due has not rung.
        """
        async with asyncio.timeout(within):
            while not self._settled(signals):
                await self._turned.wait()
                self._turned.clear()

    def _settled(self, signals: int) -> bool:
        if self.fault:
            raise Stuck(self.fault)
        due = self.next_timer
        waits = self.signals >= signals and not self.jobs and not (due and due <= self.now)
        return self.over or (waits and not self.replaying)


class _Wound(WorkflowInstance):
    """The workflow, told the hour of the rehearsal at each turn."""

    def __init__(self, clockwork: Clockwork, inner: WorkflowInstance) -> None:
        self._clockwork, self._inner = clockwork, inner
        self._answers: list[WorkflowActivationJob] = []

    def activate(self, act: WorkflowActivation) -> WorkflowActivationCompletion:
        """One turn of the workflow."""
        clockwork = self._clockwork
        server = act.timestamp.ToDatetime(UTC)
        if any(job.HasField("remove_from_cache") for job in act.jobs):
            return self._inner.activate(act)
        if any(job.HasField("query_workflow") for job in act.jobs):
            # Comes alone, after all that has happened, and is no turn of its own.
            act.timestamp.FromDatetime(clockwork.now)
            clockwork.replaying = False
            clockwork.turned()
            return self._inner.activate(act)
        clockwork.replaying = act.is_replaying
        now = clockwork.told(server, replaying=act.is_replaying)
        act.timestamp.FromDatetime(now)
        jobs = [*self._unanswered(act), *self._due(now)]
        del act.jobs[:]
        act.jobs.extend(jobs)
        done = self._inner.activate(act)
        self._note(done, server, now)
        clockwork.turned()
        return done

    def _unanswered(self, act: WorkflowActivation) -> list[WorkflowActivationJob]:
        """What came, but for timers, and answers only once the last of them is there."""
        clockwork, jobs = self._clockwork, []
        for job in act.jobs:
            if job.HasField("resolve_activity"):
                clockwork.jobs.discard(("activity", job.resolve_activity.seq))
                self._answers.append(job)
                continue
            if job.HasField("resolve_child_workflow_execution_start"):
                clockwork.jobs.discard(("child", job.resolve_child_workflow_execution_start.seq))
            if not job.HasField("fire_timer"):
                clockwork.signals += job.HasField("signal_workflow")
                jobs.append(job)
        if not clockwork.jobs:
            jobs += sorted(self._answers, key=lambda job: job.resolve_activity.seq)
            self._answers = []
        return jobs

    def _due(self, now: datetime) -> list[WorkflowActivationJob]:
        """Every timer whose moment has come, whichever of them the server was quick enough to ring."""
        timers = self._clockwork.timers
        rings = sorted(seq for seq, due in timers.items() if due <= now)
        for seq in rings:
            del timers[seq]
        return [WorkflowActivationJob(fire_timer=FireTimer(seq=seq)) for seq in rings]

    def _note(self, done: WorkflowActivationCompletion, server: datetime, now: datetime) -> None:
        """Note what the workflow waits for now, and have its timers ring by the server's clock."""
        clockwork = self._clockwork
        if done.HasField("failed"):
            clockwork.fault = done.failed.failure.message
        for command in done.successful.commands:
            if command.HasField("start_timer"):
                timer = command.start_timer
                due = now + timer.start_to_fire_timeout.ToTimedelta()
                clockwork.timers[timer.seq] = due
                timer.start_to_fire_timeout.FromTimedelta(max(clockwork.by_server(due) - server, SHORTEST))
            elif command.HasField("cancel_timer"):
                clockwork.timers.pop(command.cancel_timer.seq, None)
            elif command.HasField("schedule_activity"):
                clockwork.jobs.add(("activity", command.schedule_activity.seq))
            elif command.HasField("start_child_workflow_execution"):
                clockwork.jobs.add(("child", command.start_child_workflow_execution.seq))
            elif command.HasField("fail_workflow_execution"):
                clockwork.fault = command.fail_workflow_execution.failure.message
            elif command.HasField("complete_workflow_execution"):
                clockwork.over = True

    def get_serialization_context(self, command_info: Any) -> SerializationContext | None:
        """As the workflow itself has it."""
        return self._inner.get_serialization_context(command_info)

    def get_external_store_context(self, command_info: Any) -> StorageDriverStoreContext:
        """As the workflow itself has it."""
        return self._inner.get_external_store_context(command_info)

    def get_info(self) -> workflow.Info:
        """As the workflow itself has it."""
        return self._inner.get_info()

    def get_thread_id(self) -> int | None:
        """As the workflow itself has it."""
        return self._inner.get_thread_id()
