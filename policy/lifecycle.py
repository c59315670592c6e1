"""What may happen to an incident in which state (spec 1.7, 3.3)."""

from datetime import datetime
from typing import Literal

from domain.alert import Alert
from domain.incident import IncidentState, Status
from policy import refusals

Verb = Literal["acknowledge", "pass on", "escalate", "resolve", "close"]

_UNRESOLVED: tuple[Verb, ...] = ("acknowledge", "pass on", "escalate", "resolve")


def refusal(state: IncidentState, verb: Verb) -> str | None:
    """Why this cannot be done now, and what can; None if it can."""
    status = state.status
    allowed = _UNRESOLVED if status.unresolved else ("close",) if status is Status.RESOLVED else ()
    if verb in allowed:
        return refusals.closing(state) if verb == "close" else None
    possible = f"possible now: {', '.join(allowed)}" if allowed else "nothing more can be done with it"
    return f"cannot {verb} an incident that is {status.value}; {possible}"


def is_news(alert: Alert, state: IncidentState) -> bool:
    """Whether the alert says something that was not known: neither a delivery that came twice nor a
    repetition of what is already counted as firing."""
    return alert.identity not in state.alerts.recent


def reopens(alert: Alert, state: IncidentState, now: datetime) -> bool:
    """Whether a firing alert brings a resolved or closing incident back (spec 10.3).

    A new occurrence does. The same occurrence once more does only if it still fires a while after the
    resolution; until then it is a late delivery of what was just resolved.
    """
    if alert.status != "firing" or state.status.unresolved:
        return False
    settled = state.snapshot.timing.reopen_after
    return is_news(alert, state) or (state.resolved_at is not None and now >= state.resolved_at + settled)


def acknowledged(state: IncidentState) -> Status:
    """Where an incident is once somebody has it: triage comes first, where the rules know it (spec 1.7)."""
    if state.status is not Status.DETECTED:
        return state.status
    return Status.TRIAGED if state.snapshot.response else Status.RESPONDING


def over(state: IncidentState) -> bool:
    """Whether the incident's own part of its life is over: what follows, if anything, is the postmortem's."""
    return state.status in (Status.IN_REVIEW, Status.IN_PREVENTION, Status.CLOSED)
