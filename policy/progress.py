"""Whether the mitigation makes progress, and who hears of it if not (spec 3.4)."""

from dataclasses import dataclass
from datetime import datetime

from domain.base import Deadline
from domain.due import Owed
from domain.incident import IncidentState, Status
from policy import calendar
from policy.standing import earliest, may_page, next_rung


@dataclass(frozen=True)
class OneUp:
    """Page the next level: nothing has come of it so far."""

    rung: int


@dataclass(frozen=True)
class StillThisBad:
    """Ask whether it is still this severity, and tell the team lead."""


def owed(state: IncidentState, now: datetime) -> Owed[OneUp | StillThisBad]:
    """What an incident that somebody has, and that does not get better, asks for now."""
    if state.snapshot.response is None or state.status not in (Status.TRIAGED, Status.RESPONDING):
        return Owed()
    moments = (state.opened_at, state.acknowledged_at, state.progress_at, state.level_raised_at)
    since = max(moment for moment in moments if moment)
    actions: list[OneUp | StillThisBad] = []
    later: list[Deadline | None] = []
    if state.grade.progress_within:
        at = since + state.grade.progress_within
        if at > now:
            later.append(Deadline(name="one level up unless there is progress", at=at))
        elif may_page(state, "help"):
            actions.append(OneUp(next_rung(state)))
    if state.grade.still_after:
        # Only this question waits for its own answer: to say how bad it is is no progress.
        asked = max(since, state.still_asked_at or since)
        # Ever more rarely: a minor incident that goes on is not asked about all day.
        pause = max(state.grade.still_after, asked - since)
        at = calendar.in_working_time(asked + pause, calendar.working(state.snapshot))
        if at <= now:
            actions.append(StillThisBad())
        else:
            later.append(Deadline(name=f"still a {state.severity}?", at=at))
    return Owed(tuple(actions), earliest(later))
