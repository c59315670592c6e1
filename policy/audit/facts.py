"""What every check looks at: who is on which ladder, and who is on call over the coming weeks."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import NamedTuple

from domain.base import zone
from domain.finding import Finding, Place
from domain.ladder import Rung
from domain.oncall import Feed, Override, Schedule, Shift
from domain.organisation import Organisation
from domain.people import NotificationRule
from domain.severity import Severity
from policy.calendar import place_of
from policy.oncall import schedule_of, shifts
from policy.opening import severities_of
from policy.roster import rungs_for

AHEAD = timedelta(days=90)
"""How far ahead we look (spec 2.2)."""


def error(rule: str, place: Place, message: str, mend: str) -> Finding:
    """A finding by which somebody might not be reached."""
    return Finding(rule=rule, level="error", place=place, message=message, mend=mend)


def warning(rule: str, place: Place, message: str, mend: str) -> Finding:
    """A finding that makes the night worse."""
    return Finding(rule=rule, level="warning", place=place, message=message, mend=mend)


class Span(NamedTuple):
    """A stretch of time and who is meant by it."""

    begins: datetime
    ends: datetime
    people: frozenset[str]


@dataclass(frozen=True)
class Climbed:
    """One rung of a ladder as it is climbed for a service, and where it stands."""

    service: str
    ladder: str
    number: int
    rung: Rung

    @property
    def place(self) -> Place:
        """Where it stands in the configuration."""
        return ("ladders", self.ladder, "rungs", self.number)


@dataclass(frozen=True)
class Facts:
    """The organisation at a moment, with what follows from it."""

    organisation: Organisation
    now: datetime
    overrides: tuple[Override, ...]
    feeds: Mapping[str, Feed]
    _shifts: dict[str, tuple[Shift, ...]] = field(default_factory=dict)
    _spans: dict[tuple[tuple[str, ...], tuple[str, ...]], tuple[Span, ...]] = field(default_factory=dict)

    @property
    def until(self) -> datetime:
        """The end of the time that is looked at."""
        return self.now + AHEAD

    @cached_property
    def climbs(self) -> tuple[tuple[Climbed, ...], ...]:
        """For each service, the rungs that are climbed when it breaks."""
        services = self.organisation.services
        return tuple(
            tuple(
                Climbed(service, entry.ladder, number, rung)
                for number, rung in enumerate(rungs_for(self.organisation, [service]))
            )
            for service, entry in services.items()
        )

    @cached_property
    def severities(self) -> tuple[Severity, ...]:
        """From the worst to the mildest."""
        return tuple(sorted(severities_of(self.organisation), key=lambda severity: severity.rank))

    @cached_property
    def schedules(self) -> Mapping[str, Schedule]:
        """Those by which somebody is paged."""
        asked = (name for climb in self.climbs for each in climb for name in each.rung.schedules)
        return {name: schedule_of(self.organisation, name) for name in dict.fromkeys(asked)}

    @cached_property
    def paged(self) -> Mapping[str, int]:
        """Everybody who may be paged by a ladder, with the lowest rung (from 0) on which they may be."""
        found: dict[str, int] = {}
        for climb in self.climbs:
            for each in climb:
                names = [*each.rung.always, *(p for s in each.rung.schedules for p in self.people_of(s))]
                for person in names:
                    found[person] = min(each.number, found.get(person, each.number))
        return {person: rung for person, rung in found.items() if person in self.organisation.people}

    def people_of(self, schedule: str) -> Iterator[str]:
        """Everybody who has a turn by a schedule, now or later."""
        for layer in self.schedules[schedule].layers:
            if not layer.ends or layer.ends >= self.now.astimezone(zone(layer.time_zone)).date():
                yield from layer.people
            feed = self.feeds.get(layer.calendar or "")
            yield from (shift.person for shift in (feed.shifts if feed else ()) if shift.person)
        yield from (override.person for override in self.overrides if override.schedule == schedule)

    def readable(self, schedule: str) -> bool:
        """Whether all calendars of a schedule were read. Without them nobody can tell who is on call."""
        names = (layer.calendar for layer in self.schedules[schedule].layers if layer.calendar)
        return all(name in self.feeds and self.feeds[name].fetched_at for name in names)

    def shifts(self, schedule: str) -> tuple[Shift, ...]:
        """The coming shifts of a schedule."""
        if schedule not in self._shifts:
            self._shifts[schedule] = shifts(
                self.schedules[schedule], self.now, self.until, self.overrides, self.feeds
            )
        return self._shifts[schedule]

    def spans(self, rung: Rung) -> tuple[Span, ...]:
        """Who is on a rung over the coming time, without a gap."""
        key = rung.always, rung.schedules
        if key not in self._spans:
            spans: tuple[Span, ...] = (Span(self.now, self.until, frozenset(rung.always)),)
            for name in rung.schedules:
                own = (
                    Span(shift.begins, shift.ends, frozenset([shift.person] if shift.person else []))
                    for shift in self.shifts(name)
                )
                spans = tuple(Span(b, e, one | other) for b, e, one, other in together(spans, tuple(own)))
            self._spans[key] = spans
        return self._spans[key]

    def rules_of(self, person: str) -> tuple[tuple[NotificationRule, ...], Place]:
        """How somebody is paged, and where that stands."""
        own = self.organisation.people[person].notify
        return (own, ("people", person, "notify")) if own else (self.organisation.notify, ("notify",))

    def name(self, person: str) -> str:
        """What people call somebody."""
        entry = self.organisation.people.get(person)
        return entry.name if entry else person

    def names(self, people: Iterable[str]) -> str:
        """What people call several people; no more than three of them."""
        return self.listed([self.name(person) for person in people])

    def listed(self, words: Sequence[str]) -> str:
        """The words as one would say them; no more than three of them."""
        shown = [*words] if len(words) <= 3 else [*words[:2], f"{len(words) - 2} more"]
        return " and ".join(filter(None, [", ".join(shown[:-1]), *shown[-1:]]))

    def zone_of(self, schedule: str) -> str:
        """The time zone in which a schedule is thought of."""
        return place_of(self.organisation, self.organisation.schedules[schedule].region).time_zone


def together(
    one: tuple[Span, ...], other: tuple[Span, ...]
) -> Iterator[tuple[datetime, datetime, frozenset[str], frozenset[str]]]:
    """Two sequences of spans over the same time, cut wherever one of them changes."""
    first = second = 0
    while first < len(one) and second < len(other):
        begins = max(one[first].begins, other[second].begins)
        ends = min(one[first].ends, other[second].ends)
        if begins < ends:
            yield begins, ends, one[first].people, other[second].people
        if one[first].ends <= ends:
            first += 1
        if other[second].ends <= ends:
            second += 1


def spelled(begins: datetime, ends: datetime, time_zone: str) -> str:
    """A stretch of time by the clock on the wall: `Tue 2026-12-01 17:00 to 18:00 CET`."""
    clock = zone(time_zone)
    since, until = begins.astimezone(clock), ends.astimezone(clock)
    name = until.tzname() or ""
    last = f"{until:%H:%M}" if since.date() == until.date() else f"{until:%a %Y-%m-%d %H:%M}"
    return f"{since:%a %Y-%m-%d %H:%M} to {last} {name if name.isalpha() else f'UTC{name}'}"


def times(spans: list[tuple[datetime, datetime]], time_zone: str) -> str:
    """The first of several stretches, and how many more there are."""
    (begins, ends), more = spans[0], len(spans) - 1
    said = f"from {spelled(begins, ends, time_zone)}"
    return f"{said}, and {more} {'time' if more == 1 else 'times'} more" if more else said
