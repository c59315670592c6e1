"""A Temporal server for one rehearsal, whose workflow's clock can be moved on."""

import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import TimeSkipper, TimeSkippingConfig

from settings import inherited
from stack.ports import LOOPBACK, free_port
from stack.process import Process
from stack.temporal import find_executable
from workflows import search_attributes

SETTINGS = (
    "frontend.WorkflowTimeSkippingEnabled=true",
    # A leap then takes a fifth of a second instead of a whole one.
    'history.timerProcessorMaxTimeShift="5ms"',
    # A clock that skips goes astray where a history is cut, which no rehearsal is long enough to need.
    "limit.historyCount.suggestContinueAsNew=45000",
    "limit.historySize.suggestContinueAsNew=45000000",
)


@asynccontextmanager
async def skipping_server() -> AsyncIterator[TimeSkipper]:
    """The server, in memory, on a free port; it is gone when the block ends.

    Raises:
        TemporalFault: there is no `temporal` to be found.
        ProcessFault: it does not start.
    """
    with tempfile.TemporaryDirectory(prefix="midwatch-rehearsal-") as place:
        port = free_port(None)
        address = f"{LOOPBACK}:{port}"

        async def answers() -> bool:
            try:
                await Client.connect(address)
            except RuntimeError:
                return False
            return True

        env = inherited()
        server = Process("temporal", _argv(port, env), env=env, log_dir=Path(place), probe=answers)
        await server.start()
        try:
            client = await Client.connect(address, data_converter=pydantic_data_converter)
            # At the server's default of 200 leaps it would silently stop to leap.
            yield TimeSkipper(
                client, config=TimeSkippingConfig(enabled=False, max_session_skip_count=100_000)
            )
        finally:
            # It keeps nothing, so there is nothing to put in order: asked politely it would take two seconds.
            await server.kill()


def _argv(port: int, env: Mapping[str, str]) -> list[str | Path]:
    argv: list[str | Path] = [find_executable(env), "server", "start-dev", "--headless"]
    argv += ["--ip", LOOPBACK, "--port", str(port), "--log-level", "error"]
    for setting in SETTINGS:
        argv += ["--dynamic-config-value", setting]
    for name, kind in search_attributes.TYPES.items():
        argv += ["--search-attribute", f"{name}={kind}"]
    return argv
