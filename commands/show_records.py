"""What was recorded in an incident, drawn: checkpoints, hypotheses, decisions and the rest."""

from collections.abc import Iterator
from datetime import datetime

from rich.console import Group, RenderableType
from rich.text import Text

from commands.screen import rows, section
from commands.styles import GOOD, MISSING, QUIET, WAITS
from commands.words import QUESTIONS, countdown, when
from domain.incident import IncidentReport
from domain.response import Audience, Checkpoint, HypothesisState, MitigationState, Update

_MITIGATIONS = {
    MitigationState.AWAITING: MISSING,
    MitigationState.REFUSED: QUIET,
    MitigationState.BEGUN: WAITS,
    MitigationState.WORKED: GOOD,
    MitigationState.FAILED: QUIET,
}
_HYPOTHESES = {HypothesisState.OPEN: WAITS, HypothesisState.CONFIRMED: GOOD, HypothesisState.REFUTED: QUIET}


def checkpoints(report: IncidentReport, now: datetime) -> Iterator[RenderableType]:
    """The open checkpoint with its questions, the last answered one, and how many were missed."""
    waiting = [one for one in report.checkpoints if one.open and report.status.unresolved]
    answered = [one for one in report.checkpoints if one.answered_at]
    missed = f", {report.checkpoints_missed} missed" if report.checkpoints_missed else ""
    for one in waiting[-1:]:
        table = rows("text")
        if one.asked_at or one.due_at <= now:
            for question in QUESTIONS:
                table.add_row("", question)
        due = f"due {when(one.due_at, now)}, {countdown(one.due_at, now)}"
        style = MISSING if one.due_at <= now else "bold"
        yield section(f"Checkpoint {one.number} is open, {due}{missed}", table, style)
    for one in answered[-1:]:
        who = one.by.name if one.by else "somebody"
        at = when(one.answered_at or one.due_at, now)
        title = f"Checkpoint {one.number}, {who}, {at}{'' if waiting else missed}"
        yield section(title, _answers(one))
    if missed and not waiting and not answered:
        yield section(f"Checkpoints: {missed.removeprefix(', ')}", Text(""), MISSING)


def _answers(one: Checkpoint) -> RenderableType:
    table = rows("name", "text")
    current = one.status_page_current
    said = (one.known, one.next_step, one.need_people, {True: "yes", False: "NO"}.get(bool(current), ""))
    for question, answer in zip(QUESTIONS, said, strict=True):
        table.add_row("", Text(question, style=QUIET), answer or "-")
    return table


def records(report: IncidentReport, now: datetime) -> Iterator[RenderableType]:
    """Each list of records that is not empty."""
    yield from _mitigations(report, now)
    yield from _hypotheses(report)
    yield from _decisions(report, now)
    yield from _announcements(report, now)
    yield from _updates(report, now)


def _mitigations(report: IncidentReport, now: datetime) -> Iterator[RenderableType]:
    table = rows("name", "name", "text")
    for one in report.mitigations:
        by = f", authorised by {one.authorised_by.name}" if one.authorised_by else ""
        high = ", high impact" if one.high_impact else ""
        text = f"{one.text}  ({one.owner.name}, {when(one.changed_at, now)}{high}{by})"
        state = Text(one.state.value, style=_MITIGATIONS[one.state])
        table.add_row("", str(one.number), state, text)
    if report.mitigations:
        yield section("Mitigations", table)


def _hypotheses(report: IncidentReport) -> Iterator[RenderableType]:
    table = rows("name", "name", "text")
    for one in report.hypotheses:
        state = Text(one.state.value, style=_HYPOTHESES[one.state])
        style = QUIET if one.state is HypothesisState.REFUTED else ""
        text = Text(f"{one.text}  ({one.owner.name}, confidence {one.confidence})", style=style)
        table.add_row("", str(one.number), state, text)
    if report.hypotheses:
        yield section("Hypotheses", table)


def _decisions(report: IncidentReport, now: datetime) -> Iterator[RenderableType]:
    table = rows("name", "text")
    for one in report.decisions:
        text = f"{one.text}  ({one.owner.name}, {when(one.at, now)})"
        result = (
            Text(f"result: {one.result}", style=GOOD) if one.result else Text("no result yet", style=MISSING)
        )
        table.add_row(
            "", str(one.number), Group(Text(text), Text(f"because: {one.reason}", style=QUIET), result)
        )
    if report.decisions:
        yield section("Decisions", table)


def _announcements(report: IncidentReport, now: datetime) -> Iterator[RenderableType]:
    table = rows("name", "name", "text")
    for one in report.announcements:
        over = Text(f"over {when(one.ended_at, now)}" if one.ended_at else "under way")
        over.stylize(QUIET if one.ended_at else WAITS)
        same = f"; the same as {one.same_as}" if one.same_as else ""
        text = f"{one.kind}: {one.text}  ({one.owner.name}, {when(one.at, now)}{same})"
        table.add_row("", str(one.number), over, text)
    if report.announcements:
        yield section("Announced", table)


def _updates(report: IncidentReport, now: datetime) -> Iterator[RenderableType]:
    """Whole, what waits and what was told last; of older ones, that they were told."""
    table = rows("name", "text")
    latest = {one.audience: one.number for one in report.updates if one.published_at}
    for one in report.updates:
        style, state = _update(one, now)
        line = Text.assemble((state, style), f"  {one.audience.value}, {one.phase.value}")
        if one.number not in latest.values() and one.published_at:
            table.add_row("", str(one.number), line)
            continue
        if one.next_update_at:
            line.append(f", the next one {when(one.next_update_at, now)}")
        table.add_row("", str(one.number), Group(line, Text(one.text)))
    if report.updates:
        yield section("Updates", table)


def _update(one: Update, now: datetime) -> tuple[str, str]:
    if one.published_at:
        out = one.out or one.audience is Audience.INTERNAL
        return (GOOD, f"published {when(one.published_at, now)}") if out else (WAITS, "on its way out")
    if one.approved_at:
        return WAITS, "approved, waits to be published"
    return WAITS, "drafted, waits for approval"
