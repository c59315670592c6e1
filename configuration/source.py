"""YAML that remembers where each value stood."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from configuration.faults import Fault, Faults

Place = tuple[str | int, ...]
"""Where a value stands in the configuration: `("people", "alice", "phone")`."""


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


def read(path: Path) -> Source:
    """Read a file, or every `.yaml` file of a directory as one.

    Raises:
        Faults: a file cannot be read, is no YAML, or says something a second time.
    """
    files = sorted([*path.glob("*.yaml"), *path.glob("*.yml")]) if path.is_dir() else [path]
    if not files:
        raise Faults([Fault(path, 1, "the directory holds no .yaml file; put the configuration there")])
    content: dict[str, Any] = {}
    spots: dict[Place, Spot] = {}
    faults: list[Fault] = []
    for file in files:
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
        if key not in content:
            content[key] = value
            continue
        entries = value if isinstance(value, dict) and isinstance(content[key], dict) else None
        twice = [(key, name) for name in entries if name in content[key]] if entries is not None else [(key,)]
        for place in twice:
            here, there = source.spot(place), spots[place]
            name = ".".join(map(str, place))
            faults.append(
                Fault(here.file, here.line, f"{name} is already given at {there.file}:{there.line}; keep one")
            )
        if entries is not None:
            content[key] = {**content[key], **entries}


def _read_file(file: Path) -> Source:
    try:
        node = yaml.compose(file.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except OSError as error:
        raise Faults([Fault(file, 1, f"cannot be read: {error.strerror}")]) from error
    except UnicodeDecodeError as error:
        raise Faults([Fault(file, 1, "is not UTF-8 text")]) from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise Faults([Fault(file, line, f"is not YAML: {error.problem}")]) from error
    except yaml.YAMLError as error:
        raise Faults([Fault(file, 1, f"is not YAML: {error}")]) from error
    if not isinstance(node, yaml.MappingNode):
        raise Faults(
            [Fault(file, 1, "holds no configuration; it begins with keys such as people and services")]
        )
    spots = {place: Spot(file, line) for place, line in _places(node, ())}
    faults = [Fault(file, line, f"{key!r} is given twice here; keep one") for key, line in _doubled(node)]
    if faults:
        raise Faults(faults)
    return Source(yaml.SafeLoader("").construct_document(node), spots)


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
            if key.value in seen:
                yield str(key.value), key.start_mark.line + 1
            seen.add(key.value)
            yield from _doubled(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _doubled(value)
