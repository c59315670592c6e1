"""What postmortem and review have in common: Temporal's own page, cut histories, a database that is away."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowHandle
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment

from domain.incident import IncidentNow
from domain.messages import POSTMORTEM_WORKFLOW, WORK_QUEUE
from domain.timeline import Kind
from policy import postmortem
from policy.report import report
from stack.temporal import find_executable
from tests.eventually import eventually
from tests.workflows.house import BEN, House, closing_incident, working
from workflows import search_attributes
from workflows.search_attributes import COMMANDER, DEADLINE, SERVICE, SEVERITY, STATUS


@pytest.fixture(scope="module")
async def early() -> AsyncIterator[WorkflowEnvironment]:
    """A server in real time that suggests to cut histories early."""
    arguments = [
        word
        for name, kind in search_attributes.TYPES.items()
        for word in ("--search-attribute", f"{name}={kind}")
    ]
    arguments += ["--dynamic-config-value", "limit.historyCount.suggestContinueAsNew=60"]
    async with await WorkflowEnvironment.start_local(
        dev_server_existing_path=str(find_executable({})),
        dev_server_extra_args=arguments,
        dev_server_log_level="error",
        data_converter=pydantic_data_converter,
    ) as server:
        yield server


@pytest.fixture
async def house(early: WorkflowEnvironment, tmp_path: Path) -> AsyncIterator[House]:
    async with working(early, tmp_path) as house:
        yield house


async def timers(client: Client, handle: WorkflowHandle[Any, Any]) -> list[str]:
    """The names of the timers in its history."""
    names = []
    async for event in handle.fetch_history_events():
        if event.event_type == EventType.EVENT_TYPE_TIMER_STARTED:
            names += await client.data_converter.decode([event.user_metadata.summary], [str])
    return names


async def test_12_1_temporals_page_tells_state_and_names_every_timer(house: House) -> None:
    case = await house.postmortem(closing_incident())

    async def shown() -> bool:
        described = await case.handle.describe()
        return described.typed_search_attributes.get(DEADLINE) is not None

    await eventually(shown)
    attributes = (await case.handle.describe()).typed_search_attributes
    incident = await case.now()
    assert attributes[STATUS] == "in review"
    assert (attributes[SEVERITY], attributes[SERVICE]) == (incident.severity, "checkout")
    assert attributes[COMMANDER] == "Alice Moreau"
    assert incident.resolved_at
    assert abs(attributes[DEADLINE] - incident.resolved_at - timedelta(days=1)) < timedelta(seconds=1)

    async def named() -> bool:
        return "reminder: postmortem draft" in await timers(house.client, case.handle)

    await eventually(named)
    await case.handle.terminate()


async def test_history_is_cut_and_the_deadlines_go_on(house: House) -> None:
    case = await house.postmortem(closing_incident())
    first = (await case.handle.describe()).run_id
    for number in range(12):
        await case.act({"verb": "write", "sections": {"summary": f"Version {number}"}}, key=f"write:{number}")

    async def cut() -> bool:
        return (await case.handle.describe()).run_id != first

    await eventually(cut)

    again = await case.act({"verb": "write", "sections": {"summary": "Version 3"}}, key="write:3")
    written = await case.handle.query("manuscript")
    assert written["sections"]["summary"] == "Version 11"
    assert again.said.accepted
    entries = await case.timeline()
    assert [entry.sequence for entry in entries] == list(range(1, len(entries) + 1))
    assert sum(entry.kind is Kind.POSTMORTEM for entry in entries) == 12
    assert (await case.now()).faults == {}
    await case.handle.terminate()


async def test_a_deadline_is_waited_for_although_nothing_has_happened_since_history_was_cut(
    house: House,
) -> None:
    incident = closing_incident()
    state = postmortem.begin(incident, report(incident, None, datetime.now(UTC)), datetime.now(UTC))
    state.began, state.papers = True, ()
    handle = await house.client.start_workflow(
        POSTMORTEM_WORKFLOW, state, id=f"postmortem/{state.id}", task_queue=WORK_QUEUE
    )

    async def waits() -> bool:
        return "reminder: postmortem draft" in await timers(house.client, handle)

    await eventually(waits)
    await handle.terminate()


async def test_what_follows_is_announced_in_chat_and_waits_while_chat_is_away(
    early: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with working(early, tmp_path, chat=True) as house:
        (await house.world.put("/control/slack/channels/incidents", json={})).raise_for_status()
        (await house.world.put("/control/slack", json={"fail_with": 503})).raise_for_status()
        case = await house.postmortem(closing_incident(chat=True))

        async def away() -> bool:
            return (await case.now()).chat_away_since is not None

        await eventually(away)
        # Nothing else waits for it.
        await eventually(lambda: house.told("ben", "writes the postmortem: "))
        await case.act({"verb": "owner", "owner": "chiara"})
        await house.world.put("/control/slack", json={})

        async def announced() -> list[str]:
            found = await house.world.get("/control/slack/messages", params={"channel": "incidents"})
            texts = [message["text"] for message in found.json() if not message["subtype"]]
            return texts if len(texts) >= 2 else []

        first, second = await eventually(announced, within=30)
        assert "writes the postmortem: " in first
        assert "writes the postmortem: " in second
        assert (await case.now()).chat_away_since is None
        await case.handle.terminate()


async def test_13_3_without_the_database_everything_but_the_past_goes_on(house: House) -> None:
    database = house.data / "midwatch.db"
    case = await house.postmortem(closing_incident(owner=None))
    await eventually(lambda: house.told("alice", "Name somebody who writes it"))
    await case.timeline()
    away = database.with_suffix(".away")
    house.engine.dispose()
    await asyncio.to_thread(_swap, database, away)
    done = await case.act({"verb": "owner", "owner": "ben"})
    assert done.report.postmortem_owner == BEN
    await eventually(lambda: house.told("ben", "writes the postmortem: "))
    now: IncidentNow = await case.handle.query("now", result_type=IncidentNow)
    assert now.pending
    await asyncio.to_thread(_swap, away, database)
    entries = await case.timeline()
    assert any("Ben Okafor writes the postmortem" in entry.text for entry in entries)
    await case.handle.terminate()


def _swap(here: Path, there: Path) -> None:
    """Move the database away, with a directory in its place, or back."""
    if there.is_dir():
        there.rmdir()
    here.rename(there)
    if there.suffix == ".away":
        here.mkdir()
