"""The review of an incident's action items, again and again until nothing is left to do; only then it is
closed (spec 1.7, 9.6)."""

import asyncio
from collections.abc import Sequence
from typing import Any, ClassVar

from temporalio import workflow

from domain.aftermath import Manuscript, ReviewState
from domain.aftermath_acts import FollowingUp
from domain.incident import IncidentNow, IncidentReport, Said, Status
from domain.messages import REVIEW_WORKFLOW, Done
from policy import aftermath, follow_ups
from workflows.aftermath import reviewing
from workflows.aftermath.deadlines import day_of_review
from workflows.aftermath.door import check
from workflows.aftermath.letters import letters
from workflows.aftermath.live import LiveAftermath
from workflows.aftermath.papers import papers
from workflows.aftermath.posts import posts
from workflows.aftermath.show import show
from workflows.duties import Duty, supervised
from workflows.duties.project import project


@workflow.defn(name=REVIEW_WORKFLOW)
class ActionItemReviewWorkflow:
    """The reviews of one incident's action items. Its input is its state, new or carried over by
    continue-as-new."""

    duties: ClassVar[Sequence[Duty[Any]]] = (day_of_review, letters, posts, papers, project, show)

    @workflow.init
    def __init__(self, state: ReviewState) -> None:
        self.live = LiveAftermath(state)
        reviewing.open_once(self.live)

    @workflow.run
    async def run(self, state: ReviewState) -> IncidentReport:
        """Keep people to the review until it was held and nothing is open."""
        live = self.live
        duties = [asyncio.create_task(supervised(live, duty)) for duty in self.duties]
        await asyncio.sleep(0)
        live.changed()  # Duties begin with waiting for news, which after a cut may not come for days.
        await workflow.wait_condition(lambda: self._finished or (live.draining and live.quiet))
        if not self._finished:
            workflow.continue_as_new(live.state)
        for duty in duties:
            duty.cancel()
        return live.report()

    @workflow.update
    def act(self, asked: FollowingUp) -> Done:
        """Somebody does something."""
        return Done(said=reviewing.perform(self.live, asked), report=self.live.report())

    @act.validator
    def _may_act(self, asked: FollowingUp) -> None:
        status = Status.CLOSED if self.live.state.closed_at else Status.IN_PREVENTION
        check(self.live, asked, status, follow_ups.of_review(self.live.state, asked, self.live.now()))

    @workflow.query
    def now(self) -> IncidentNow:
        """The incident, and what is not in the database yet."""
        return IncidentNow(report=self.live.report(), pending=tuple(self.live.state.timeline.pending))

    @workflow.query
    def manuscript(self) -> Manuscript:
        """What was written in the postmortem."""
        return aftermath.manuscript(self.live.state)

    @workflow.query
    def answer_to(self, source_id: str) -> Said | None:
        """What came of the message with this id; None while it has not come."""
        return self.live.state.answers.get(source_id)

    @property
    def _finished(self) -> bool:
        state, outbox = self.live.state, self.live.state.outbox
        silent = state.snapshot.chat is None or outbox.away_since is not None
        told = not state.letters and (silent or not outbox.pending)
        return state.closed_at is not None and told and self.live.written
