"""What people do once an incident's room has closed: one model for each verb of API, chat and command line.
Postmortem and review take them all by one update, `act`, as the incident does."""

from typing import Annotated, Literal

from pydantic import Field

from domain.acts import Act, Said, Short, Text
from domain.aftermath import Section, Step
from domain.base import Instant, Thing
from domain.people import Person, PersonRef
from domain.postmortem import ItemKind

Passage = Annotated[str, Field(max_length=8_000)]


class NameOwner(Act):
    """Give the postmortem to somebody (spec 9.3)."""

    verb: Literal["owner"] = "owner"
    owner: str


class Write(Act):
    """Write parts of the postmortem; `submit` hands the draft in (spec 9.2, 9.3)."""

    verb: Literal["write"] = "write"
    sections: dict[Section, Passage] = Field(default_factory=dict)
    submit: bool = False


class HoldMeeting(Act):
    """Plan the meeting or, with a moment that is past, record that it was held (spec 9.3)."""

    verb: Literal["meeting"] = "meeting"
    on: Instant
    minutes: int | None = Field(default=None, ge=5, le=480)
    attendees: tuple[str, ...] = Field(default=(), max_length=50)
    notes: Text = ""


class BeginReview(Act):
    """Open the draft for comments (spec 9.3)."""

    verb: Literal["begin-review"] = "begin-review"


class PublishPostmortem(Act):
    """Publish the final version or, with `final` false, the draft as it stands. What is pointed out before
    has to be accepted by `despite_remarks` (spec 9.3 to 9.5)."""

    verb: Literal["publish-postmortem"] = "publish-postmortem"
    final: bool = True
    despite_remarks: bool = False


class MoveDeadline(Act):
    """Give a part of the postmortem another deadline (spec 9.3)."""

    verb: Literal["move"] = "move"
    step: Step
    to: Instant
    reason: Text = ""


class ItemDraft(Act):
    """Add an action item. Anything may be missing here: what is, is named in the refusal (spec 9.5)."""

    verb: Literal["add-item"] = "add-item"
    text: Text = ""
    kind: ItemKind | None = None
    owner: Short = ""
    due_at: Instant | None = None
    priority: Short = ""
    done_when: Text = ""
    verified_by: Text = ""


class SettleItem(Act):
    """Say that an item is done, that it is dropped and why, or that it has a new date and why (spec 9.6)."""

    verb: Literal["settle-item"] = "settle-item"
    number: int
    outcome: Literal["done", "dropped", "moved"]
    reason: Text = ""
    due_at: Instant | None = None


class AnswerItem(Act):
    """Say before the review how an item stands (spec 9.6)."""

    verb: Literal["answer-item"] = "answer-item"
    number: int
    text: Said


class HoldReview(Act):
    """Record that the review of the action items was held: on its day, early or late (spec 9.6)."""

    verb: Literal["hold-review"] = "hold-review"
    notes: Text = ""


class MoveReview(Act):
    """Give the review of the action items another date (spec 9.6)."""

    verb: Literal["move-review"] = "move-review"
    to: Instant
    reason: Text = ""


AnyFollowUp = Annotated[
    NameOwner
    | Write
    | HoldMeeting
    | BeginReview
    | PublishPostmortem
    | MoveDeadline
    | ItemDraft
    | SettleItem
    | AnswerItem
    | HoldReview
    | MoveReview,
    Field(discriminator="verb"),
]


class FollowingUp(Thing):
    """Update `act`. `contacts` are the people whom the act names by their id, and how they
    are reached: they may be newer than the incident."""

    source_id: str
    incident_id: str
    by: PersonRef
    via: Short = "API"
    at: Instant
    act: AnyFollowUp
    contacts: tuple[Person, ...] = ()
