"""The gateway to the incidents' workflows: the only place that touches Temporal.

Every call is bounded here as a whole. The client's own time limit holds for one try, and it tries again
for ten seconds when the server is gone.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Sequence
from datetime import timedelta
from typing import Any, NamedTuple, TypeVar

import structlog
from temporalio.client import (
    Client,
    WorkflowExecution,
    WorkflowExecutionStatus,
    WorkflowHandle,
    WorkflowUpdateFailedError,
)
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError

from api.errors import DatabaseAway, Impossible, NobodyWorks, Refused, TemporalAway, UnknownIncident
from api.past import Past
from api.reach import RPC_SECONDS, UPDATE_SECONDS, temporal_within
from api.remembered import incident_id_of, remembered
from api.together import together
from domain.alert import Alert
from domain.base import Thing
from domain.ids import IncidentId
from domain.incident import IncidentNow, IncidentReport, IncidentState, Said, Status
from domain.messages import INCIDENT_WORKFLOW, WORK_QUEUE, AttachAlert, Done
from policy.grouping import incident_of
from policy.opening import affected, memo_of, open_incident, schedules_for
from rota import Rota
from workflows import search_attributes

log = structlog.get_logger()

AnswerT = TypeVar("AnswerT")

QUERY_SECONDS = 2.0
NOT_THERE_SECONDS = 0.5
"""How long an answer that is not there yet is asked for again. A query sees all that came before it, so
this only bridges a workflow that is just being continued."""

ALERTS_AT_ONCE = 16
"""Alerts stored at the same time. Each has its own time limit, which a storm at once would use up."""

_NONCE = "abcdefghijkmnpqrstuvwxyz23456789"


class Read(NamedTuple):
    """An incident, and whether this is all there is to know of it at this moment."""

    now: IncidentNow
    current: bool = True


class IncidentGateway:
    """Starts incidents, tells them things, and asks them."""

    def __init__(self, client: Client, rota: Rota, past: Past, *, chat: bool = False) -> None:
        self._chat = chat
        self._client = client
        self._rota = rota
        self._past = past
        self._gate = asyncio.Semaphore(ALERTS_AT_ONCE)

    async def attach(self, alerts: Sequence[Alert]) -> str | None:
        """Make alerts of one service and rule part of their incident, opening it if need be. Once this
        returns they are durable; the answer is the incident's id, or None where it cannot be told or, for
        the end of something that nobody was paged for, does not exist.

        Raises:
            TemporalAway: not all of them were stored. Sending them again is harmless.
        """
        await self._attach(alerts[0])  # alone, for it is what the incident is named after
        await together(self._attach(alert) for alert in alerts[1:])
        try:
            described = await self._describe(incident_of(alerts[0], "").workflow_id)
        except Refused:
            return None
        return described[1].get("incident_id") if described else None

    async def _attach(self, alert: Alert) -> None:
        async with self._gate:
            await self._attach_now(alert)

    async def _attach_now(self, alert: Alert) -> None:
        message = AttachAlert(alert=alert)
        if alert.status == "resolved":
            # Good news opens nothing, and pages nobody.
            handle = self._client.get_workflow_handle(incident_of(alert, "").workflow_id)
            await self._sent(handle.signal("attach_alert", message))
            return
        nonce = "".join(secrets.choice(_NONCE) for _ in range(5))
        reply_code = str(10_000 + secrets.randbelow(90_000))
        organisation = self._rota.organisation
        schedules = schedules_for(organisation, affected(alert, organisation))
        on_call = self._rota.on_call(schedules, alert.received_at)
        state = open_incident(alert, organisation, nonce, reply_code, on_call, chat=self._chat)
        async with temporal_within(RPC_SECONDS):
            await self._client.start_workflow(
                INCIDENT_WORKFLOW,
                state,
                id=IncidentId.parse(state.id).workflow_id,
                task_queue=WORK_QUEUE,
                id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
                start_signal="attach_alert",
                start_signal_args=[message],
                search_attributes=search_attributes.at_start(state),
                memo=memo_of(state),
                static_summary=_one_line(f"{state.severity} {state.snapshot.service.name}: {state.title}"),
                static_details=_details(state),
                rpc_timeout=timedelta(seconds=RPC_SECONDS),
            )

    async def now(self, incident_id: str, within: float = QUERY_SECONDS) -> IncidentNow:
        """The incident as its workflow knows it.

        Raises:
            UnknownIncident: no workflow runs or remembers it.
            TemporalAway, NobodyWorks: there was no answer `within` seconds.
        """
        now: IncidentNow = await self._query(incident_id, "now", (), IncidentNow, within)
        if now.report.id != incident_id:
            raise UnknownIncident()
        return now

    async def read(self, incident_id: str) -> Read:
        """The incident from whoever knows it: its workflow, else the database, else what it was started
        with, so that what was accepted can be read at once, whatever is away.

        Raises:
            UnknownIncident: nobody knows it.
            TemporalAway, NobodyWorks, DatabaseAway: it may exist, but those who may know do not answer.
        """
        try:
            now = await self.now(incident_id)
            return Read(now) if now.report.status.unresolved else await self._later(now)
        except UnknownIncident:
            if stored := await self._past.incident(incident_id):
                return Read(IncidentNow(report=stored, pending=()))
            raise
        except Refused as fault:
            return await self._read_elsewhere(incident_id, fault)

    async def _later(self, now: IncidentNow) -> Read:
        """An incident whose own workflow may be over: what follows it writes to the same row."""
        try:
            stored = await self._past.incident(now.report.id)
        except DatabaseAway:
            return Read(now, current=False)
        order = list(Status)
        ahead = stored and order.index(stored.status) > order.index(now.report.status)
        over = now.report.status in (Status.IN_REVIEW, Status.CLOSED) and not now.pending
        if stored and (ahead or (over and stored.status is now.report.status)):
            return Read(IncidentNow(report=stored, pending=()))
        return Read(now)

    async def _read_elsewhere(self, incident_id: str, fault: Refused) -> Read:
        stored: IncidentReport | None = None
        database: DatabaseAway | None = None
        try:
            stored = await self._past.incident(incident_id)
        except DatabaseAway as away:
            database = away
        if stored is None:
            try:
                described = await self._describe(_workflow_id(incident_id))
            except TemporalAway:
                raise fault from None
            if described is None or described[1].get("incident_id") != incident_id:
                raise database or UnknownIncident()
            stored = remembered(*described, self._rota.organisation)
        return Read(IncidentNow(report=stored, pending=()), current=False)

    async def remembered(self, incident_id: str, within: float) -> IncidentReport | None:
        """What the incident was started with, which Temporal tells without any worker."""
        described = await self._describe(_workflow_id(incident_id), within)
        if described is None or described[1].get("incident_id") != incident_id:
            return None
        return remembered(*described, self._rota.organisation)

    async def signal(self, incident_id: str, name: str, message: Thing) -> bool:
        """Tell the incident something. True: it is stored, and counts even while no worker lives. False:
        there is no such incident any more.

        Raises:
            TemporalAway: it was not stored.
        """
        handle = self._client.get_workflow_handle(_workflow_id(incident_id))
        return await self._sent(handle.signal(name, message))

    async def answer_to(self, incident_id: str, source_id: str, within: float = QUERY_SECONDS) -> Said | None:
        """What came of the message with this id. None: the incident has seen it, and it was about a page
        that is over.

        Raises:
            TemporalAway, NobodyWorks, UnknownIncident: there is no telling.
        """
        loop = asyncio.get_running_loop()
        patience, deadline = loop.time() + NOT_THERE_SECONDS, loop.time() + within
        while True:
            left = max(deadline - loop.time(), 0.05)
            said: Said | None = await self._query(incident_id, "answer_to", (source_id,), Said, left)
            if said or loop.time() > patience:
                return said
            await asyncio.sleep(0.1)

    async def update(self, incident_id: str, name: str, message: Thing, source_id: str) -> Done:
        """Have something done, and hear what came of it.

        Raises:
            UnknownIncident, Impossible: it cannot be done.
            TemporalAway, NobodyWorks: there was no answer in time. It may be done yet; repeating it with
                the same source id does it once.
        """
        handle = self._client.get_workflow_handle(_workflow_id(incident_id))
        limit = timedelta(seconds=UPDATE_SECONDS)
        try:
            async with temporal_within(UPDATE_SECONDS):
                done: Done = await handle.execute_update(
                    name, message, id=source_id, result_type=Done, rpc_timeout=limit
                )
            return done
        except WorkflowUpdateFailedError as refusal:
            raise await self._refusal(incident_id, refusal.cause) from refusal
        except NobodyWorks:
            await self._describe(_workflow_id(incident_id))
            raise
        except UnknownIncident:
            raise await self._over(incident_id) from None

    async def find(self, query: str, most: int = 20) -> list[IncidentReport]:
        """Incidents by a visibility query, each with what it was started with. What has just changed may
        be missing for about a second."""
        async with temporal_within(RPC_SECONDS):
            found = self._client.list_workflows(
                f"WorkflowType = '{INCIDENT_WORKFLOW}' AND ({query})",
                limit=most,
                rpc_timeout=timedelta(seconds=RPC_SECONDS),
            )
            pairs = [(execution, await execution.memo()) async for execution in found]
        return [
            remembered(execution, memo, self._rota.organisation)
            for execution, memo in pairs
            if incident_id_of(memo)
        ]

    async def reachable(self) -> str | None:
        """None if Temporal answers, else why not."""
        try:
            async with temporal_within(QUERY_SECONDS):
                await self._client.count_workflows(
                    "ExecutionStatus = 'Running'", rpc_timeout=timedelta(seconds=QUERY_SECONDS)
                )
        except Refused as fault:
            return fault.detail
        return None

    async def _sent(self, signal: Awaitable[None]) -> bool:
        try:
            async with temporal_within(RPC_SECONDS):
                await signal
        except UnknownIncident:
            return False
        return True

    async def _query(
        self, incident_id: str, name: str, args: Sequence[Any], answer: Any, within: float
    ) -> Any:
        handle = self._client.get_workflow_handle(_workflow_id(incident_id))
        async with temporal_within(within):
            return await handle.query(
                name, args=args, result_type=answer, rpc_timeout=timedelta(seconds=within)
            )

    async def _describe(
        self, workflow_id: str, within: float = RPC_SECONDS
    ) -> tuple[WorkflowExecution, dict[str, Any]] | None:
        handle: WorkflowHandle[Any, Any] = self._client.get_workflow_handle(workflow_id)
        try:
            async with temporal_within(within, silent=TemporalAway):
                described = await handle.describe(rpc_timeout=timedelta(seconds=within))
                return described, dict(await described.memo())
        except UnknownIncident:
            return None

    async def _refusal(self, incident_id: str, cause: BaseException | None) -> Refused:
        if isinstance(cause, ApplicationError):
            if cause.type == "impossible":
                return Impossible(cause.message, Status(cause.details[0]))
            if cause.type in ("gone", "AcceptedUpdateCompletedWorkflow"):
                return await self._over(incident_id)
        log.error("an update failed", incident=incident_id, error=str(cause))
        return NobodyWorks(f"the incident could not do it: {cause}")

    async def _over(self, incident_id: str) -> Refused:
        """Whether an incident that is not running ever was."""
        status = Status.CLOSED
        try:
            stored = await self._past.incident(incident_id)
            known, status = stored is not None, stored.status if stored else status
        except DatabaseAway:
            known = True
        if not known:
            described = await self._describe(_workflow_id(incident_id))
            known = bool(
                described
                and described[1].get("incident_id") == incident_id
                and described[0].status is not WorkflowExecutionStatus.RUNNING
            )
        followed = f"its room is closed, it is {status.value}"
        what = "the incident is closed" if status is Status.CLOSED else followed
        over = f"{what}; nothing more can be done with it here"
        return Impossible(over, status) if known else UnknownIncident()


def _workflow_id(incident_id: str) -> str:
    try:
        return IncidentId.parse(incident_id).workflow_id
    except ValueError:
        raise UnknownIncident() from None


def _one_line(text: str) -> str:
    """Short enough for Temporal's summary, which holds 400 bytes."""
    return " ".join(text.split())[:100]


def _details(state: IncidentState) -> str:
    return f"**{state.severity}** {_one_line(state.title)}\n\n{state.impact}\n\nIncident `{state.id}`"
