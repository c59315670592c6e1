"""Overdue action items are swept up each working day (spec 9.6)."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

import storage.action_items
import storage.timeline
from domain.aftermath_jobs import StoreItems
from domain.incident import Status
from domain.jobs import WriteTimeline
from domain.messages import WORK_QUEUE
from domain.people import PersonRef
from domain.timeline import Entry, Kind
from tests.eventually import eventually
from tests.storage.test_action_items import an_item
from tests.storage.test_timeline import a_report
from tests.workflows.house import ALICE, BEN, ORGANISATION, House, skipping_server, working
from workflows.schedules import OVERDUE_ITEMS, ensure_schedules
from workflows.sweep import OverdueSweepWorkflow, Sweep, Swept

CHIARA = PersonRef(id="chiara", name="Chiara Lindqvist")
GONE = PersonRef(id="zoe", name="Zoe")


@pytest.fixture(scope="session")
async def server() -> AsyncIterator[WorkflowEnvironment]:
    async with skipping_server() as server:
        yield server


@pytest.fixture
async def house(server: WorkflowEnvironment, tmp_path: Path) -> AsyncIterator[House]:
    async with working(server, tmp_path) as house:
        yield house


def overdue(house: House) -> None:
    """Ben and Chiara have items that are overdue, Chiara one for long; Zoe has left."""
    now = datetime.now(UTC)
    report = a_report(status=Status.IN_PREVENTION).model_copy(update={"commander": ALICE})
    entry = Entry(sequence=1, at=now, kind=Kind.OPENED, text="It began.")
    storage.timeline.write(house.engine, WriteTimeline(report=report, entries=(entry,)))
    items = (
        an_item(1, owner=BEN, due_at=now - timedelta(days=1)),
        an_item(2, owner=CHIARA, due_at=now - timedelta(days=2)),
        an_item(3, owner=CHIARA, due_at=now - timedelta(days=9)),
        an_item(4, owner=GONE, due_at=now - timedelta(days=2)),
        an_item(5, owner=BEN, due_at=now + timedelta(days=1)),
    )
    work = StoreItems(incident_id=report.id, service=report.service, through=1, items=items)
    storage.action_items.store(house.engine, work)


async def sweep(client: Client, name: str) -> Swept:
    work = Sweep(time_zone="Europe/Berlin", rise_after=timedelta(days=7))
    swept: Swept = await client.execute_workflow(
        OverdueSweepWorkflow.run, work, id=f"sweep-{name}", task_queue=WORK_QUEUE
    )
    return swept


async def test_9_6_each_owner_is_told_once_a_day_and_the_commander_of_what_is_long_overdue(
    house: House,
) -> None:
    overdue(house)
    swept = await sweep(house.client, "first")
    assert set(swept.told) == {"Alice Moreau", "Ben Okafor", "Chiara Lindqvist"}
    assert (swept.not_told, swept.unreachable) == ((), ("zoe",))
    [chiara] = await house.told("chiara", "Overdue action items of yours")
    assert "item 2" in chiara
    assert "item 3" in chiara
    [alice] = await house.told("alice", "Overdue for long")
    assert "item 3" in alice
    assert "item 2" not in alice
    assert "item 5" not in " ".join(await house.told("ben", ""))
    # The same day again: nobody hears of anything twice.
    assert (await sweep(house.client, "second")).told == ()
    assert len(await house.messages()) == 3


async def test_9_6_with_nothing_overdue_nobody_is_told_anything(house: House) -> None:
    assert await sweep(house.client, "quiet") == Swept(told=(), not_told=(), unreachable=())
    assert await house.messages() == []


async def test_9_6_the_sweep_is_scheduled_for_each_working_day_and_stays_paused_if_somebody_paused_it(
    house: House,
) -> None:
    await ensure_schedules(house.client, ORGANISATION)
    handle = house.client.get_schedule_handle(OVERDUE_ITEMS)
    await handle.pause()
    moved = ORGANISATION.model_copy(update={"time_zone": "America/New_York"})
    await ensure_schedules(house.client, moved)
    schedule = (await handle.describe()).schedule
    assert schedule.state.paused
    await handle.unpause()

    async def comes() -> list[datetime]:
        return list((await handle.describe()).info.next_action_times)

    times = await eventually(comes)
    assert {at.weekday() for at in times} <= {0, 1, 2, 3, 4}
    assert {at.astimezone(UTC).hour for at in times} <= {13, 14}  # nine in New York, summer and winter
    overdue(house)
    await handle.trigger()

    async def told() -> list[str]:
        return await house.told("ben", "Overdue action items of yours")

    await eventually(told)
    await handle.delete()
