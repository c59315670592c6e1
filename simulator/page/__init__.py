"""The pages with the phones and with Slack; what moves on them comes by the control API's events."""

from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles
from fastapi.templating import Jinja2Templates

from ..numbers import displayed
from ..rest import TheExchange

_HERE = Path(__file__).parent
_templates = Jinja2Templates(_HERE / "templates")
static_files = StaticFiles(directory=_HERE / "static")
router = APIRouter()
slack_router = APIRouter(prefix="/slack")


@router.get("/", response_class=HTMLResponse)
async def index(request: Request, exchange: TheExchange) -> HTMLResponse:
    """The page's shell."""
    number = displayed(exchange.world.settings.number)
    slack = exchange.world.slack is not None
    return _templates.TemplateResponse(request, "index.html", {"number": number, "slack": slack})


@slack_router.get("", response_class=HTMLResponse)
async def slack(request: Request) -> HTMLResponse:
    """The shell of Slack's page."""
    return _templates.TemplateResponse(request, "slack.html")


@slack_router.get("/archives/{channel}/p{digits}")
async def permalink(channel: str, digits: str) -> RedirectResponse:
    """A message's permalink: the page, with that message in sight."""
    return RedirectResponse(f"/slack#{channel}/{digits[:-6]}.{digits[-6:]}")
