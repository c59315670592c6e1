"""Stories of one incident: what monitoring, the carrier and people say to it, in any order."""

from dataclasses import dataclass
from typing import Literal

from hypothesis import strategies as st

from domain.messages import CarrierWord
from tests.workflows.held_line import Verdict

Place = Literal["newest", "oldest", "forged run", "earlier run", "forged attempt", "other incident", "none"]
"""Which page somebody speaks of; `none`: of no certain one."""


@dataclass(frozen=True)
class Alerts:
    """Monitoring: the same delivered again, the same resolved, or something further, which claims its own."""

    news: Literal["again", "resolved", "further"]
    claim: str | None


@dataclass(frozen=True)
class Words:
    """The carrier says something of a page, perhaps twice."""

    of: Place
    word: CarrierWord
    times: int


@dataclass(frozen=True)
class Answers:
    """Somebody acknowledges or passes on; `again`: it is the last message, delivered once more; `late`:
    it was said a while ago. `who` is a place among the people of the starter."""

    verb: Literal["acknowledge", "pass_on"]
    of: Place
    who: int
    by: Literal["signal", "update"]
    again: bool
    late: bool


@dataclass(frozen=True)
class Does:
    """Somebody does something else."""

    who: int
    what: Literal["escalate", "takes command", "takes tech lead", "adds a service", "resolve"]


@dataclass(frozen=True)
class Grades:
    """Somebody says how bad it is."""

    who: int
    severity: Literal["P0", "P1", "P2", "P3"]
    data_loss: bool


@dataclass(frozen=True)
class Waits:
    """Nobody says anything for so many milliseconds."""

    milliseconds: int


@dataclass(frozen=True)
class Line:
    """The line to the carrier is held, or is free again."""

    held: bool


Step = Alerts | Words | Answers | Does | Grades | Waits | Line


@dataclass(frozen=True)
class Story:
    """How an incident begins, what the carrier makes of one call after the other, and what is said."""

    claim: str | None
    verdicts: tuple[Verdict, ...]
    steps: tuple[Step, ...]


_WHO = st.integers(0, 3)
_CLAIMS = st.sampled_from([None, "critical", "error", "warning", "info"])
_PLACES: st.SearchStrategy[Place] = st.sampled_from(
    ["newest", "newest", "oldest", "forged run", "earlier run", "forged attempt", "other incident", "none"]
)
_WORDS: st.SearchStrategy[CarrierWord] = st.sampled_from(
    [
        "queued",
        "ringing",
        "answered",
        "human",
        "machine",
        "unclear",
        "completed",
        "busy",
        "failed",
        "delivered",
    ]
)
_ALERTS = st.builds(Alerts, st.sampled_from(["again", "resolved", "further"]), _CLAIMS)
_GRADES = st.builds(Grades, _WHO, st.sampled_from(["P0", "P1", "P2", "P3"]), st.booleans())
_ANSWERS = st.builds(
    Answers,
    st.sampled_from(["acknowledge", "acknowledge", "pass_on"]),
    _PLACES,
    _WHO,
    st.sampled_from(["signal", "update"]),
    st.booleans(),
    st.booleans(),
)
_DOES = st.sampled_from(["escalate", "takes command", "takes tech lead", "adds a service", "resolve"])
_ONE: st.SearchStrategy[Step] = st.one_of(
    _ALERTS,
    st.builds(Words, _PLACES, _WORDS, st.integers(1, 2)),
    _ANSWERS,
    st.builds(Does, _WHO, _DOES),
    _GRADES,
    st.builds(Waits, st.sampled_from([20, 60, 150])),
    st.builds(Line, st.booleans()),
)
_HELD = st.tuples(st.just(Line(True)), st.just(Waits(150)), _ANSWERS, _ONE, st.just(Line(False)))
_STEPS = st.lists(st.one_of(st.tuples(_ONE), st.tuples(_ONE), _HELD), min_size=2, max_size=7).map(
    lambda parts: tuple(step for part in parts for step in part)
)
_VERDICT: st.SearchStrategy[Verdict] = st.sampled_from(
    ["accepted", "accepted", "accepted", "rejected", "unavailable", "held", "rings unheard", "lost"]
)
_VERDICTS = st.lists(_VERDICT, min_size=1, max_size=4).map(tuple)
_BEGINS = st.sampled_from([None, "critical", "critical", "error", "warning"])

stories = st.builds(Story, _BEGINS, _VERDICTS, _STEPS)
"""Anything."""

rumours = st.builds(
    Story,
    _BEGINS,
    st.just(("accepted",)),
    st.lists(
        st.one_of(_ALERTS, _ALERTS, _GRADES, _ANSWERS, st.builds(Waits, st.sampled_from([60, 350, 750]))),
        min_size=3,
        max_size=7,
    ).map(tuple),
)
"""Much talk of how bad it is, and time to become worse."""
