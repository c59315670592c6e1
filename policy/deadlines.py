"""What people can expect next, by name and moment, as it follows from an incident's state."""

from datetime import datetime

from domain.base import Deadline
from domain.incident import IncidentState
from policy import ladder


def next_of(state: IncidentState, now: datetime) -> Deadline | None:
    """The first of what is to come."""
    return min(upcoming(state, now), key=lambda deadline: deadline.at, default=None)


def upcoming(state: IncidentState, now: datetime) -> tuple[Deadline, ...]:
    """Every deadline, the earliest first."""
    page = ladder.due(state.run, state.grade, state.snapshot, now).ahead
    return (page,) if page else ()
