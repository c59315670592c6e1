"""Duties are supervised (spec 13.3), and histories are cut without anything being forgotten."""

from pathlib import Path

from temporalio.client import Client

from domain.timeline import Kind
from tests.eventually import eventually
from tests.workflows.broken import WithABrokenDuty
from tests.workflows.crew import crew


async def test_13_3_a_duty_that_raises_does_not_stop_the_pages_and_is_shown(
    client: Client, tmp_path: Path
) -> None:
    async with crew(client, tmp_path, WithABrokenDuty) as ship:
        handle = await ship.open()

        async def next_rung() -> bool:
            return len({call["to"] for call in await ship.calls()}) >= 2

        await eventually(next_rung)
        now = await ship.now(handle)
        stored = await eventually(lambda: ship.stored(now.report.id))
        await handle.terminate()
    assert now.report.faults["broken"] >= 1
    assert list(now.report.faults) == ["broken"]
    assert any(entry.kind is Kind.FAULT and "nobody wrote this part" in entry.text for entry in stored)


async def test_history_is_cut_while_people_are_paged_and_nothing_is_forgotten(
    client: Client, tmp_path: Path
) -> None:
    async with crew(client, tmp_path) as ship:
        handle = await ship.open()
        first = (await handle.describe()).run_id

        async def continued() -> bool:
            return (await handle.describe()).run_id != first

        await eventually(continued, within=90)
        before = await ship.now(handle)
        calls = len(await ship.calls())

        async def goes_on() -> bool:
            return len(await ship.calls()) > calls

        await eventually(goes_on)
        after = await ship.now(handle)

        async def all_stored() -> bool:
            stored = await ship.stored(after.report.id)
            return len(stored) > 20 and [e.sequence for e in stored] == list(range(1, len(stored) + 1))

        await eventually(all_stored)
        await handle.terminate()
    assert after.report.id == before.report.id
    assert after.report.ladder is not None
    assert after.report.ladder.run == 1
    numbers = [attempt.id for attempt in after.report.ladder.attempts]
    assert numbers == sorted(set(numbers))
    assert after.report.faults == {}
