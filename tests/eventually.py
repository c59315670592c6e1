"""Waiting for what has to come, without sleeping for what might."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")

POLL_SECONDS = 0.05


async def eventually(check: Callable[[], Awaitable[T | None]], *, within: float = 20.0, what: str = "") -> T:
    """The first truthy answer of `check`, asked again and again; fails the test when none comes in time."""
    deadline = time.monotonic() + within
    while True:
        found = await check()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within:g} s: {what or check.__name__}; last seen: {found!r}")
        await asyncio.sleep(POLL_SECONDS)
