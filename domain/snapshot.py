"""What one incident needs of the configuration, frozen when it starts."""

from datetime import date, time, timedelta

from pydantic import Field

from domain.base import Duration, Thing
from domain.entries import ClassificationEntry
from domain.fields import ClockTime
from domain.ladder import Ladder
from domain.oncall import Weekday
from domain.people import Person
from domain.response import Phase
from domain.severity import Severity


class Service(Thing):
    """Something that can break. `runbook` is where its repair is written down."""

    id: str
    name: str
    ladder: str
    runbook: str | None = None
    component: str | None = None


class AutomatedResponse(Thing):
    """Level 0 of the ladder: a webhook that repairs by itself, and how long the alert may take to resolve
    before people are paged (spec 3.1)."""

    url: str
    within: Duration


class WorkingTime(Thing):
    """When a team works, by its own clock (spec 1.6). `days_off` are its holidays, written out, for as long
    as an incident may need them."""

    time_zone: str
    days: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri")
    begins: ClockTime = time(9)
    ends: ClockTime = time(17)
    days_off: tuple[date, ...] = ()


class Limit(Thing):
    """At most so many pages to one number `within` so long."""

    most: int = Field(ge=1)
    within: Duration = Field(gt=timedelta(0))


class Limits(Thing):
    """How often one person may be paged, whatever number of incidents there is; the worst severity is never
    held back (spec 4.4)."""

    calls: Limit
    messages: Limit


class Chat(Thing):
    """That chat is on, and the channel in which war rooms are announced."""

    announcements: str


class Timing(Thing):
    """The figures of the policy pack that steer paging.

    Attributes:
        ring_for: how long a phone rings before the carrier gives up.
        next_method_within: how long a page may take to leave before the next method starts beside it.
        window_starts_within: when a rung's ack window begins at the latest (spec 3.2).
        retry_after: the pause before a page that the carrier did not take is tried again.
        trace_after: how long a page of unknown fate waits for the carrier's word before it is looked for.
        silent_after: how long past its ringing a call may stay unheard of before the carrier is asked.
        trust_speech: the lowest confidence (0 to 1) at which spoken words count (spec 4.2).
        reopen_after: how long after a resolution a repetition of the same alert is old news.
    """

    ring_for: Duration
    next_method_within: Duration
    window_starts_within: Duration
    retry_after: Duration
    trace_after: Duration
    silent_after: Duration
    trust_speech: float = Field(ge=0, le=1)
    reopen_after: Duration


class Response(Thing):
    """The figures of the policy pack that steer the response.

    Attributes:
        classify_within: an incident of unknown severity is taken for a bad one after this (spec 1.2).
        checkpoint_every: the rhythm of the four questions (spec 6.3).
        checkpoint_grace: how long an answer is waited for before it is asked again, and then phoned for.
        result_within: how long a decision may be without a result (spec 6.4, 6.5).
        relief_after: how long a commander leads a war room before a fresh one is asked for (spec 5.3).
        first_public_within: how soon the status page acknowledges (spec 7.2).
        full_public_within: how soon it says more.
        public_every: how long each phase's public update stays fresh.
        public_grace: how long a stale status page is nudged about before the commander is phoned.
        internal_every: how long an internal update stays fresh.
        ask_before_paging: how long a role is asked for before people are paged for it (spec 5.2).
        ask_again_after: how often what is still missing at the end, or a role, is asked for again.
    """

    classify_within: Duration
    checkpoint_every: Duration
    checkpoint_grace: Duration
    result_within: Duration
    relief_after: Duration
    first_public_within: Duration
    full_public_within: Duration
    public_every: dict[Phase, Duration]
    public_grace: Duration
    internal_every: Duration
    ask_before_paging: Duration
    ask_again_after: Duration


class Postmortems(Thing):
    """The figures of the policy pack that steer postmortems and what follows (spec 9.2 to 9.6). What ends in
    `within` or `after` counts from the resolution, unless it says otherwise.

    Attributes:
        engineer_hours: more work than this, in hours, and a postmortem is owed.
        draft_within: when the draft is due.
        meeting_after: when the meeting may be held at the earliest; `meeting_within` at the latest.
        review_for: how long the draft can be commented on after the meeting.
        final_within: when the final version is due.
        meeting_lasts: how long the meeting and the review of the items are meant to last.
        action_review_after: when the action items are reviewed (day 30), and how soon again after that.
        ask_items_before: how long before that review the owners are asked about their items.
        remind_before: how long before each deadline its owner is reminded.
        rise_after: how long after a missed deadline the commander hears of it.
        items_rise_after: how long an action item may be overdue before more than its owner hear of it.
        priorities: those an action item may have, the first the highest (spec 9.5).
        top_items: more action items of the first priority than this are pointed out (spec 9.5).
    """

    engineer_hours: float
    draft_within: Duration
    meeting_after: Duration
    meeting_within: Duration
    review_for: Duration
    final_within: Duration
    meeting_lasts: Duration
    action_review_after: Duration = Field(gt=timedelta(0))
    ask_items_before: Duration
    remind_before: Duration
    rise_after: Duration = Field(gt=timedelta(0))
    items_rise_after: Duration
    priorities: tuple[str, ...] = Field(min_length=1)
    top_items: int


class Snapshot(Thing):
    """The rules an incident lives by. A later change of the configuration does not touch it.

    An incident that was opened before a rule existed has none here (`response`, `postmortems`), and is
    brought to its end without it: so a new duty never changes what has begun. `service` is the first of
    those affected, `services` are the others; the ladder is theirs together (spec 3.5). Who is on call by the
    ladder's schedules is looked up again while people are paged.
    """

    pack: str
    unclassified: str
    severities: tuple[Severity, ...]
    timing: Timing
    service: Service
    ladder: Ladder
    people: dict[str, Person]
    response: Response | None = None
    postmortems: Postmortems | None = None
    chat: Chat | None = None
    bridge: str | None = None
    time_zone: str = "UTC"
    services: tuple[Service, ...] = ()
    automated: tuple[AutomatedResponse, ...] = ()
    working_time: WorkingTime | None = None
    limits: Limits | None = None
    classification: tuple[ClassificationEntry, ...] = ()

    def severity(self, name: str) -> Severity:
        """The severity of that name."""
        return next(severity for severity in self.severities if severity.name == name)
