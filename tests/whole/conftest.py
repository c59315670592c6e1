"""The whole system, started once for all tests of a process, with the policy's waits compressed."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from temporalio.client import WorkflowHandle
from temporalio.testing import TimeSkippingConfig, WorkflowEnvironment

import configuration
import settings as environment
from domain.organisation import Organisation
from domain.people import NotificationRule
from policy.tempo import compressed
from settings import STARTER_CONFIG, Settings
from stack.ports import free_port
from stack.stack import Stack
from stack.temporal import find_executable
from tests.whole.town import Town
from workflows.search_attributes import TYPES

MINUTE = timedelta(minutes=1)

ACK_WINDOW = timedelta(seconds=4)
"""The ack window of the worst severity in these tests. Every other wait is two seconds."""


def town_settings(
    place: Path, *, aftermath: float | None = None, **more: str
) -> tuple[Settings, Organisation]:
    """Settings of a stack of its own, with compressed time, on free ports."""
    factor = timedelta(minutes=5) / ACK_WINDOW
    quick = compressed(configuration.load(STARTER_CONFIG), factor, aftermath=aftermath)
    # Long enough that a message within it can only come from a call that came to nothing.
    patient = [NotificationRule(method="call"), NotificationRule(method="sms", after=timedelta(minutes=5))]
    organisation = quick.model_copy(update={"notify": tuple(patient)})
    config = place / "midwatch.yaml"
    config.write_text(yaml.safe_dump(organisation.model_dump(mode="json")), encoding="utf-8")
    given = {
        "MIDWATCH_CONFIG": str(config),
        "MIDWATCH_DATA_DIR": str(place / "data"),
        "MIDWATCH_API_PORT": str(free_port(None)),
        "MIDWATCH_SIMULATOR_PORT": str(free_port(None)),
        "MIDWATCH_PHONE_CALLS_PER_SECOND": "50",
    }
    return environment.load(given | more), organisation


@pytest.fixture(scope="session")
async def the_town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    settings, organisation = town_settings(tmp_path_factory.mktemp("town"))
    async with Stack(settings, search_attributes=TYPES) as stack:
        town = Town(stack, organisation)
        yield town
        await town.close()


@pytest.fixture
async def town(the_town: Town) -> AsyncIterator[Town]:
    """The running system; nobody answers, and the carrier is well, unless the test says otherwise."""
    await the_town.everybody()
    yield the_town
    await the_town.leave()


SETTINGS = (
    "frontend.WorkflowTimeSkippingEnabled=true",
    'history.timerProcessorMaxTimeShift="5ms"',
    "matching.numTaskqueueReadPartitions=1",
    "matching.numTaskqueueWritePartitions=1",
    # A run that has yet to begin is where a skipping clock goes astray: no cut here. That nothing is
    # forgotten by one is tested in real time, in tests/workflows.
    "limit.historyCount.suggestContinueAsNew=45000",
    "limit.historySize.suggestContinueAsNew=45000000",
)


@pytest.fixture
async def skipping() -> AsyncIterator[WorkflowEnvironment]:
    """A Temporal server of its own, whose workflows' clocks can be moved on."""
    arguments = [word for setting in SETTINGS for word in ("--dynamic-config-value", setting)]
    async with await WorkflowEnvironment.start_time_skipping_v2(
        ts_config=TimeSkippingConfig(enabled=False, max_session_skip_count=100_000),
        dev_server_existing_path=str(find_executable({})),
        dev_server_extra_args=arguments,
        dev_server_log_level="error",
    ) as server:
        yield server


@pytest.fixture
async def night(tmp_path: Path, skipping: WorkflowEnvironment) -> AsyncIterator[Town]:
    """The starter's organisation with its true windows, on that server."""
    settings = environment.load(
        {
            "MIDWATCH_CONFIG": str(STARTER_CONFIG),
            "MIDWATCH_DATA_DIR": str(tmp_path / "data"),
            "MIDWATCH_API_PORT": str(free_port(None)),
            "MIDWATCH_SIMULATOR_PORT": str(free_port(None)),
            "MIDWATCH_PHONE_CALLS_PER_SECOND": "100",
            "TEMPORAL_ADDRESS": skipping.client.service_client.config.target_host,
        }
    )
    async with Stack(settings, search_attributes=TYPES, parts={"simulator", "api", "worker"}) as stack:
        town = Town(stack, configuration.load(STARTER_CONFIG))
        yield town
        await town.close()


async def pass_time(
    server: WorkflowEnvironment, workflow: WorkflowHandle[Any, Any], length: timedelta
) -> None:
    """Let so much time pass for a workflow, a minute at a time.

    A skipping clock overlooks a timer that is set in the very moment of its jump, and goes on to where it was
    told to go: that is never far.
    """
    minutes, rest = divmod(length, MINUTE)
    for _ in range(minutes):
        await server.fast_forward(workflow, MINUTE)
    if rest:
        await server.fast_forward(workflow, rest)
