"""A workflow of ours while it lives: its state, and the few ways in which duties and messages act on it."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Coroutine
from datetime import datetime, timedelta
from typing import Any, Generic, Literal, Protocol, TypeVar

from temporalio import workflow
from temporalio.common import Priority, RetryPolicy

from domain.base import Deadline, Thing
from domain.chat import Button, Outbox, Post
from domain.incident import IncidentReport, Said
from domain.messages import WORK_QUEUE
from domain.timeline import Entry, Kind, Timeline

AnswerT = TypeVar("AnswerT", bound=Thing)


class Lived(Protocol):
    """What every state of ours keeps, so that it can be written down, answered and waited for."""

    timeline: Timeline
    outbox: Outbox
    answers: dict[str, Said]
    faults: dict[str, int]
    revision: int


StateT = TypeVar("StateT", bound=Lived)

MOST_ANSWERS = 200
"""Messages whose answers are remembered, for the same one delivered twice."""


class Alarm:
    """One durable timer with a name, which is set anew only when its deadline moves."""

    def __init__(self) -> None:
        self.deadline: Deadline | None = None
        self._timer: asyncio.Task[None] | None = None

    def set(self, deadline: Deadline | None, *, early: bool = False) -> None:
        """Ring at this deadline, or not at all.

        `early`: a deadline that only moves on keeps its timer, which then rings too early once. Whoever is
        woken looks again, and history is spared two events each time.
        """
        known, rang = self.deadline, self.rang
        if deadline == known and not rang:
            return
        same = deadline and known and known.name == deadline.name and known.at <= deadline.at
        if early and same and not rang:
            return
        if self._timer:
            self._timer.cancel()
        self.deadline, self._timer = deadline, None
        if deadline:
            wait = deadline.remaining(workflow.now())
            self._timer = asyncio.create_task(workflow.sleep(wait, summary=deadline.name))

    @property
    def rang(self) -> bool:
        """Whether the deadline has come."""
        return self._timer is not None and self._timer.done()


class Live(ABC, Generic[StateT]):
    """The one state that all duties share, and what they do with it."""

    def __init__(self, state: StateT) -> None:
        self.state = state
        self.alarm = Alarm()
        self.jobs_in_flight = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._pages: dict[int, workflow.ActivityHandle[Any]] = {}
        self._suggested_at: int | None = None

    def now(self) -> datetime:
        """The workflow's own time."""
        return workflow.now()

    @abstractmethod
    def report(self) -> IncidentReport:
        """The incident as it is now. Each kind of workflow knows its own part of it."""

    @property
    def rank(self) -> int:
        """How urgent its jobs are: 1 goes first, 5 last."""
        return 5

    def changed(self) -> None:
        """Wake whoever waits for a change."""
        self.state.revision += 1

    def log(
        self, kind: Kind, text: str, *, at: datetime | None = None, person: str | None = None, **data: Any
    ) -> None:
        """Put a line on the timeline."""
        timeline = self.state.timeline
        timeline.add(
            Entry(
                sequence=timeline.last + 1,
                at=at or self.now(),
                kind=kind,
                text=text,
                person=person,
                data=data,
            )
        )
        self.changed()

    def remember(self, source_id: str, said: Said) -> Said:
        """Keep what came of a message, so that the same one delivered again is answered alike."""
        answers = self.state.answers
        answers[source_id] = said
        while len(answers) > MOST_ANSWERS:
            del answers[next(iter(answers))]
        self.changed()
        return said

    def say(
        self,
        place: Literal["room", "status", "announcements", "person"],
        text: str,
        *buttons: Button,
        person: str | None = None,
    ) -> None:
        """Put a post in the outbox; nothing waits for chat to take it."""
        outbox = self.state.outbox
        outbox.add(
            Post(
                number=outbox.last + 1,
                at=self.now(),
                place=place,
                text=text,
                person=person,
                buttons=buttons,
            )
        )
        self.changed()

    async def turn(self, alarm: Alarm | None = None) -> None:
        """Wait until something changes or the alarm rings."""
        seen, rings = self.state.revision, alarm or self.alarm
        await workflow.wait_condition(lambda: self.state.revision != seen or rings.rang)

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Let work go on beside the duty. It must not raise: whoever starts it turns failure into state."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def job(
        self,
        name: str,
        work: Thing,
        answer: type[AnswerT],
        *,
        summary: str,
        timeout: timedelta,
        queue: str = WORK_QUEUE,
        heartbeat: timedelta | None = None,
        attempt: int | None = None,
    ) -> AnswerT:
        """Ask the outside world for something, once: duties decide what is next after a failure, because
        a job that the server retries for hours is in flight for hours, and history could never be cut.

        With an `attempt` the job can be withdrawn by that number while it waits in its queue.

        Raises:
            ActivityError: it failed, took too long, or was withdrawn.
        """
        handle: workflow.ActivityHandle[AnswerT] = workflow.start_activity(
            name,
            work,
            task_queue=queue,
            result_type=answer,
            start_to_close_timeout=timeout,
            heartbeat_timeout=heartbeat,
            retry_policy=RetryPolicy(maximum_attempts=1),
            # What has begun is not interrupted: whether the phone rings must be known.
            cancellation_type=workflow.ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
            summary=summary,
            priority=Priority(priority_key=self.rank),
        )
        self.jobs_in_flight += 1
        if attempt is not None:
            self._pages[attempt] = handle
        try:
            return await handle
        finally:
            self.jobs_in_flight -= 1
            self._pages.pop(attempt or 0, None)
            self.changed()

    def withdraw(self, attempt: int) -> None:
        """Take back the page of this attempt, if it still waits in its queue."""
        if handle := self._pages.get(attempt):
            handle.cancel()

    @property
    def page_leaving(self) -> bool:
        """Whether a page is on its way to the carrier."""
        return bool(self._pages)

    @property
    def travels_along(self) -> bool:
        """Whether what is to be written down is taken along by another errand."""
        return False

    @property
    def draining(self) -> bool:
        """Whether history has grown enough to be cut, so that what can wait should."""
        suggested = workflow.info().is_continue_as_new_suggested()
        if suggested and self._suggested_at is None:
            self._suggested_at = workflow.info().get_current_history_length()
        return suggested

    @property
    def holding(self) -> bool:
        """Whether even pages wait for the few seconds that cutting needs: history has doubled since it
        should have been cut, and no quiet moment has come by itself."""
        if not self.draining or self._suggested_at is None:
            return False
        return workflow.info().get_current_history_length() > 2 * self._suggested_at

    @property
    def quiet(self) -> bool:
        """Whether nothing is under way that would be lost."""
        return self.jobs_in_flight == 0 and workflow.all_handlers_finished()
