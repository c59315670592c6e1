"""The application: Twilio's REST API, Slack's Web API, the control API and the pages, over one world."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from . import control, page, rest_calls, rest_messages
from .errors import TwilioError, answer_twilio_error
from .exchange import Exchange
from .rest import VERSION
from .server import Connections
from .slack import control as slack_control
from .slack import web as slack_web
from .slack.service import Slack
from .world import Settings, World


def create_app(settings: Settings) -> FastAPI:
    """The whole simulator as an ASGI application."""
    exchange = Exchange(World(settings))

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await exchange.webhooks.open()
        yield
        await exchange.webhooks.close()

    # No documentation pages: they would load their script from another host.
    app = FastAPI(title="Midwatch simulator", docs_url=None, redoc_url=None, lifespan=lifespan)
    app.state.exchange = exchange
    app.state.connections = Connections()
    app.add_exception_handler(TwilioError, answer_twilio_error)
    app.add_exception_handler(HTTPException, _answer_http_error)
    for router in (rest_calls.router, rest_messages.router, control.router, page.router):
        app.include_router(router)
    if exchange.world.slack is not None:
        app.state.slack = Slack(exchange.world.slack, exchange.webhooks)
        for router in (slack_web.router, slack_control.router, page.slack_router):
            app.include_router(router)
    app.mount("/static", page.static_files)
    return app


async def _answer_http_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    if request.url.path.startswith(f"/{VERSION}") and error.status_code == 404:
        return await answer_twilio_error(request, TwilioError(20404, request.url.path))
    return JSONResponse({"detail": error.detail}, status_code=error.status_code)
