"""The living report: what answers everybody at any moment (spec 6.6)."""

from domain.base import Deadline, Thing
from domain.people import PersonRef
from domain.response import Confidence, Trend


class Facts(Thing):
    """What an update may be compared with: the incident in a handful of values."""

    severity: str
    status: str
    impact: str
    trend: Trend
    roles: dict[str, str]
    hypothesis: str
    mitigations: dict[int, str]
    decisions: int


class LivingReport(Thing):
    """Impact now; where the technical side stands and how sure one is; who owns it; when the next update
    comes, and what has changed since the last one, computed."""

    impact: str
    trend: Trend
    customer_impact: bool
    technical: str
    confidence: Confidence
    commander: PersonRef | None
    tech_lead: PersonRef | None
    communications_lead: PersonRef | None
    next_update: Deadline | None
    changes: tuple[str, ...]
