"""Which incident an alert belongs to (spec 10.3)."""

from domain.alert import Alert
from domain.ids import IncidentId, slug
from domain.organisation import Organisation

LONGEST_VALUE = 4_000
"""Characters kept of one value that a sender gives. More would crowd the incident's own state."""

MOST_EXTRA = 16_000
"""Characters kept of all that a sender gives beside what Midwatch reads."""


def service_of(claimed: str | None, organisation: Organisation) -> str:
    """The service that an alert's claim names; the default one where it names none that we know."""
    name = slug(claimed) if claimed else ""
    return name if name in organisation.services else organisation.default_service


def unknown_service(claimed: str | None, organisation: Organisation) -> str:
    """What the sender calls its service, if that is none of ours; else nothing."""
    return claimed if claimed and slug(claimed) not in organisation.services else ""


def incident_of(alert: Alert, nonce: str) -> IncidentId:
    """The incident that an alert joins or opens: one for each service and rule at a time."""
    return IncidentId(alert.service, slug(alert.name, limit=80), nonce)


def shortened(text: str, limit: int = LONGEST_VALUE) -> str:
    """The text, cut with a note of how much there was, should it be longer than the limit."""
    return text if len(text) <= limit else f"{text[:limit]}… (cut from {len(text)} characters)"
