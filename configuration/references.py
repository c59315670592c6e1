"""What no single value can show: names that nobody bears, values that two share, patterns that are none.

It reads the content as it stands, so that one slip elsewhere does not hide these faults until it is mended.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any, NamedTuple

import holidays

from domain.finding import Place

KINDS = {
    "person": ("people",),
    "team": ("teams",),
    "service": ("services",),
    "schedule": ("schedules",),
    "ladder": ("ladders",),
    "region": ("regions",),
    "channel": ("channels",),
    "severity": ("severities",),
    "calendar": ("integrations", "calendars"),
}
"""Where each kind of thing that can be named has its entries."""

MOST_LISTED = 8
"""Names that are listed before only the nearest one is told."""


class Slip(NamedTuple):
    """One fault of this kind; `named` is the kind and the name that a reference gave in vain."""

    place: Place
    rule: str
    message: str
    mend: str = ""
    named: tuple[str, str] | None = None


def slips(content: Mapping[str, Any]) -> Iterator[Slip]:
    """Everything that is wrong between the values of a configuration."""
    for place, kind, name in _references(content):
        yield from _named(content, place, kind, name)
    yield from _itself(content)
    yield from _positions(content)
    yield from _shared(("people",), "phone", mapping(content, "people"))
    yield from _shared(("severities",), "rank", mapping(content, "severities"))
    yield from _holidays(content)
    yield from _patterns(content)


def mapping(content: Any, *path: str) -> dict[str, Any]:
    """The mapping at this path; an empty one where there is none."""
    for key in path:
        content = content.get(key) if isinstance(content, dict) else None
    return content if isinstance(content, dict) else {}


def sequence(content: Any, key: str) -> list[Any]:
    """The list under this key; an empty one where there is none."""
    found = content.get(key) if isinstance(content, dict) else None
    return found if isinstance(found, list) else []


def _references(content: Mapping[str, Any]) -> Iterator[tuple[Place, str, Any]]:
    """Each place where something is named, what kind of thing, and the name."""
    yield ("default_service",), "service", content.get("default_service")
    yield ("unclassified",), "severity", content.get("unclassified")
    yield from _fields(content, "people", {"region": "region"})
    yield from _fields(
        content,
        "teams",
        {
            "members": "person",
            "lead": "person",
            "manager": "person",
            "primary": "schedule",
            "secondary": "schedule",
            "region": "region",
        },
    )
    yield from _fields(content, "services", {"ladder": "ladder", "team": "team", "depends_on": "service"})
    yield from _fields(content, "schedules", {"region": "region"})
    for name, schedule in mapping(content, "schedules").items():
        kinds = {"people": "person", "calendar": "calendar", "region": "region"}
        yield from _parts(("schedules", name, "layers"), sequence(schedule, "layers"), kinds)
    yield from _fields(content, "ladders", {"fallback": "channel"})
    for name, ladder in mapping(content, "ladders").items():
        kinds = {"people": "person", "schedules": "schedule", "severities": "severity"}
        yield from _parts(("ladders", name, "rungs"), sequence(ladder, "rungs"), kinds)
    rules = sequence(content, "classification")
    yield from _parts(("classification",), rules, {"severity": "severity"})


def _fields(
    content: Mapping[str, Any], section: str, kinds: Mapping[str, str]
) -> Iterator[tuple[Place, str, Any]]:
    for name, entry in mapping(content, section).items():
        yield from _values((section, name), entry, kinds)


def _parts(place: Place, entries: list[Any], kinds: Mapping[str, str]) -> Iterator[tuple[Place, str, Any]]:
    for number, entry in enumerate(entries):
        yield from _values((*place, number), entry, kinds)


def _values(place: Place, entry: Any, kinds: Mapping[str, str]) -> Iterator[tuple[Place, str, Any]]:
    for field, kind in kinds.items():
        value = entry.get(field) if isinstance(entry, dict) else None
        for index, name in enumerate(value) if isinstance(value, list) else ():
            yield (*place, field, index), kind, name
        if not isinstance(value, list):
            yield (*place, field), kind, value


def _named(content: Mapping[str, Any], place: Place, kind: str, name: Any) -> Iterator[Slip]:
    known = mapping(content, *KINDS[kind])
    if isinstance(name, str) and name not in known:
        said = f"no {kind} is called {name!r}"
        yield Slip(place, f"unknown-{kind}", said, _instead(content, kind, name), (kind, name))


def nearest(content: Mapping[str, Any], kind: str, name: str) -> str | None:
    """The name of this kind that was probably meant."""
    names = sorted(map(str, mapping(content, *KINDS[kind])))
    return next(iter(get_close_matches(name, names, n=1)), None)


def _instead(content: Mapping[str, Any], kind: str, name: str) -> str:
    if near := nearest(content, kind, name):
        return f"did you mean {near!r}?"
    names = sorted(map(str, mapping(content, *KINDS[kind])))
    if not names:
        return "there are none yet"
    if len(names) <= MOST_LISTED:
        return f"there are: {', '.join(names)}"
    return f"none of the {len(names)} in `{'.'.join(KINDS[kind])}` comes near"


def _itself(content: Mapping[str, Any]) -> Iterator[Slip]:
    for name, service in mapping(content, "services").items():
        for index, needed in enumerate(sequence(service, "depends_on")):
            if needed == name:
                place = ("services", name, "depends_on", index)
                yield Slip(place, "depends-on-itself", f"{name} needs itself", "take it out")


def _positions(content: Mapping[str, Any]) -> Iterator[Slip]:
    """A rung may ask for a position of the team that owns the service: each such team has to fill it."""
    ladders, teams = mapping(content, "ladders"), mapping(content, "teams")
    told: set[tuple[str, str]] = set()
    for name, service in mapping(content, "services").items():
        ladder, team = _text(service, "ladder"), _text(service, "team")
        rungs = sequence(ladders.get(ladder), "rungs")
        asked = dict.fromkeys(
            position for rung in rungs for position in sequence(rung, "team") if isinstance(position, str)
        )
        if asked and not team:
            said = f"ladder {ladder} pages the {_and(asked)} of the service's team, and {name} has no team"
            yield Slip(("services", name), "position-empty", said, "name the team that owns it")
        for position in asked if isinstance(teams.get(team), dict) else ():
            if teams[team].get(position) is None and (team, position) not in told:
                told.add((team, position))
                said = f"{team} has no {position}, and ladder {ladder} pages it for {name}"
                yield Slip(("teams", team), "position-empty", said, f"give it a `{position}`")


def _text(entry: Any, key: str) -> str:
    value = entry.get(key) if isinstance(entry, dict) else None
    return value if isinstance(value, str) else ""


def _and(words: Iterable[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def _shared(place: Place, field: str, entries: Mapping[str, Any]) -> Iterator[Slip]:
    """A value that tells entries apart must not be two entries'."""
    owners: dict[Any, str] = {}
    for name, entry in entries.items():
        value = entry.get(field) if isinstance(entry, dict) else None
        if field == "phone" and isinstance(value, str):
            value = re.sub(r"[\s().-]", "", value)
        if isinstance(value, str | int) and owners.setdefault(value, name) != name:
            said = f"is the same as that of {owners[value]}, and has to be its own"
            yield Slip((*place, name, field), "not-its-own", said)


