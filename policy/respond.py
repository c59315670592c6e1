"""When people are first paged for an incident, and where on the ladder (spec 1.1, 1.4, 1.6, 3.1, 3.5)."""

from datetime import datetime

from domain.base import Deadline
from domain.incident import IncidentState, Status
from policy.calendar import in_working_time, next_business_day, working
from policy.standing import began, reached

ONE_UP = 1
"""Where an incident begins that customers had to report: the primary's rung and the one above it."""


def paging_begins(state: IncidentState) -> datetime | None:
    """When people are paged for the first time, by how bad it is; None: never by itself.

    The automated response has its time before them, except for the worst severity, for which people are
    paged at once whatever else is tried (spec 1.1, 3.1).
    """
    grade, at = state.grade, began(state)
    if not grade.methods or grade.respond == "backlog":
        return None
    if grade.respond == "working time":
        at = in_working_time(at, working(state.snapshot))
    elif grade.respond == "next business day":
        at = next_business_day(at, working(state.snapshot))
    repair = state.automated
    if repair and not repair.over and grade.rank > 1:
        at = max(at, repair.until)
    return at


def wants_run(state: IncidentState, now: datetime) -> bool:
    """Whether a ladder run has to begin now: nobody has the incident and nobody is being paged."""
    begins = first_climb(state)
    return begins is not None and begins <= now


def deadline(state: IncidentState, now: datetime) -> Deadline | None:
    """The moment at which a ladder run begins, if it has still to come."""
    begins = first_climb(state)
    if begins is None or begins <= now:
        return None
    repair = state.automated
    why = f"{state.grade.respond} for a {state.severity}"
    if repair and not repair.over and begins == repair.until:
        why = "unless the automated response works"
    return Deadline(name=f"people are paged ({why})", at=begins)


def first_rung(state: IncidentState) -> tuple[int, str]:
    """The rung at which the first climb begins, and why: at the top if data may be lost, one level up if no
    alert but a customer reported it (spec 1.4, 3.5)."""
    rungs = reached(state.snapshot.ladder.rungs, state.grade)
    if state.data_loss:
        return rungs[-1], "data may be lost"
    if state.by_customer:
        return rungs[min(ONE_UP, len(rungs) - 1)], "customers report it"
    return rungs[0], "nobody has the incident"


def first_climb(state: IncidentState) -> datetime | None:
    """When the ladder is climbed for the first time, where it is yet to be; None: it is being climbed, or
    somebody has the incident, or nobody is paged for it."""
    if state.status is not Status.DETECTED or state.ringing is not None:
        return None
    return paging_begins(state)
