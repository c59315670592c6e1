"""What people can expect next, by name and moment, as it follows from an incident's state."""

from datetime import datetime

from domain.base import Deadline
from domain.incident import IncidentState
from policy import (
    checkpoints,
    closing,
    follow_up,
    ladder,
    progress,
    respond,
    severity,
    staffing,
    status_page,
    war_room,
)
from policy.standing import earliest


def next_of(state: IncidentState, now: datetime) -> Deadline | None:
    """The first of what is to come."""
    return earliest(upcoming(state, now))


def upcoming(state: IncidentState, now: datetime) -> tuple[Deadline, ...]:
    """Every deadline, the earliest first: one of each duty."""
    found = [
        ladder.due(state.run, state.grade, state.snapshot, now).ahead,
        respond.deadline(state, now),
        severity.owed(state, now).deadline,
        staffing.owed(state, now).deadline,
        checkpoints.owed(state, now).deadline,
        follow_up.owed(state, now).deadline,
        status_page.owed(state, now).deadline,
        progress.owed(state, now).deadline,
        war_room.opening(state, now).deadline,
        war_room.relief(state, now).deadline,
        closing.owed(state, now).deadline,
    ]
    return tuple(sorted((deadline for deadline in found if deadline), key=lambda deadline: deadline.at))