def _holidays(content: Mapping[str, Any]) -> Iterator[Slip]:
    places: list[tuple[Place, Any]] = [((), content)]
    places += [(("regions", name), entry) for name, entry in mapping(content, "regions").items()]
    for place, entry in places:
        code = entry.get("holidays") if isinstance(entry, dict) else None
        if not isinstance(code, str):
            continue
        country, _, part = code.partition("-")
        parts = _parts_of(country)
        if parts is None:
            said = f"no holidays are known for {country!r}"
            mend = "use the ISO code of a country, like DE, or list `days_off`"
        elif part and part not in parts:
            said = f"{country} has no part {part!r} with holidays of its own"
            listed = ", ".join(parts[:MOST_LISTED]) + (" and so on" if len(parts) > MOST_LISTED else "")
            mend = f"there are: {listed}" if parts else f"write just {country}"
        else:
            continue
        yield Slip((*place, "holidays"), "unknown-holidays", said, mend)


def _parts_of(country: str) -> tuple[str, ...] | None:
    """The parts of a country that have holidays of their own; None: the country is not known."""
    try:
        return tuple(holidays.country_holidays(country).subdivisions)
    except NotImplementedError:
        return None


def _patterns(content: Mapping[str, Any]) -> Iterator[Slip]:
    for number, rule in enumerate(sequence(content, "classification")):
        for label, pattern in mapping(rule, "when").items():
            try:
                re.compile(pattern if isinstance(pattern, str) else "")
            except re.error as error:
                place = ("classification", number, "when", label)
                said = f"{pattern!r} is not a regular expression: {error}"
                yield Slip(place, "not-a-pattern", said)
