"""A rehearsal as a table, for people at a terminal."""

from collections import Counter
from collections.abc import Iterator

from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from rehearsal import words
from rehearsal.diff import Change
from rehearsal.record import METHODS, Rehearsed

_FATES = {"acknowledged": "bold green", "withdrawn": "dim", "held back": "yellow", "failed": "bold red"}


def table(rehearsed: Rehearsed) -> Iterator[RenderableType]:
    """All of it: what was rehearsed, how it ended, the pages, and what else happened."""
    yield Text(words.heading(rehearsed), style="bold")
    yield Text(words.pattern(rehearsed), style="dim")
    style = "bold green" if rehearsed.taken_by else "bold red"
    yield Text.assemble((words.outcome(rehearsed), style), f". {words.count(rehearsed)}.")
    if rehearsed.pages:
        yield _pages(rehearsed)
    if rehearsed.events:
        yield _events(rehearsed)


def changes(old: Rehearsed, new: Rehearsed, found: tuple[Change, ...]) -> Iterator[RenderableType]:
    """What a change of the configuration does to the pages."""
    yield Text(words.heading(new), style="bold")
    yield Text(words.pattern(new), style="dim")
    yield Text(f"old: {words.outcome(old)}. {words.count(old)}.")
    yield Text(f"new: {words.outcome(new)}. {words.count(new)}.")
    if not found:
        yield Text("Every page is the same.", style="green")
        return
    drawn = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in ("", "old", "new", "rung", "who", "by", "comes of it", "why"):
        drawn.add_column(column, justify="right" if column in ("old", "new") else "left")
    for change in found:
        page = change.new or change.old
        assert page is not None
        drawn.add_row(
            Text(change.kind, style=_KINDS[change.kind]),
            words.since(change.old.after) if change.old else "",
            words.since(change.new.after) if change.new else "",
            Text(words.rung(page)),
            Text(page.name),
            METHODS[page.method],
            Text(_fates(change)),
            Text(page.why),
        )
    yield drawn
    if any(change.kind == "gone" for change in found):
        yield Text("What now comes after the end of the rehearsal is gone, too.", style="dim")


_KINDS = {"new": "bold green", "gone": "bold red", "moved": "yellow", "ends differently": "yellow"}


def _fates(change: Change) -> str:
    if change.old and change.new and change.old.fate != change.new.fate:
        return f"{words.fate(change.old)} → {words.fate(change.new)}"
    page = change.new or change.old
    return words.fate(page) if page else ""


def _pages(rehearsed: Rehearsed) -> Table:
    drawn = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in ("since", "clock", "rung", "who", "by", "comes of it", "why"):
        drawn.add_column(column, justify="right" if column in ("since", "clock") else "left")
    runs = [page.run for page in rehearsed.pages]
    for number, page in enumerate(rehearsed.pages):
        drawn.add_row(
            words.since(page.after),
            words.clock(page.at, rehearsed),
            Text(words.rung(page)),
            Text(page.name),
            METHODS[page.method],
            Text(words.fate(page), style=_FATES.get(page.fate, "")),
            Text(page.why, style="dim"),
            # A ladder run is a story of its own.
            end_section=number + 1 < len(runs) and runs[number + 1] != runs[number],
        )
    return drawn


def _events(rehearsed: Rehearsed) -> Table:
    drawn = Table(box=None, pad_edge=False, title="What else happens", title_justify="left")
    for column in ("", "", ""):
        drawn.add_column(column)
    drawn.show_header = False
    drawn.columns[0].justify = drawn.columns[1].justify = "right"
    times = Counter(event.text for event in rehearsed.events)
    for event in rehearsed.events:
        again = times.pop(event.text, 0)
        if again:
            more = f" ({again} times)" if again > 1 else ""
            row = words.since(event.after), words.clock(event.at, rehearsed), Text(event.text + more)
            drawn.add_row(*row)
    return drawn
