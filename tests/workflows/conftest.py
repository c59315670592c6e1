"""A Temporal server for tests that run the worker's own pieces in this process."""

from collections.abc import AsyncIterator

import pytest
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment

from stack.temporal import find_executable
from workflows import search_attributes


@pytest.fixture(scope="session")
async def client() -> AsyncIterator[Client]:
    """A client of a server that knows our search attributes and suggests to cut histories early."""
    arguments = [
        word
        for name, kind in search_attributes.TYPES.items()
        for word in ("--search-attribute", f"{name}={kind}")
    ]
    arguments += ["--dynamic-config-value", "limit.historyCount.suggestContinueAsNew=120"]
    async with await WorkflowEnvironment.start_local(
        dev_server_existing_path=str(find_executable({})),
        dev_server_extra_args=arguments,
        dev_server_log_level="error",
        data_converter=pydantic_data_converter,
    ) as server:
        yield server.client
