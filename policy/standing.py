"""What several decisions share: since when a clock runs, and what has still to come."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from domain.base import Deadline
from domain.incident import IncidentState, Status
from domain.ladder import Purpose, Rung
from domain.severity import Severity


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
    """Whether anybody is phoned or texted at this severity, as soon as it is found or in working time (spec
    1.1). Of the others somebody is told, and left in peace."""
    return bool(state.grade.methods) and state.grade.respond in ("at once", "working time")


def passed_over(rung: Rung, grade: Severity) -> bool:
    """Whether a severity does not come so far up the ladder (spec 3.1)."""
    return grade.rank > rung.up_to_rank


def reached(rungs: Sequence[Rung], grade: Severity) -> list[int]:
    """The rungs to which a severity comes, from the lowest; the first one where it comes to none, for
    somebody has to be paged."""
    return [number for number, rung in enumerate(rungs) if not passed_over(rung, grade)] or [0]


def top_rung(state: IncidentState) -> int:
    """The last rung of the whole ladder that its severity reaches."""
    return reached(state.snapshot.ladder.rungs, state.grade)[-1]


def next_rung(state: IncidentState) -> int:
    """The rung above the highest that was paged, as far as its severity reaches."""
    above = (rung for rung in reached(state.snapshot.ladder.rungs, state.grade) if rung > state.level)
    return next(above, top_rung(state))


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
