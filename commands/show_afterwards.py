"""What follows an incident, drawn: closing, postmortem, action items and their review."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from rich.console import Group, RenderableType
from rich.text import Text

from commands.screen import rows, section
from commands.styles import GOOD, MISSING, QUIET, WAITS
from commands.words import countdown, when
from domain.base import Deadline
from domain.incident import IncidentReport, Status
from domain.postmortem import ActionItem, ItemState, PostmortemNow, Stage


def closing(report: IncidentReport, now: datetime) -> Iterator[RenderableType]:
    """What the room's closing waits for."""
    if report.status is not Status.RESOLVED or not report.closing:
        return
    table = rows("name", "text")
    for condition in report.closing:
        mark = Text("✓", style=GOOD) if condition.met else Text("✗", style=MISSING)
        mend = Text("" if condition.met else f": {condition.mend}", style=WAITS)
        table.add_row("", mark, Text.assemble(condition.name, mend))
    yield section("Before the room closes", table)


def postmortem(report: IncidentReport, now: datetime) -> Iterator[RenderableType]:
    """Where the postmortem is and what came of it; before it begins, that it is owed."""
    if report.postmortem is None:
        if report.postmortem_owed:
            owner = report.postmortem_owner.name if report.postmortem_owner else "nobody yet"
            yield section("Postmortem", Text(f"  owed: {report.postmortem_owed}; owner: {owner}"))
        return
    yield from afterwards(report.postmortem, now)


def afterwards(found: PostmortemNow, now: datetime) -> Iterator[RenderableType]:
    """The postmortem, its action items and their review."""
    table = rows("name", "text")
    table.add_row("", "stage", _stages(found.stage))
    owner = Text(found.owner.name) if found.owner else Text("nobody yet", style=MISSING)
    table.add_row("", "owner", owner)
    if found.reason:
        table.add_row("", "owed because", found.reason)
    moments = {
        "meeting": found.meeting_at,
        "published": found.published_at,
        "final": found.final_at,
        "review": found.review_at,
        "reviewed": found.reviewed_at,
    }
    for name, at in moments.items():
        if at:
            table.add_row("", name, when(at, now))
    for name, document in (("document", found.document), ("review", found.review_document)):
        if document:
            table.add_row("", name, document)
    yield section("Postmortem", table)
    if found.deadlines:
        yield section("Still to come", deadlines(found.deadlines, now))
    if found.remarks:
        yield section("To be looked at before publication", lines(found.remarks, WAITS))
    if found.factors:
        yield section("Contributing factors", lines(found.factors))
    if found.items:
        yield section("Action items", items(found.items, now, found.answers))


def _stages(stage: Stage) -> Text:
    line = Text()
    for place, step in enumerate(Stage):
        line.append(" → " if place else "", style=QUIET)
        here = step is stage
        line.append(step.value.upper() if here else step.value, style="bold reverse" if here else QUIET)
    return line


def lines(found: Iterable[str], style: str = "") -> RenderableType:
    """Texts, one under the other."""
    table = rows("text")
    for line in found:
        table.add_row("", Text(line, style=style))
    return table


def deadlines(found: Iterable[Deadline], now: datetime) -> RenderableType:
    """Deadlines with their countdowns."""
    table = rows("name", "name", "text")
    for deadline in found:
        left = Text(countdown(deadline.at, now), style=MISSING if deadline.at <= now else WAITS)
        table.add_row("", left, when(deadline.at, now), deadline.name)
    return table


def items(
    found: Iterable[ActionItem], now: datetime, answers: dict[int, str] | None = None
) -> RenderableType:
    """Action items, each with all that it promises."""
    table = rows("name", "name", "text")
    for item in found:
        style, state = _state(item, now)
        lines = [
            Text(item.text, style=QUIET if item.state is ItemState.DROPPED else ""),
            Text(f"{item.priority}, {item.kind.value}, {item.owner.name}, due {when(item.due_at, now)}"),
            Text(f"done when: {item.done_when}", style=QUIET),
            Text(f"verified by: {item.verified_by}", style=QUIET),
        ]
        if item.reason:
            lines.append(Text(f"reason: {item.reason}", style=QUIET))
        if answer := (answers or {}).get(item.number):
            lines.append(Text(f"answer: {answer}"))
        table.add_row("", str(item.number), Text(state, style=style), Group(*lines))
    return table


def _state(item: ActionItem, now: datetime) -> tuple[str, str]:
    if item.state is ItemState.OPEN:
        moved = f", moved {item.moved} times" if item.moved else ""
        return (MISSING, f"overdue{moved}") if item.due_at <= now else (WAITS, f"open{moved}")
    return (GOOD if item.state is ItemState.DONE else QUIET), item.state.value
