"""What a duty may owe at a moment: what a decision says and a duty does."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from domain.base import Deadline
from domain.people import Person

ActionT = TypeVar("ActionT")


@dataclass(frozen=True)
class Owed(Generic[ActionT]):
    """What is to be done now, and the next moment at which something may become due by itself."""

    actions: tuple[ActionT, ...] = ()
    deadline: Deadline | None = None


@dataclass(frozen=True)
class Try:
    """Page this person now, by the rule of this number."""

    person: Person
    rung: int
    rule: int


@dataclass(frozen=True)
class Look:
    """Ask the carrier what became of this attempt."""

    attempt: int


@dataclass(frozen=True)
class LeaveWords:
    """A machine answered this attempt: speak to it."""

    attempt: int


@dataclass(frozen=True)
class Withdraw:
    """Nobody needs this attempt any more: take it back, or hang it up."""

    attempt: int


@dataclass(frozen=True)
class Climb:
    """Begin this rung of this round. `tell_fallback`: the ladder has ended and nobody has answered."""

    rung: int
    round: int
    why: str
    tell_fallback: bool = False


@dataclass(frozen=True)
class GiveUp:
    """The run ends without an answer: it was not meant to go on for ever."""


Action = Try | Look | LeaveWords | Withdraw | Climb | GiveUp


@dataclass(frozen=True)
class Due:
    """What is to be done now, and the next moment at which something may become due by itself. `ahead` is
    the next one that people wait for: not a look at the carrier, but a page."""

    actions: tuple[Action, ...] = ()
    deadline: Deadline | None = None
    ahead: Deadline | None = None
