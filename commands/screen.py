"""Where it is drawn: as wide as the terminal is; in a file or a pipe nothing is cut or wrapped."""

import io

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

UNCUT = 20_000
"""Columns of a line that is not drawn for a terminal."""


def show(*parts: RenderableType) -> None:
    """Print it."""
    console = Console(highlight=False)
    if console.is_terminal:
        console.print(Group(*parts))
    else:
        print(plain(*parts))


def plain(*parts: RenderableType) -> str:
    """The same as text without colours, each line as long as it is."""
    console = Console(file=io.StringIO(), width=UNCUT, color_system=None, highlight=False)
    with console.capture() as capture:
        console.print(Group(*parts))
    return "\n".join(line.rstrip() for line in capture.get().splitlines())


def heading(text: str, style: str = "bold") -> Text:
    """The line above a section."""
    return Text(text, style=style)


def rows(*columns: str) -> Table:
    """A table without lines, set in by two. A column is `name` (never wrapped) or `text` (wrapped)."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(width=0)
    for column in columns:
        table.add_column(no_wrap=column == "name", overflow="fold")
    return table


def section(title: str, table: RenderableType, style: str = "bold") -> Group:
    """A heading, and what belongs to it."""
    return Group(Text(""), heading(title, style), table)
