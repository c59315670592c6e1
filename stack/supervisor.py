"""Starts again what ended by itself."""

import asyncio
import time
from collections.abc import Callable

from stack.faults import StackFault
from stack.stack import Stack

_FIRST_PAUSE_SECONDS = 1.0
_LONGEST_PAUSE_SECONDS = 30.0
# Alive this long, a part is taken to have recovered, and its next pause is short again.
_RECOVERED_SECONDS = 60.0


async def supervise(stack: Stack, say: Callable[[str], None]) -> None:
    """Watch every part of a started stack until cancelled; start each again, on its port, whenever it ends.

    Pauses double from 1 s to 30 s while a part keeps failing. `say` is told of each end and each new
    beginning.
    """
    async with asyncio.TaskGroup() as group:
        for part in stack.processes:
            group.create_task(_keep_alive(stack, part, say))


async def _keep_alive(stack: Stack, part: str, say: Callable[[str], None]) -> None:
    process = stack.processes[part]
    pause = _FIRST_PAUSE_SECONDS
    while True:
        started = time.monotonic()
        code = await process.wait()
        if time.monotonic() - started > _RECOVERED_SECONDS:
            pause = _FIRST_PAUSE_SECONDS
        how = f"was killed by signal {-code}" if code < 0 else f"ended with {code}"
        say(f"{part} {how}; starting it again in {pause:g} s (log: {process.log})")
        await asyncio.sleep(pause)
        pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)
        try:
            await stack.start(part)
        except StackFault as fault:
            say(str(fault))
        else:
            say(f"{part} is back")
