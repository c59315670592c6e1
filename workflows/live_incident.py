"""An incident while it lives."""

from collections.abc import Iterable

from domain.base import Deadline
from domain.incident import IncidentReport, IncidentState
from domain.people import Person
from policy import deadlines, lifecycle
from policy import report as reports
from workflows.live import Live


class LiveIncident(Live[IncidentState]):
    """An incident, from its first alert until its room closes."""

    handed_over = False
    """Whether the postmortem has begun: what comes from now on belongs to another incident."""

    chat_waits = False
    """Whether the duty to chat waits for something to say."""

    chat_carries = False
    """Whether a turn of chat is under way, and takes along what is to be written down."""

    @property
    def travels_along(self) -> bool:
        """Chat takes the timeline along whenever it goes anyway."""
        return self.chat_carries or (self.chat_waits and bool(self.state.outbox.pending))

    @property
    def page_leaving(self) -> bool:
        """Whether a page is on its way that writing lets go first: the incident's first one. One that was
        opened before it had rules for the response lets every page go first, as it began."""
        timeline = self.state.timeline
        first = bool(timeline.pending) and timeline.pending[0].sequence == 1
        return super().page_leaving and (first or self.state.snapshot.response is None)

    @property
    def rank(self) -> int:
        """The severity's: the worst incident's jobs go first."""
        return self.state.grade.rank

    def report(self) -> IncidentReport:
        """The incident as it is now."""
        return reports.report(self.state, self.next_deadline, self.now())

    def know(self, contacts: Iterable[Person]) -> None:
        """Remember how to reach people who were not on the ladder when the incident began."""
        known = self.state.snapshot.people
        if new := {person.id: person for person in contacts if person.id not in known}:
            people = {**known, **new}
            self.state.snapshot = self.state.snapshot.model_copy(update={"people": people})

    @property
    def next_deadline(self) -> Deadline | None:
        """What people can expect next, as it follows from the state."""
        return deadlines.next_of(self.state, self.now())

    @property
    def finished(self) -> bool:
        """Whether its room is closed and all of it is written down."""
        return (
            lifecycle.over(self.state)
            and not self.state.timeline.pending
            and not self.state.document_due
            and self._chat_done
            and self.quiet
        )

    @property
    def _chat_done(self) -> bool:
        """Whether chat has heard everything and its room is put away. Chat that is away is not waited for."""
        outbox, room = self.state.outbox, self.state.war_room
        if self.state.snapshot.chat is None or outbox.away_since:
            return True
        return not outbox.pending and (room is None or outbox.channels.archived)
