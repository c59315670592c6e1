"""What people do, and when: the agenda of a rehearsal, kept from the incident's own timeline."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.ladder import Outcome
from domain.people import Method
from domain.timeline import Entry, Kind
from rehearsal.answers import Answers, Paged
from rehearsal.record import METHODS, Fate

_FATES: dict[str, Fate] = {
    Outcome.NO_ANSWER.value: "no answer",
    Outcome.WITHDRAWN.value: "withdrawn",
    Outcome.HELD.value: "held back",
}


@dataclass(frozen=True)
class Page:
    """A page and what becomes of it. `acts_at` is when its fate comes, `answered` whether that is an answer;
    `ended_at` and `fate` once it is over."""

    attempt: int
    run: int
    paged: Paged
    name: str
    why: str
    acts_at: datetime | None
    answered: bool
    ended_at: datetime | None = None
    fate: Fate | None = None


@dataclass(frozen=True)
class Climb:
    """A rung that was begun, and why; `run_for` is why its ladder run began."""

    at: datetime
    run: int
    run_for: str
    rung: str
    round: int
    why: str


class Agenda:
    """Every page so far, and what comes of those that are open."""

    def __init__(self, answers: Answers, ring_for: timedelta, names: dict[str, str]) -> None:
        self.pages: dict[int, Page] = {}
        self.climbs: list[Climb] = []
        self._answers, self._ring_for, self._names = answers, ring_for, names
        self._first: dict[tuple[int, str], datetime] = {}
        self._times: Counter[tuple[str, str, str, Method]] = Counter()

    def note(self, entries: Iterable[Entry]) -> None:
        """Take over what the incident has written down."""
        for entry in entries:
            if entry.kind in (Kind.RUN, Kind.RUNG) and "rung" in entry.data:
                self._climbed(entry)
            elif entry.kind is Kind.PAGE:
                self._paged(entry)
            elif entry.kind is Kind.CARRIER and entry.data.get("outcome"):
                self.ended(entry.data["attempt"], entry.at, _FATES.get(entry.data["outcome"], "failed"))

    @property
    def next(self) -> Page | None:
        """The page of which something comes next; of two at once an answer, then the older."""
        coming = [page for page in self.pages.values() if page.acts_at and not page.fate]
        return min(coming, key=lambda page: (page.acts_at, not page.answered, page.attempt), default=None)

    def ended(self, attempt: int, at: datetime, fate: Fate) -> None:
        """A page is over; what came first is right."""
        page = self.pages.get(attempt)
        if page and not page.fate:
            self.pages[attempt] = replace(page, ended_at=at, fate=fate, acts_at=None)

    def run_over(self, run: int | None = None) -> None:
        """Nobody answers a page of this run any more, or of any: it is taken, or over. What rings still rings
        out, unless it is hung up."""
        for number, page in self.pages.items():
            if page.answered and not page.fate and run in (None, page.run):
                rings_until = page.paged.at + self._ring_for if page.paged.method == "call" else None
                self.pages[number] = replace(page, answered=False, acts_at=rings_until)

    def _climbed(self, entry: Entry) -> None:
        data = entry.data
        why = data["why"]
        before = self.climbs[-1] if self.climbs else None
        same_run = before is not None and before.run == data["run"]
        self.climbs.append(
            Climb(
                at=entry.at,
                run=data["run"],
                run_for=before.run_for if before and same_run else why,
                rung=data["rung"],
                round=data.get("round", 1),
                why=why,
            )
        )
        if before and not same_run:
            self.run_over(before.run)

    def _paged(self, entry: Entry) -> None:
        data, person = entry.data, entry.person or ""
        method: Method = data["method"]
        climb = self.climbs[-1]
        first = self._first.setdefault((data["run"], person), entry.at)
        alike = (climb.run_for, data["rung"], person, method)
        self._times[alike] += 1
        paged = Paged(
            at=entry.at,
            first_at=first,
            run_for=climb.run_for,
            rung=data["rung"],
            round=data["round"],
            person=person,
            method=method,
            nth=self._times[alike],
        )
        answer_at = self._answers.to(paged)
        rings_until = entry.at + self._ring_for if method == "call" else None
        answered = answer_at is not None and (rings_until is None or answer_at < rings_until)
        self.pages[data["attempt"]] = Page(
            attempt=data["attempt"],
            run=data["run"],
            paged=paged,
            name=self._names.get(person, person),
            why=self._why(paged, data["run"], climb),
            acts_at=answer_at if answered else rings_until,
            answered=answered,
        )

    def _why(self, paged: Paged, run: int, climb: Climb) -> str:
        """What came of this person's method before it; for the first one why the rung was begun."""
        place = (run, paged.rung, paged.round, paged.person)
        before = [
            page
            for page in self.pages.values()
            if (page.run, page.paged.rung, page.paged.round, page.paged.person) == place
            and page.paged.at < paged.at
        ]
        if not before:
            return climb.why
        last = before[-1]
        return f"{METHODS[last.paged.method]}: {last.fate or 'no answer yet'}"
