"""The connection to Temporal, by the TEMPORAL_* variables and profiles that its own tools read."""

import asyncio

import structlog
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.envconfig import ClientConfig

from settings import Settings

log = structlog.get_logger()

RETRY_SECONDS = 1.0


async def connect(settings: Settings, *, lazy: bool = False) -> Client:
    """A client of the configured server and namespace; `lazy`: it connects when it is first used.

    Raises:
        RuntimeError: nobody answers there.
    """
    options = ClientConfig.load_client_connect_config(override_env_vars=dict(settings.temporal))
    return await Client.connect(**options, data_converter=pydantic_data_converter, lazy=lazy)


async def connect_patiently(settings: Settings) -> Client:
    """A client as soon as the server answers, however long that takes."""
    waiting = False
    while True:
        try:
            return await connect(settings)
        except RuntimeError as error:
            if not waiting:
                log.warning("temporal is away, waiting for it", error=str(error))
            waiting = True
            await asyncio.sleep(RETRY_SECONDS)
