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
    """A postmortem and its review as others see them.

    Attributes:
        reason: why it is owed.
        deadlines: what is to come, and `overdue` the names of those that were missed.
        remarks: what is pointed out before publication (spec 9.4, 9.5).
        factors: the contributing factors, once they are final.
        published_at: since when it can be read; `final_at` since when its final version can.
        review_at: when the action items are reviewed next, and `reviewed_at` when they last were.
        answers: what the owners said of their items before that review, by the item's number.
    """

    stage: Stage
    owner: PersonRef | None
    reason: str = ""
    deadlines: tuple[Deadline, ...] = ()
    overdue: tuple[str, ...] = ()
    items: tuple[ActionItem, ...] = ()
    remarks: tuple[str, ...] = ()
    factors: tuple[str, ...] = ()
    document: str | None = None
    meeting_at: Instant | None = None
    published_at: Instant | None = None
    final_at: Instant | None = None
    review_at: Instant | None = None
    review_document: str | None = None
    reviewed_at: Instant | None = None
    answers: dict[int, str] = Field(default_factory=dict)


class ListedItem(Thing):
    """An action item in a list of all incidents' items. `superiors` are those who hear of it when it is
    overdue for long."""

    incident_id: str
    service: str
    title: str
    item: ActionItem
    superiors: tuple[PersonRef, ...] = ()
