"""Something in the place of what is faulty, so that one slip of the pen does not hide what else is wrong.

Nobody is ever paged by it: a configuration with a fault is never used, only judged.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from configuration.references import KINDS, mapping
from domain.finding import Place
from domain.ids import slug

_NUMBER = "+12025550100"


@dataclass(frozen=True)
class Replaced:
    """The content with stand-ins.

    Attributes:
        blurred: the places of the entries that are stand-ins.
        unread: the words that stood in them before.
    """

    content: dict[str, Any]
    blurred: frozenset[Place]
    unread: frozenset[str]


def with_stand_ins(
    content: Mapping[str, Any],
    defaults: Mapping[str, Any],
    faulty: Sequence[Place],
    missing: Iterable[tuple[str, str]],
) -> Replaced:
    """The content with a stand-in for each entry that holds a faulty value, and for each thing (by its kind
    and name) that is missing; figures of the pack come from `defaults` again."""
    entries = {entry for place in faulty if (entry := _entry_of(place))}
    wanted = {(*KINDS[kind], name) for kind, name in missing} | entries
    renamed = {name: slug(name) for *path, name in wanted if path != ["severities"] and isinstance(name, str)}
    odd = {old: new for old, new in renamed.items() if old != new}
    result: dict[str, Any] = _copied(content, odd)
    blurred: set[Place] = set()
    for place in faulty:
        if _entry_of(place) is None and place:
            section = str(place[0])
            result.pop(section, None)
            if section in defaults:
                result[section] = defaults[section]
    for place in wanted:
        _put(result, tuple(odd.get(str(step), step) for step in place), defaults, blurred)
    services = mapping(result, "services")
    result.setdefault("default_service", next(iter(services), None))
    gone = {_entry_of(place) or place[:1] for place in faulty}
    unread = {word for place in gone for word in _words(_value(content, place))}
    return Replaced(result, frozenset(blurred), frozenset(unread))


_SECTIONS: Mapping[Place, str] = {path: kind for kind, path in KINDS.items()}


def _entry_of(place: Place) -> Place | None:
    """The entry that has to be replaced for the sake of a faulty value in it."""
    if place[:1] == ("classification",) and len(place) > 1:
        return place[:2]
    for length in (1, 2):
        if place[:length] in _SECTIONS and len(place) > length:
            return place[: length + 1]
    return None


def _put(result: dict[str, Any], place: Place, defaults: Mapping[str, Any], blurred: set[Place]) -> None:
    blurred.add(place)
    if place[0] == "classification":
        rule = {"when": {"standing-in": "nothing"}, "data_loss": True}
        rules = enumerate(result["classification"])
        result["classification"] = [rule if number == place[1] else entry for number, entry in rules]
        return
    *path, name = map(str, place)
    section = result
    for step in path:
        if not isinstance(section.get(step), dict):
            section[step] = {}
        section = section[step]
    kind = _SECTIONS[tuple(path)]
    own = slug(f"standing-in-for-{kind}-{name}")
    section[name] = _stand_in(kind, name, own, defaults)
    if kind in ("team", "schedule", "ladder"):  # Somebody else each time, or two of them would look the same.
        _put(result, ("people", own), defaults, blurred)
    elif kind == "service":
        _put(result, ("ladders", own), defaults, blurred)


def _stand_in(kind: str, name: str, own: str, defaults: Mapping[str, Any]) -> dict[str, Any]:
    severities = mapping(defaults, "severities")
    of_kind: dict[str, dict[str, Any]] = {
        "person": {"name": name, "phone": _NUMBER},
        "channel": {"name": name, "sms": _NUMBER},
        "region": {"name": name, "time_zone": "UTC"},
        "team": {"name": name, "members": [own]},
        "schedule": {"name": name, "layers": [{"people": [own], "starts": date(2000, 1, 1)}]},
        "ladder": {"rungs": [{"name": name, "people": [own]}]},
        "service": {"name": name, "ladder": own},
        "calendar": {"file": name},
        "severity": severities.get(name) or next(iter(severities.values())),
    }
    return of_kind[kind]


def _copied(value: Any, renamed: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {renamed.get(str(key), str(key)): _copied(entry, renamed) for key, entry in value.items()}
    if isinstance(value, list):
        return [_copied(entry, renamed) for entry in value]
    return renamed.get(value, value) if isinstance(value, str) else value


def _value(content: Any, place: Place) -> Any:
    for step in place:
        try:
            content = content[step]
        except (KeyError, IndexError, TypeError):
            return None
    return content


def _words(value: Any) -> Iterator[str]:
    """Every text in it."""
    if isinstance(value, str):
        yield value
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for entry in inside:
        yield from _words(entry)
