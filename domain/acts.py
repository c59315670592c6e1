"""What people do in an incident beyond answering a page: one model for each verb of API, chat and command
line. The workflow takes them all by one update, `act`."""

from typing import Annotated, Literal

from pydantic import Field

from domain.base import Instant, Thing
from domain.ladder import Rung
from domain.people import Person, PersonRef
from domain.response import Audience, ComponentState, Confidence, HypothesisState, Phase, Trend
from domain.roles import Role
from domain.snapshot import Service

Short = Annotated[str, Field(max_length=300)]
Text = Annotated[str, Field(max_length=2_000)]
Said = Annotated[str, Field(min_length=1, max_length=2_000, pattern=r"\S")]


class Act(Thing):
    """A verb that knows its own name."""


class SetSeverity(Act):
    """Say how bad it is; the same severity again confirms it (spec 1.2 to 1.5). Data loss suspected makes it
    the worst at once; possible data exposure asks for a security lead."""

    verb: Literal["severity"] = "severity"
    severity: str | None = None
    reason: Text = ""
    data_loss: bool = False
    data_exposure: bool = False


class SetImpact(Act):
    """Say who suffers, how, and whether it grows; whether customers do (spec 6.6)."""

    verb: Literal["impact"] = "impact"
    impact: Said
    trend: Trend = "steady"
    customer_impact: bool | None = None


class TakeRole(Act):
    """Take a role, or give it to somebody. Handing command over carries a written brief (spec 5.1, 5.3);
    without one, it is written from the living report. `vacant`: only while nobody holds it,
    as a question that was asked long ago wants it."""

    verb: Literal["role"] = "role"
    role: Role
    person: PersonRef | None = None
    brief: Text = ""
    vacant: bool = False


class AnswerCheckpoint(Act):
    """Answer the four questions (spec 6.3). `number` is needed only to answer another than the open one."""

    verb: Literal["checkpoint"] = "checkpoint"
    number: int | None = None
    known: Said
    next_step: Text = ""
    need_people: Text = ""
    status_page_current: bool


class Hypothesise(Act):
    """State a hypothesis, or with its number change it (spec 6.4)."""

    verb: Literal["hypothesis"] = "hypothesis"
    number: int | None = None
    text: Text = ""
    confidence: Confidence | None = None
    state: HypothesisState | None = None


class Decide(Act):
    """Log a decision, or with its number add its result (spec 6.5)."""

    verb: Literal["decision"] = "decision"
    number: int | None = None
    text: Text = ""
    reason: Text = ""
    owner: PersonRef | None = None
    result: Text = ""


class Announce(Act):
    """Tell a command or an investigation before it begins, or with its number that it is over (spec 6.8)."""

    verb: Literal["announce"] = "announce"
    number: int | None = None
    kind: Literal["command", "investigation"] = "command"
    text: Text = ""


class Mitigate(Act):
    """Begin a mitigation, or with its number say whether it worked (spec 3.4, 5.4)."""

    verb: Literal["mitigate"] = "mitigate"
    number: int | None = None
    text: Text = ""
    state: Literal["begun", "worked", "failed"] = "begun"
    high_impact: bool = False


class Authorise(Act):
    """Allow a mitigation of high impact, or refuse it (spec 5.4)."""

    verb: Literal["authorise"] = "authorise"
    number: int
    granted: bool = True
    reason: Text = ""


class Draft(Act):
    """Draft an update; without a text it is filled from the incident's state (spec 7.1, 7.4)."""

    verb: Literal["draft"] = "draft"
    audience: Audience = Audience.PUBLIC
    phase: Phase | None = None
    text: Text = ""
    component: ComponentState | None = None
    next_update_at: Instant | None = None


class Approve(Act):
    """Approve a drafted update (spec 5.5, 7.4)."""

    verb: Literal["approve"] = "approve"
    number: int


class Publish(Act):
    """Publish an approved update (spec 5.5, 7.4)."""

    verb: Literal["publish"] = "publish"
    number: int


class OpenWarRoom(Act):
    """Open the war room without waiting for it to be required (spec 6.1)."""

    verb: Literal["war-room"] = "war-room"
    reason: Text = ""


class Confirm(Act):
    """Confirm what closing waits for (spec 6.7)."""

    verb: Literal["confirm"] = "confirm"
    fix_deployed: bool = False
    metrics_recovering: bool = False
    postmortem_owner: PersonRef | None = None


class AddService(Act):
    """Say that a further service is affected: whoever is on call for it is paged (spec 3.5). `rungs` is its
    ladder, with those who are on it now."""

    verb: Literal["service"] = "service"
    service: Service
    rungs: tuple[Rung, ...]


AnyAct = Annotated[
    SetSeverity
    | SetImpact
    | TakeRole
    | AnswerCheckpoint
    | Hypothesise
    | Decide
    | Announce
    | Mitigate
    | Authorise
    | Draft
    | Approve
    | Publish
    | OpenWarRoom
    | Confirm
    | AddService,
    Field(discriminator="verb"),
]


class Acting(Thing):
    """Update `act`: somebody does something. `at` is when, by the clock of the door they came in by;
    `contacts` are people whom the incident may not know yet."""

    source_id: str
    incident_id: str
    by: PersonRef
    via: Short = "API"
    at: Instant
    act: AnyAct
    contacts: tuple[Person, ...] = ()
