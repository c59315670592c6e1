"""What follows an incident: its postmortem, and the action items that come of it (spec 9.2 to 9.6)."""

from enum import StrEnum

from pydantic import Field

from domain.base import Deadline, Instant, Thing
from domain.people import PersonRef


class Stage(StrEnum):
    """Where a postmortem is, in this order (spec 9.3)."""

    OWNER = "owner"
    DRAFT = "draft"
    MEETING = "meeting"
    REVIEW = "review"
    FINAL = "final"
    DONE = "done"


class ItemKind(StrEnum):
    """What an action item is for (spec 9.5)."""

    PREVENTION = "prevention"
    DETECTION = "detection"
    MITIGATION = "mitigation"
    PROCESS = "process"


class ItemState(StrEnum):
    """Where an action item stands (spec 9.6)."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class ActionItem(Thing):
    """Something that is to be done so that it does not happen again (spec 9.5). `number` counts within its
    incident. `reason` says why it was dropped or moved."""

    number: int
    text: str
    kind: ItemKind
    owner: PersonRef
    due_at: Instant
    priority: str
    done_when: str
    verified_by: str
    state: ItemState = ItemState.OPEN
    added_at: Instant
    settled_at: Instant | None = None
    reason: str = ""
    moved: int = 0
    reminded_at: Instant | None = None


class PostmortemNow(Thing):
    """A postmortem and its review as others see them."""

    stage: Stage
    owner: PersonRef | None
    deadlines: tuple[Deadline, ...] = ()
    overdue: tuple[str, ...] = ()
    items: tuple[ActionItem, ...] = ()
    remarks: tuple[str, ...] = ()
    document: str | None = None
    review_at: Instant | None = None
    reviewed_at: Instant | None = None
    answers: dict[int, str] = Field(default_factory=dict)
