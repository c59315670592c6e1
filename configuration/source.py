"""YAML that remembers where each value stood."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from configuration.faults import Fault, Faults
from domain.finding import Place

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The parser in C is ten times as fast; where it was not built the other one says the same."""

_SECTIONS_IN = ("integrations",)
"""Sections whose parts are sections themselves, and may be spread over files as well."""


@dataclass(frozen=True)
class Spot:
    """Where a value stands in the files."""

    file: Path
    line: int


class Source:
    """The content of one or several YAML files, and the file and line of each value in it."""

    def __init__(self, content: dict[str, Any], spots: dict[Place, Spot]) -> None:
        self.content = content
        self.spots = spots

    def spot(self, place: Place) -> Spot:
        """The spot of the value, or of the nearest thing around it that is there."""
        for length in range(len(place), -1, -1):
            if spot := self.spots.get(place[:length]):
                return spot
        return next(iter(self.spots.values()))


def files(path: Path) -> tuple[Path, ...]:
    """The files that a configuration consists of: the file itself, or all `.yaml` files of the directory and
    of those below it, except hidden ones."""
    if not path.is_dir():
        return (path,)
    found = (file for ending in ("*.yaml", "*.yml") for file in path.rglob(ending))
    shown = (file for file in found if not any(p.startswith(".") for p in file.relative_to(path).parts))
    return tuple(sorted(shown))


def read(path: Path) -> Source:
    """Read a configuration's files as one.

    Raises:
        Faults: a file cannot be read, is no YAML, or says something a second time.
    """
    all_files = files(path)
    if not all_files:
        raise Faults([Fault(path, 1, "the directory holds no .yaml file; put the configuration there")])
    content: dict[str, Any] = {}
    spots: dict[Place, Spot] = {}
    faults: list[Fault] = []
    for file in all_files:
        try:
            source = _read_file(file)
        except Faults as found:
            faults += found.faults
            continue
        _merge(content, source, spots, faults)
        spots.update({place: spot for place, spot in source.spots.items() if place not in spots})
    if faults:
        raise Faults(faults)
    return Source(content, spots)


def _merge(content: dict[str, Any], source: Source, spots: dict[Place, Spot], faults: list[Fault]) -> None:
    """Add a further file. Files may share a section, such as people, but not an entry."""
    for key, value in source.content.items():
        for place in _add(content, key, value, ()):
            here, there = source.spot(place), Source(content, spots).spot(place)
            name = ".".join(map(str, place))
            said = f"{name} is already given at {there.file}:{there.line}; keep one"
            faults.append(Fault(here.file, here.line, said, "given-twice"))


def _add(content: dict[str, Any], key: str, value: Any, above: Place) -> Iterator[Place]:
    """Put a value there and give the places that were taken already."""
    place = (*above, key)
    shared = not above or above[-1] in _SECTIONS_IN
    if key not in content:
        content[key] = value
    elif not (shared and isinstance(value, dict) and isinstance(content[key], dict)):
        yield place
    else:
        content[key] = dict(content[key])
        for name, entry in value.items():
            yield from _add(content[key], name, entry, place)


def _read_file(file: Path) -> Source:
    def faulty(line: int, message: str) -> Faults:
        return Faults([Fault(file, line, message, "not-readable")])

    try:
        node = yaml.compose(file.read_text(encoding="utf-8"), Loader=_Loader)
    except OSError as error:
        raise faulty(1, f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise faulty(1, "is not UTF-8 text") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise faulty(line, f"is not YAML: {error.problem}") from error
    except yaml.YAMLError as error:
        raise faulty(1, f"is not YAML: {error}") from error
    if not isinstance(node, yaml.MappingNode):
        raise faulty(1, "holds no configuration; it begins with keys such as people and services")
    try:
        spots = {place: Spot(file, line) for place, line in _places(node, ())}
        doubled = [
            Fault(file, line, f"{key!r} is given twice here; keep one", "given-twice")
            for key, line in _doubled(node)
        ]
        if doubled:
            raise Faults(doubled)
        content = yaml.SafeLoader("").construct_document(node)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise faulty(line, f"is not YAML that we read: {error.problem}") from error
    except ValueError as error:  # A date such as 2026-13-01: YAML takes it for one, the calendar does not.
        raise faulty(_odd_date(node), f"holds a date that no calendar has: {error}") from error
    except RecursionError as error:
        raise faulty(1, "has an alias that holds itself") from error
    return Source(content, spots)


def _places(node: yaml.Node, place: Place) -> Iterator[tuple[Place, int]]:
    yield place, node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _places(value, (*place, str(key.value)))
            yield (*place, str(key.value)), key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield from _places(value, (*place, index))


def _doubled(node: yaml.Node) -> Iterator[tuple[str, int]]:
    """Keys that stand twice in one mapping: YAML would silently take the last."""
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                continue
            if key.value in seen:
                yield str(key.value), key.start_mark.line + 1
            seen.add(key.value)
            yield from _doubled(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _doubled(value)


def _odd_date(node: yaml.Node) -> int:
    """The line of the first value that looks like a date and is none."""
    if isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:timestamp":
        try:
            yaml.SafeLoader("").construct_document(node)
        except ValueError:
            return int(node.start_mark.line) + 1
        return 0
    inside = node.value if isinstance(node, yaml.CollectionNode) else ()
    nodes = (part for entry in inside for part in (entry if isinstance(entry, tuple) else (entry,)))
    return next((line for line in map(_odd_date, nodes) if line), 0)
