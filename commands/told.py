"""What ends a command early, and how it is said."""

import sys
from collections.abc import Sequence
from typing import Any

import typer
from typer.core import TyperGroup

REFUSED = 1
UNREACHABLE = 2


class Told(Exception):
    """The command cannot go on. `lines` say why, the first one above all; `code` is how the program ends."""

    def __init__(self, *lines: str, code: int = REFUSED) -> None:
        super().__init__("\n".join(lines))
        self.lines: Sequence[str] = lines
        self.code = code


class Commands(TyperGroup):
    """Commands whose failures are told in plain lines, without a traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except Told as told:
            print("\n".join(told.lines), file=sys.stderr)
            raise typer.Exit(told.code) from None


def group(summary: str) -> typer.Typer:
    """A group of commands."""
    return typer.Typer(cls=Commands, help=summary, no_args_is_help=True)
