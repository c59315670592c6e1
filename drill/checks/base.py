"""What the checks have in common: a promise, and the figure on which it is found kept or not."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from drill.facts import Facts

PROMPT = timedelta(seconds=5)
"""How soon the next method must follow one that came to nothing (spec 3.2)."""

AT_ONCE = timedelta(seconds=2)
"""How soon something happens that waits for nothing, on a busy machine."""

LATE = timedelta(seconds=2.5)
"""How late a window may end on a busy machine."""

EARLY = timedelta(seconds=0.1)
"""How far two clocks may be apart."""

FoundT = TypeVar("FoundT")

Check = Callable[[Facts], str]
"""Looks at the facts, and tells the figure it rests on. Its docstring is the promise."""


@dataclass(frozen=True)
class Verdict:
    """One thing that should have happened, whether it did, and the figure it rests on."""

    promise: str
    kept: bool
    seen: str


class Unmet(Exception):
    """A promise that was not kept, with what was seen instead."""


def judged(check: Check, facts: Facts) -> Verdict:
    """What came of one check."""
    promise = (check.__doc__ or check.__name__).strip()
    try:
        return Verdict(promise, True, check(facts))
    except Unmet as unmet:
        return Verdict(promise, False, str(unmet))


def demand(kept: bool, seen: str) -> str:
    """What was seen.

    Raises:
        Unmet: it is not what should be.
    """
    if not kept:
        raise Unmet(seen)
    return seen


def one(found: Sequence[FoundT], what: str) -> FoundT:
    """The first of them.

    Raises:
        Unmet: there is none.
    """
    if not found:
        raise Unmet(f"there was no {what}")
    return found[0]


def there(found: FoundT | None, what: str) -> FoundT:
    """What was found.

    Raises:
        Unmet: it was not.
    """
    if found is None:
        raise Unmet(f"there was no {what}")
    return found


def seconds(length: timedelta) -> str:
    """A length of time, as verdicts tell it."""
    return f"{length.total_seconds():.2f} s"


def after(allowed: timedelta, start: datetime, end: datetime) -> bool:
    """Whether something that was due `allowed` after another came then: not before, and hardly later."""
    return allowed - EARLY < end - start < allowed + LATE
