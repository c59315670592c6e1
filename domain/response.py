"""What responders record while an incident lasts. Each record has a number of its own within the incident,
counted from 1, by which people speak of it."""

from enum import StrEnum
from typing import Literal

from domain.base import Instant, Thing
from domain.people import PersonRef

Confidence = Literal["low", "medium", "high"]
Trend = Literal["growing", "steady", "shrinking", "over"]


class HypothesisState(StrEnum):
    """Where a hypothesis stands."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    REFUTED = "refuted"


class Hypothesis(Thing):
    """What somebody believes to be the cause (spec 6.4)."""

    number: int
    text: str
    owner: PersonRef
    confidence: Confidence = "low"
    state: HypothesisState = HypothesisState.OPEN
    at: Instant
    settled_at: Instant | None = None


class Decision(Thing):
    """One line of the decision log (spec 6.5). `asked_at` is when its missing result was last asked for."""

    number: int
    text: str
    reason: str
    owner: PersonRef
    at: Instant
    result: str = ""
    result_at: Instant | None = None
    asked_at: Instant | None = None


class Announcement(Thing):
    """A command against production or an investigation, told before it begins (spec 6.8). `same_as` is the
    number of an open one that says the same."""

    number: int
    kind: Literal["command", "investigation"]
    text: str
    owner: PersonRef
    at: Instant
    ended_at: Instant | None = None
    same_as: int | None = None


class MitigationState(StrEnum):
    """Where a mitigation stands. One of high impact waits for the executive first (spec 5.4)."""

    AWAITING = "awaiting authorisation"
    REFUSED = "refused"
    BEGUN = "begun"
    WORKED = "worked"
    FAILED = "failed"


class Mitigation(Thing):
    """Something that is done to end the harm. `asked_at` starts the clock of an authorisation."""

    number: int
    text: str
    owner: PersonRef
    state: MitigationState = MitigationState.BEGUN
    high_impact: bool = False
    at: Instant
    changed_at: Instant
    authorised_by: PersonRef | None = None
    asked_at: Instant | None = None
    called_at: Instant | None = None


class Checkpoint(Thing):
    """The four questions, asked at a fixed rhythm (spec 6.3). It stays open until it is answered or the next
    one is due; then it counts as missed."""

    number: int
    due_at: Instant
    asked_at: Instant | None = None
    asked_again_at: Instant | None = None
    called_at: Instant | None = None
    answered_at: Instant | None = None
    by: PersonRef | None = None
    known: str = ""
    next_step: str = ""
    need_people: str = ""
    status_page_current: bool | None = None
    missed: bool = False

    @property
    def open(self) -> bool:
        """Whether an answer is still awaited."""
        return self.answered_at is None and not self.missed


class Phase(StrEnum):
    """What an update says of where the incident is (spec 7.1, 7.2)."""

    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"
    RESOLVED = "resolved"


class Audience(StrEnum):
    """Whom an update is for."""

    INTERNAL = "internal"
    PUBLIC = "public"


class ComponentState(StrEnum):
    """How a component of the status page is (spec 8.1), in the words of Statuspage's public JSON."""

    OPERATIONAL = "operational"
    DEGRADED = "degraded_performance"
    PARTIAL_OUTAGE = "partial_outage"
    MAJOR_OUTAGE = "major_outage"


class Update(Thing):
    """An update, from draft to published (spec 7.4). `full` is false for the first bare acknowledgement on
    the status page. `out` is true once it can be read where it was published."""

    number: int
    audience: Audience
    phase: Phase
    text: str
    full: bool = True
    component: ComponentState | None = None
    next_update_at: Instant | None = None
    drafted_by: PersonRef
    drafted_at: Instant
    approved_by: PersonRef | None = None
    approved_at: Instant | None = None
    published_by: PersonRef | None = None
    published_at: Instant | None = None
    out: bool = False


class WarRoom(Thing):
    """The war room (spec 6.2). Channels are absent while chat is off or away. `manager_told` once the
    manager knows of it (spec 3.1)."""

    opened_at: Instant
    why: str
    bridge: str | None = None
    closed_at: Instant | None = None
    manager_told: bool = False


class Condition(Thing):
    """One thing that must be true before the room closes (spec 6.7)."""

    name: str
    met: bool
    mend: str
