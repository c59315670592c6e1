"""Which modal opens, filled with what the incident knows."""

from typing import Any

from api.callbacks.slack.desk import Desk
from domain.people import PersonRef
from policy import cards_modals

ACTIONS = frozenset(
    {"role", "checkpoint", "decision", "hypothesis", "mitigate", "update", "severity", "resolve"}
)
"""The actions that have a modal."""


async def modal_for(
    desk: Desk, action: str, incident_id: str, value: str, by: PersonRef
) -> dict[str, Any] | None:
    """The modal of this action; None if it has none. Without an answer from the incident it knows less."""
    if action not in ACTIONS:
        return None
    organisation = desk.parts.organisation
    people = {person: entry.name for person, entry in organisation.people.items()}
    report = await desk.report(incident_id)
    match action:
        case "role":
            return cards_modals.role(incident_id, people, by.id, value)
        case "checkpoint":
            return cards_modals.checkpoint(incident_id, report, value)
        case "decision" if value:
            return cards_modals.decision_result(incident_id, report, value)
        case "decision":
            return cards_modals.decision(incident_id)
        case "hypothesis":
            return cards_modals.hypothesis(incident_id, report)
        case "mitigate":
            return cards_modals.mitigation(incident_id, report, value)
        case "update":
            return cards_modals.update(incident_id, report, value)
        case "severity":
            names = {name: f"{name}: {entry.meaning}" for name, entry in organisation.severities.items()}
            return cards_modals.severity(incident_id, names, report.severity if report else None)
        case _:
            return cards_modals.resolve(incident_id, people, by.id)
