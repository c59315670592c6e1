"""`midwatch validate` and `midwatch schema`."""

import asyncio
import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from configuration import Examined
from policy.audit import NO_FEEDS
from validation.check import Checked, checked, examined
from validation.outputs import FOR_MACHINES, shown
from validation.schema import schema_of_files
from validation.screen import show

CLEAN, FAULTY, UNUSABLE = 0, 1, 2

NO_VARIABLES: Mapping[str, str] = {}

FORMATS = ("human", *FOR_MACHINES)


def validate(path: Path | None, strict: bool, format: str, environ: Mapping[str, str] = NO_VARIABLES) -> int:
    """Print everything that is wrong with a configuration, by default the one that the environment names.

    `format` is one of `FORMATS`, `environ` holds the secret addresses of calendars. It answers 0 for nothing
    or only warnings, 1 for an error or, with `strict`, a warning, and 2 where there is nothing to look at.
    """
    if format not in FORMATS:
        print(f"{format!r} is no format; there are: {', '.join(FORMATS)}", file=sys.stderr)
        return UNUSABLE
    if path is None:
        from settings import config_path  # Whoever names a path need not wait for the environment to be read.

        path = config_path()
    if not path.exists():
        print(
            f"{shown(path)}: there is no such file or directory; name one, or set MIDWATCH_CONFIG",
            file=sys.stderr,
        )
        return UNUSABLE
    found = _checked(path, environ)
    if format == "human":
        show(found, shown(path), Console(highlight=False))
    elif output := FOR_MACHINES[format](found):
        print(output)
    return FAULTY if found.count("error") or (strict and found.problems) else CLEAN


def schema() -> str:
    """The JSON Schema of the files of a configuration, for editors."""
    return json.dumps(schema_of_files(), indent=2, ensure_ascii=False) + "\n"


def _checked(path: Path, environ: Mapping[str, str]) -> Checked:
    found = examined(path)
    feeds = NO_FEEDS
    if isinstance(found, Examined) and found.organisation and found.organisation.integrations.calendars:
        from rota.once import read_all  # Most organisations have none, and need not wait for it.

        feeds = asyncio.run(read_all(found.organisation, path, environ))
    return checked(found, datetime.now(UTC), feeds)
