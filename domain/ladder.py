"""The escalation ladder: its rungs, one climb of it, and each attempt to reach somebody (spec 3)."""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import Field

from domain.base import Instant, State, Thing
from domain.people import Method, PersonRef
from domain.roles import Role


class Rung(Thing):
    """The people who are paged together, and what the field calls them: primary, secondary, manager.

    Attributes:
        people: everybody to be paged, as far as was known when the roster was last looked at.
        always: those of them who are named themselves, whoever is on call.
        schedules: those by which the rest of them are on call.
        up_to_rank: severities of a lesser rank (a higher number) pass over this rung.
    """

    name: str
    people: tuple[str, ...]
    always: tuple[str, ...] = ()
    schedules: tuple[str, ...] = ()
    up_to_rank: int = 4


class Ladder(Thing):
    """Rungs from the first to be woken to the last. It is climbed `repeats` times more before the
    fallback is told that nobody answers, and goes on being climbed after that (spec 3.2)."""

    id: str
    rungs: tuple[Rung, ...]
    repeats: int = 2
    fallback: str | None = None


class AttemptState(StrEnum):
    """How far an attempt has come. `unknown`: the carrier may or may not have it."""

    QUEUED = "queued"
    UNKNOWN = "unknown"
    LEFT = "left"
    RINGING = "ringing"
    ANSWERED = "answered"
    DELIVERED = "delivered"
    ENDED = "ended"


class Outcome(StrEnum):
    """How an attempt ended."""

    ACKNOWLEDGED = "acknowledged"
    PASSED = "passed on"
    BUSY = "busy"
    NO_ANSWER = "no answer"
    FAILED = "failed"
    VOICEMAIL = "voicemail"
    UNCLEAR = "unclear answer"
    HUNG_UP = "hung up without an answer"
    UNDELIVERED = "not delivered"
    REJECTED = "rejected by the carrier"
    CARRIER_ERROR = "carrier error"
    LOST = "no trace at the carrier"
    WITHDRAWN = "withdrawn"
    HELD = "held back"
    UNANSWERED = "unanswered"


class Attempt(Thing):
    """One try to reach one person by one method (spec 3.7).

    `reached` holds the moment of each state it came to; `look_at` is when the carrier is asked about it,
    should nothing be heard until then; `looks` counts those questions.
    """

    id: int
    person: str
    method: Method
    to: str
    round: int
    rung: int
    rule: int
    state: AttemptState = AttemptState.QUEUED
    outcome: Outcome | None = None
    requested_at: Instant
    ended_at: Instant | None = None
    reached: dict[AttemptState, Instant] = Field(default_factory=dict)
    carrier_id: str | None = None
    detail: str = ""
    heard: str | None = None
    confidence: float | None = None
    look_at: Instant | None = None
    looks: int = 0
    message_left: bool = False
    withdrawing: bool = False

    @property
    def over(self) -> bool:
        """Whether it has ended, one way or another."""
        return self.state is AttemptState.ENDED

    @property
    def left_at(self) -> datetime | None:
        """When the carrier took it, if it did."""
        return min(
            (
                at
                for state, at in self.reached.items()
                if state not in (AttemptState.UNKNOWN, AttemptState.ENDED)
            ),
            default=None,
        )


Purpose = Literal["take", "rise", "help", "role", "duty"]
"""What people are paged for: to take the incident, because it is worse than it was, because it makes no
progress, to fill a role, or to do what one who holds a role has left undone."""


class LadderRun(State):
    """One climb of the ladder, from the first page to the acknowledgement that ends it for good (spec 3.3).

    `rung` and `round` count from 0. `climb_now` asks for the next rung without waiting and says why.
    `rungs` are its own, where it does not climb the whole ladder; `rounds` is after how many of them it ends
    unanswered, None meaning never. `purpose` is what it is for, `about` which duty it is, `asks` what
    those who are paged are asked to do, `role` the role that the first to answer takes.
    """

    id: int
    began_at: Instant
    rung: int
    round: int = 0
    rungs: tuple[Rung, ...] | None = None
    rounds: int | None = None
    purpose: Purpose = "take"
    about: str = ""
    asks: str = ""
    role: Role | None = None
    rung_began_at: Instant
    climb_now: str | None = None
    ended_at: Instant | None = None
    ended_by: PersonRef | None = None
    ended_why: str = ""
    attempts: list[Attempt] = Field(default_factory=list)

    def attempt(self, attempt_id: int) -> Attempt | None:
        """The attempt with this id, unless it is too old to be kept."""
        return next((attempt for attempt in self.attempts if attempt.id == attempt_id), None)

    def end(self, at: datetime, by: PersonRef | None, why: str) -> None:
        """No further page of this run goes out (spec 3.3)."""
        self.ended_at, self.ended_by, self.ended_why, self.climb_now = at, by, why, None

    def put(self, attempt: Attempt) -> None:
        """Store the attempt in the place of its earlier self, or as a new one."""
        kept = [attempt if known.id == attempt.id else known for known in self.attempts]
        self.attempts = kept if self.attempt(attempt.id) else [*kept, attempt]
