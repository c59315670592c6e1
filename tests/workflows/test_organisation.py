"""Whom an incident pages, by the organisation's own configuration: machines first, several services, shifts
that change hands meanwhile. A real server, a real worker, a carrier that takes real requests."""

import asyncio
import hashlib
import hmac
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml
from temporalio.client import Client, WorkflowHandle

import configuration
import storage.overrides
from domain.acts import Acting, AddService
from domain.entries import AutomatedResponseEntry
from domain.incident import IncidentReport, Status
from domain.ladder import Outcome
from domain.messages import AttachAlert, Done
from domain.oncall import Override
from domain.organisation import Organisation
from domain.people import PersonRef
from domain.timeline import Kind
from policy.opening import person_of, service_of
from policy.roster import rungs_for, staffed
from policy.tempo import compressed
from settings import EXAMPLE_CONFIG
from tests.eventually import eventually
from tests.make import an_alert
from tests.workflows.crew import Crew, crew, start

ON_CALL = {
    "storefront-primary": "alice",
    "storefront-secondary": "ben",
    "core-primary": "ivan",
    "core-secondary": "kai",
    "incident-commanders": "jo",
}
ALICE = PersonRef(id="alice", name="Alice Moreau")


@pytest.fixture(scope="module")
def organisation() -> Organisation:
    """The example organisation, a minute of it in two seconds."""
    return compressed(configuration.load(EXAMPLE_CONFIG), 30)


@asynccontextmanager
async def at_work(client: Client, place: Path, organisation: Organisation) -> AsyncIterator[Crew]:
    file = place / "midwatch.yaml"
    file.write_text(yaml.safe_dump(organisation.model_dump(mode="json")), encoding="utf-8")
    async with crew(client, place / "data", config=file) as ship:
        yield ship


async def opened(
    client: Client, organisation: Organisation, on_call: dict[str, str | None] | None = None, **alert: Any
) -> WorkflowHandle[Any, Any]:
    found = an_alert(name=f"Rule{datetime.now(UTC):%M%S%f}", **alert)
    return await start(client, found, organisation, {**ON_CALL, **(on_call or {})})


async def report(ship: Crew, handle: WorkflowHandle[Any, Any]) -> IncidentReport:
    return (await ship.now(handle)).report


async def rung(ship: Crew, handle: WorkflowHandle[Any, Any], number: int) -> IncidentReport:
    """The incident as soon as the ladder has come to this rung."""

    async def there() -> IncidentReport | None:
        found = await report(ship, handle)
        return found if found.ladder and found.ladder.at >= number else None

    return await eventually(there, within=40, what=f"rung {number}")


def phoned(found: IncidentReport) -> list[str]:
    assert found.ladder is not None
    return list(dict.fromkeys(attempt.person for attempt in found.ladder.attempts))


