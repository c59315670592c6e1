"""Load a configuration whole: the policy pack, the organisation's changes to it, and every cross-check."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from configuration.faults import INVALID, Fault, Faults
from configuration.references import nearest, slips
from configuration.source import Source, read
from configuration.stand_ins import with_stand_ins
from configuration.unknown_keys import unknown_keys
from domain.finding import Place
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


@dataclass(frozen=True)
class Examined:
    """A configuration, looked at whole.

    Attributes:
        organisation: what it says. Stand-ins take the place of what is faulty, so that the rest can be judged
            all the same; None: too little is left for that.
        faults: everything that keeps it from being used.
        blurred: the entries for which a stand-in stands; what is said of them means nothing.
        unread: the words in entries that were replaced, and the names that others come near to: whatever
            they name is in use.
    """

    source: Source
    organisation: Organisation | None
    faults: tuple[Fault, ...] = ()
    blurred: frozenset[Place] = frozenset()
    unread: frozenset[str] = frozenset()


def load(path: Path) -> Organisation:
    """The organisation that a file or directory describes.

    Raises:
        Faults: with every fault, each with file and line.
    """
    examined = examine(path)
    if examined.faults or examined.organisation is None:
        raise Faults(list(examined.faults))
    return examined.organisation


def examine(path: Path) -> Examined:
    """The configuration with all of its faults, and what can be understood in spite of them.

    Raises:
        Faults: the files cannot be read as YAML at all.
    """
    source = read(path)
    merged, faults = _on_its_pack(source)
    said = tuple(slips(merged))
    faults += [_fault(source, slip.place, slip.message, slip.rule, slip.mend) for slip in said]
    faults += [
        _fault(source, place, _IN_OUR_WORDS["Extra inputs are not permitted"])
        for place in unknown_keys(merged)
    ]
    try:
        organisation = Organisation.model_validate(merged)
    except ValidationError as error:
        places = [_steps(problem["loc"]) for problem in error.errors()]
        faults += [
            _fault(source, place, problem["msg"])
            for place, problem in zip(places, error.errors(), strict=True)
        ]
    else:
        places = []
        if not faults:
            return Examined(source, organisation)
    defaults = _pack(merged["pack"])
    named = {slip.named for slip in said if slip.named}
    meant = {near for kind, name in named if (near := nearest(merged, kind, name))}
    replaced = with_stand_ins(merged, defaults, places, named)
    try:
        understood = Organisation.model_validate(replaced.content)
    except ValidationError:
        understood = None
    return Examined(source, understood, tuple(sorted(set(faults))), replaced.blurred, replaced.unread | meant)


def _on_its_pack(source: Source) -> tuple[dict[str, Any], list[Fault]]:
    """The content on top of the pack that it names."""
    pack = source.content.get("pack")
    shipped = sorted(file.stem for file in PACKS.glob("*.yaml"))
    faults: list[Fault] = []
    if pack not in shipped:
        said = f"pack {pack!r} does not exist" if pack else "no pack is named"
        faults.append(_fault(source, ("pack",), said, "unknown-pack", f"shipped are {', '.join(shipped)}"))
        pack = shipped[0]  # so that whatever else is wrong is found in the same run
    return {**_overlaid(_pack(pack), source.content), "pack": pack}, faults


def _pack(name: str) -> dict[str, Any]:
    return read(PACKS / f"{name}.yaml").content


def _overlaid(base: Any, over: Any) -> Any:
    """`over` on top of `base`, key by key."""
    if not isinstance(base, dict) or not isinstance(over, dict):
        return over
    return {**base, **{key: _overlaid(base.get(key), value) for key, value in over.items()}}


def _steps(place: Place) -> Place:
    """The place as files have it: Pydantic marks a faulty key with a step of its own."""
    return tuple(step for step in place if step != "[key]")


def _fault(source: Source, place: Place, message: str, rule: str = INVALID, mend: str = "") -> Fault:
    spot = source.spot(place)
    said = _IN_OUR_WORDS.get(message, message.removeprefix("Value error, "))
    return Fault(spot.file, spot.line, f"{'.'.join(map(str, place))}: {said}", rule, mend)
