"""What is known after an incident's room has closed: the states of its postmortem and of the review of its
action items, each owned by its workflow (spec 1.7, 9.2 to 9.6)."""

from enum import StrEnum
from typing import Literal

from pydantic import Field

from domain.base import Instant, State, Thing
from domain.chat import Outbox
from domain.incident import IncidentReport, Said
from domain.people import PersonRef
from domain.postmortem import ActionItem
from domain.roles import Role
from domain.snapshot import Snapshot
from domain.timeline import Timeline


class Step(StrEnum):
    """What a postmortem has to come to, each by a deadline of its own (spec 9.3). Published: it can be read,
    whether or not it is final."""

    OWNER = "owner"
    DRAFT = "draft"
    PUBLISHED = "published"
    MEETING = "meeting"
    REVIEW = "review"
    FINAL = "final"

    @property
    def label(self) -> str:
        """What people and timers call it."""
        return _STEPS[self]


_STEPS = {
    Step.OWNER: "postmortem owner",
    Step.DRAFT: "postmortem draft",
    Step.PUBLISHED: "postmortem publication",
    Step.MEETING: "postmortem meeting",
    Step.REVIEW: "postmortem review",
    Step.FINAL: "final postmortem",
}


class Section(StrEnum):
    """A part of the postmortem that people write (spec 9.2). The others fill themselves."""

    SUMMARY = "summary"
    IMPACT = "impact"
    MEASURED = "measured"
    WHYS = "whys"
    TECHNICAL = "technical"
    PROCESS = "process"
    DETECTION = "detection"
    RESPONSE = "response"
    WELL = "well"
    WRONG = "wrong"

    @property
    def label(self) -> str:
        """What people call it."""
        return _TITLES[self]


_TITLES = {
    Section.SUMMARY: "executive summary",
    Section.IMPACT: "customer impact",
    Section.MEASURED: "how the impact was measured",
    Section.WHYS: "five whys",
    Section.TECHNICAL: "contributing factors, technical",
    Section.PROCESS: "contributing factors, of process",
    Section.DETECTION: "what slowed detection",
    Section.RESPONSE: "what slowed the response",
    Section.WELL: "what went well",
    Section.WRONG: "what went wrong",
}


class Due(Thing):
    """A deadline that people may move, and how often its owner or the commander was told of it: reminded
    once before it, once when it was missed, and further when it stayed so."""

    at: Instant
    told: int = 0


class Meeting(Thing):
    """A meeting, planned or held. `sequence` grows each time it is planned anew, as calendars count."""

    at: Instant
    minutes: int = 60
    attendees: tuple[PersonRef, ...] = ()
    notes: str = ""
    held: bool = False
    sequence: int = 0


class Letter(Thing):
    """Words for one person that wait to be sent. `tries` is how often that has failed."""

    number: int
    person: str
    text: str
    tries: int = 0


InvitationKind = Literal["meeting", "review"]

Paper = Literal["items", "meeting", "review", "postmortem", "incident"]
"""Something that is written down outside: the list of items, an invitation, a document."""


class Aftermath(State):
    """What postmortem and review have in common.

    Attributes:
        incident: the report as the room closed. Its one timeline goes on in `timeline`.
        reason: why a postmortem is owed (spec 9.2).
        published_at: when it could first be read; `final_at` when its final version could.
        document: where the postmortem lies; `incident_document` where the incident's own does.
        papers: what has to be written anew.
        letters: what has yet to be told to people.
        began: its beginning is on the timeline.
    """

    incident: IncidentReport
    reason: str
    snapshot: Snapshot
    owner: PersonRef | None = None
    resolved_at: Instant
    items: list[ActionItem] = Field(default_factory=list)
    sections: dict[Section, str] = Field(default_factory=dict)
    published_at: Instant | None = None
    final_at: Instant | None = None
    document: str | None = None
    incident_document: str | None = None
    papers: tuple[Paper, ...] = ()
    letters: list[Letter] = Field(default_factory=list)
    letters_made: int = 0
    began: bool = False
    timeline: Timeline = Field(default_factory=Timeline)
    outbox: Outbox = Field(default_factory=Outbox)
    answers: dict[str, Said] = Field(default_factory=dict)
    faults: dict[str, int] = Field(default_factory=dict)
    revision: int = 0

    @property
    def id(self) -> str:
        """The incident's."""
        return self.incident.id

    @property
    def commander(self) -> PersonRef | None:
        """Who commanded the incident, and hears of what is late."""
        held = self.incident.roles.get(Role.COMMANDER)
        return held.person if held else self.incident.commander


class PostmortemState(Aftermath):
    """Everything a postmortem's workflow knows. It travels whole through continue-as-new.

    Attributes:
        due: the deadlines, by what they are for. Those without an entry do not apply.
        submitted_at: when the draft was handed in.
        reviewing_since: when its review of some hours began.
        handed_over: the review of the action items owns what was here.
    """

    due: dict[Step, Due]
    submitted_at: Instant | None = None
    meeting: Meeting | None = None
    reviewing_since: Instant | None = None
    review_over: bool = False
    handed_over: bool = False


class HeldReview(Thing):
    """A review of the action items that was held: what the owners had answered, and how the items stood."""

    number: int
    at: Instant
    by: PersonRef
    notes: str
    answers: dict[int, str]
    items: tuple[ActionItem, ...]


class ReviewState(Aftermath):
    """Everything the workflow of an action item review knows (spec 9.6). It travels whole through
    continue-as-new.

    Attributes:
        due: when the next review is held; `round` counts them from 1.
        sequence: how often its invitation was changed.
        asked: the round for which the owner of each item was last asked about it.
        item_answers: what the owners answered in this round.
        held: the reviews that were held.
    """

    due: Due
    round: int = 1
    sequence: int = 0
    asked: dict[int, int] = Field(default_factory=dict)
    item_answers: dict[int, str] = Field(default_factory=dict)
    held: list[HeldReview] = Field(default_factory=list)
    review_document: str | None = None
    closed_at: Instant | None = None


class Manuscript(Thing):
    """What has been written of a postmortem so far, and what its final version lacks."""

    reason: str
    sections: dict[Section, str]
    lacks: tuple[str, ...]
    meeting: Meeting | None
