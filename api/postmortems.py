"""The gateway to what follows an incident: its postmortem and the review of its action items."""

import asyncio
from datetime import timedelta
from typing import Any, TypeVar

import structlog
from temporalio.client import Client, WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError

from api.errors import FieldFault, Impossible, Invalid, NobodyWorks, Refused, UnknownIncident
from api.past import Past
from api.reach import UPDATE_SECONDS, temporal_within
from domain.aftermath import Manuscript
from domain.aftermath_acts import AnswerItem, FollowingUp, HoldReview, MoveReview
from domain.base import Thing
from domain.ids import IncidentId
from domain.incident import IncidentNow, IncidentReport, Status
from domain.messages import Done

log = structlog.get_logger()

AnswerT = TypeVar("AnswerT")

QUERY_SECONDS = 2.0
HAND_OVER_SECONDS = 3.0
"""How long a postmortem or a review may take to begin once its predecessor has ended."""


class NoPostmortem(Refused):
    """The incident has not come to a postmortem, or never will."""

    status, code = 404, "no_postmortem"

    def __init__(self, status: Status) -> None:
        super().__init__(f"there is no postmortem of it; the incident is {status.value}")


class Followed(Thing):
    """What became of an incident, and what people have written of it, if a workflow remembers that."""

    report: IncidentReport
    manuscript: Manuscript | None = None


class PostmortemGateway:
    """Tells postmortems and reviews things, and asks them."""

    def __init__(self, client: Client, past: Past) -> None:
        self._client = client
        self._past = past

    async def read(self, incident_id: str) -> Followed:
        """What became of the incident, from the workflow that knows it best, else as it was last stored.

        Raises:
            UnknownIncident, NoPostmortem: there is none.
            TemporalAway, NobodyWorks, DatabaseAway: those who may know do not answer.
        """
        for workflow_id in _latest_first(incident_id):
            try:
                now = await self._query(workflow_id, "now", IncidentNow)
                written = await self._query(workflow_id, "manuscript", Manuscript)
                return Followed(report=now.report, manuscript=written)
            except UnknownIncident:
                continue
        stored = await self._past.incident(incident_id)
        if stored is None:
            raise UnknownIncident()
        if stored.postmortem is None:
            raise NoPostmortem(stored.status)
        return Followed(report=stored)

    async def act(self, asked: FollowingUp) -> Done:
        """Have something done, and hear what came of it.

        Raises:
            UnknownIncident, NoPostmortem, Impossible: it cannot be done.
            Invalid: an action item, with each thing that it lacks (spec 9.5).
            TemporalAway, NobodyWorks: there was no answer in time. It may be done yet; repeating it with
                the same source id does it once.
        """
        loop = asyncio.get_running_loop()
        patience = loop.time() + HAND_OVER_SECONDS
        while True:
            for workflow_id in _order(asked):
                try:
                    return await self._update(workflow_id, asked)
                except (UnknownIncident, _Gone):
                    continue
            reason = await self._nowhere(asked.incident_id)
            if not isinstance(reason, NobodyWorks) or loop.time() > patience:
                raise reason
            await asyncio.sleep(0.1)

    async def _update(self, workflow_id: str, asked: FollowingUp) -> Done:
        handle = self._client.get_workflow_handle(workflow_id)
        limit = timedelta(seconds=UPDATE_SECONDS)
        try:
            async with temporal_within(UPDATE_SECONDS):
                done: Done = await handle.execute_update(
                    "act", asked, id=asked.source_id, result_type=Done, rpc_timeout=limit
                )
            return done
        except WorkflowUpdateFailedError as refusal:
            raise _refusal(asked, refusal.cause) from refusal

    async def _query(self, workflow_id: str, name: str, answer: type[AnswerT]) -> AnswerT:
        handle = self._client.get_workflow_handle(workflow_id)
        async with temporal_within(QUERY_SECONDS):
            found: AnswerT = await handle.query(
                name, result_type=answer, rpc_timeout=timedelta(seconds=QUERY_SECONDS)
            )
            return found

    async def _nowhere(self, incident_id: str) -> Refused:
        """Why nobody can do it. Between one workflow and its successor that is only for a moment."""
        stored = await self._past.incident(incident_id)
        if stored is None:
            return UnknownIncident()
        if stored.status in (Status.IN_REVIEW, Status.IN_PREVENTION):
            return NobodyWorks("what follows the incident is just about to begin; try again")
        if stored.status is Status.CLOSED:
            return Impossible("the incident is closed; nothing more can be done with it", Status.CLOSED)
        return NoPostmortem(stored.status)


class _Gone(Exception):
    """The workflow has handed over to its successor."""


def _refusal(asked: FollowingUp, cause: BaseException | None) -> Exception:
    if isinstance(cause, ApplicationError):
        details: Any = cause.details
        match cause.type:
            case "impossible":
                return Impossible(cause.message, Status(details[0]))
            case "lacking":
                return Invalid([FieldFault(path=field, message=mend) for field, mend in details[0]])
            case "gone" | "AcceptedUpdateCompletedWorkflow":
                return _Gone()
    log.error("an update failed", incident=asked.incident_id, error=str(cause))
    return NobodyWorks(f"it could not be done: {cause}")


def _latest_first(incident_id: str) -> tuple[str, str]:
    try:
        IncidentId.parse(incident_id)
    except ValueError:
        raise UnknownIncident() from None
    return f"review/{incident_id}", f"postmortem/{incident_id}"


def _order(asked: FollowingUp) -> tuple[str, str]:
    """Whom to ask first: what is for the review alone is not brought to the postmortem while there is one."""
    review, postmortem = _latest_first(asked.incident_id)
    alone = isinstance(asked.act, AnswerItem | HoldReview | MoveReview)
    return (review, postmortem) if alone else (postmortem, review)
