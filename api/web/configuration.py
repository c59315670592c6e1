"""The page of the configuration and its faults: its shell. The script asks the API."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.web.shell import page

router = APIRouter()


@router.get("/configuration")
async def configuration(request: Request) -> HTMLResponse:
    """What Midwatch goes by, and what is wrong with it."""
    return page(request, "configuration.html")
