"""A postmortem, from the closing of the incident's room to its final version (spec 9.2, 9.3)."""

import asyncio
from collections.abc import Sequence
from typing import Any, ClassVar

from temporalio import workflow
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError

from domain.aftermath import Manuscript, PostmortemState
from domain.aftermath_acts import FollowingUp
from domain.incident import IncidentNow, IncidentReport, Said, Status
from domain.messages import POSTMORTEM_WORKFLOW, REVIEW_WORKFLOW, WORK_QUEUE, Done
from policy import aftermath, follow_ups
from policy.action_review import begin_review
from workflows.aftermath import writing
from workflows.aftermath.deadlines import deadlines
from workflows.aftermath.door import check
from workflows.aftermath.letters import letters
from workflows.aftermath.live import LiveAftermath
from workflows.aftermath.papers import papers
from workflows.aftermath.posts import posts
from workflows.aftermath.show import show
from workflows.duties import Duty, supervised
from workflows.duties.project import project


@workflow.defn(name=POSTMORTEM_WORKFLOW)
class PostmortemWorkflow:
    """One postmortem. Its input is its state, new or carried over by continue-as-new."""

    duties: ClassVar[Sequence[Duty[Any]]] = (deadlines, letters, posts, papers, project, show)

    @workflow.init
    def __init__(self, state: PostmortemState) -> None:
        self.live = LiveAftermath(state)
        writing.open_once(self.live)

    @workflow.run
    async def run(self, state: PostmortemState) -> IncidentReport:
        """Keep people to its deadlines until it is final; then have its action items reviewed."""
        live = self.live
        duties = [asyncio.create_task(supervised(live, duty)) for duty in self.duties]
        await asyncio.sleep(0)
        live.changed()  # Duties begin with waiting for news, which after a cut may not come for days.
        await workflow.wait_condition(lambda: self._finished or (live.draining and live.quiet))
        if not self._finished:
            workflow.continue_as_new(live.state)
        live.state.handed_over = True
        for duty in duties:
            duty.cancel()
        await self._hand_over()
        return live.report()

    @workflow.update
    def act(self, asked: FollowingUp) -> Done:
        """Somebody does something."""
        return Done(said=writing.perform(self.live, asked), report=self.live.report())

    @act.validator
    def _may_act(self, asked: FollowingUp) -> None:
        if self.live.state.handed_over:
            raise ApplicationError("the action items have a review of their own by now", type="gone")
        reason = follow_ups.of_postmortem(self.live.state, asked, self.live.now())
        check(self.live, asked, Status.IN_REVIEW, reason)

    @workflow.query
    def now(self) -> IncidentNow:
        """The incident, and what is not in the database yet."""
        return IncidentNow(report=self.live.report(), pending=tuple(self.live.state.timeline.pending))

    @workflow.query
    def manuscript(self) -> Manuscript:
        """What has been written of it."""
        return aftermath.manuscript(self.live.state)

    @workflow.query
    def answer_to(self, source_id: str) -> Said | None:
        """What came of the message with this id; None while it has not come."""
        return self.live.state.answers.get(source_id)

    @property
    def _finished(self) -> bool:
        return self.live.state.final_at is not None and self.live.written

    async def _hand_over(self) -> None:
        """Begin the review of the action items. It goes on by itself."""
        state, incident = self.live.state, self.live.state.incident
        try:
            await workflow.start_child_workflow(
                REVIEW_WORKFLOW,
                begin_review(state, self.live.now()),
                id=f"review/{state.id}",
                task_queue=WORK_QUEUE,
                parent_close_policy=workflow.ParentClosePolicy.ABANDON,
                static_summary=f"Action items of {incident.severity} {incident.service_name}"[:100],
            )
        except WorkflowAlreadyStartedError:
            workflow.logger.warning("the review of %s goes on already", state.id)
