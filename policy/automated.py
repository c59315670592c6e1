"""Level 0 of the ladder: the automated response, and whether it has worked (spec 3.1)."""

from dataclasses import dataclass
from datetime import datetime

from domain.base import Deadline
from domain.due import Owed
from domain.incident import AutomatedRun, IncidentState, Status


@dataclass(frozen=True)
class Repair:
    """Call every webhook that may repair it."""


@dataclass(frozen=True)
class Repaired:
    """Every alert has resolved in time."""


@dataclass(frozen=True)
class NotRepaired:
    """Its time is over, and alerts still fire."""


def begun(state: IncidentState) -> AutomatedRun | None:
    """The automated response that a new incident begins with, if its services have one. Its time is the
    longest of theirs."""
    responses = state.snapshot.automated
    if not responses:
        return None
    longest = max(response.within for response in responses)
    return AutomatedRun(began_at=state.opened_at, until=state.opened_at + longest)


def owed(state: IncidentState, now: datetime) -> Owed[Repair | Repaired | NotRepaired]:
    """What the automated response asks for now. Its only proof is that the alert resolves: what the webhook
    answers is none."""
    run = state.automated
    if run is None or run.over:
        return Owed()
    if not run.asked:
        return Owed((Repair(),))
    if state.alerts.received and not state.alerts.firing:
        return Owed((Repaired(),))
    if run.until <= now:
        return Owed((NotRepaired(),))
    return Owed(deadline=Deadline(name="automated response", at=run.until))


def settles_it(state: IncidentState) -> bool:
    """Whether a repair that worked is the end of the incident: nobody was paged or has it, so nobody has
    to be woken to say that it is over."""
    return state.status is Status.DETECTED and state.run is None
