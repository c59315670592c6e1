"""Whether the process lives, and whether it can do its work."""

from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel

from api.deps import PartsDep
from api.errors import DatabaseAway

router = APIRouter(tags=["health"])


class Alive(BaseModel):
    """The process answers."""

    status: Literal["alive"] = "alive"


class Readiness(BaseModel):
    """`ready`: all is well. `degraded`: alerts are taken and people are paged, without the past.
    `unavailable`: alerts are refused, so that their senders keep them."""

    status: Literal["ready", "degraded", "unavailable"]
    temporal: str
    database: str


@router.get("/healthz", summary="Does the process live?")
async def healthz() -> Alive:
    """Always, while it answers at all: restarting it mends nothing that is away."""
    return Alive()


@router.get("/readyz", summary="Can alerts be taken?", responses={503: {"model": Readiness}})
async def readyz(parts: PartsDep, response: Response) -> Readiness:
    """503 while Temporal is away; a database that is away is only a degradation."""
    away = await parts.incidents.reachable()
    database = "ok"
    try:
        await parts.past.ping()
    except DatabaseAway as fault:
        database = fault.detail
    if away:
        response.status_code = 503
    status: Literal["ready", "degraded", "unavailable"] = (
        "unavailable" if away else "ready" if database == "ok" else "degraded"
    )
    return Readiness(status=status, temporal=away or "ok", database=database)
