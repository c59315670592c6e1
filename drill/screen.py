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
    Kind.RESOLVED: "bold green",
    Kind.CLOSED: "green",
    Kind.DOCUMENT: "cyan",
    Kind.FAULT: "bold white on red",
}

STATUS_STYLES = {Status.DETECTED: "bold white on red", Status.RESPONDING: "bold black on yellow"}


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
        return Group(
            self._header(), self._timeline(), self._ladder(), Text(f"  {self._act}", style="bold cyan")
        )

    def _header(self) -> RenderableType:
        report = self._report
        if report is None:
            return Panel(Text(self._title, style="bold"), border_style="blue")
        line = Text.assemble(
            (f" {report.status.value.upper()} ", STATUS_STYLES.get(report.status, "bold white on green")),
            (f"  {report.severity}  {report.title}", "bold"),
            ("   commander: ", "dim"),
            report.commander.name if report.commander else "nobody yet",
        )
        if deadline := report.next_deadline:
            left = deadline.remaining(datetime.now(UTC)).total_seconds()
            line.append(f"   {deadline.name} in {left:.1f} s", style="bold yellow")
        return Panel(
            line, title=self._title, border_style="red" if report.status is Status.DETECTED else "green"
        )

    def _timeline(self) -> RenderableType:
        table = Table.grid(padding=(0, 2))
        table.add_column(justify="right", style="dim", no_wrap=True)
        table.add_column()
        room = max(6, self.console.height - 16)
        for entry in self._entries[-room:]:
            table.add_row(self._offset(entry.at), Text(entry.text, style=STYLES.get(entry.kind, "")))
        return Panel(table, title="timeline", border_style="dim")

    def _ladder(self) -> RenderableType:
        table = Table.grid(padding=(0, 2))
        attempts = self._report.ladder.attempts if self._report and self._report.ladder else ()
        for attempt in attempts[-6:]:
            good = attempt.outcome is Outcome.ACKNOWLEDGED
            style = "green" if good else "yellow" if attempt.outcome is None else "dim"
            symbol = "☎" if attempt.method == "call" else "✉"
            state = (attempt.outcome or attempt.state).value
            table.add_row(Text(f"{symbol} {attempt.person}", style=style), Text(state, style=style))
        return Panel(table, title="pages", border_style="dim") if attempts else Text("")


def verdicts(console: Console, judged: list[Verdict]) -> None:
    """The checks, each with what was seen."""
    table = Table(title="What should have happened", title_style="bold", box=None, padding=(0, 1))
    for verdict in judged:
        mark = Text("✓", style="bold green") if verdict.kept else Text("✗", style="bold red")
        table.add_row(
            mark, Text(verdict.promise), Text(verdict.seen, style="dim" if verdict.kept else "bold red")
        )
    console.print(table)
