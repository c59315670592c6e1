"""Documents, written from what was stored."""

import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy import Engine
from temporalio import activity

import storage.timeline
from domain import aftermath_jobs, jobs
from domain.aftermath import Section
from domain.aftermath_jobs import WritePostmortem, WriteReview
from domain.incident import IncidentReport
from domain.jobs import WriteDocument, Written
from domain.postmortem import ItemKind, ItemState
from policy import document as documents

TEMPLATES = Path(__file__).resolve().parent.parent / "packs" / "templates"

NOT_WRITTEN = "_Not written yet._"


def _line(text: str) -> str:
    """The text on one line, for a cell, an item or a paragraph, with its own markup disarmed."""
    return re.sub(r"([\\|`*_\[\]<>#])", r"\\\1", re.sub(r"\s+", " ", text)).strip()


def _bare(text: str) -> list[str]:
    """Each line of what somebody wrote, without a list's own marks."""
    lines = (re.sub(r"^\s*(?:[-*•]|\d+[.)])\s+", "", line) for line in text.splitlines())
    return [line.strip() for line in lines if line.strip()]


def _lines(text: str) -> list[str]:
    return [_line(line) for line in _bare(text)]


def _passage(text: str) -> str:
    return "\n\n".join(_lines(text)) or NOT_WRITTEN


def _bullets(text: str) -> str:
    return "\n".join(f"- {line}" for line in _lines(text)) or NOT_WRITTEN


def _numbered(text: str) -> str:
    return "\n".join(f"{n}. {line}" for n, line in enumerate(_lines(text), 1)) or NOT_WRITTEN


def _clock(at: datetime) -> str:
    return f"{at.astimezone(UTC):%H:%M:%S}"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"


def _day(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d}"


class DocumentActivities:
    """Documents in the data directory."""

    def __init__(self, engine: Engine, data_dir: Path) -> None:
        self._engine = engine
        self._incidents = data_dir / "docs" / "incidents"
        self._postmortems = data_dir / "docs" / "postmortems"
        self._templates = Environment(
            loader=FileSystemLoader(TEMPLATES),
            undefined=StrictUndefined,
            autoescape=False,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        self._templates.filters.update(
            utc=documents.utc,
            clock=_clock,
            moment=_moment,
            day=_day,
            line=_line,
            passage=_passage,
            bullets=_bullets,
            numbered=_numbered,
            standing=documents.standing,
        )

    @activity.defn(name=jobs.WRITE_DOCUMENT)
    def write_document(self, work: WriteDocument) -> Written:
        """Write the incident document, or write it anew (spec 9.1). It appears whole or not at all."""
        return self._write("incident.md.j2", self._incidents, work.report)

    @activity.defn(name=aftermath_jobs.WRITE_POSTMORTEM)
    def write_postmortem(self, work: WritePostmortem) -> Written:
        """Write the postmortem, or write it anew: what people wrote, and all that fills itself (spec 9.2)."""
        sections = {section.value: work.sections.get(section, "") for section in Section}
        whys = _bare(sections[Section.WHYS.value])
        return self._write(
            "postmortem.md.j2",
            self._postmortems,
            work.report,
            sections=sections,
            state=_state(work.report),
            last_why=whys[-1] if whys else "",
            prevention=_prevention(work.report),
        )

    @activity.defn(name=aftermath_jobs.WRITE_REVIEW)
    def write_review(self, work: WriteReview) -> Written:
        """Write what was answered and said in the reviews of the action items (spec 9.6)."""
        return self._write("review.md.j2", self._postmortems, work.report, suffix="-review", held=work.held)

    def _write(
        self, template: str, directory: Path, report: IncidentReport, suffix: str = "", **more: Any
    ) -> Written:
        entries = storage.timeline.entries(self._engine, report.id)
        facts = vars(documents.document(report, entries)) | more
        text = self._templates.get_template(template).render(facts)
        directory.mkdir(parents=True, exist_ok=True)
        path = _path(directory, report, suffix)
        draft = path.with_suffix(".draft")
        draft.write_text(text, encoding="utf-8")
        os.replace(draft, path)
        return Written(path=str(path))


def _state(report: IncidentReport) -> str:
    known = report.postmortem
    if known is None or not known.published_at:
        return "a draft"
    if known.final_at:
        return f"final since {documents.utc(known.final_at)}"
    return f"published {documents.utc(known.published_at)}, not final"


def _prevention(report: IncidentReport) -> str:
    items = report.postmortem.items if report.postmortem else ()
    kept = (item for item in items if item.state is not ItemState.DROPPED)
    return "; ".join(item.text for item in kept if item.kind is ItemKind.PREVENTION)


def _path(directory: Path, report: IncidentReport, suffix: str) -> Path:
    """The incident's own file: another incident of the same day and title keeps its name."""
    name = documents.filename(report)
    for number in range(1, 1000):
        path = directory / f"{name}{'' if number == 1 else f'-{number}'}{suffix}.md"
        if not path.exists() or f"\nincident: {report.id}\n" in path.read_text(encoding="utf-8"):
            return path
    raise FileExistsError(f"a thousand incidents are called {name}")
