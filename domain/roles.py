"""The roles of an incident, and who holds them (spec 5.1)."""

from enum import StrEnum

from domain.base import Instant, Thing
from domain.people import PersonRef


class Role(StrEnum):
    """What somebody answers for during an incident. A person may hold several."""

    COMMANDER = "commander"
    TECH_LEAD = "tech lead"
    COMMUNICATIONS_LEAD = "communications lead"
    SCRIBE = "scribe"
    OPERATIONS_LEAD = "operations lead"
    SUPPORT_LIAISON = "support liaison"
    SECURITY_LEAD = "security lead"
    EXECUTIVE = "executive"


class Holder(Thing):
    """Who holds a role, and since when."""

    person: PersonRef
    since: Instant


class RoleAsk(Thing):
    """A role that somebody has to take: when it was asked for, when people are first paged for it, when they
    were last, and how often."""

    asked_at: Instant
    due_at: Instant
    paged_at: Instant | None = None
    pages: int = 0
