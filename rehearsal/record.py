"""What a rehearsal showed: who was paged, when and how, and what else happened."""

from typing import Literal

from domain.base import Duration, Instant, Thing
from domain.people import Method

Fate = Literal[
    "no answer",
    "not read",
    "acknowledged",
    "answered in vain",
    "withdrawn",
    "still rings",
    "held back",
    "failed",
]

METHODS: dict[Method, str] = {"call": "call", "sms": "SMS", "slack": "Slack"}
"""How people call them."""


class Scene(Thing):
    """What is rehearsed. `answers` says who answers, in words; `seed` decides what is left to chance.

    Attributes:
        services: those affected, the first of them names the incident.
        resolve_after: how long after the start the harm is over; None: not within the rehearsal.
    """

    services: tuple[str, ...]
    severity: str
    at: Instant
    length: Duration
    answers: str = "nobody"
    seed: int = 1
    resolve_after: Duration | None = None


class PageLine(Thing):
    """One page.

    Attributes:
        after: since the start.
        run: the number of the ladder run, `run_for` why it began.
        rung: what the rung is called, `round` how often the ladder was climbed by then, from 1.
        ends: when it stopped to ring or was answered; None: a message that nobody read.
        why: why this person, by this method, now.
    """

    at: Instant
    after: Duration
    run: int
    run_for: str
    rung: str
    round: int
    person: str
    name: str
    method: Method
    fate: Fate
    ends: Instant | None
    why: str


class RungLine(Thing):
    """A rung of the ladder, from when it was begun until it was left."""

    at: Instant
    ends: Instant
    run: int
    run_for: str
    rung: str
    round: int


class EventLine(Thing):
    """Something else that happened."""

    at: Instant
    after: Duration
    kind: str
    text: str


class Rehearsed(Thing):
    """The whole of it. `time_zone` is the service's; `taken_by` is who first took the incident, `taken_after`
    so long."""

    scene: Scene
    time_zone: str
    title: str
    pages: tuple[PageLine, ...]
    rungs: tuple[RungLine, ...]
    events: tuple[EventLine, ...]
    taken_by: str | None = None
    taken_after: Duration | None = None
    ends: Instant
