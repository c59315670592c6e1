"""What was measured, for people and for machines."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bench.figures import AIMS, UNITS, Figure, Name

COMPARED = (
    "Bare Temporal: one workflow with one activity that posts the call, started by the client. "
    "Midwatch: the alert posted to its API, which is one HTTP request more. "
    "Bare Temporal's calls report nothing back, Midwatch's do. "
    "Same Temporal server, same simulated carrier, same run, by turns. "
    "A latency ends when the carrier has the request."
)

BOUNDS: dict[Name, str] = {"p50": "at most", "p99": "under", "rate": "at least"}


@dataclass(frozen=True)
class Phase:
    """One kind of measurement: so many alerts at once, to each side by turns, so many times."""

    alerts: int
    times: int

    @property
    def title(self) -> str:
        """As a person would call it."""
        if self.alerts == 1:
            return f"{self.times:,} alerts, one at a time"
        return f"{self.alerts:,} alerts at once" + (f", {self.times} times" if self.times > 1 else "")


@dataclass(frozen=True)
class Result:
    """What came of a phase, all its times together.

    Attributes:
        texts: messages that Midwatch sent beside the calls, because a call was slow to leave.
    """

    phase: Phase
    figures: tuple[Figure, ...]
    texts: int


def machine(results: Sequence[Result]) -> dict[str, Any]:
    """Everything, as JSON."""
    return {
        "compared": COMPARED,
        "results": [
            {
                "alerts": result.phase.alerts,
                "times": result.phase.times,
                "texts": result.texts,
                "figures": {
                    figure.name: {
                        "unit": UNITS[figure.name],
                        "bare": figure.bare,
                        "midwatch": figure.midwatch,
                        "ratio": figure.ratio,
                        "aim": AIMS[figure.name],
                        "met": figure.met,
                    }
                    for figure in result.figures
                },
            }
            for result in results
        ],
    }


def show(console: Console, results: Sequence[Result]) -> None:
    """Everything, as a table."""
    table = Table(title="From the alert to the call", caption=COMPARED, caption_justify="left")
    for heading in ("", "", "bare Temporal", "Midwatch", "ratio", "aim"):
        table.add_column(heading, justify="left" if not heading else "right")
    for result in results:
        title = result.phase.title + (f"\nand {result.texts} text messages" if result.texts else "")
        for figure in result.figures:
            table.add_row(title, *_cells(figure))
            title = ""
        table.add_section()
    console.print(table)


def _cells(figure: Figure) -> tuple[Text | str, ...]:
    unit, aim = UNITS[figure.name], AIMS[figure.name]
    mark = Text("✓", style="bold green") if figure.met else Text("✗", style="bold red")
    bound = f"{BOUNDS[figure.name]} {aim:g}x "
    return (
        figure.name,
        f"{figure.bare:.1f} {unit}",
        f"{figure.midwatch:.1f} {unit}",
        f"{figure.ratio:.2f}x",
        Text(bound).append(mark),
    )
