"""All incidents, live, as server-sent events: one look at the database each second for all who follow."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

from api.deps import IncidentsDep, PastDep
from api.errors import DatabaseAway, Refused
from api.incidents import IncidentGateway
from api.past import Past
from domain.base import Deadline, Instant, Thing
from domain.incident import UNRESOLVED, IncidentReport, Status
from domain.people import PersonRef

router = APIRouter()

POLL_SECONDS = 1.0
QUIET_SECONDS = 5.0
"""How often a stream without news says that it lives."""

OPEN = (*UNRESOLVED, Status.RESOLVED)
AFTER = (Status.IN_REVIEW, Status.IN_PREVENTION)
MOST_OPEN = 200
SHELVES: tuple[tuple[tuple[Status, ...], int], ...] = (
    (OPEN, MOST_OPEN),
    (AFTER, 100),
    ((Status.CLOSED,), 10),
)
"""Which incidents are shown, and how many at most."""


class Line(Thing):
    """An incident in a list."""

    id: str
    reply_code: str
    severity: str
    rank: int
    title: str
    service_name: str
    status: Status
    drill: bool
    commander: PersonRef | None
    opened_at: Instant
    resolved_at: Instant | None
    closed_at: Instant | None
    next_deadline: Deadline | None


class Board(Thing):
    """What there is to see: those that are open, the worst and then the latest first; those in review or
    prevention, by their next deadline; and the last that were closed.

    `away` says what does not answer. Without the database only those of which Temporal knows are told;
    without both, what was known last.
    """

    open: tuple[Line, ...] = ()
    after: tuple[Line, ...] = ()
    closed: tuple[Line, ...] = ()
    away: Literal["database", "everything"] | None = None


class Watch:
    """The board, looked at no more than once a second, however many ask."""

    def __init__(self, past: Past, incidents: IncidentGateway) -> None:
        self._past = past
        self._incidents = incidents
        self._board = Board()
        self._looked_at: float | None = None
        self._looking = asyncio.Lock()

    async def board(self) -> Board:
        """As it was at most a second ago."""
        async with self._looking:
            if self._looked_at is None or time.monotonic() - self._looked_at >= POLL_SECONDS:
                self._board = await self._look()
                self._looked_at = time.monotonic()
            return self._board

    async def _look(self) -> Board:
        try:
            pages = [await self._past.incidents(statuses, None, most, None) for statuses, most in SHELVES]
        except DatabaseAway:
            return await self._without_database()
        return board(report for page in pages for report in page.incidents)

    async def _without_database(self) -> Board:
        try:
            found = await self._incidents.find("ExecutionStatus = 'Running'", MOST_OPEN)
        except Refused:
            return self._board.model_copy(update={"away": "everything"})
        return board(found).model_copy(update={"away": "database"})


def board(reports: Iterable[IncidentReport]) -> Board:
    """The reports, each in its place."""
    lines = [_line(report) for report in reports]
    return Board(
        open=tuple(
            sorted(
                (line for line in lines if line.status in OPEN),
                key=lambda line: (line.rank, -line.opened_at.timestamp()),
            )
        ),
        after=tuple(sorted((line for line in lines if line.status in AFTER), key=_due)),
        closed=tuple(
            sorted((line for line in lines if line.status is Status.CLOSED), key=_ended, reverse=True)
        ),
    )


def _due(line: Line) -> tuple[bool, Instant]:
    """Those that nothing is due of come last."""
    return line.next_deadline is None, line.next_deadline.at if line.next_deadline else line.opened_at


def _ended(line: Line) -> Instant:
    return line.closed_at or line.opened_at


def _line(report: IncidentReport) -> Line:
    following = report.postmortem.deadlines if report.postmortem else ()
    first = min(following, key=lambda deadline: deadline.at, default=None)
    fields = report.model_dump(include=set(Line.model_fields) - {"next_deadline"})
    return Line(**fields, next_deadline=report.next_deadline or first)


def _watch(request: Request, past: PastDep, incidents: IncidentsDep) -> Watch:
    """The one that all readers share."""
    state = request.app.state
    if not hasattr(state, "incident_watch"):
        state.incident_watch = Watch(past, incidents)
    watch: Watch = state.incident_watch
    return watch


@router.get("/stream", summary="Follow all incidents live", response_class=EventSourceResponse)
async def stream(watch: Annotated[Watch, Depends(_watch)]) -> AsyncIterator[ServerSentEvent]:
    """Event `incidents` with the whole list at first and whenever it has changed; a comment now and then to
    show that the line is open."""
    told: Board | None = None
    told_at = 0.0
    while True:
        now = time.monotonic()
        seen = await watch.board()
        if seen != told:
            told, told_at = seen, now
            yield ServerSentEvent(event="incidents", data=seen)
        elif now - told_at >= QUIET_SECONDS:
            told_at = now
            yield ServerSentEvent(comment="still here")
        await asyncio.sleep(POLL_SECONDS)
