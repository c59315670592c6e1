"""Calendars read as iCalendar: whose time on call their entries are (spec 2.1)."""

import heapq
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import recurring_ical_events  # type: ignore[import-untyped]  # It ships no types.
from icalendar import Calendar

from domain.base import zone
from domain.entries import PersonEntry
from domain.oncall import Feed, Shift
from integrations.calendars import CalendarFault

BACK, AHEAD = timedelta(days=7), timedelta(days=120)
"""The stretch around now of which a calendar is asked."""

_OF_ITS_TIME = ("RRULE", "RDATE", "EXDATE", "RECURRENCE-ID")
"""Lines without which an entry would be read, and be wrong. Without the others it is not read at all."""


@dataclass(frozen=True)
class Entry:
    """Somebody's time on call, as the calendar gives it: moments, or days and times without a zone."""

    person: str
    begins: date
    ends: date


@dataclass(frozen=True)
class Reading:
    """What a calendar says from a week ago to four months ahead, and what of it could not be understood."""

    entries: tuple[Entry, ...] = ()
    unknown: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


def read(text: str, people: Mapping[str, PersonEntry], now: datetime) -> Reading:
    """Every entry around `now` that names one of `people`. One that is malformed is left out, and said so; a
    cancelled one is nobody's.

    Raises:
        CalendarFault: the text is no calendar, or ends in the midst of one.
    """
    names = Names(people)
    entries: list[Entry] = []
    unknown: dict[str, None] = {}
    faults: list[str] = []
    for event in _occurrences(text, now, faults):
        if str(_first(event, "STATUS")).upper() == "CANCELLED":
            continue
        person = names.meant_by(event)
        if person is None:
            unknown.setdefault(_title(event))
        else:
            entries.append(Entry(person, event["DTSTART"].dt, event["DTEND"].dt))
    return Reading(tuple(entries), tuple(unknown), tuple(faults))


def _occurrences(text: str, now: datetime, faults: list[str]) -> Iterator[Any]:
    try:
        calendars = [one for one in Calendar.from_ical(text, multiple=True) if isinstance(one, Calendar)]
    except ValueError as error:
        raise CalendarFault(f"is no calendar: {str(error)[:120]}") from error
    if not calendars:
        raise CalendarFault("is no calendar, or only the beginning of one")
    for calendar in calendars:
        for series in _series(calendar, faults):
            try:
                yield from recurring_ical_events.of(series).between(now - BACK, now + AHEAD)
            except Exception as error:  # What strangers write breaks the libraries in ways of their own.
                faults.append(f"{_title(series.subcomponents[0])!r}: {error}")


def _series(calendar: Calendar, faults: list[str]) -> Iterable[Calendar]:
    """Each series for itself, with what was changed about it, so that a broken one breaks no other."""
    found: dict[str, Calendar] = {}
    own_zone = str(calendar.get("X-WR-TIMEZONE", ""))
    for number, event in enumerate(calendar.walk("VEVENT")):
        said = [f"{line}: {error}" if line else str(error) for line, error in event.errors]
        try:
            _check(event)
        except Exception as error:  # As above: a KeyError as well as a ValueError.
            faults.append(f"{_title(event)!r}: {'; '.join(said) or error}")
            continue
        faults += [f"{_title(event)!r}: {fault}" for fault in said]
        series = found.setdefault(str(event.get("UID", f"without a UID {number}")), Calendar())
        series.add_component(event)
        if _is_zone(own_zone):
            series["X-WR-TIMEZONE"] = own_zone
    return found.values()


def _check(event: Any) -> None:
    """Refuse what would be read as something else than was meant."""
    if event.end < event.start:
        raise ValueError("it ends before it begins")
    if any(line in _OF_ITS_TIME for line, _ in event.errors):
        raise ValueError("it is unclear when it holds")
    for name in ("DTSTART", "DTEND"):
        given = event.get(name)
        if given is not None and "TZID" in given.params and getattr(given.dt, "tzinfo", None) is None:
            # Else it would count as a time without a zone.
            raise ValueError(f"nobody knows the time zone {given.params['TZID']}")
    rules = event.get("RRULE", [])
    for rule in rules if isinstance(rules, list) else [rules]:
        if {"SECONDLY", "MINUTELY"} & set(rule.get("FREQ", ())):
            raise ValueError("nobody's turn comes each minute")


def _is_zone(name: str) -> bool:
    try:
        return bool(name and zone(name))
    except (KeyError, ValueError, OSError):
        return False


def _first(event: Any, name: str) -> Any:
    value = event.get(name, "")
    return value[0] if isinstance(value, list) else value


