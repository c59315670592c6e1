"""Keys that a part of the configuration does not know, where its model would pass over them in silence."""

from collections.abc import Iterator, Mapping
from typing import Any

from configuration.references import mapping, sequence
from domain.base import Thing
from domain.finding import Place
from domain.people import NotificationRule
from domain.snapshot import Limit, Limits, Postmortems, Response, Timing

_SECTIONS: Mapping[tuple[str, ...], type[Thing]] = {
    ("timing",): Timing,
    ("response",): Response,
    ("postmortems",): Postmortems,
    ("limits",): Limits,
    ("limits", "calls"): Limit,
    ("limits", "messages"): Limit,
}


def unknown_keys(content: Mapping[str, Any]) -> Iterator[Place]:
    """Where a key stands that nobody reads. These models also travel in incidents, where a field of a later
    release has to be let pass; in a file it is a slip of the pen."""
    for section, model in _SECTIONS.items():
        yield from _beyond(section, mapping(content, *section), model)
    rules: list[tuple[Place, list[Any]]] = [(("notify",), sequence(content, "notify"))]
    for name, person in mapping(content, "people").items():
        rules.append((("people", name, "notify"), sequence(person, "notify")))
    for place, entries in rules:
        for number, entry in enumerate(entries):
            yield from _beyond((*place, number), mapping(entry), NotificationRule)


def _beyond(place: Place, entry: Mapping[str, Any], model: type[Thing]) -> Iterator[Place]:
    yield from ((*place, key) for key in entry if key not in model.model_fields)
