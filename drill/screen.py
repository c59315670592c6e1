"""The drill as it happens: on a terminal a live picture, elsewhere one line for each event."""

from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from domain.incident import IncidentReport, Status
from domain.ladder import Outcome
from domain.timeline import Entry, Kind
from drill.checks import Verdict

STYLES = {
    Kind.OPENED: "bold red",
    Kind.ALERT: "red",
    Kind.SEVERITY: "bold red",
    Kind.RUN: "magenta",
    Kind.RUNG: "bold magenta",
    Kind.PAGE: "yellow",
    Kind.CARRIER: "dim",
    Kind.ACKNOWLEDGED: "bold green",
    Kind.COMMANDER: "green",
    Kind.PASSED: "yellow",
    Kind.ROLE: "green",
    Kind.WAR_ROOM: "bold cyan",
    Kind.CHECKPOINT: "bold blue",
    Kind.ASKED: "blue",
    Kind.DECISION: "bold",
    Kind.HYPOTHESIS: "bold",
    Kind.ANNOUNCEMENT: "bold",
    Kind.MITIGATION: "bold green",
    Kind.UPDATE: "cyan",
    Kind.STATUS: "bold green",
    Kind.POSTMORTEM: "magenta",
    Kind.ACTION_ITEM: "bold magenta",
    Kind.REVIEW: "bold magenta",
    Kind.RESOLVED: "bold green",
    Kind.CLOSED: "green",
    Kind.DOCUMENT: "cyan",
    Kind.FAULT: "bold white on red",
}

AROUND_THE_TIMELINE = 18
"""Lines of the screen that are not the timeline's."""

MOST_PAGES = 5


class Screen:
    """What a person watches. Without a terminal nothing is drawn twice."""

    def __init__(self, console: Console, title: str) -> None:
        self.console = console
        self._title = title
        self._act = "Starting Temporal, the simulated phones, the API and the worker"
        self._entries: list[Entry] = []
        self._report: IncidentReport | None = None
        self._live = Live(get_renderable=self._draw, console=console, refresh_per_second=8, transient=False)

    def __enter__(self) -> Self:
        if self.console.is_terminal:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.console.is_terminal:
            self._live.stop()

    def act(self, text: str) -> None:
        """What the story does next."""
        self._act = text
        self._line(text, "bold")

    def entry(self, entry: Entry) -> None:
        """A line of the timeline has arrived."""
        self._entries.append(entry)
        self._line(f"{self._offset(entry.at)}  {entry.text}", STYLES.get(entry.kind, ""))

    def report(self, report: IncidentReport) -> None:
        """The incident has changed."""
        self._report = report

    def _line(self, text: str, style: str) -> None:
        if not self.console.is_terminal:
            self.console.print(text, style=style, markup=False, highlight=False, soft_wrap=True)

    def _offset(self, at: datetime) -> str:
        began = self._entries[0].at if self._entries else at
        return f"+{(at - began).total_seconds():5.1f} s"

    def _draw(self) -> RenderableType:
        story = Text(f"  {self._act}", style="bold cyan")
        return Group(self._header(), self._timeline(), self._ladder(), story)

    def _header(self) -> RenderableType:
        report = self._report
        if report is None:
            return Panel(Text(self._title, style="bold"), border_style="blue")
        roles = ", ".join(f"{role}: {holder.person.name}" for role, holder in report.roles.items())
        lines = [
            Text(f"{report.severity}  {report.title}", style="bold", no_wrap=True),
            _life(report.status),
            Text(roles or "nobody has it yet", style="green" if roles else "bold red"),
        ]
        if deadline := report.next_deadline:
            left = deadline.remaining(datetime.now(UTC)).total_seconds()
            lines.append(Text(f"{deadline.name} in {left:.1f} s", style="bold yellow", no_wrap=True))
        border = "red" if report.status is Status.DETECTED else "green"
        return Panel(Group(*lines), title=self._title, border_style=border)

    def _timeline(self) -> RenderableType:
        table = Table.grid(padding=(0, 2))
        table.add_column(justify="right", style="dim", no_wrap=True)
        table.add_column()
        room = max(6, self.console.height - AROUND_THE_TIMELINE)
        for entry in self._entries[-room:]:
            # One line each, so that the picture never outgrows the screen.
            text = Text(entry.text, style=STYLES.get(entry.kind, ""), no_wrap=True, overflow="ellipsis")
            table.add_row(self._offset(entry.at), text)
        return Panel(table, title="timeline", border_style="dim")

    def _ladder(self) -> RenderableType:
        table = Table.grid(padding=(0, 2))
        attempts = self._report.ladder.attempts if self._report and self._report.ladder else ()
        for attempt in attempts[-MOST_PAGES:]:
            good = attempt.outcome is Outcome.ACKNOWLEDGED
            style = "green" if good else "yellow" if attempt.outcome is None else "dim"
            symbol = "☎" if attempt.method == "call" else "✉"
            state = (attempt.outcome or attempt.state).value
            table.add_row(Text(f"{symbol} {attempt.person}", style=style), Text(state, style=style))
        return Panel(table, title="pages", border_style="dim") if attempts else Text("")


def _life(now: Status) -> Text:
    """All statuses of an incident's life, with the present one marked."""
    line = Text(no_wrap=True, overflow="ellipsis")
    order = list(Status)
    for status in order:
        past = order.index(status) < order.index(now)
        style = "bold black on yellow" if status is now else "green" if past else "dim"
        line.append(f" {status.value} ", style=style)
    return line


def verdicts(console: Console, judged: list[Verdict]) -> None:
    """The checks, each with what was seen."""
    table = Table(title="What should have happened", title_style="bold", box=None, padding=(0, 1))
    for verdict in judged:
        mark = Text("✓", style="bold green") if verdict.kept else Text("✗", style="bold red")
        table.add_row(
            mark, Text(verdict.promise), Text(verdict.seen, style="dim" if verdict.kept else "bold red")
        )
    console.print(table)
