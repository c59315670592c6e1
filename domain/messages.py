"""What is said to an incident's workflow. Every message can come twice, late or out of order: each
carries the id of its source, and what belongs to an attempt names incident, run and attempt."""

from typing import Literal

from domain.alert import Alert
from domain.base import Instant, Thing
from domain.incident import IncidentReport, Said
from domain.people import Person, PersonRef

INCIDENT_WORKFLOW = "IncidentWorkflow"
POSTMORTEM_WORKFLOW = "PostmortemWorkflow"
REVIEW_WORKFLOW = "ActionItemReviewWorkflow"
WORK_QUEUE = "midwatch"
PHONE_QUEUE = "phone"


class AttachAlert(Thing):
    """Signal `attach_alert`: an alert that opens or joins the incident."""

    alert: Alert


class Page(Thing):
    """Which page something answers or reports on. A page of another incident, or of a ladder run that
    is not the present one, is stale."""

    incident_id: str
    run: int
    attempt: int


class Answer(Thing):
    """Signals `acknowledge` and `pass_on`, and the updates of the same meaning: somebody takes the
    incident or says that they cannot (spec 3.3, 3.6).

    `at` is when they said it, which a stopped worker may learn much later. `page` is absent when the
    answer does not come from one certain page: a reply by SMS, or the API. `contacts` are people whom the
    incident may not know yet, and has to be able to phone from now on.
    """

    source_id: str
    incident_id: str
    by: PersonRef
    via: str
    at: Instant
    page: Page | None = None
    heard: str | None = None
    confidence: float | None = None
    contacts: tuple[Person, ...] = ()


CarrierWord = Literal[
    "queued", "initiated", "ringing", "answered", "human", "machine", "unclear",
    "completed", "busy", "no-answer", "failed", "canceled", "sent", "delivered", "undelivered",
]  # fmt: skip


class CarrierEvent(Thing):
    """Signal `carrier_event`: what the carrier, or the call itself, says of a page."""

    page: Page
    word: CarrierWord
    carrier_id: str
    at: Instant
    detail: str = ""
    heard: str | None = None
    confidence: float | None = None


class Escalate(Thing):
    """Update `escalate`: the next rung, now."""

    source_id: str
    incident_id: str
    by: PersonRef
    reason: str = ""


class Resolve(Thing):
    """Update `resolve`: the harm is over, and what ended it; `cause` in one sentence. What else the closing
    waits for may be said along (spec 6.7). `engineer_hours` of work, and `recurs`: the same cause as an
    earlier incident, may make a postmortem owed (spec 9.2)."""

    source_id: str
    incident_id: str
    by: PersonRef
    resolution: str
    cause: str = ""
    fix_deployed: bool = False
    metrics_recovering: bool = False
    postmortem_owner: PersonRef | None = None
    engineer_hours: float | None = None
    recurs: bool = False


class Done(Thing):
    """What an update answers: what came of it, and the incident as it is now."""

    said: Said
    report: IncidentReport


class Close(Thing):
    """Update `close`: nothing more is to be done."""

    source_id: str
    incident_id: str
    by: PersonRef
