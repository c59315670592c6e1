"""Documents, written from what was stored."""

import os
import re
from datetime import UTC, datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy import Engine
from temporalio import activity

import storage.timeline
from domain import jobs
from domain.jobs import WriteDocument, Written
from policy import document as documents

TEMPLATES = Path(__file__).resolve().parent.parent / "packs" / "templates"


def _line(text: str) -> str:
    """The text on one line, for a cell, an item or a paragraph, with its own markup disarmed."""
    return re.sub(r"([\\|`*_\[\]<>#])", r"\\\1", re.sub(r"\s+", " ", text)).strip()


def _clock(at: datetime) -> str:
    return f"{at.astimezone(UTC):%H:%M:%S}"


class DocumentActivities:
    """Documents in the data directory."""

    def __init__(self, engine: Engine, data_dir: Path) -> None:
        self._engine = engine
        self._directory = data_dir / "docs" / "incidents"
        environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            undefined=StrictUndefined,
            autoescape=False,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        environment.filters.update(utc=documents.utc, clock=_clock, line=_line)
        self._template = environment.get_template("incident.md.j2")

    @activity.defn(name=jobs.WRITE_DOCUMENT)
    def write_document(self, work: WriteDocument) -> Written:
        """Write the incident document, or write it anew (spec 9.1). It appears whole or not at all."""
        entries = storage.timeline.entries(self._engine, work.report.id)
        text = self._template.render(vars(documents.document(work.report, entries)))
        self._directory.mkdir(parents=True, exist_ok=True)
        path = self._path(work)
        draft = path.with_suffix(".draft")
        draft.write_text(text, encoding="utf-8")
        os.replace(draft, path)
        return Written(path=str(path))

    def _path(self, work: WriteDocument) -> Path:
        """The incident's own file: another incident of the same day and title keeps its name."""
        name = documents.filename(work.report)
        for number in range(1, 1000):
            path = self._directory / f"{name}{'' if number == 1 else f'-{number}'}.md"
            if not path.exists() or f"\nincident: {work.report.id}\n" in path.read_text(encoding="utf-8"):
                return path
        raise FileExistsError(f"a thousand incidents are called {name}")
