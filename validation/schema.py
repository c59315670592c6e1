"""The JSON Schema of configuration files, made from the models that read them."""

import re
from datetime import time, timedelta
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from configuration import PACKS
from domain.base import spell_duration
from domain.organisation import Organisation

DIALECT = "https://json-schema.org/draft/2020-12/schema"

DURATION = r"^(?=.)" + "".join(rf"(\d+(\.\d+)?{unit} ?)?" for unit in "wdhms") + "$"
CLOCK = r"^([01]?\d|2[0-3]):[0-5]\d$"

PACK_FIGURES = ("SeverityEntry", "Timing", "Response", "Postmortems", "Limits", "Limit", "RestEntry")
"""Of these a file may give a part: the pack has the rest."""


class _OfFiles(GenerateJsonSchema):
    """Values as they are written in files: `5m` and not `PT5M`."""

    schema_dialect = DIALECT

    def timedelta_schema(self, schema: core_schema.TimedeltaSchema) -> JsonSchemaValue:
        return {"type": "string", "pattern": DURATION, "examples": ["90s", "5m", "1h30m", "2w"]}

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> JsonSchemaValue:
        if schema["schema"]["type"] == "time":
            return {"type": "string", "pattern": CLOCK, "examples": ["09:00"]}
        return super().function_before_schema(schema)

    def encode_default(self, dft: Any) -> Any:
        match dft:
            case timedelta():
                return spell_duration(dft)
            case time():
                return f"{dft:%H:%M}"
            case _:
                return super().encode_default(dft)

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False  # An editor shows the key itself.


def schema_of_files() -> dict[str, Any]:
    """What each file of a configuration may hold. No section has to be there, as another file may hold it."""
    schema = Organisation.model_json_schema(schema_generator=_OfFiles)
    schema["title"] = "Midwatch configuration"
    schema.pop("required", None)
    schema["properties"]["pack"]["enum"] = sorted(file.stem for file in PACKS.glob("*.yaml"))
    parts: dict[str, dict[str, Any]] = schema["$defs"]
    for name, part in {"": schema, **parts}.items():
        if "properties" in part:
            part["additionalProperties"] = False
            _describe(part)
        if name in PACK_FIGURES:
            part.pop("required", None)
    return {"$schema": DIALECT, **schema}


def _describe(part: dict[str, Any]) -> None:
    """Docstrings say what the fields mean: tell it where each field is."""
    summary, _, rest = part.get("description", "").partition("Attributes:")
    part["description"] = _line(summary)
    for name, meaning in re.findall(r"^\s{4,}(\w+): (.*?)(?=^\s{4,}\w+: |\Z)", rest, re.M | re.S):
        if name in part["properties"]:
            part["properties"][name].setdefault("description", _line(meaning))


def _line(text: str) -> str:
    return re.sub(r" \(spec [^)]*\)", "", " ".join(text.split()))
