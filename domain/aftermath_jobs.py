"""What postmortem, review and sweep ask of the outside world. As with all jobs, each may run twice."""

from domain.aftermath import HeldReview, InvitationKind, Section
from domain.base import Duration, Instant, Thing
from domain.incident import IncidentReport
from domain.people import Person
from domain.postmortem import ActionItem

WRITE_POSTMORTEM = "write_postmortem"
WRITE_REVIEW = "write_review"
WRITE_INVITATION = "write_invitation"
STORE_ITEMS = "store_items"
FIND_OVERDUE = "find_overdue_items"
MARK_REMINDED = "mark_reminded"


class WritePostmortem(Thing):
    """Write the postmortem from the stored timeline and what people wrote of it (spec 9.2)."""

    report: IncidentReport
    sections: dict[Section, str]


class WriteReview(Thing):
    """Write the document of the reviews of an incident's action items (spec 9.6)."""

    report: IncidentReport
    held: tuple[HeldReview, ...]


class Guest(Thing):
    """Somebody who is invited."""

    name: str
    email: str | None = None


class WriteInvitation(Thing):
    """Write the invitation to a meeting for people's calendars (spec 9.3, 9.6). A higher `sequence` replaces
    what calendars have of it; `written_at` is when it was planned so."""

    report: IncidentReport
    kind: InvitationKind
    begins_at: Instant
    minutes: int
    sequence: int
    written_at: Instant
    organiser: Guest | None
    guests: tuple[Guest, ...]


class StoreItems(Thing):
    """Store an incident's action items as they are when its timeline had come as far as `through`."""

    incident_id: str
    service: str
    through: int
    items: tuple[ActionItem, ...]


class FindOverdue(Thing):
    """Who has to be told of which overdue items at this moment, each item once on a day of this zone."""

    now: Instant
    time_zone: str
    rise_after: Duration


class ItemRef(Thing):
    """One action item of one incident."""

    incident_id: str
    number: int


class OverdueNotice(Thing):
    """What one person is told of overdue items. `own` are those of them that are theirs."""

    person: Person
    text: str
    own: tuple[ItemRef, ...] = ()


class OverdueNotices(Thing):
    """What all are told. `unreachable` are owners whom the configuration no longer knows."""

    notices: tuple[OverdueNotice, ...]
    unreachable: tuple[str, ...] = ()


class MarkReminded(Thing):
    """Remember that the owner of these items was told that they are overdue."""

    items: tuple[ItemRef, ...]
    at: Instant


class Marked(Thing):
    """How many items were marked."""

    count: int
