"""Incidents over HTTP, with a worker and without."""

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from temporalio.client import Client

from domain.organisation import Organisation
from stack.ports import free_port
from tests.api.conftest import House, house, working
from tests.eventually import eventually


async def say(built: House, incident: str, verb: str, **body: Any) -> httpx.Response:
    return await built.http.post(f"/api/v1/incidents/{incident}/{verb}", json={"by": "ben"} | body)


async def test_an_incident_is_declared_taken_resolved_and_closed(attended: House) -> None:
    declared = await attended.http.post(
        "/api/v1/incidents",
        json={"title": "Payments fail", "declared_by": "alice", "severity": "P2", "key": "life", "note": "x"},
    )
    assert declared.status_code == 201
    incident = declared.json()["id"]
    assert declared.headers["Location"] == f"/api/v1/incidents/{incident}"
    assert declared.json()["report"]["title"] == "Payments fail"

    taken = await say(attended, incident, "acknowledge")
    assert taken.json()["said"]["accepted"], taken.text
    assert taken.json()["report"]["commander"] == {"id": "ben", "name": "Ben Okafor"}
    assert (await say(attended, incident, "escalate", reason="help")).json()["said"]["accepted"]
    resolved = await say(attended, incident, "resolve", resolution="Rolled back")
    assert resolved.json()["report"]["status"] == "resolved"
    assert (await say(attended, incident, "close")).json()["report"]["status"] == "closed"

    async def is_written() -> bool:
        return bool((await attended.report(incident))["status"] == "closed")

    await eventually(is_written)
    entries = (await attended.http.get(f"/api/v1/incidents/{incident}/timeline")).json()
    alert = next(entry for entry in entries["entries"] if entry["kind"] == "alert")
    assert alert["data"]["alert"]["extra"] == {"declared_by": "Alice Moreau", "note": "x"}


async def test_what_the_state_does_not_allow_is_a_conflict_that_tells_the_state(attended: House) -> None:
    incident = await attended.alert("conflict")
    early = await say(attended, incident, "close")
    assert (early.status_code, early.json()["error"], early.json()["state"]) == (
        409,
        "impossible",
        "detected",
    )
    await say(attended, incident, "resolve", resolution="x")
    late = await say(attended, incident, "acknowledge")
    assert (late.status_code, late.json()["state"]) == (409, "resolved")


async def test_a_closed_incident_says_that_it_is_closed(attended: House) -> None:
    incident = await attended.alert("closed", severity="P2")
    await say(attended, incident, "resolve", resolution="x")
    await say(attended, incident, "close")

    await attended.until_over(incident)
    answer = await say(attended, incident, "acknowledge")
    assert (answer.status_code, answer.json()["state"]) == (409, "closed")
    successor = await attended.alert("closed")
    assert successor != incident
    assert (await say(attended, incident, "escalate")).json()["state"] == "closed"
    assert (await attended.report(incident))["status"] == "closed"
    await attended.end(successor)


@pytest.mark.parametrize("incident", ["checkout.nothing.k3f9a", "not-an-id", "checkout.x.ABC", "%00"])
async def test_an_unknown_incident_is_not_found(attended: House, incident: str) -> None:
    path = f"/api/v1/incidents/{incident}"
    answers = [
        await attended.http.get(path),
        await attended.http.get(f"{path}/timeline"),
        await attended.http.get(f"{path}/stream"),
        await attended.http.post(f"{path}/acknowledge", json={"by": "ben"}),
    ]
    assert [(a.status_code, a.json()["error"]) for a in answers] == [(404, "unknown_incident")] * 4


async def test_another_nonce_is_another_incident(attended: House) -> None:
    incident = await attended.alert("nonce")
    other = f"{incident.rpartition('.')[0]}.zzzzz"
    assert (await attended.http.get(f"/api/v1/incidents/{other}")).status_code == 404
    assert (await say(attended, other, "acknowledge")).status_code == 404
    assert (await attended.report(incident))["status"] == "detected"
    await attended.end(incident)


async def test_the_same_request_twice_is_done_once(attended: House) -> None:
    incident = await attended.alert("twice")
    url = f"/api/v1/incidents/{incident}/escalate"
    headers = {"Idempotency-Key": "k1"}
    for _ in range(2):
        answer = await attended.http.post(url, json={"by": "ben", "reason": "once"}, headers=headers)
        assert answer.json()["said"]["accepted"]
        assert answer.headers["Idempotency-Key"] == "k1"
    taken = await attended.http.post(
        url.replace("escalate", "acknowledge"), json={"by": "ben"}, headers=headers
    )
    assert taken.json()["said"]["text"] == "You have it. Nobody else is paged."
    entries = (await attended.http.get(f"/api/v1/incidents/{incident}/timeline")).json()["entries"]
    assert len([entry for entry in entries if "escalated: once" in json.dumps(entry)]) == 1
    await attended.end(incident)


