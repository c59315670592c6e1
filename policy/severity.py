"""How bad an incident is taken to be, and when that changes (spec 1.1 to 1.5)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from domain.alert import Alert
from domain.base import Deadline
from domain.due import Owed
from domain.incident import IncidentState
from domain.severity import Severity
from policy.standing import began, unmitigated


@dataclass(frozen=True)
class Assume:
    """Nobody has said how bad it is: from now on it counts as this (spec 1.2)."""

    severity: str


@dataclass(frozen=True)
class Rise:
    """It was not mitigated in time and becomes worse by itself (spec 1.3)."""

    severity: str


def claimed(alert: Alert, severities: Iterable[Severity]) -> Severity | None:
    """The severity that the alert claims, by its own name or by a label that the pack reads it from; None
    if it claims none that we know."""
    claim = (alert.severity or "").strip().lower()
    for severity in severities:
        if claim and claim in (severity.name.lower(), *(label.lower() for label in severity.labels)):
            return severity
    return None


def risen(claim: Severity | None, state: IncidentState) -> Severity | None:
    """The severity to which a further alert raises its incident, if it does. It never falls by itself."""
    return claim if claim and claim.rank < state.grade.rank else None


def worst(state: IncidentState) -> Severity:
    """The severity that suspected data loss makes it (spec 1.4)."""
    return min(state.snapshot.severities, key=lambda severity: severity.rank)


def next_worse(state: IncidentState) -> Severity | None:
    """The next severity up; None at the top."""
    worse = [severity for severity in state.snapshot.severities if severity.rank < state.grade.rank]
    return max(worse, key=lambda severity: severity.rank, default=None)


def owed(state: IncidentState, now: datetime) -> Owed[Assume | Rise]:
    """Whether its severity settles or rises by itself now, or when it will."""
    response, worse = state.snapshot.response, next_worse(state)
    if response is None or not unmitigated(state):
        return Owed()
    if not state.classified:
        at = state.opened_at + response.classify_within
        assumed = state.snapshot.severity(state.snapshot.unclassified)
        # What an alert has made worse meanwhile does not fall by itself.
        severity = min(assumed, state.grade, key=lambda grade: grade.rank).name
        name = f"taken for {severity} unless classified"
        action: Assume | Rise = Assume(severity)
    elif state.grade.rises_after and worse:
        at = began(state) + state.grade.rises_after
        name, action = f"becomes {worse.name} unless mitigated", Rise(worse.name)
    else:
        return Owed()
    return Owed((action,)) if at <= now else Owed(deadline=Deadline(name=name, at=at))
