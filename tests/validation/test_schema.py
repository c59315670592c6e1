"""The JSON Schema that editors help with says what the loader says."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # It ships no types.
import pytest
import yaml

from configuration import PACKS, files
from settings import EXAMPLE_CONFIG, STARTER_CONFIG
from tests.validation.planted import GOOD
from validation.command import schema

SHIPPED = PACKS / "midwatch.schema.json"


class _Editors(yaml.SafeLoader):
    """YAML as editors read it: neither dates nor times of day are anything but text."""


_Editors.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":timestamp", ":int"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Editors.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^[-+]?\d+$"), list("-+0123456789"))


def faults(text: str) -> list[str]:
    validator = jsonschema.Draft202012Validator(json.loads(SHIPPED.read_text(encoding="utf-8")))
    content: Any = yaml.load(text, Loader=_Editors)
    return [error.message for error in validator.iter_errors(content)]


def test_the_shipped_schema_is_the_one_that_the_models_make() -> None:
    assert SHIPPED.read_text(encoding="utf-8") == schema(), "midwatch schema > packs/midwatch.schema.json"


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(schema()))


@pytest.mark.parametrize(
    "file",
    [*files(STARTER_CONFIG), *files(EXAMPLE_CONFIG), *files(GOOD), PACKS / "sev.yaml", PACKS / "p.yaml"],
    ids=lambda file: f"{file.parent.name}/{file.name}",
)
def test_every_file_that_is_good_fits_the_schema_by_itself(file: Path) -> None:
    assert faults(file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "text",
    [
        "poeple: {}",
        "people: {ada: {name: Ada, phone: '+12025550101', fone: x}}",
        "people: {ada: {name: Ada, phone: '+12025550101', notify: [{method: call, afer: 1m}]}}",
        "people: {ada: {name: Ada, phone: '+12025550101', notify: [{method: shout}]}}",
        "timing: {ring_fro: 20s}",
        "timing: {ring_for: 20 seconds}",
        "timing: {ring_for: ''}",
        "severities: {SEV1: {ack_windw: 5m}}",
        "working_hours: {begins: '25:00'}",
        "pack: none-of-ours",
        "schedules: {s: {name: S}}",
    ],
)
def test_a_slip_of_the_pen_does_not_fit_the_schema(text: str) -> None:
    assert faults(text)


@pytest.mark.parametrize("text", ["timing: {ring_for: 1m30s}", "working_hours: {begins: 08:30}", "pack: p"])
def test_a_part_of_a_section_is_enough(text: str) -> None:
    assert faults(text) == []


def test_editors_are_told_what_a_key_means() -> None:
    parts = json.loads(schema())["$defs"]
    assert parts["Timing"]["properties"]["ring_for"]["description"].startswith("how long a phone rings")
    assert "spec" not in json.dumps(parts["Timing"])
