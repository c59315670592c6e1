"""The pages' shells. They hold nothing worth protecting: the script asks the API, which does.

So a link that somebody follows from chat opens at once: the browser withholds the cookie from a visit that
another site began, and sends it with what our own script asks.
"""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.web.shell import page

router = APIRouter()


@router.get("/")
async def incidents(request: Request) -> HTMLResponse:
    """All incidents."""
    return page(request, "list.html")


@router.get("/incidents/{incident_id}")
async def incident(request: Request, incident_id: str) -> HTMLResponse:
    """One incident."""
    return page(request, "incident.html", incident_id=incident_id)
