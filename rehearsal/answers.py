"""Who answers in a rehearsal, and when: read from a few words such as `secondary after 3m`."""

import random
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from domain.base import parse_duration
from domain.people import Method

PICKS_UP = timedelta(seconds=5)
"""How long somebody who is there takes to reach for the phone."""

POSSIBLE = '"nobody", "secondary after 3m", "ben after 2m by sms", or a probability such as "70%"'

_PROBABILITY = re.compile(r"(\d{1,3})\s*%")
_SOMEBODY = re.compile(r"(?P<who>.+?)\s+after\s+(?P<after>\S+)(?:\s+by\s+(?P<method>\S+))?")
_METHODS: dict[str, Method] = {"call": "call", "phone": "call", "sms": "sms", "slack": "slack"}


@dataclass(frozen=True)
class Paged:
    """A page as the people see it.

    Attributes:
        first_at: when this person was first paged in this ladder run.
        run_for: why that run began.
        nth: how often, from 1, they were paged like this in any run that began for the same reason.
    """

    at: datetime
    first_at: datetime
    run_for: str
    rung: str
    round: int
    person: str
    method: Method
    nth: int = 1


class Answers(Protocol):
    """Who takes the incident."""

    def to(self, page: Paged) -> datetime | None:
        """When this page is answered, should it still ring or lie there unread by then; None: never."""


class Nobody:
    """No page is ever answered."""

    def to(self, page: Paged) -> datetime | None:
        """Never."""
        return None


@dataclass(frozen=True)
class Somebody:
    """Some people answer `after` they were first paged in a ladder run: by whatever then rings or has come,
    else by what comes next. `method`: only by this. `rungs`: by name, what is meant besides `people`."""

    people: frozenset[str]
    rungs: frozenset[str]
    after: timedelta
    method: Method | None

    def to(self, page: Paged) -> datetime | None:
        """When they are there, and have reached for it."""
        if page.person not in self.people and page.rung.lower() not in self.rungs:
            return None
        if self.method not in (None, page.method):
            return None
        return max(page.first_at + self.after, page.at + PICKS_UP)


@dataclass(frozen=True)
class Chance:
    """Each page is answered with this probability (0 to 1), as the coins of this seed fall. A page that is in
    both of two configurations has the same coin in both."""

    probability: float
    seed: int

    def to(self, page: Paged) -> datetime | None:
        """A call while it rings for the first seconds, a message within three minutes."""
        place = (self.seed, page.run_for, page.rung, page.person, page.method, page.nth)
        coins = random.Random(":".join(map(str, place)))
        if coins.random() >= self.probability:
            return None
        return page.at + timedelta(seconds=coins.randint(5, 20 if page.method == "call" else 180))


def read(words: str, people: Mapping[str, str], rungs: Mapping[str, Collection[str]], seed: int) -> Answers:
    """What the words mean, with `people` by id and name, and `rungs` by name with those who are on them.

    Raises:
        ValueError: they mean nothing, or nobody who is known; the text names what is possible.
    """
    said = " ".join(words.lower().split())
    if said == "nobody":
        return Nobody()
    if match := _PROBABILITY.fullmatch(said):
        if int(match[1]) > 100:
            raise ValueError(f"{words!r} is more than certain; a probability goes from 0% to 100%")
        return Chance(int(match[1]) / 100, seed)
    if match := _SOMEBODY.fullmatch(said):
        ids, names = _who(match["who"], people, rungs)
        method = match["method"]
        if method and method not in _METHODS:
            raise ValueError(f"{method!r} is no way to answer; possible are call, sms and slack")
        return Somebody(ids, names, parse_duration(match["after"]), _METHODS[method] if method else None)
    raise ValueError(f"{words!r} is no pattern of answers; write {POSSIBLE}")


def _who(
    who: str, people: Mapping[str, str], rungs: Mapping[str, Collection[str]]
) -> tuple[frozenset[str], frozenset[str]]:
    """The ids of those who are meant, and the rungs."""
    if named := [person for person, name in people.items() if who in (person.lower(), name.lower())]:
        return frozenset(named), frozenset()
    on_rung = [rung for rung in rungs if rung.lower() == who]
    # "secondary" is enough for "secondary and team lead", while only one rung can be meant.
    on_rung = on_rung or [rung for rung in rungs if who in re.split(r"\W+", rung.lower())]
    if len(on_rung) == 1:
        return frozenset(rungs[on_rung[0]]), frozenset([on_rung[0].lower()])
    raise ValueError(
        f"{who!r} is neither a rung of the ladder ({', '.join(rungs)}) nor a person ({', '.join(people)})"
    )
