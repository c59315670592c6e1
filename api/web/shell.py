"""What all pages have in common: templates, files, and what a browser is told about them."""

from pathlib import Path
from typing import Any

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from fastapi.templating import Jinja2Templates
from starlette.types import Scope

from rota import Rota

_HERE = Path(__file__).parent
_templates = Jinja2Templates(_HERE / "templates")

HEADERS = {
    # Even a text that got around the escaping could not run, nor load anything, nor be sent elsewhere.
    "Content-Security-Policy": "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def page(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page of ours. Every one says where a change of the configuration was refused: it may be the one that
    somebody is waiting for."""
    rota: Rota | None = getattr(request.app.state, "rota", None)
    shown = {"refused": rota is not None and rota.standing.refused_at is not None, **values}
    return _templates.TemplateResponse(request, template, shown, status_code=status, headers=HEADERS)


class _Files(StaticFiles):
    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        # Modules of two releases must not meet in one page.
        response.headers["Cache-Control"] = "no-cache"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response


static_files = _Files(directory=_HERE / "static")
