"""`midwatch rehearse`: who would be called, when and how, by a configuration and a pattern of answers."""

import asyncio
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from rich.console import Console, RenderableType
from rich.progress import BarColumn, Progress, TextColumn

import configuration
from commands.screen import show
from domain.oncall import Override
from rehearsal import table
from rehearsal.clockwork import Stuck
from rehearsal.diff import compared
from rehearsal.drawing import drawn
from rehearsal.opening import Cast, answers_of
from rehearsal.play import play
from rehearsal.record import Rehearsed, Scene
from rehearsal.scene import Asked, BadScene, read_scene
from rehearsal.words import since
from rota.once import read_all
from settings import calendar_addresses, config_path
from stack.faults import StackFault
from stack.signals import Interrupted, run_until_signal

FAILED, BAD_INPUT, INTERRUPTED = 1, 2, 130


def rehearse(
    asked: Asked,
    *,
    config: Path | None = None,
    diff: tuple[Path, Path] | None = None,
    overrides: Sequence[Override] = (),
    as_json: bool = False,
    svg: Path | None = None,
) -> int:
    """Rehearse a scene with one configuration, or compare two; 0 unless it could not be rehearsed.

    Args:
        config: a file or directory; by default the environment's.
        diff: the old and the new one, in place of `config`.
        overrides: those that are to count beside the configuration's schedules.
        svg: a drawing of it is written there, of two configurations that of the new one.
    """
    console = Console(stderr=True, highlight=False)
    try:
        shown = run_until_signal(_rehearse(console, asked, diff or (config or config_path(),), overrides))
    except (configuration.Faults, BadScene) as fault:
        return _failed(console, str(fault), BAD_INPUT)
    except (StackFault, Stuck) as fault:
        return _failed(console, f"The rehearsal failed: {fault}", FAILED)
    except Interrupted:
        return _failed(console, "Interrupted. Everything is stopped.", INTERRUPTED)
    _tell(shown, as_json=as_json)
    if svg:
        try:
            svg.write_text(drawn(shown[-1]), encoding="utf-8")
        except OSError as fault:
            return _failed(console, f"The drawing cannot be written: {fault}", BAD_INPUT)
    return 0


def _failed(console: Console, text: str, code: int) -> int:
    console.print(text, style="bold red", markup=False, soft_wrap=True)
    return code


async def _rehearse(
    console: Console, asked: Asked, paths: Sequence[Path], overrides: Sequence[Override]
) -> list[Rehearsed]:
    """With each configuration; side by side, each on a server of its own."""
    prepared = [await _prepared(console, asked, path, overrides) for path in paths]
    with _progress(console) as begin:
        try:
            async with asyncio.TaskGroup() as together:
                plays = [together.create_task(play(cast, scene, begin(scene))) for cast, scene in prepared]
        except ExceptionGroup as faults:
            raise faults.exceptions[0] from faults
    return [one.result() for one in plays]


async def _prepared(
    console: Console, asked: Asked, path: Path, overrides: Sequence[Override]
) -> tuple[Cast, Scene]:
    """A configuration and its scene, checked to the last word before anything is started."""
    organisation = configuration.load(path)
    scene = read_scene(organisation, asked)
    feeds = await read_all(organisation, path, calendar_addresses())
    for feed in feeds.values():
        if feed.fault:
            text = f"The calendar {feed.name} cannot be read well: {feed.fault}"
            console.print(text, style="yellow", markup=False, soft_wrap=True)
    cast = Cast(organisation, overrides, feeds)
    try:
        answers_of(cast, scene)
    except ValueError as fault:
        raise BadScene([f"--answers: {fault} ({path})"]) from fault
    return cast, scene


@contextmanager
def _progress(console: Console) -> Iterator[Callable[[Scene], Callable[[timedelta], None]]]:
    """A bar for each rehearsal, on a terminal; it is gone when they are done."""
    columns = (TextColumn("Rehearsing"), BarColumn(), TextColumn("{task.fields[at]}"))
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:

        def begin(scene: Scene) -> Callable[[timedelta], None]:
            bar = bars.add_task("", total=scene.length.total_seconds(), at="starting")
            return lambda passed: bars.update(bar, completed=passed.total_seconds(), at=since(passed))

        yield begin


def _tell(shown: list[Rehearsed], *, as_json: bool) -> None:
    parts: list[RenderableType]
    if len(shown) == 1:
        if as_json:
            print(shown[0].model_dump_json(indent=2))
            return
        parts = [*table.table(shown[0])]
    else:
        old, new = shown
        found = compared(old, new)
        if as_json:
            whole = {"old": old, "new": new}
            said = {name: each.model_dump(mode="json") for name, each in whole.items()}
            print(json.dumps({"changes": [c.model_dump(mode="json") for c in found], **said}, indent=2))
            return
        parts = [*table.changes(old, new, found)]
    show(*parts)
