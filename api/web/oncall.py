"""The page of who is on call: its shell. The script asks the API."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.web.shell import page

router = APIRouter()


@router.get("/on-call")
async def on_call(request: Request) -> HTMLResponse:
    """Who is on call, now and in the weeks to come."""
    return page(request, "oncall.html")
