"""An incident, from its first alert until it is closed.

Its body is what a responder would say: keep up the duties until the incident is closed. Each duty is
a file of its own in `duties/`; what people and systems say to the incident is in `verbs.py`.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import ClassVar

from temporalio import workflow
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError

from domain.acts import Acting
from domain.incident import IncidentNow, IncidentReport, IncidentState, Said, Status
from domain.messages import (
    INCIDENT_WORKFLOW,
    POSTMORTEM_WORKFLOW,
    WORK_QUEUE,
    Answer,
    AttachAlert,
    CarrierEvent,
    Close,
    Done,
    Escalate,
    Resolve,
)
from policy import lifecycle, opening, postmortem, refusals
from workflows import acting, search_attributes, verbs
from workflows.duties import Duty, supervised
from workflows.duties.chat import chat
from workflows.duties.checkpoint import checkpoint
from workflows.duties.classify import classify
from workflows.duties.document import document
from workflows.duties.finish import finish
from workflows.duties.follow_up import follow_up
from workflows.duties.gather import gather
from workflows.duties.inform import inform
from workflows.duties.page import page
from workflows.duties.press_on import press_on
from workflows.duties.project import project
from workflows.duties.publish import publish
from workflows.duties.relieve import relieve
from workflows.duties.repair import repair
from workflows.duties.roster import roster
from workflows.duties.show import show
from workflows.duties.staff import staff
from workflows.live_incident import LiveIncident

NONCE = "abcdefghijkmnpqrstuvwxyz23456789"


@workflow.defn(name=INCIDENT_WORKFLOW)
class IncidentWorkflow:
    """One incident. Its input is its state, new or carried over by continue-as-new."""

    duties: ClassVar[Sequence[Duty[LiveIncident]]] = (
        page,
        repair,
        roster,
        classify,
        staff,
        gather,
        checkpoint,
        follow_up,
        press_on,
        inform,
        publish,
        relieve,
        finish,
        chat,
        project,
        document,
        show,
    )

    @workflow.init
    def __init__(self, state: IncidentState) -> None:
        # A message may come before run() does.
        self.live = LiveIncident(state)
        verbs.open_once(self.live)

    @workflow.run
    async def run(self, state: IncidentState) -> IncidentReport:
        """Keep up the duties until the room is closed and all is written down; then hand over to the
        postmortem, if one is owed."""
        live = self.live
        duties = [asyncio.create_task(supervised(live, duty)) for duty in self.duties]
        # An alert that comes while it closes reopens it, so whether it is over is asked anew after
        # every wait, the last one included.
        await workflow.wait_condition(lambda: live.finished or (live.draining and live.quiet))
        if not live.finished:
            workflow.continue_as_new(live.state)
        for duty in duties:
            duty.cancel()
        if live.state.status is Status.IN_REVIEW:
            await self._hand_over()
        return live.report()

    async def _hand_over(self) -> None:
        """Begin the postmortem. An alert that comes meanwhile opens the next incident, which goes on here."""
        live, state = self.live, self.live.state
        live.handed_over = True
        with suppress(WorkflowAlreadyStartedError):  # By a run that was reset since.
            await workflow.start_child_workflow(
                POSTMORTEM_WORKFLOW,
                postmortem.begin(state, live.report(), live.now()),
                id=f"postmortem/{state.id}",
                task_queue=WORK_QUEUE,
                parent_close_policy=workflow.ParentClosePolicy.ABANDON,
                static_summary=f"Postmortem of {state.id}",
            )
        if state.arrived:
            nonce = "".join(workflow.random().choices(NONCE, k=5))
            code = str(workflow.random().randrange(10_000, 100_000))
            after = opening.successor(state, state.arrived, nonce, code)
            workflow.continue_as_new(
                after,
                memo=opening.memo_of(after),
                search_attributes=search_attributes.at_start(after),
            )

    @workflow.signal
    def attach_alert(self, message: AttachAlert) -> None:
        """An alert opens or joins the incident."""
        verbs.attach_alert(self.live, message.alert)

    @workflow.signal
    def acknowledge(self, answer: Answer) -> None:
        """Somebody takes the incident, by phone or message."""
        verbs.acknowledge(self.live, answer)

    @workflow.signal
    def pass_on(self, answer: Answer) -> None:
        """Somebody who was paged cannot take it."""
        verbs.pass_on(self.live, answer)

    @workflow.signal
    def carrier_event(self, event: CarrierEvent) -> None:
        """The carrier, or the call itself, says what becomes of a page."""
        verbs.carrier_event(self.live, event)

    @workflow.update(name="acknowledge")
    def acknowledge_now(self, answer: Answer) -> Done:
        """Somebody takes the incident and waits to hear whether they have it."""
        return self._done(verbs.acknowledge(self.live, answer))

    @acknowledge_now.validator
    def _may_acknowledge(self, answer: Answer) -> None:
        self._check(answer.source_id, answer.incident_id, "acknowledge")

    @workflow.update
    def escalate(self, message: Escalate) -> Done:
        """Page the next rung now."""
        return self._done(verbs.escalate(self.live, message))

    @escalate.validator
    def _may_escalate(self, message: Escalate) -> None:
        self._check(message.source_id, message.incident_id, "escalate")

    @workflow.update
    def resolve(self, message: Resolve) -> Done:
        """The harm is over."""
        return self._done(verbs.resolve(self.live, message))

    @resolve.validator
    def _may_resolve(self, message: Resolve) -> None:
        self._check(message.source_id, message.incident_id, "resolve")

    @workflow.update
    def close(self, message: Close) -> Done:
        """Nothing more is to be done."""
        return self._done(verbs.close(self.live, message))

    @close.validator
    def _may_close(self, message: Close) -> None:
        self._check(message.source_id, message.incident_id, "close")

    @workflow.update
    def act(self, message: Acting) -> Done:
        """Somebody does something: takes a role, answers a checkpoint, decides, mitigates, publishes…"""
        return self._done(acting.perform(self.live, message))

    @act.validator
    def _may_act(self, message: Acting) -> None:
        if self._is_new(message.source_id, message.incident_id) and (
            reason := refusals.refusal(self.live.state, message)
        ):
            self._refuse(reason)

    @workflow.query
    def now(self) -> IncidentNow:
        """The incident, and what is not in the database yet."""
        return IncidentNow(report=self.live.report(), pending=tuple(self.live.state.timeline.pending))

    @workflow.query
    def answer_to(self, source_id: str) -> Said | None:
        """What came of the message with this id; None while it has not come."""
        return self.live.state.answers.get(source_id)

    def _done(self, said: Said) -> Done:
        return Done(said=said, report=self.live.report())

    def _check(self, source_id: str, incident_id: str, verb: lifecycle.Verb) -> None:
        if self._is_new(source_id, incident_id) and (reason := lifecycle.refusal(self.live.state, verb)):
            self._refuse(reason)

    def _is_new(self, source_id: str, incident_id: str) -> bool:
        """Whether it has to be looked at: what was answered before is answered alike."""
        if source_id in self.live.state.answers:
            return False
        if incident_id != self.live.state.id:
            raise ApplicationError(f"{incident_id} is over; {self.live.state.id} is open now", type="gone")
        return True

    def _refuse(self, reason: str) -> None:
        raise ApplicationError(reason, self.live.state.status.value, type="impossible")
