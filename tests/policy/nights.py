"""Nights of paging: any ladder, anybody on it, and anything that a carrier makes of their pages."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from hypothesis import strategies as st

import configuration
from domain.due import Action, Climb, Due, LeaveWords, Try
from domain.ladder import Attempt, AttemptState, Ladder, LadderRun, Outcome, Rung
from domain.people import Method, NotificationRule, Person
from domain.severity import Severity
from domain.snapshot import Snapshot
from policy import ladder
from policy.opening import snapshot_for
from settings import STARTER_CONFIG
from tests.policy.conftest import NOON

RULES = snapshot_for(configuration.load(STARTER_CONFIG), ["checkout"], NOON)

PEOPLE = ("alice", "ben", "chiara", "dev")

STEPS = 120
"""Moments of one night: some rounds of most ladders."""


@dataclass(frozen=True)
class Fate:
    """What becomes of a page: the seconds until the carrier takes it, and from then until it ends; None:
    never."""

    leaves: float | None
    ends: float | None
    outcome: Outcome


@dataclass(frozen=True)
class Night:
    """A ladder, who is on it and how they are paged, what becomes of one page after the other, and at which
    of its moments somebody passes it on. `window` is in seconds."""

    rungs: tuple[Rung, ...]
    people: dict[str, Person]
    rank: int
    methods: tuple[Method, ...]
    window: float
    fates: tuple[Fate, ...]
    passes: frozenset[int]

    @property
    def reached(self) -> list[int]:
        """The rungs that the severity reaches."""
        return [n for n, rung in enumerate(self.rungs) if rung.up_to_rank >= self.rank]

    def usable(self, person: str) -> list[NotificationRule]:
        """The rules of a person by which this severity may page."""
        return [rule for rule in self.people[person].rules if rule.method in self.methods]

    @property
    def severity(self) -> Severity:
        """The severity, which pages at once."""
        window = timedelta(seconds=self.window)
        given = {"rank": self.rank, "methods": self.methods, "ack_window": window}
        return RULES.severity("P0").model_copy(update=given)

    @property
    def snapshot(self) -> Snapshot:
        """The organisation's rules, with this ladder."""
        climbed = Ladder(id="any", rungs=self.rungs, repeats=1, fallback=PEOPLE[0])
        given = {"people": self.people, "ladder": climbed, "severities": (self.severity,)}
        return RULES.model_copy(update=given)


@dataclass(frozen=True)
class Moment:
    """A moment of a night: the run as it was, and what was due."""

    now: datetime
    run: LadderRun
    due: Due


_SECONDS = st.sampled_from([0.0, 0.5, 3.0, 20.0, 90.0])
_METHODS: st.SearchStrategy[Method] = st.sampled_from(["call", "sms", "slack"])
_RULES = st.lists(
    st.builds(
        NotificationRule, method=_METHODS, after=_SECONDS.map(lambda seconds: timedelta(seconds=seconds))
    ),
    min_size=1,
    max_size=3,
)
_OUTCOMES = st.sampled_from([outcome for outcome in Outcome if outcome is not Outcome.ACKNOWLEDGED])
_FATES = st.builds(Fate, st.none() | _SECONDS, st.none() | _SECONDS, _OUTCOMES)
_RUNGS = st.tuples(st.lists(st.sampled_from(PEOPLE), max_size=3, unique=True), st.integers(1, 4))


@st.composite
def nights(draw: st.DrawFn) -> Night:
    """Any ladder of up to five rungs, some of them empty; the severity reaches at least one."""
    rank = draw(st.integers(1, 4))
    shapes = draw(
        st.lists(_RUNGS, min_size=1, max_size=5).filter(
            lambda rungs: any(up_to >= rank for _, up_to in rungs)
        )
    )
    return Night(
        rungs=tuple(
            Rung(name=f"rung {number}", people=tuple(people), up_to_rank=up_to)
            for number, (people, up_to) in enumerate(shapes)
        ),
        people={
            name: Person(id=name, name=name, phone="+12025550101", rules=tuple(draw(_RULES)))
            for name in PEOPLE
        },
        rank=rank,
        methods=tuple(draw(st.lists(_METHODS, min_size=1, unique=True))),
        window=draw(st.sampled_from([5.0, 60.0, 300.0])),
        fates=tuple(draw(st.lists(_FATES, min_size=1, max_size=8))),
        passes=draw(st.frozensets(st.integers(0, STEPS), max_size=5)),
    )


def went(night: Night) -> Iterator[Moment]:
    """The moments of a night in which nobody acknowledges. What is due is done, as the workflow does it."""
    paging = _Paging(night)
    rules, severity = night.snapshot, night.severity
    for step in range(STEPS):
        paging.happen()
        if step in night.passes:
            paging.run.climb_now = "somebody passed it on"
        due = ladder.due(paging.run, severity, rules, paging.now)
        yield Moment(paging.now, paging.run.model_copy(), due)
        for action in due.actions:
            paging.do(action)
        if not due.actions:
            assert due.deadline
            paging.now = min([due.deadline.at, *(at for at, _ in paging.coming)])


class _Paging:
    """A run, and what the carrier is about to make of its pages."""

    def __init__(self, night: Night) -> None:
        self.night, self.now, self.made = night, NOON, 0
        self.run = LadderRun(id=1, began_at=NOON, rung=night.reached[0], rung_began_at=NOON)
        self.coming: list[tuple[datetime, Attempt]] = []

    def happen(self) -> None:
        """Whatever the carrier has done by now."""
        for _at, attempt in sorted(
            (each for each in self.coming if each[0] <= self.now), key=lambda each: (each[0], each[1].over)
        ):
            if self.run.attempt(attempt.id):
                self.run.put(attempt)
        self.coming = [each for each in self.coming if each[0] > self.now]

    def do(self, action: Action) -> None:
        """Do one thing that is due."""
        match action:
            case Try():
                self._try(action)
            case Climb():
                self.run.rung, self.run.round, self.run.climb_now = action.rung, action.round, None
                self.run.rung_began_at = self.now
            case LeaveWords(attempt=number):
                attempt = self.run.attempt(number)
                assert attempt
                self.run.put(attempt.model_copy(update={"message_left": True}))
            case _:
                raise AssertionError(f"{action} is not for a run that goes on")

    def _try(self, action: Try) -> None:
        self.made += 1
        attempt = Attempt(
            id=self.made,
            person=action.person.id,
            method=action.person.rules[action.rule].method,
            to=action.person.phone,
            round=self.run.round,
            rung=action.rung,
            rule=action.rule,
            requested_at=self.now,
        )
        self.run.attempts = [*ladder.kept(self.run, attempt), attempt]
        fate = self.night.fates[self.made % len(self.night.fates)]
        at = self.now
        if fate.leaves is not None:
            at += timedelta(seconds=fate.leaves)
            left = {"state": AttemptState.LEFT, "reached": {AttemptState.LEFT: at}}
            attempt = attempt.model_copy(update=left)
            self.coming.append((at, attempt))
        if fate.ends is not None:
            at += timedelta(seconds=fate.ends)
            ended = {"state": AttemptState.ENDED, "outcome": fate.outcome, "ended_at": at}
            self.coming.append((at, attempt.model_copy(update=ended)))
