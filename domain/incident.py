"""One incident: its live state, owned by its workflow, and the report that others may read."""

from enum import StrEnum

from pydantic import Field

from domain.alert import Alert
from domain.base import Deadline, Instant, State, Thing
from domain.ids import IncidentId
from domain.ladder import Attempt, LadderRun
from domain.people import PersonRef
from domain.severity import Severity
from domain.snapshot import Snapshot
from domain.timeline import Entry, Timeline


class Status(StrEnum):
    """Where an incident is in its life (spec 1.7)."""

    DETECTED = "detected"
    RESPONDING = "responding"
    RESOLVED = "resolved"
    CLOSED = "closed"


class AlertTally(State):
    """What is remembered of the alerts that joined: counts, and the recent ones by identity. The alerts
    themselves are on the timeline."""

    received: int = 0
    firing: list[str] = Field(default_factory=list)
    recent: list[str] = Field(default_factory=list)
    first_started_at: Instant | None = None


class Said(Thing):
    """What came of something that somebody said, to be told to them."""

    accepted: bool
    text: str


class IncidentState(State):
    """Everything an incident's workflow knows. It travels whole through continue-as-new.

    `answers` remembers what came of each message by its id, so that one delivered twice is answered
    alike and counted once. `revision` grows with every change that somebody might wait for.
    """

    id: str
    reply_code: str
    title: str
    impact: str = ""
    severity: str
    drill: bool = False
    snapshot: Snapshot
    opened_at: Instant
    status: Status = Status.DETECTED
    commander: PersonRef | None = None
    acknowledged_at: Instant | None = None
    resolved_at: Instant | None = None
    resolution: str = ""
    closed_at: Instant | None = None
    alerts: AlertTally = Field(default_factory=AlertTally)
    run: LadderRun | None = None
    runs_begun: int = 0
    attempts_made: int = 0
    timeline: Timeline = Field(default_factory=Timeline)
    answers: dict[str, Said] = Field(default_factory=dict)
    faults: dict[str, int] = Field(default_factory=dict)
    document: str | None = None
    document_due: bool = False
    revision: int = 0

    @property
    def service(self) -> str:
        """The service that the incident is about."""
        return IncidentId.parse(self.id).service

    @property
    def grade(self) -> Severity:
        """The severity with all its rules."""
        return self.snapshot.severity(self.severity)

    @property
    def ringing(self) -> LadderRun | None:
        """The ladder run that still pages people, if there is one."""
        return self.run if self.run and not self.run.ended_at else None


class LadderReport(Thing):
    """The latest ladder run, as others see it. `window_ends` is when the next rung is paged."""

    run: int
    rung: str
    round: int
    began_at: Instant
    window_ends: Instant | None = None
    ended_at: Instant | None
    ended_why: str
    attempts: tuple[Attempt, ...]


class IncidentReport(Thing):
    """An incident as it is now, for every reader: API, page, phone and document."""

    id: str
    reply_code: str
    service: str
    service_name: str
    title: str
    impact: str
    severity: str
    rank: int
    drill: bool
    status: Status
    commander: PersonRef | None
    opened_at: Instant
    acknowledged_at: Instant | None
    resolved_at: Instant | None
    closed_at: Instant | None
    resolution: str
    alerts_received: int
    alerts_firing: int
    first_started_at: Instant | None
    ladder: LadderReport | None
    next_deadline: Deadline | None
    faults: dict[str, int]
    document: str | None


class IncidentNow(Thing):
    """What a workflow answers when asked: the report and the entries that are not in the database yet."""

    report: IncidentReport
    pending: tuple[Entry, ...]


class Opening(Thing):
    """What makes an alert an incident: its identity and the rules it will live by."""

    incident_id: str
    reply_code: str
    snapshot: Snapshot
    alert: Alert