async def test_a_resolution_of_what_nobody_was_paged_for_opens_nothing(served: House) -> None:
    body = {"title": "x", "key": "never-fired", "status": "resolved"}
    answer = await served.http.post("/ingest/generic", json=body)
    assert (answer.status_code, answer.json()) == (202, {"accepted": 1, "incidents": []})


async def test_alerts_of_one_rule_and_service_join(served: House) -> None:
    first, second = await served.alert("joined"), await served.alert("joined")
    assert first == second
    await served.end(first)


async def test_without_any_worker_an_alert_is_taken_and_can_be_read_at_once(served: House) -> None:
    incident = await served.alert("nobody-works", severity="critical", drill=True)
    report, timeline = await asyncio.gather(
        served.report(incident), served.http.get(f"/api/v1/incidents/{incident}/timeline")
    )
    assert (report["title"], report["severity"], report["rank"]) == ("Payments fail", "P0", 1)
    assert (report["status"], report["service_name"], report["drill"]) == ("detected", "Checkout", True)
    assert timeline.json() == {"entries": [], "next_after": None, "complete": False}
    await served.end(incident)


async def test_without_any_worker_a_verb_says_so_and_counts_once_when_it_is_repeated(served: House) -> None:
    incident = await served.alert("verb-without-worker")
    first = await say(served, incident, "acknowledge")
    assert (first.status_code, first.json()["error"]) == (503, "no_worker")
    assert int(first.headers["Retry-After"]) > 0
    key = {"Idempotency-Key": first.headers["Idempotency-Key"]}
    async with working(served):
        url = f"/api/v1/incidents/{incident}/acknowledge"
        again = await served.http.post(url, json={"by": "ben"}, headers=key)
        assert again.json()["said"] == {"accepted": True, "text": "You have it. Nobody else is paged."}
    await served.end(incident)


async def test_incidents_are_listed_once_they_are_written_down(attended: House) -> None:
    incident = await attended.alert("listed")

    async def listed() -> bool:
        answer = await attended.http.get(
            "/api/v1/incidents", params={"status": ["detected"], "service": "checkout", "limit": 200}
        )
        return incident in [report["id"] for report in answer.json()["incidents"]]

    await eventually(listed)
    other = await attended.http.get("/api/v1/incidents", params={"service": "catalogue", "limit": 200})
    assert incident not in [report["id"] for report in other.json()["incidents"]]
    answer = await attended.http.get("/api/v1/incidents", params={"cursor": "nonsense"})
    assert (answer.status_code, answer.json()["faults"][0]["path"]) == (422, "query.cursor")
    await attended.end(incident)


async def test_the_timeline_is_read_piece_by_piece(attended: House) -> None:
    incident = await attended.alert("pieces")
    await say(attended, incident, "resolve", resolution="x")
    whole = (await attended.http.get(f"/api/v1/incidents/{incident}/timeline")).json()["entries"]
    assert [entry["sequence"] for entry in whole] == list(range(1, len(whole) + 1))
    read: list[Any] = []
    while len(read) < len(whole):
        after = read[-1]["sequence"] if read else 0
        params = {"limit": 2, "after": after}
        page = (await attended.http.get(f"/api/v1/incidents/{incident}/timeline", params=params)).json()
        assert 0 < len(page["entries"]) <= 2
        read += page["entries"]
    assert read[: len(whole)] == whole
    await attended.end(incident)


class Reader:
    """One reader of a live stream."""

    def __init__(self) -> None:
        self.events: list[tuple[str, str | None, Any]] = []

    async def follow(self, built: House, incident: str, **headers: str) -> None:
        """Read until the stream ends."""
        url = f"/api/v1/incidents/{incident}/stream"
        fields: dict[str, str] = {}
        async with built.http.stream("GET", url, headers=headers) as stream:
            assert stream.headers["Content-Type"].startswith("text/event-stream")
            async for line in stream.aiter_lines():
                name, _, value = line.partition(": ")
                if line:
                    fields[name] = value
                elif "event" in fields:
                    self.events.append((fields["event"], fields.get("id"), json.loads(fields["data"])))
                    fields = {}

    def of(self, kind: str) -> list[Any]:
        return [data for event, _id, data in self.events if event == kind]


