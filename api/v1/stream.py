"""An incident, live, as server-sent events."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Annotated

import structlog
from fastapi import APIRouter, Depends, Header
from fastapi.sse import EventSourceResponse, ServerSentEvent

from api import errors
from api.deps import IncidentsDep, PastDep
from api.errors import DatabaseAway, Refused
from api.incidents import IncidentGateway
from api.past import Past
from domain.incident import IncidentReport, Status
from domain.timeline import Entry

router = APIRouter()
log = structlog.get_logger()

POLL_SECONDS = 0.25
AFTERMATH_POLL_SECONDS = 2.0
"""The same once the harm is over: a review lasts for weeks, and so may a page that somebody left open."""
QUIET_SECONDS = 5.0
"""How often a stream without news says that it lives."""
WITHOUT_DATABASE_SECONDS = 5.0
"""How long a database that was away is left alone."""
LINGER_POLLS = 8
"""Polls without news after which a closed incident's stream ends: its last words may follow its end."""
BATCH = 500
AFTERMATH = (Status.IN_REVIEW, Status.IN_PREVENTION)


async def _known(incident_id: str, incidents: IncidentsDep) -> IncidentReport:
    """The incident, before the stream begins, for once it has begun there is no 404."""
    return (await incidents.read(incident_id)).now.report


@router.get(
    "/{incident_id}/stream",
    summary="Follow an incident live",
    response_class=EventSourceResponse,
    responses=errors.responses(404, 503),
)
async def stream(
    incident_id: str,
    incidents: IncidentsDep,
    past: PastDep,
    first: Annotated[IncidentReport, Depends(_known)],
    last_event_id: Annotated[str | None, Header(description="resume after this entry")] = None,
) -> AsyncIterator[ServerSentEvent]:
    """Event `timeline` for each entry, its id being the entry's sequence; event `incident` with the whole
    report at first and whenever it has changed; event `database` at first and when it goes away or comes
    back, for without it older entries may be missing; a comment after a few seconds without any of them, so
    that a reader can tell a quiet night from a broken line. The stream ends after the incident is closed."""
    after = int(last_event_id) if last_event_id and last_event_id.isdecimal() else 0
    watch = _Watch(incidents, past, incident_id, first, after)
    yield ServerSentEvent(event="incident", data=first)
    idle = 0
    told_at = time.monotonic()
    while watch.report.status is not Status.CLOSED or idle < LINGER_POLLS:
        before, away = watch.report, watch.away
        news = await watch.look()
        if watch.away != away:
            yield ServerSentEvent(event="database", data={"away": watch.away})
        for entry in news:
            yield ServerSentEvent(event="timeline", id=str(entry.sequence), data=entry)
        if watch.report != before:
            yield ServerSentEvent(event="incident", data=watch.report)
        fresh = bool(news) or watch.report != before
        idle = 0 if fresh else idle + 1
        if fresh:
            told_at = time.monotonic()
        elif time.monotonic() - told_at >= QUIET_SECONDS:
            told_at = time.monotonic()
            yield ServerSentEvent(comment="still here")
        if len(news) < BATCH:
            await asyncio.sleep(_pause(watch.report))


def _pause(report: IncidentReport) -> float:
    return AFTERMATH_POLL_SECONDS if report.status in AFTERMATH else POLL_SECONDS


class _Watch:
    """One reader's place in one incident."""

    def __init__(
        self, incidents: IncidentGateway, past: Past, incident_id: str, report: IncidentReport, after: int
    ) -> None:
        self._incidents = incidents
        self._past = past
        self._id = incident_id
        self._after = after
        self._database_from = 0.0
        self.report = report
        self.away: bool | None = None  # nobody has looked yet

    async def look(self) -> list[Entry]:
        """The entries since the last look; from the database or, while it is away, from the workflow,
        which keeps what the database has not got."""
        now = asyncio.get_running_loop().time()
        if now >= self._database_from:
            try:
                found = await self._from_database()
            except DatabaseAway:
                self.away = True
                self._database_from = now + WITHOUT_DATABASE_SECONDS
            else:
                self.away = False
                return found
        try:
            live = await self._incidents.now(self._id)
        except Refused:
            return []
        self.report = live.report
        return self._fresh(list(live.pending))

    async def _from_database(self) -> list[Entry]:
        entries = await self._past.entries(self._id, self._after, BATCH)
        stored = await self._past.incident(self._id)
        if stored and (entries or stored.status is Status.CLOSED):
            self.report = stored
        return self._fresh(entries)

    def _fresh(self, entries: list[Entry]) -> list[Entry]:
        fresh = [entry for entry in entries if entry.sequence > self._after]
        self._after = fresh[-1].sequence if fresh else self._after
        return fresh
