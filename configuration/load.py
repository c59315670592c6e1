"""Load a configuration whole: the policy pack, the organisation's changes to it, and every cross-check."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from configuration.faults import Fault, Faults
from configuration.source import Place, Source, read
from domain.organisation import Organisation

_IN_OUR_WORDS = {
    "Extra inputs are not permitted": "is not known here; is it misspelt?",
    "Field required": "is missing",
    "Input should be a valid string": "has to be text; put it in quotes",
    "Tuple should have at least 1 item after validation, not 0": "needs at least one entry",
    "Dictionary should have at least 1 item after validation, not 0": "needs at least one entry",
    "String should have at least 1 character": "must not be empty",
}

PACKS = Path(__file__).resolve().parent.parent / "packs"


def load(path: Path) -> Organisation:
    """The organisation that a file or directory describes.

    Raises:
        Faults: with every fault, each with file and line.
    """
    source = read(path)
    pack = source.content.get("pack")
    shipped = sorted(file.stem for file in PACKS.glob("*.yaml"))
    faults: list[Fault] = []
    if pack not in shipped:
        spot = source.spot(("pack",))
        said = f"pack {pack!r} does not exist" if pack else "no pack is named"
        faults.append(Fault(spot.file, spot.line, f"{said}; shipped are {', '.join(shipped)}"))
        pack = shipped[0]  # so that whatever else is wrong is found in the same run
    defaults = yaml.safe_load((PACKS / f"{pack}.yaml").read_text(encoding="utf-8"))
    merged = {**_overlaid(defaults, source.content), "pack": pack}
    faults += [_fault(source, place, message) for place, message in _cross_checks(merged)]
    try:
        organisation = Organisation.model_validate(merged)
    except ValidationError as error:
        faults += [_fault(source, problem["loc"], problem["msg"]) for problem in error.errors()]
        raise Faults(faults) from error
    if faults:
        raise Faults(faults)
    return organisation


def _overlaid(base: Any, over: Any) -> Any:
    """`over` on top of `base`, key by key."""
    if not isinstance(base, dict) or not isinstance(over, dict):
        return over
    return {**base, **{key: _overlaid(base.get(key), value) for key, value in over.items()}}


def _fault(source: Source, place: Place, message: str) -> Fault:
    # Pydantic marks a faulty key of a mapping with a step of its own that no file has.
    steps = tuple(step for step in place if step != "[key]")
    spot = source.spot(steps)
    said = _IN_OUR_WORDS.get(message, message.removeprefix("Value error, "))
    return Fault(spot.file, spot.line, f"{'.'.join(map(str, steps))}: {said}")


def _cross_checks(merged: Any) -> Iterator[tuple[Place, str]]:
    """What no single value can show. It reads the content as it stands, so that one slip elsewhere does
    not hide these faults until it is mended."""
    people, ladders = _at(merged, "people"), _at(merged, "ladders")
    yield from _named(("default_service",), "service", merged.get("default_service"), _at(merged, "services"))
    yield from _named(("unclassified",), "severity", merged.get("unclassified"), _at(merged, "severities"))
    for name, service in _at(merged, "services").items():
        yield from _named(("services", name, "ladder"), "ladder", _at(service).get("ladder"), ladders)
    for name, ladder in ladders.items():
        for number, rung in enumerate(_list(_at(ladder).get("rungs"))):
            for index, person in enumerate(_list(_at(rung).get("people"))):
                place = ("ladders", name, "rungs", number, "people", index)
                yield from _named(place, "person", person, people)
    yield from _shared(("people",), "phone", people)
    yield from _shared(("severities",), "rank", _at(merged, "severities"))


def _at(content: Any, *path: str) -> dict[str, Any]:
    """The mapping at this path; an empty one where there is none."""
    for key in path:
        content = content.get(key) if isinstance(content, dict) else None
    return content if isinstance(content, dict) else {}


def _list(content: Any) -> list[Any]:
    return content if isinstance(content, list) else []


def _named(place: Place, kind: str, name: Any, known: dict[str, Any]) -> Iterator[tuple[Place, str]]:
    if isinstance(name, str) and name not in known:
        yield (
            place,
            f"no {kind} is called {name!r}; there are: {', '.join(sorted(map(str, known))) or 'none'}",
        )


def _shared(place: Place, field: str, entries: dict[str, Any]) -> Iterator[tuple[Place, str]]:
    """A value that tells entries apart must not be two entries'."""
    owners: dict[Any, str] = {}
    for name, entry in entries.items():
        value = _at(entry).get(field)
        if isinstance(value, str | int) and owners.setdefault(value, name) != name:
            yield (*place, name, field), f"is the same as that of {owners[value]}, and has to be its own"
