"""A postmortem and its review, drawn from what the API tells of them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel
from rich.console import Group, RenderableType
from rich.text import Text

from commands.screen import rows, section
from commands.show import header
from commands.show_afterwards import afterwards, items, lines
from commands.styles import QUIET, WAITS
from commands.words import countdown, when
from domain.aftermath import Manuscript, Section
from domain.incident import IncidentReport
from domain.postmortem import PostmortemNow


class Page(BaseModel):
    """What the API tells of a postmortem."""

    report: IncidentReport
    postmortem: PostmortemNow | None = None
    manuscript: Manuscript | None = None


def drawn(told: Any) -> RenderableType:
    """The postmortem: stage, deadlines and items, then what is written."""
    page, now = Page.model_validate(told), datetime.now(UTC)
    parts: list[RenderableType] = [header(page.report, now)]
    if page.postmortem:
        parts += afterwards(page.postmortem, now)
    else:
        owed = page.report.postmortem_owed
        parts.append(
            Text(f"\nIts postmortem has not begun; it is owed: {owed}" if owed else "\nNone is owed.")
        )
    if page.manuscript:
        parts += _manuscript(page.manuscript, now)
    return Group(*parts)


def _manuscript(manuscript: Manuscript, now: datetime) -> Iterator[RenderableType]:
    if manuscript.meeting:
        meeting = manuscript.meeting
        who = ", ".join(person.name for person in meeting.attendees) or "nobody named"
        held = "was held" if meeting.held else "is planned for"
        text = f"  {held} {when(meeting.at, now)}, {meeting.minutes} min, with {who}"
        notes = f"\n  {meeting.notes}" if meeting.notes else ""
        yield section("Meeting", Text(text + notes))
    table = rows("text")
    for part in Section:
        if text := manuscript.sections.get(part, "").strip():
            table.add_row("", Text(part.label, style=QUIET))
            table.add_row("", text)
    yield section("Written" if table.row_count else "Nothing is written yet", table)
    if manuscript.lacks:
        yield section("The final version lacks", lines(manuscript.lacks, WAITS))


def review_drawn(told: Any) -> RenderableType:
    """The review: when it is, and each item with what its owner says."""
    page, now = Page.model_validate(told), datetime.now(UTC)
    parts: list[RenderableType] = [header(page.report, now), Text("")]
    found = page.postmortem
    if found is None:
        parts.append(Text("There is no review: no postmortem was written."))
        return Group(*parts)
    if found.review_at:
        parts.append(Text(f"Review: {when(found.review_at, now)}, {countdown(found.review_at, now)}"))
    else:
        parts.append(Text("Review: not planned yet, the postmortem is not done."))
    if found.reviewed_at:
        parts.append(Text(f"Last held: {when(found.reviewed_at, now)}"))
    if found.review_document:
        parts.append(Text(f"Document: {found.review_document}"))
    if found.items:
        parts.append(section("Action items", items(found.items, now, found.answers)))
    return Group(*parts)
