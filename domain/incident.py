"""One incident: its live state, owned by its workflow, and the report that others may read."""

from enum import StrEnum

from pydantic import Field

from domain.alert import Alert
from domain.base import Deadline, Instant, State, Thing
from domain.chat import Channels, Outbox
from domain.ids import IncidentId
from domain.ladder import Attempt, LadderRun, Purpose, Rung
from domain.living import Facts, LivingReport
from domain.people import PersonRef
from domain.postmortem import PostmortemNow
from domain.response import (
    Announcement,
    Checkpoint,
    Condition,
    Decision,
    Hypothesis,
    Mitigation,
    Trend,
    Update,
    WarRoom,
)
from domain.roles import Holder, Role, RoleAsk
from domain.severity import Severity
from domain.snapshot import Snapshot
from domain.timeline import Entry, Timeline


class Status(StrEnum):
    """Where an incident is in its life, in this order (spec 1.7).

    Detected: nobody has it. Triaged: somebody has it and settles how bad it is. Responding: work on it is
    recorded. Mitigated: the harm has ended, the repair has not. Resolved: until the room closes. In review:
    the postmortem is being written. In prevention: its action items are open.
    """

    DETECTED = "detected"
    TRIAGED = "triaged"
    RESPONDING = "responding"
    MITIGATED = "mitigated"
    RESOLVED = "resolved"
    IN_REVIEW = "in review"
    IN_PREVENTION = "in prevention"
    CLOSED = "closed"

    @property
    def unresolved(self) -> bool:
        """Whether there is still harm, or work to end it."""
        return self in UNRESOLVED


UNRESOLVED = (Status.DETECTED, Status.TRIAGED, Status.RESPONDING, Status.MITIGATED)


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


class AutomatedRun(Thing):
    """The automated response while people are not paged yet, or what became of it (spec 3.1, level 0).

    Attributes:
        until: when people are paged at the latest.
        asked: the webhooks were called.
        over: it has come to its end, well or not.
        worked: every alert resolved in time.
    """

    began_at: Instant
    until: Instant
    asked: bool = False
    over: bool = False
    worked: bool = False


class IncidentState(State):
    """Everything an incident's workflow knows. It travels whole through continue-as-new.

    `answers` remembers what came of each message by its id, so that one delivered twice is answered
    alike and counted once. `revision` grows with every change that somebody might wait for.
    `public_nudged_for` and its kin hold the deadline that somebody was already reminded of. `told` is the
    incident as the last internal update told it. `level` is the highest rung of the ladder that was paged.
    `rostered_at` is when it was last looked up who is on call; None: the roster is what it was at first.
    `arrived` holds alerts that came too late to join, and open an incident of their own.
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
    classified: bool = True
    severity_since: Instant | None = None
    worst: str = ""
    data_exposure: bool = False
    data_loss: bool = False
    by_customer: bool = False
    customer_impact: bool = False
    trend: Trend = "steady"
    roles: dict[Role, Holder] = Field(default_factory=dict)
    role_asks: dict[Role, RoleAsk] = Field(default_factory=dict)
    hypotheses: list[Hypothesis] = Field(default_factory=list)
    decisions: list[Decision] = Field(default_factory=list)
    announcements: list[Announcement] = Field(default_factory=list)
    mitigations: list[Mitigation] = Field(default_factory=list)
    checkpoints: list[Checkpoint] = Field(default_factory=list)
    checkpoints_missed: int = 0
    updates: list[Update] = Field(default_factory=list)
    public_nudged_for: Instant | None = None
    public_called_for: Instant | None = None
    internal_nudged_for: Instant | None = None
    told: Facts | None = None
    war_room: WarRoom | None = None
    relief_asked_at: Instant | None = None
    progress_at: Instant | None = None
    still_asked_at: Instant | None = None
    rostered_at: Instant | None = None
    automated: AutomatedRun | None = None
    level: int = 0
    level_raised_at: Instant | None = None
    mitigated_at: Instant | None = None
    cause: str = ""
    fix_deployed: bool = False
    metrics_recovering: bool = False
    recurs: bool = False
    engineer_hours: float | None = None
    postmortem_owner: PersonRef | None = None
    closing_asked_at: Instant | None = None
    closing_called_at: Instant | None = None
    outbox: Outbox = Field(default_factory=Outbox)
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
    arrived: list[Alert] = Field(default_factory=list)
    revision: int = 0

    @property
    def commander(self) -> PersonRef | None:
        """The incident commander, if there is one."""
        return self.holder(Role.COMMANDER)

    def holder(self, role: Role) -> PersonRef | None:
        """Who holds this role, if anybody does."""
        held = self.roles.get(role)
        return held.person if held else None

    @property
    def service(self) -> str:
        """The service that the incident is about."""
        return IncidentId.parse(self.id).service

    @property
    def grade(self) -> Severity:
        """The severity with all its rules."""
        return self.snapshot.severity(self.severity)

    @property
    def worst_grade(self) -> Severity:
        """The worst severity it ever had."""
        return self.snapshot.severity(self.worst or self.severity)

    @property
    def ringing(self) -> LadderRun | None:
        """The ladder run that still pages people, if there is one."""
        return self.run if self.run and not self.run.ended_at else None


class LadderReport(Thing):
    """The latest ladder run, as others see it. `window_ends` is when the next rung is paged, `rungs` what it
    climbs, `at` where on them it is, `asks` what those who are paged are asked to do."""

    run: int
    purpose: Purpose = "take"
    asks: str = ""
    role: Role | None = None
    rungs: tuple[Rung, ...] = ()
    at: int = 0
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
    # What older rows of the database do not have.
    classified: bool = True
    customer_impact: bool = False
    mitigated_at: Instant | None = None
    cause: str = ""
    roles: dict[Role, Holder] = Field(default_factory=dict)
    missing_roles: tuple[Role, ...] = ()
    living: LivingReport | None = None
    hypotheses: tuple[Hypothesis, ...] = ()
    decisions: tuple[Decision, ...] = ()
    announcements: tuple[Announcement, ...] = ()
    mitigations: tuple[Mitigation, ...] = ()
    checkpoints: tuple[Checkpoint, ...] = ()
    checkpoints_missed: int = 0
    updates: tuple[Update, ...] = ()
    war_room: WarRoom | None = None
    channels: Channels = Channels()
    chat_away_since: Instant | None = None
    deadlines: tuple[Deadline, ...] = ()
    closing: tuple[Condition, ...] = ()
    engineer_hours: float | None = None
    postmortem_owed: str | None = None
    postmortem_owner: PersonRef | None = None
    postmortem: PostmortemNow | None = None
    by_customer: bool = False
    data_loss: bool = False


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
