"""What the database knows, for handlers. It may be away: then `DatabaseAway`, within seconds."""

import asyncio
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

import storage
from api.errors import DatabaseAway
from domain.incident import IncidentReport, Status
from domain.postmortem import ListedItem
from domain.timeline import Entry
from storage import action_items, public, timeline
from storage.public import PublicIncident

AnswerT = TypeVar("AnswerT")


class Past:
    """Incidents as they were stored."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def prepare(self) -> None:
        """Bring the tables up to date."""
        await self._ask(lambda: storage.migrate(self._engine))

    async def ping(self) -> None:
        """Find out whether it answers."""
        await self.incident("")

    async def incident(self, incident_id: str) -> IncidentReport | None:
        """The incident as it was last stored."""
        return await self._ask(lambda: timeline.incident(self._engine, incident_id))

    async def entries(self, incident_id: str, after: int, limit: int) -> list[Entry]:
        """Stored entries of its timeline, in order."""
        return await self._ask(lambda: timeline.entries(self._engine, incident_id, after=after, limit=limit))

    async def incidents(
        self, statuses: Collection[Status], service: str | None, limit: int, cursor: str | None
    ) -> timeline.Incidents:
        """One page of incidents, the latest first."""
        return await self._ask(
            lambda: timeline.incidents(
                self._engine, statuses=statuses, service=service, limit=limit, cursor=cursor
            )
        )

    async def published(self, since: datetime) -> tuple[PublicIncident, ...]:
        """What the public was told: of all that is open, and of what was resolved since then at least."""
        return await self._ask(lambda: public.incidents(self._engine, since=since))

    async def publication(self, public_id: str) -> PublicIncident | None:
        """What the public was told of one incident."""
        return await self._ask(lambda: public.incident(self._engine, public_id))

    async def action_items(self, **filters: Any) -> list[ListedItem]:
        """Action items of all incidents, by the filters of `storage.action_items.items`."""
        return await self._ask(lambda: action_items.items(self._engine, **filters))

    def close(self) -> None:
        """Let go of the connections."""
        self._engine.dispose()

    async def _ask(self, query: Callable[[], AnswerT]) -> AnswerT:
        try:
            return await asyncio.to_thread(query)
        except SQLAlchemyError as fault:
            raise DatabaseAway("the database does not answer") from fault
