"""What follows an incident, through the API (spec 9.2 to 9.6), with a real worker and a real database."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from temporalio.testing import WorkflowEnvironment

import settings as environment
import storage.timeline
from api import errors
from api.deps import Parts
from api.incidents import IncidentGateway
from api.past import Past
from api.postmortems import PostmortemGateway
from api.v1 import postmortems
from domain.incident import Status
from domain.jobs import WriteTimeline
from domain.timeline import Entry, Kind
from tests.eventually import eventually
from tests.make import a_rota
from tests.storage.test_timeline import a_report
from tests.workflows.house import ORGANISATION, Case, House, closing_incident, skipping_server, working


@pytest.fixture(scope="session")
async def server() -> AsyncIterator[WorkflowEnvironment]:
    async with skipping_server() as server:
        yield server


@pytest.fixture
async def house(server: WorkflowEnvironment, tmp_path: Path) -> AsyncIterator[House]:
    async with working(server, tmp_path) as house:
        yield house


@pytest.fixture
async def case(house: House) -> AsyncIterator[Case]:
    case = await house.postmortem(closing_incident())
    yield case
    await case.handle.terminate()


@pytest.fixture
async def api(house: House) -> AsyncIterator[httpx.AsyncClient]:
    past = Past(house.engine)
    rota = a_rota(ORGANISATION, house.data)
    app = FastAPI()
    errors.install(app)
    app.include_router(postmortems.router, prefix="/incidents")
    app.include_router(postmortems.actions, prefix="/actions")
    app.state.parts = Parts(environment.load({}), rota, IncidentGateway(house.client, rota, past), past)
    app.state.postmortems = PostmortemGateway(house.client, past)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://api") as client:
        yield client


NOW = datetime.now(UTC)


def an_item(**more: Any) -> dict[str, Any]:
    return {
        "by": "ben",
        "text": "Alert when a certificate is valid for less than 14 days",
        "kind": "detection",
        "owner": "chiara",
        "due_at": (datetime.now(UTC) + timedelta(days=9)).isoformat(),
        "priority": "P1",
        "done_when": "the alert fires in the staging drill",
        "verified_by": "the drill's record",
    } | more


async def test_what_is_written_can_be_read_at_once(api: httpx.AsyncClient, case: Case) -> None:
    body = {
        "by": "ben",
        "sections": {"summary": "Checkout failed.", "impact": "Nobody paid."},
        "submit": True,
    }
    answer = await api.post(f"/incidents/{case.id}/postmortem/write", json=body)
    assert answer.status_code == 200, answer.text
    page = (await api.get(f"/incidents/{case.id}/postmortem")).json()
    assert page["manuscript"]["sections"]["summary"] == "Checkout failed."
    assert page["postmortem"]["stage"] == "meeting"
    assert page["report"]["status"] == "in review"
    assert "'five whys' is not written (whys)" in page["manuscript"]["lacks"]


async def test_9_5_each_lack_of_an_action_item_is_a_fault_of_its_own(
    api: httpx.AsyncClient, case: Case
) -> None:
    answer = await api.post(f"/incidents/{case.id}/actions", json={"by": "ben", "text": "Improve monitoring"})
    assert answer.status_code == 422
    assert answer.json()["error"] == "invalid"
    faults = {fault["path"] for fault in answer.json()["faults"]}
    assert faults == {"text", "kind", "owner", "due_at", "priority", "done_when", "verified_by"}
    assert (await api.get(f"/incidents/{case.id}/actions")).json() == []


async def test_an_action_item_is_added_settled_and_listed_with_those_of_all_incidents(
    api: httpx.AsyncClient, case: Case
) -> None:
    for owner in ("chiara", "dev"):
        added = await api.post(f"/incidents/{case.id}/actions", json=an_item(owner=owner))
        assert added.status_code == 200, added.text
    body = {"by": "dev", "outcome": "dropped", "reason": "the exporter has it"}
    settled = await api.post(f"/incidents/{case.id}/actions/2/settle", json=body)
    assert settled.status_code == 200, settled.text
    again = await api.post(f"/incidents/{case.id}/actions/2/settle", json=body | {"reason": "twice"})
    assert again.status_code == 409
    assert "is dropped already" in again.json()["detail"]

    async def listed() -> bool:
        found = (await api.get("/actions", params={"state": "dropped"})).json()["items"]
        return [one["item"]["owner"]["id"] for one in found] == ["dev"]

    await eventually(listed)
    mine = (await api.get("/actions", params={"owner": "chiara"})).json()["items"]
    assert [one["incident_id"] for one in mine] == [case.id]
    assert (await api.get("/actions", params={"overdue": True})).json()["items"] == []


async def test_a_request_repeated_with_its_key_is_done_once(api: httpx.AsyncClient, case: Case) -> None:
    body, key = an_item(), {"Idempotency-Key": "again"}
    for _ in range(2):
        answer = await api.post(f"/incidents/{case.id}/actions", json=body, headers=key)
        assert answer.status_code == 200, answer.text
    assert len((await api.get(f"/incidents/{case.id}/actions")).json()) == 1


async def test_9_6_the_review_before_the_postmortem_is_refused_with_what_is_possible(
    api: httpx.AsyncClient, case: Case
) -> None:
    answer = await api.post(f"/incidents/{case.id}/review/hold", json={"by": "ben"})
    assert answer.status_code == 409
    assert answer.json()["state"] == "in review"
    assert "possible now: owner, write" in answer.json()["detail"]


async def test_an_unknown_person_is_told_with_those_who_are_known(api: httpx.AsyncClient, case: Case) -> None:
    meeting = {"by": "ben", "on": NOW.isoformat(), "attendees": ["alice", "zoe"]}
    for address, body, path in (
        ("owner", {"by": "ben", "owner": "zoe"}, "owner"),
        ("owner", {"by": "zoe", "owner": "ben"}, "by"),
        ("meeting", meeting, "attendees.1"),
    ):
        answer = await api.post(f"/incidents/{case.id}/postmortem/{address}", json=body)
        assert answer.status_code == 422
        assert [fault["path"] for fault in answer.json()["faults"]] == [path]
        assert "alice, ben" in answer.json()["detail"]


async def test_between_the_room_and_the_postmortem_one_is_asked_to_try_again(
    api: httpx.AsyncClient, house: House
) -> None:
    report = a_report(status=Status.IN_REVIEW)
    entry = Entry(sequence=1, at=report.opened_at, kind=Kind.OPENED, text="It began.")
    work = WriteTimeline(report=report, entries=(entry,))
    await asyncio.to_thread(storage.timeline.write, house.engine, work)
    answer = await api.post(f"/incidents/{report.id}/actions", json=an_item())
    assert answer.status_code == 503
    assert "try again" in answer.json()["detail"]


async def test_an_incident_that_has_not_come_to_a_postmortem_is_told_so(
    api: httpx.AsyncClient, house: House
) -> None:
    report = a_report(status=Status.RESPONDING)
    entry = Entry(sequence=1, at=report.opened_at, kind=Kind.OPENED, text="It began.")
    work = WriteTimeline(report=report, entries=(entry,))
    await asyncio.to_thread(storage.timeline.write, house.engine, work)
    for answer in (
        await api.get(f"/incidents/{report.id}/postmortem"),
        await api.post(f"/incidents/{report.id}/actions", json=an_item()),
    ):
        assert answer.status_code == 404
        assert answer.json()["error"] == "no_postmortem"
        assert "responding" in answer.json()["detail"]
    unknown = await api.get("/incidents/checkout.nothing.zzzzz/postmortem")
    assert (unknown.status_code, unknown.json()["error"]) == (404, "unknown_incident")
    assert (await api.get("/incidents/nonsense/postmortem")).status_code == 404
