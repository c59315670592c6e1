"""The application, put together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

import structlog
from fastapi import Depends, FastAPI

from api import errors, health, web
from api.auth import require_token
from api.callbacks import slack, sms, status, voice
from api.deps import Parts
from api.errors import DatabaseAway
from api.incidents import IncidentGateway
from api.ingest import alertmanager, generic
from api.limits import BodyLimit
from api.past import Past
from api.postmortems import PostmortemGateway
from api.status import routes as status_page
from api.v1 import (
    acts,
    incidents,
    oncall,
    oncall_feeds,
    oncall_overrides,
    people,
    postmortems,
    rest,
    stream,
)
from api.v1 import configuration as configuration_route
from domain.organisation import Organisation
from integrations.temporal import connect
from rota import Rota
from settings import Settings
from storage.engine import make_engine

log = structlog.get_logger()


def create_app(settings: Settings, organisation: Organisation | None = None) -> FastAPI:
    """The application. It starts and answers also while Temporal or the database is away, and goes on with
    the last good configuration while the files have faults.

    Raises:
        configuration.Faults: there is no good configuration, not even an earlier one.
    """
    engine = make_engine(settings.database_url.get_secret_value())
    rota = Rota(
        settings.config_path,
        engine,
        settings.data_dir,
        environ=settings.calendars,
        organisation=organisation,
    )

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        past = Past(engine)
        client = await connect(settings, lazy=True)
        gateway = IncidentGateway(client, rota, past, chat=settings.slack_on)
        app.state.parts = Parts(settings, rota, gateway, past)
        app.state.rota = rota
        app.state.engine = engine
        app.state.postmortems = PostmortemGateway(client, past)
        beside = [asyncio.create_task(_prepare(past)), asyncio.create_task(rota.run())]
        try:
            yield
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)
            past.close()

    app = FastAPI(
        title="Midwatch",
        version=version("midwatch"),
        summary="Incident response in which every incident is a durable workflow.",
        lifespan=lifespan,
        # Their pages are loaded from other hosts.
        docs_url=None,
        redoc_url=None,
    )
    errors.install(app)
    app.add_middleware(BodyLimit)
    protected = [Depends(require_token)]
    always = errors.responses(401, 422)
    for ingest in (alertmanager, generic):
        app.include_router(
            ingest.router, prefix="/ingest", tags=["alerts in"], dependencies=protected, responses=always
        )
    # Before the incidents: it has a path where they have an id.
    app.include_router(web.router)
    app.mount("/static", web.static_files)
    for part in (acts, postmortems, incidents, stream):
        app.include_router(
            part.router,
            prefix="/api/v1/incidents",
            tags=["incidents"],
            dependencies=protected,
            responses=always,
        )
    app.include_router(
        postmortems.actions,
        prefix="/api/v1/actions",
        tags=["action items"],
        dependencies=protected,
        responses=always,
    )
    app.include_router(
        people.router, prefix="/api/v1/people", tags=["people"], dependencies=protected, responses=always
    )
    # Each of these checks the token itself, or the key that a calendar program presents in its place.
    for part in (oncall_feeds, oncall, oncall_overrides):
        app.include_router(part.router, prefix="/api/v1", tags=["on call"], responses=always)
    app.include_router(rest.router, prefix="/api/v1/rest-offers", tags=["on call"], responses=always)
    app.include_router(
        configuration_route.router,
        prefix="/api/v1/configuration",
        tags=["configuration"],
        dependencies=protected,
        responses=always,
    )
    for callback in (voice, status, sms):
        app.include_router(callback.router, prefix="/callbacks/twilio", tags=["carrier"])
    app.include_router(slack.router, prefix="/callbacks/slack", tags=["chat"])
    app.include_router(health.router)
    app.include_router(status_page.router(settings, rota))
    return app


async def _prepare(past: Past) -> None:
    try:
        await past.prepare()
    except DatabaseAway as fault:
        log.warning("starting without the database", error=str(fault.__cause__))
