"""What is kept in the data directory, so that a process that starts alone still knows it."""

import os
import tempfile
from pathlib import Path
from typing import TypeVar

import structlog
from pydantic import ValidationError

from domain.base import Thing

T = TypeVar("T", bound=Thing)

log = structlog.get_logger()


def keep(path: Path, thing: Thing) -> None:
    """Write it down, whole or not at all, for this account alone. A disk that is full costs no more than
    the copy. Several processes may do so at once: the last one counts."""
    draft = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        number, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with open(number, "w", encoding="utf-8") as file:
            file.write(thing.model_dump_json())
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except OSError as error:
        log.warning("no copy is kept", file=str(path), error=error.strerror)
        if draft:
            Path(draft).unlink(missing_ok=True)


def kept(path: Path, kind: type[T]) -> T | None:
    """What was written down there; None if nothing was, or nothing that this release understands."""
    try:
        return kind.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None
