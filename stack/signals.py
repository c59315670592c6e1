"""Ctrl-C and its kin, turned into a cancellation that lets everything be stopped in order."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(Exception):
    """A signal ended the program; everything it had started is stopped by now."""

    def __init__(self, number: int) -> None:
        super().__init__(f"interrupted by {signal.Signals(number).name}")
        self.number = number


def run_until_signal(coroutine: Coroutine[Any, Any, T]) -> T:
    """`asyncio.run` that a signal cancels, once to stop in order, a second time to stop at once.

    Raises:
        Interrupted: a signal came before the coroutine was done.
    """

    async def guarded() -> T:
        loop = asyncio.get_running_loop()
        task = asyncio.current_task()
        received: list[int] = []

        def cancel(number: int) -> None:
            received.append(number)
            # A third could cut short the very step that ends the processes.
            if task and len(received) <= 2:
                task.cancel()

        for number in _SIGNALS:
            loop.add_signal_handler(number, cancel, number)
        try:
            return await coroutine
        except asyncio.CancelledError:
            if received:
                raise Interrupted(received[0]) from None
            raise

    return asyncio.run(guarded())
