"""What is wrong, for somebody at a terminal."""

from rich.console import Console
from rich.text import Text

from domain.finding import Level
from validation.check import Checked
from validation.outputs import shown

COLOURS: dict[Level, str] = {"error": "bold red", "warning": "yellow"}


def show(checked: Checked, where: str, console: Console) -> None:
    """Each problem at its file and line with its mend, then how many there are."""
    file = None
    for problem in checked.problems:
        if file is not None and problem.file != file:
            console.print()
        file = problem.file
        head = Text.assemble(
            (f"{shown(problem.file)}:{problem.line}", "bold"),
            " ",
            (problem.level, COLOURS[problem.level]),
            (f" {problem.rule}", "dim"),
        )
        # Terminals make a link of `file:line` only where it stands in one piece.
        console.print(head, soft_wrap=True)
        console.print(Text(f"  {problem.message}"), soft_wrap=True)
        if problem.mend:
            console.print(Text(f"  → {problem.mend}", style="cyan"), soft_wrap=True)
    if checked.problems:
        console.print()
    console.print(Text(_summary(checked, where)), soft_wrap=True)


def _summary(checked: Checked, where: str) -> str:
    errors, warnings = checked.count("error"), checked.count("warning")
    wrong = [_count(errors, "error")] if errors else []
    wrong += [_count(warnings, "warning")] if warnings else []
    told = f"{where}: {' and '.join(wrong) or 'no faults'}."
    there = checked.organisation
    if there is None:
        return f"{told} It cannot be used."
    parts = (
        (there.people, "person"),
        (there.services, "service"),
        (there.schedules, "schedule"),
        (there.ladders, "ladder"),
    )
    return f"{told} {', '.join(_count(len(entries), name) for entries, name in parts if entries)}."


def _count(number: int, word: str) -> str:
    many = "people" if word == "person" else f"{word}s"
    return f"{number} {word if number == 1 else many}"
