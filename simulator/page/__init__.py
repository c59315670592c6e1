"""The page that shows the phones; what moves on it comes by the control API's events."""

from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from fastapi.templating import Jinja2Templates

from ..numbers import displayed
from ..rest import TheExchange

_HERE = Path(__file__).parent
_templates = Jinja2Templates(_HERE / "templates")
static_files = StaticFiles(directory=_HERE / "static")
router = APIRouter()


@router.get("/", response_class=HTMLResponse)
async def index(request: Request, exchange: TheExchange) -> HTMLResponse:
    """The page's shell."""
    number = displayed(exchange.world.settings.number)
    return _templates.TemplateResponse(request, "index.html", {"number": number})
