"""How bad an incident is taken to be, and when that changes (spec 1.1, 1.2, 1.5)."""

from collections.abc import Iterable

from domain.alert import Alert
from domain.incident import IncidentState
from domain.severity import Severity


def claimed(alert: Alert, severities: Iterable[Severity]) -> Severity | None:
    """The severity that the alert claims, by its own name or by a label that the pack reads it from; None
    if it claims none that we know."""
    claim = (alert.severity or "").strip().lower()
    for severity in severities:
        if claim and claim in (severity.name.lower(), *(label.lower() for label in severity.labels)):
            return severity
    return None


def risen(alert: Alert, state: IncidentState) -> Severity | None:
    """The severity to which a further alert raises its incident, if it does. It never falls by itself."""
    severity = claimed(alert, state.snapshot.severities)
    if alert.status == "firing" and severity and severity.rank < state.grade.rank:
        return severity
    return None