def _title(event: Any) -> str:
    return str(_first(event, "SUMMARY")).strip() or "an entry without a title"


class Names:
    """Whom an entry means: by name, address or id in its title, else by its attendees, else by its organiser.
    What two people share names neither of them."""

    _BETWEEN = re.compile(r"[:|,;/()\[\]]|\s[-\u2013\u2014]\s")

    def __init__(self, people: Mapping[str, PersonEntry]) -> None:
        self._addresses = _index((entry.email, person) for person, entry in people.items())
        named = _index((entry.name, person) for person, entry in people.items())
        self._words = {**named, **self._addresses}
        self._ids = _index((person, person) for person in people)
        longest_first = sorted(self._words, key=len, reverse=True)
        # Not within a longer name or address: `ben@example.com` is not `reuben@example.com.au`.
        anywhere = "|".join(map(re.escape, longest_first))
        self._anywhere = re.compile(rf"(?<![\w.+-])(?:{anywhere})(?![\w-]|\.\w)" if anywhere else r"(?!)")
        self._seen: dict[str, str | None] = {}

    def meant_by(self, event: Any) -> str | None:
        """The person's id; None if nobody is named."""
        title = _plain(str(_first(event, "SUMMARY")))
        if title not in self._seen:
            self._seen[title] = self._in(title)
        return self._seen[title] or self._among_guests(event)

    def _in(self, title: str) -> str | None:
        parts = [title, *(part.strip() for part in self._BETWEEN.split(title))]
        # An id may be a word like any other, so it counts only by itself and only if there is no name.
        for known in (self._words, self._ids):
            for part in parts:
                if part in known:
                    return known[part]
        found = self._anywhere.search(title)
        return self._words[found[0]] if found else None

    def _among_guests(self, event: Any) -> str | None:
        guests = event.get("ATTENDEE") or event.get("ORGANIZER") or []
        for guest in guests if isinstance(guests, list) else [guests]:
            address = re.sub(r"^mailto:", "", _plain(str(guest)))
            if address in self._addresses and guest.params.get("PARTSTAT") != "DECLINED":
                return self._addresses[address]
        return None


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _index(pairs: Iterable[tuple[str | None, str]]) -> dict[str, str]:
    found: dict[str, set[str]] = {}
    for word, person in pairs:
        if word:
            found.setdefault(_plain(word), set()).add(person)
    return {word: next(iter(people)) for word, people in found.items() if len(people) == 1}


def shifts(reading: Reading, zone_name: str) -> tuple[Shift, ...]:
    """Who is on call by this calendar, one at a time and in order. Days, and times without a zone, are meant
    in this zone, unless the calendar states one of its own for times.

    Of entries that overlap the one that began last holds, and of those the one that ends first: a stand-in
    for some hours is entered above a whole week.
    """
    place = zone(zone_name)
    spans = [
        (_moment(entry.begins, place), _moment(entry.ends, place), entry.person) for entry in reading.entries
    ]
    spans = sorted(span for span in spans if span[0] < span[1])
    moments = sorted({moment for span in spans for moment in span[:2]})
    found: list[Shift] = []
    holding: list[tuple[float, datetime, str]] = []
    reached = 0
    for begins, ends in pairwise(moments):
        while reached < len(spans) and spans[reached][0] <= begins:
            began, over, person = spans[reached]
            heapq.heappush(holding, (-began.timestamp(), over, person))
            reached += 1
        while holding and holding[0][1] <= begins:
            heapq.heappop(holding)
        if not holding:
            continue
        person = holding[0][2]
        if found and (found[-1].person, found[-1].ends) == (person, begins):
            begins = found.pop().begins
        found.append(Shift(schedule="", person=person, begins=begins, ends=ends))
    return tuple(found)


def _moment(value: date, place: Any) -> datetime:
    at = value if isinstance(value, datetime) else datetime.combine(value, time())
    return (at if at.tzinfo else at.replace(tzinfo=place)).astimezone(UTC)


def feed(name: str, reading: Reading, zone_name: str, fetched_at: datetime | None, fault: str = "") -> Feed:
    """A calendar as on-call needs it. `fault`: why it could not be fetched, else what of it is malformed."""
    shown = reading.faults[:3]
    more = len(reading.faults) - len(shown)
    malformed = "; ".join([*shown, *([f"and {more} more"] if more else [])])
    return Feed(
        name=name,
        shifts=shifts(reading, zone_name),
        fetched_at=fetched_at,
        fault=fault or malformed,
        unknown=reading.unknown,
    )
