"""Hours of an incident in seconds: the real workflow on a server whose clock can be skipped."""

from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from temporalio.testing import TimeSkippingConfig, WorkflowEnvironment

import configuration
import settings as environment
from domain.timeline import Entry, Kind
from settings import EXAMPLE_CONFIG
from stack.ports import free_port
from stack.stack import Stack
from stack.temporal import find_executable
from tests.whole.town import BUSY, LINE_DOWN, UNDELIVERABLE, Town
from workflows.search_attributes import TYPES

ROUNDS_AN_HOUR = 4
"""Three rungs of five minutes each."""

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
    """The example organisation with its true windows, on that server."""
    settings = environment.load(
        {
            "MIDWATCH_DATA_DIR": str(tmp_path / "data"),
            "MIDWATCH_API_PORT": str(free_port(None)),
            "MIDWATCH_SIMULATOR_PORT": str(free_port(None)),
            "MIDWATCH_PHONE_CALLS_PER_SECOND": "100",
            "TEMPORAL_ADDRESS": skipping.client.service_client.config.target_host,
        }
    )
    async with Stack(settings, search_attributes=TYPES, parts={"simulator", "api", "worker"}) as stack:
        town = Town(stack, configuration.load(EXAMPLE_CONFIG))
        yield town
        await town.close()


def rungs(entries: list[Entry]) -> list[Entry]:
    return [entry for entry in entries if entry.kind in (Kind.RUN, Kind.RUNG)]


@pytest.mark.timeout(240)
async def test_3_2_a_night_in_which_nobody_answers_is_paged_through_to_the_morning(
    night: Town, skipping: WorkflowEnvironment
) -> None:
    hours = 4
    await night.everybody(BUSY)
    incident = await night.alert()
    handle = await night.handle(incident)
    await skipping.fast_forward(handle, timedelta(hours=hours))
    report = await night.report(incident)
    entries = await night.timeline(incident)

    assert report.faults == {}
    assert report.ladder is not None
    assert report.ladder.round >= hours * ROUNDS_AN_HOUR - 1
    assert [entry.sequence for entry in entries] == list(range(1, len(entries) + 1))

    # On the first two rungs the busy line and the delivered message leave the window to run its course.
    begun = rungs(entries)
    names = [entry.data["rung"] for entry in begun]
    expected = ["primary", "secondary", "manager"]
    assert names == [expected[number % 3] for number in range(len(names))]
    windows = [(after.at - before.at).total_seconds() for before, after in pairwise(begun)]
    assert min(windows) >= 300
    assert max(windows) <= 300 + 62

    # After the third round the fallback is told, at the end of every round, and paging goes on.
    told = [entry for entry in entries if entry.kind is Kind.PAGE and entry.person == "fallback"]
    assert len(told) == report.ladder.round - 3
    assert "Texting Storefront duty phone (fallback)" in told[0].text
    calls = await night.calls(incident, "alice")
    assert len(calls) == report.ladder.round


@pytest.mark.timeout(240)
async def test_13_3_a_night_of_dead_lines_neither_spins_nor_stops(
    night: Town, skipping: WorkflowEnvironment
) -> None:
    await night.everybody(LINE_DOWN, UNDELIVERABLE)
    incident = await night.alert()
    await skipping.fast_forward(await night.handle(incident), timedelta(hours=1))
    report = await night.report(incident)
    assert report.faults == {}
    assert report.ladder is not None
    # The last rung of a round waits its window; the others are left as soon as the carrier's word is in,
    # which by a clock that skips may be at the window's end.
    assert 4 <= report.ladder.round <= 13
