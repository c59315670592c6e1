"""The last good copy of what the public was told. Everybody may read the page, most of all when much else is
down: the database is asked once for many readers, and what it said last is shown while it is away."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from api.errors import DatabaseAway
from storage.public import PublicIncident

FRESH_SECONDS = 2.0
"""How long a copy serves before the database is asked again, and how long it is let be when it is away."""


@dataclass(frozen=True)
class Copy:
    """What the public was told, as it was read. `away` when the database could not be asked since."""

    incidents: tuple[PublicIncident, ...]
    read_at: datetime
    away: bool

    @property
    def age(self) -> timedelta:
        """How long ago it was read."""
        return datetime.now(UTC) - self.read_at


class LastGood:
    """Keeps the copy."""

    def __init__(self) -> None:
        self._copy: Copy | None = None
        self._asked_at: float | None = None
        self._asking = asyncio.Lock()

    async def copy(self, read: Callable[[], Awaitable[tuple[PublicIncident, ...]]]) -> Copy:
        """The copy, read anew by `read` if it is no longer fresh.

        Raises:
            DatabaseAway: there has never been one.
        """
        # Whoever has something to show does not wait for a database that may be away.
        if not self._fresh and not (self._copy and self._asking.locked()):
            async with self._asking:
                if not self._fresh:
                    await self._ask(read)
        if self._copy is None:
            raise DatabaseAway("the database does not answer")
        return self._copy

    async def _ask(self, read: Callable[[], Awaitable[tuple[PublicIncident, ...]]]) -> None:
        try:
            self._copy = Copy(await read(), datetime.now(UTC), away=False)
        except DatabaseAway:
            self._copy = self._copy and replace(self._copy, away=True)
        self._asked_at = time.monotonic()

    @property
    def _fresh(self) -> bool:
        return self._asked_at is not None and time.monotonic() - self._asked_at < FRESH_SECONDS
