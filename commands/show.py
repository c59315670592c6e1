"""One incident, drawn: how it stands, what is expected, who does what, and what happened."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from rich.console import Group, RenderableType
from rich.text import Text

from commands import show_afterwards, show_records
from commands.screen import rows, section
from commands.styles import GOOD, MISSING, QUIET, WAITS, kind_style, severity_style, status_style
from commands.words import countdown, span, when
from domain.incident import IncidentReport, LadderReport, Status
from domain.ladder import Attempt, Outcome
from domain.timeline import Entry

LAST_ENTRIES = 12


def drawn(
    report: IncidentReport, entries: Sequence[Entry], *, all_entries: bool = False, complete: bool = True
) -> RenderableType:
    """Everything about the incident, most urgent first."""
    now = datetime.now(UTC)
    kept = entries if all_entries else entries[-LAST_ENTRIES:]
    title = "Timeline" if len(kept) == len(entries) else f"Timeline, the last {len(kept)} of {len(entries)}"
    if not complete:
        title += " (some entries may be missing: the database or the worker does not answer)"
    return Group(header(report, now), *sections(report, now), section(title, timeline(kept, now)))


def header(report: IncidentReport, now: datetime) -> RenderableType:
    """Which incident it is, how bad, how old, and where in its life."""
    first = Text.assemble(
        (f" {report.severity} ", severity_style(report.rank)), " ", (report.title, "bold"), overflow="fold"
    )
    if report.drill:
        first.append("  DRILL", style="bold cyan")
    if not report.classified:
        first.append("  not classified yet", style=WAITS)
    if report.data_loss:
        first.append("  data may be lost", style="bold red")
    if report.by_customer:
        first.append("  customers report it", style=WAITS)
    if report.closed_at:
        age = f"closed {when(report.closed_at, now)}, after {span(report.closed_at - report.opened_at)}"
    elif report.resolved_at:
        age = f"resolved {when(report.resolved_at, now)}, after {span(report.resolved_at - report.opened_at)}"
    else:
        age = f"open for {span(now - report.opened_at)}, since {when(report.opened_at, now)}"
    return Group(
        first,
        Text(f"{report.service_name}  ·  {age}"),
        Text(f"{report.id}  ·  reply code {report.reply_code}", style=QUIET, overflow="fold"),
        _life(report.status),
    )


def _life(status: Status) -> Text:
    line, order = Text(), list(Status)
    for place, step in enumerate(order):
        style = QUIET if place > order.index(status) else GOOD
        if step is status:
            line.append(step.value.upper(), style=f"{status_style(status)} reverse")
        else:
            line.append(step.value, style=style)
        line.append(" → " if step is not order[-1] else "", style=QUIET)
    return line


def sections(report: IncidentReport, now: datetime) -> Iterator[RenderableType]:
    """All sections that have something to say, the most urgent first."""
    if report.faults:
        lost = ", ".join(f"{duty} ({count})" for duty, count in report.faults.items())
        yield Text(f"\nFaults in Midwatch itself: {lost}. The other duties go on.", style=MISSING)
    unresolved = report.status.unresolved
    after = [*show_afterwards.closing(report, now), *show_afterwards.postmortem(report, now)]
    yield from () if unresolved else after
    yield from _now(report, now)
    yield from _deadlines(report, now)
    ladder = [*_ladder(report.ladder, now)]
    rings = report.ladder is not None and report.ladder.ended_at is None
    yield from ladder if rings else ()
    yield from _roles(report, now)
    yield from show_records.checkpoints(report, now)
    yield from show_records.records(report, now)
    yield from _room(report, now)
    yield from () if rings else ladder
    yield from after if unresolved else ()


def _now(report: IncidentReport, now: datetime) -> Iterator[RenderableType]:
    table = rows("name", "text")
    living = report.living
    if living is None:
        table.add_row("", "impact", report.impact or "not known yet")
        table.add_row("", "commander", _person(report.commander.name if report.commander else None))
    else:
        customers = ", customers suffer" if living.customer_impact else ""
        table.add_row("", "impact", f"{living.impact} ({living.trend}{customers})")
        table.add_row("", "technical", living.technical)
        table.add_row("", "confidence", living.confidence)
        table.add_row("", "owner", _person(living.commander.name if living.commander else None))
        if due := living.next_update:
            late = MISSING if due.at <= now else ""
            text = Text(f"{when(due.at, now)}, {countdown(due.at, now)} ({due.name})", style=late)
            table.add_row("", "next update", text)
        for place, change in enumerate(living.changes):
            table.add_row("", "" if place else "since the last", change)
    if report.cause:
        table.add_row("", "cause", report.cause)
    if report.mitigated_at:
        table.add_row("", "mitigated", when(report.mitigated_at, now))
    if report.resolution:
        table.add_row("", "resolution", report.resolution)
    if report.document:
        table.add_row("", "document", report.document)
    yield section("Now", table)


def _person(name: str | None) -> Text:
    return Text(name) if name else Text("nobody has it", style=MISSING)


def _deadlines(report: IncidentReport, now: datetime) -> Iterator[RenderableType]:
    if report.deadlines:
        yield section("Deadlines", show_afterwards.deadlines(report.deadlines, now))


def _roles(report: IncidentReport, now: datetime) -> Iterator[RenderableType]:
    if not report.roles and not report.missing_roles:
        return
    table = rows("name", "text")
    for role, held in report.roles.items():
        table.add_row("", role.value, f"{held.person.name}, since {when(held.since, now)}")
    if report.missing_roles:
        wanted = ", ".join(role.value for role in report.missing_roles)
        table.add_row("", Text("missing", style=MISSING), Text(wanted, style=MISSING))
    yield section("Roles", table)


def _ladder(ladder: LadderReport | None, now: datetime) -> Iterator[RenderableType]:
    if ladder is None:
        return
    names = [
        (f" {rung.name} ", "reverse" if place == ladder.at and not ladder.ended_at else QUIET)
        for place, rung in enumerate(ladder.rungs)
    ]
    line = Text("  ")
    for place, (name, style) in enumerate(names):
        line.append("→" if place else "", style=QUIET)
        line.append(name, style=style)
    if ladder.ended_at:
        line.append(f" ended {when(ladder.ended_at, now)}: {ladder.ended_why}", style=GOOD)
    else:
        line.append(f" round {ladder.round}")
        if ladder.window_ends:
            line.append(f", next page {countdown(ladder.window_ends, now)}", style=WAITS)
    table = rows("name", "name", "name", "text")
    for attempt in ladder.attempts:
        style, word = _attempt(attempt)
        began = when(attempt.requested_at, now)
        table.add_row("", attempt.person, attempt.method, Text(word, style=style), began)
    asks = f": {ladder.asks}" if ladder.asks else ""
    yield section(f"Pages, ladder run {ladder.run}{asks}", Group(line, table))


def _attempt(attempt: Attempt) -> tuple[str, str]:
    if attempt.outcome is Outcome.ACKNOWLEDGED:
        return GOOD, attempt.outcome.value
    if attempt.outcome is not None:
        return QUIET, attempt.outcome.value
    return WAITS, attempt.state.value


def _room(report: IncidentReport, now: datetime) -> Iterator[RenderableType]:
    if report.war_room is None and not report.chat_away_since:
        return
    table = rows("name", "text")
    if room := report.war_room:
        state = f", closed {when(room.closed_at, now)}" if room.closed_at else ""
        table.add_row("", "open since", f"{when(room.opened_at, now)}{state} ({room.why})")
        if room.bridge:
            table.add_row("", "bridge", room.bridge)
    channels = report.channels
    if channels.room:
        where = f"#{channels.room_name or channels.room}"
        table.add_row("", "channel", f"{where}  {channels.room_url or ''}".rstrip())
    if report.chat_away_since:
        table.add_row("", "chat", Text(f"away since {when(report.chat_away_since, now)}", style=MISSING))
    yield section("War room", table)


def timeline(entries: Sequence[Entry], now: datetime) -> RenderableType:
    """Entries, one by one."""
    table = rows("name", "text")
    for entry in entries:
        table.add_row(
            "", Text(when(entry.at, now), style=QUIET), Text(entry.text, style=kind_style(entry.kind))
        )
    return table