class Repairer:
    """A webhook of somebody's that is asked to repair."""

    def __init__(self) -> None:
        self.asked: list[tuple[dict[str, str], bytes]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.asked.append((dict(self.headers), body))
                self.send_response(202)
                self.end_headers()

            def log_message(self, *_said: object) -> None:
                """Nobody reads it."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/restart"


@contextmanager
def repairer() -> Iterator[Repairer]:
    found = Repairer()
    thread = threading.Thread(target=found.server.serve_forever, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        found.server.shutdown()
        found.server.server_close()
        thread.join()


def repaired_by(organisation: Organisation, url: str, within: timedelta) -> Organisation:
    response = AutomatedResponseEntry.model_validate({"url": url, "within": within})
    service = organisation.services["checkout"].model_copy(update={"automated_response": response})
    return organisation.model_copy(update={"services": {**organisation.services, "checkout": service}})


async def test_3_1_what_repairs_itself_in_time_wakes_nobody(
    client: Client, tmp_path: Path, organisation: Organisation
) -> None:
    with repairer() as hook:
        mending = repaired_by(organisation, hook.url, timedelta(minutes=5))
        async with at_work(client, tmp_path, mending) as ship:
            found = an_alert(name="RepairsItself", severity="P1")
            handle = await start(client, found, mending, ON_CALL)

            async def asked() -> bool:
                return bool(hook.asked)

            await eventually(asked, what="the automated response asked")
            waiting = await report(ship, handle)
            resolved = found.model_copy(update={"status": "resolved", "received_at": datetime.now(UTC)})
            await handle.signal("attach_alert", AttachAlert(alert=resolved))
            ended = IncidentReport.model_validate(await handle.result())
            calls = await ship.calls()
            timeline = [entry.text for entry in await ship.stored(ended.id)]
    assert waiting.status is Status.DETECTED
    assert any("automated response" in deadline.name for deadline in waiting.deadlines)
    assert (ended.status, calls) == (Status.CLOSED, [])
    assert len(hook.asked) == 1
    headers, body = hook.asked[0]
    secret = (tmp_path / "data" / "webhook-secret").read_text().strip().encode()
    assert headers["X-Midwatch-Signature"] == hmac.new(secret, body, hashlib.sha256).hexdigest()
    assert headers["Idempotency-Key"] == f"{ended.id}/0"
    assert any("automated response repaired it" in text for text in timeline)


async def test_3_1_what_does_not_repair_itself_in_time_is_paged_for(
    client: Client, tmp_path: Path, organisation: Organisation
) -> None:
    with repairer() as hook:
        mending = repaired_by(organisation, hook.url, timedelta(seconds=3))
        async with at_work(client, tmp_path, mending) as ship:
            handle = await opened(client, mending, severity="P1")
            found = await rung(ship, handle, 0)
            await handle.terminate()
    assert hook.asked, "it was tried first"
    assert found.ladder is not None
    assert found.ladder.began_at >= found.opened_at + timedelta(seconds=3)
    assert phoned(found) == ["alice"]


async def test_3_1_for_the_worst_people_are_paged_beside_the_automated_response(
    client: Client, tmp_path: Path, organisation: Organisation
) -> None:
    with repairer() as hook:
        mending = repaired_by(organisation, hook.url, timedelta(hours=1))
        async with at_work(client, tmp_path, mending) as ship:
            handle = await opened(client, mending, severity="P0")
            found = await rung(ship, handle, 0)

            async def asked() -> bool:
                return bool(hook.asked)

            await eventually(asked)
            await handle.terminate()
    assert phoned(found) == ["alice"]


async def test_3_1_a_webhook_that_is_dead_stops_nobody(
    client: Client, tmp_path: Path, organisation: Organisation
) -> None:
    mending = repaired_by(organisation, "http://127.0.0.1:1/nobody", timedelta(seconds=3))
    async with at_work(client, tmp_path, mending) as ship:
        handle = await opened(client, mending, severity="P1")
        found = await rung(ship, handle, 0)
        stored = await eventually(lambda: ship.stored(found.id))
        await handle.terminate()
    assert phoned(found) == ["alice"]
    assert any("cannot be reached" in entry.text for entry in stored)


async def test_2_1_who_takes_over_while_the_ladder_is_climbed_is_paged_and_not_who_was_on_call_before(
    client: Client, tmp_path: Path, organisation: Organisation
) -> None:
    async with at_work(client, tmp_path, organisation) as ship:
        handle = await opened(client, organisation, severity="P0")
        await rung(ship, handle, 0)
        now = datetime.now(UTC)
        swap = Override(
            id=0,
            schedule="storefront-secondary",
            person="fatima",
            begins=now - timedelta(minutes=1),
            ends=now + timedelta(hours=8),
            by=ALICE,
            made_at=now,
        )
        await asyncio.to_thread(storage.overrides.add, ship.engine, swap, "swap")
        found = await rung(ship, handle, 1)

        async def known() -> IncidentReport | None:
            latest = await report(ship, handle)
            return latest if "fatima" in phoned(latest) else None

        found = await eventually(known, within=40, what="the new secondary paged")
        await handle.terminate()
    assert found.ladder is not None
    assert "fatima" in found.ladder.rungs[1].people
    assert "ben" not in found.ladder.rungs[1].people


async def test_3_5_what_customers_report_calls_the_first_two_rungs_at_once(
    client: Client, tmp_path: Path, organisation: Organisation
) -> None:
    async with at_work(client, tmp_path, organisation) as ship:
        handle = await opened(client, organisation, severity="P1", by_customer=True)
        found = await rung(ship, handle, 1)
        await handle.terminate()
    assert set(phoned(found)) == {"alice", "chiara", "ben"}
    assert found.by_customer


async def test_1_4_data_loss_calls_everybody_up_to_the_director_at_once(
    client: Client, tmp_path: Path, organisation: Organisation
) -> None:
    async with at_work(client, tmp_path, organisation) as ship:
        handle = await opened(client, organisation, severity="P2", data_loss=True)
        found = await rung(ship, handle, 3)
        await handle.terminate()
    assert found.severity == "P0"
    assert set(phoned(found)) == {"alice", "chiara", "ben", "dev", "ivan", "vera", "jo"}


async def test_3_5_a_further_service_pages_its_own_on_call_also_after_somebody_has_the_incident(
    client: Client, tmp_path: Path, organisation: Organisation
) -> None:
    async with at_work(client, tmp_path, organisation) as ship:
        handle = await opened(client, organisation, severity="P1")
        found = await rung(ship, handle, 0)
        await handle.execute_update("acknowledge", _answer(found.id), id="ack", result_type=Done)
        rungs = staffed(rungs_for(organisation, ["payments"]), ON_CALL)
        people = dict.fromkeys(person for each in rungs for person in each.people)
        acting = Acting(
            source_id="more",
            incident_id=found.id,
            by=ALICE,
            at=datetime.now(UTC),
            act=AddService(service=service_of(organisation, "payments"), rungs=rungs),
            contacts=tuple(person_of(organisation, person) for person in people),
        )
        done: Done = await handle.execute_update("act", acting, id="more", result_type=Done)
        again: Done = await handle.execute_update("act", acting, id="more again", result_type=Done)

        async def called() -> IncidentReport | None:
            latest = await report(ship, handle)
            return latest if latest.ladder and latest.ladder.run == 2 and phoned(latest) else None

        found = await eventually(called)
        await handle.terminate()
    assert "Payments" in done.said.text
    assert again.said == done.said, "said twice, done once"
    assert phoned(found)[0] == "ivan"
    assert found.service_name == "Checkout, Payments"
    assert found.commander == ALICE


def _answer(incident: str) -> Any:
    from domain.messages import Answer

    return Answer(source_id="ack", incident_id=incident, by=ALICE, via="test", at=datetime.now(UTC))


async def test_3_2_a_rung_where_nobody_is_on_call_is_passed_over_at_once(
    client: Client, tmp_path: Path, organisation: Organisation
) -> None:
    async with at_work(client, tmp_path, organisation) as ship:
        handle = await opened(client, organisation, {"storefront-primary": None}, severity="P0")
        found = await rung(ship, handle, 1)
        await handle.terminate()
    assert found.ladder is not None
    assert all(attempt.outcome is not Outcome.WITHDRAWN for attempt in found.ladder.attempts)
    assert "alice" not in phoned(found)
    assert found.ladder.attempts[0].requested_at - found.opened_at < timedelta(seconds=5)


async def test_1_6_what_can_wait_for_the_next_business_day_says_when_people_hear_of_it(
    client: Client, tmp_path: Path, organisation: Organisation
) -> None:
    async with at_work(client, tmp_path, organisation) as ship:
        handle = await opened(client, organisation, severity="P3")

        async def told() -> IncidentReport | None:
            found = await report(ship, handle)
            return found if found.next_deadline else None

        found = await eventually(told)
        calls = await ship.calls()
        stored = await eventually(lambda: ship.stored(found.id))
        await handle.terminate()
    assert found.next_deadline is not None
    assert "next business day" in found.next_deadline.name
    assert calls == []
    assert not [entry for entry in stored if entry.kind is Kind.PAGE]