async def live_and_closed(built: House, key: str) -> None:
    incident = await built.alert(key, severity="P2")
    reader = Reader()
    following = asyncio.create_task(reader.follow(built, incident))

    async def begun() -> bool:
        return bool(reader.of("timeline"))

    await eventually(begun)
    await say(built, incident, "resolve", resolution="Rolled back")
    await say(built, incident, "close")
    await asyncio.wait_for(following, 20)
    texts = " ".join(entry["text"] for entry in reader.of("timeline"))
    assert "opened on Checkout" in texts
    assert "Ben Okafor closed it" in texts
    sequences = [int(id_ or 0) for event, id_, _data in reader.events if event == "timeline"]
    assert sequences == sorted(set(sequences))
    assert reader.of("incident")[0]["id"] == incident
    assert reader.of("incident")[-1]["status"] == "closed"


async def test_the_stream_tells_each_entry_once_in_order_and_ends_with_the_incident(attended: House) -> None:
    await live_and_closed(attended, "streamed")


async def test_a_stream_goes_on_where_its_reader_was(attended: House) -> None:
    incident = await attended.alert("resumed")
    await say(attended, incident, "resolve", resolution="x")
    reader = Reader()
    following = asyncio.create_task(reader.follow(attended, incident, **{"Last-Event-ID": "2"}))

    async def told() -> list[Any]:
        return reader.of("timeline")

    await eventually(told)
    following.cancel()
    assert next(id_ for event, id_, _data in reader.events if event == "timeline") == "3"
    await attended.end(incident)


async def test_without_a_database_incidents_are_taken_read_steered_and_followed(
    temporal: Client, organisation: Organisation, tmp_path: Path
) -> None:
    url = f"postgresql://nobody:none@127.0.0.1:{free_port(None)}/none"
    async with house(tmp_path, organisation, temporal, MIDWATCH_DATABASE_URL=url) as built:
        ready = await built.http.get("/readyz")
        assert (ready.status_code, ready.json()["status"]) == (200, "degraded")
        async with working(built):
            incident = await built.alert("no-database")
            reader = Reader()
            following = asyncio.create_task(reader.follow(built, incident))
            assert (await say(built, incident, "acknowledge")).json()["said"]["accepted"]
            timeline = (await built.http.get(f"/api/v1/incidents/{incident}/timeline")).json()
            assert not timeline["complete"]
            assert "acknowledged" in [entry["kind"] for entry in timeline["entries"]]
            assert (await built.http.get("/api/v1/incidents")).json()["error"] == "database_unavailable"
            absent = await built.http.get("/api/v1/incidents/checkout.nothing.k3f9a")
            assert absent.json()["error"] == "database_unavailable"

            async def told() -> bool:
                return "acknowledged" in [entry["kind"] for entry in reader.of("timeline")]

            await eventually(told)
            following.cancel()
            await built.end(incident)


async def test_on_postgres_incidents_are_listed_read_and_followed(
    temporal: Client, organisation: Organisation, tmp_path: Path, postgres_url: str
) -> None:
    async with (
        house(tmp_path, organisation, temporal, MIDWATCH_DATABASE_URL=postgres_url) as built,
        working(built),
    ):
        assert (await built.http.get("/readyz")).json()["status"] == "ready"
        await live_and_closed(built, "on-postgres")
        [listed] = (await built.http.get("/api/v1/incidents", params={"status": "closed"})).json()[
            "incidents"
        ]
        assert listed["title"] == "Payments fail"
        await built.until_over(listed["id"])
        page = (await built.http.get(f"/api/v1/incidents/{listed['id']}/timeline")).json()
        assert page["complete"]
        assert "closed" in [entry["kind"] for entry in page["entries"]]


async def test_a_storm_in_one_webhook_becomes_one_incident_with_every_alert_counted(attended: House) -> None:
    alerts = [
        {
            "status": "firing",
            "labels": {"alertname": "Storm", "service": "checkout", "pod": str(number)},
            "startsAt": "2026-03-01T12:00:00Z",
        }
        for number in range(150)
    ]
    answer = await attended.http.post("/ingest/alertmanager", json={"version": "4", "alerts": alerts})
    assert answer.json()["accepted"] == 150
    [incident] = answer.json()["incidents"]
    assert (await attended.report(incident))["alerts_received"] == 150
    await attended.end(incident)


async def test_10_2_without_its_namespace_nothing_is_accepted(
    temporal: Client, organisation: Organisation, tmp_path: Path
) -> None:
    async with house(tmp_path, organisation, temporal, TEMPORAL_NAMESPACE="gone") as built:
        for status in ("firing", "resolved"):
            answer = await built.http.post("/ingest/generic", json={"title": "x", "status": status})
            assert (answer.status_code, answer.json()["error"]) == (503, "temporal_unavailable")
