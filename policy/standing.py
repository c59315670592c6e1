"""What several decisions share: since when a clock runs, and what has still to come."""

from collections.abc import Iterable
from datetime import datetime

from domain.base import Deadline
from domain.incident import IncidentState, Status
from domain.ladder import Purpose


def began(state: IncidentState) -> datetime:
    """Since when the incident is as bad as it is: what a severity asks for counts from here."""
    return max(state.opened_at, state.severity_since or state.opened_at)


def held(state: IncidentState) -> bool:
    """Whether somebody has the incident and it is not resolved."""
    return state.status in (Status.TRIAGED, Status.RESPONDING, Status.MITIGATED)


def unmitigated(state: IncidentState) -> bool:
    """Whether the harm goes on."""
    return state.status in (Status.DETECTED, Status.TRIAGED, Status.RESPONDING)


_URGENCY: dict[Purpose, int] = {"take": 0, "rise": 0, "help": 1, "duty": 2, "role": 3}


def wakes(state: IncidentState) -> bool:
    """Whether anybody is phoned or texted at this severity (spec 1.1)."""
    return bool(state.grade.methods)


def may_page(state: IncidentState, purpose: Purpose) -> bool:
    """Whether a ladder run for this may begin now: one at a time, and only a more urgent one breaks off
    another. For a severity that nobody is woken for there is none."""
    ringing = state.ringing
    if not wakes(state):
        return False
    return ringing is None or _URGENCY[purpose] < _URGENCY[ringing.purpose]


def earliest(deadlines: Iterable[Deadline | None]) -> Deadline | None:
    """The first of these to come."""
    return min((deadline for deadline in deadlines if deadline), key=lambda d: d.at, default=None)
