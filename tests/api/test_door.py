"""Who and what is let in, and what is said to the rest (no Temporal, no database: nothing is behind it)."""

import json
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from api.ingest import alertmanager
from api.ingest.alertmanager import Webhook
from api.limits import LARGEST_BODY
from api.v1.models import DeclareIncident, IncidentList, Outcome, TimelinePage
from domain.incident import IncidentReport
from tests.api.conftest import House


def fault_of(answer: httpx.Response) -> tuple[int, str]:
    body = answer.json()
    assert set(body) <= {"error", "detail", "state", "faults"}
    assert body["detail"]
    return answer.status_code, body["error"]


@pytest.mark.parametrize("path", ["/ingest/generic", "/ingest/alertmanager", "/api/v1/incidents"])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer wrong"},
        {"Authorization": b"Bearer \xff"},
        {"Authorization": "Basic eDp5"},
    ],
)
async def test_without_the_token_nobody_gets_in(alone: House, path: str, headers: dict[str, str]) -> None:
    async with httpx.AsyncClient(base_url=alone.http.base_url, trust_env=False) as stranger:
        answer = await stranger.post(path, json={"title": "x"}, headers=headers)
    assert fault_of(answer) == (401, "unauthorised")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


async def test_broken_json_is_a_bad_request(alone: House) -> None:
    for body in (b"{", b"\xff", b"[" * 100_000):
        answer = await alone.http.post(
            "/ingest/generic", content=body, headers={"Content-Type": "application/json"}
        )
        assert answer.status_code == 400, body[:5]
        assert fault_of(answer)[1] in ("broken_json", "bad_request")


async def test_each_fault_of_a_wrong_webhook_is_named_with_its_path(alone: House) -> None:
    body = {"version": "3", "alerts": [{"status": "on", "labels": {"a": 1}}]}
    answer = await alone.http.post("/ingest/alertmanager", json=body)
    assert fault_of(answer) == (422, "invalid")
    paths = {fault["path"] for fault in answer.json()["faults"]}
    assert paths == {"version", "alerts.0.status", "alerts.0.labels.a", "alerts.0.startsAt"}


@pytest.mark.parametrize("title", ["", "  ", None, 1])
async def test_an_alert_without_a_title_is_refused(alone: House, title: Any) -> None:
    answer = await alone.http.post("/ingest/generic", json={"title": title})
    assert [fault["path"] for fault in answer.json()["faults"]] == ["title"]


async def test_a_wrong_parameter_is_named_with_its_place(alone: House) -> None:
    answer = await alone.http.get("/api/v1/incidents", params={"limit": 0})
    assert answer.json()["faults"][0]["path"] == "query.limit"


async def test_too_much_is_refused_by_its_announced_length(alone: House) -> None:
    answer = await alone.http.post("/ingest/generic", content=b" " * (LARGEST_BODY + 1))
    assert fault_of(answer) == (413, "too_large")


async def test_too_much_is_refused_also_when_it_comes_in_pieces(alone: House) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(LARGEST_BODY // 65_536 + 1):
            yield b" " * 65_536

    answer = await alone.http.post("/ingest/generic", content=pieces())
    assert fault_of(answer) == (413, "too_large")


async def test_as_much_as_is_allowed_is_read(alone: House) -> None:
    body = json.dumps({"title": "x", "service": 1}).encode()
    answer = await alone.http.post(
        "/ingest/generic", content=body.ljust(LARGEST_BODY), headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/ingest/generic", {"title": "x"}),
        ("/ingest/alertmanager", alertmanager.SAMPLE),
        ("/api/v1/incidents", {"title": "x", "declared_by": "alice"}),
        ("/api/v1/incidents/checkout.x.k3f9a/acknowledge", {"by": "alice"}),
    ],
)
async def test_10_2_what_cannot_be_made_durable_is_not_accepted(alone: House, path: str, body: Any) -> None:
    began = time.monotonic()
    answer = await alone.http.post(path, json=body)
    assert fault_of(answer) == (503, "temporal_unavailable")
    assert int(answer.headers["Retry-After"]) > 0
    assert time.monotonic() - began < 5


async def test_a_person_who_is_not_known_is_told_who_is(alone: House) -> None:
    answer = await alone.http.post("/api/v1/incidents/checkout.x.k3f9a/acknowledge", json={"by": "zoe"})
    assert fault_of(answer) == (422, "invalid")
    [fault] = answer.json()["faults"]
    assert fault["path"] == "by"
    assert "alice, ben, chiara, dev" in fault["message"]


async def test_a_declaration_names_a_service_and_a_severity_that_exist(alone: House) -> None:
    body = {"title": "x", "declared_by": "alice", "service": "nope", "severity": "P9"}
    answer = await alone.http.post("/api/v1/incidents", json=body)
    assert [fault["path"] for fault in answer.json()["faults"]] == ["service", "severity"]


async def test_the_process_lives_although_nothing_behind_it_does(alone: House) -> None:
    assert (await alone.http.get("/healthz")).json() == {"status": "alive"}
    answer = await alone.http.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (503, "unavailable")
    assert "ok" not in (answer.json()["temporal"], answer.json()["database"])


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/nowhere"])
async def test_there_is_no_page_that_loads_from_elsewhere(alone: House, path: str) -> None:
    assert fault_of(await alone.http.get(path)) == (404, "not_found")


async def test_the_description_has_an_example_of_every_request_and_every_error(alone: House) -> None:
    described = (await alone.http.get("/openapi.json")).json()
    for path, operations in described["paths"].items():
        for verb, operation in operations.items():
            where = f"{verb} {path}"
            assert operation["summary"], where
            assert operation["tags"], where
            if not path.startswith(("/ingest", "/api")):
                continue
            assert "401" in operation["responses"], where
            for status, answer in operation["responses"].items():
                if status[0] in "45":
                    example = answer["content"]["application/json"]["example"]
                    assert example["error"], f"{where} {status}"
            body = operation.get("requestBody", {}).get("content", {}).get("application/json")
            if body:
                assert "examples" in body or "examples" in body["schema"], where


async def test_every_example_is_what_it_is_an_example_of(alone: House) -> None:
    described = (await alone.http.get("/openapi.json")).json()

    def answer(path: str, verb: str, status: str) -> Any:
        content = described["paths"][path][verb]["responses"][status]["content"]
        return content["application/json"]["example"]

    def request(path: str) -> Any:
        content = described["paths"][path]["post"]["requestBody"]["content"]
        [example] = content["application/json"]["examples"].values()
        return example["value"]

    def report(example: Any) -> Any:
        # The description leaves out what is null.
        return dict.fromkeys(IncidentReport.model_fields) | example

    one = "/api/v1/incidents/{incident_id}"
    IncidentReport.model_validate(report(answer(one, "get", "200")))
    TimelinePage.model_validate(answer(f"{one}/timeline", "get", "200"))
    resolved = answer(f"{one}/resolve", "post", "200")
    Outcome.model_validate(resolved | {"report": report(resolved["report"])})
    [listed] = answer("/api/v1/incidents", "get", "200")["incidents"]
    IncidentList.model_validate({"incidents": [report(listed)]})
    DeclareIncident.model_validate(request("/api/v1/incidents"))
    Webhook.model_validate(request("/ingest/alertmanager"))


async def test_every_reference_of_the_description_leads_somewhere(alone: House) -> None:
    described = (await alone.http.get("/openapi.json")).json()

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            if isinstance(reference := node.get("$ref"), str):
                _resolved(node, described)
                assert reference.startswith("#/components/schemas/")
            for inner in node.values():
                walk(inner)
        elif isinstance(node, list):
            for inner in node:
                walk(inner)

    walk(described)


def _resolved(schema: dict[str, Any], described: dict[str, Any]) -> dict[str, Any]:
    found: Any = described
    for step in schema["$ref"].removeprefix("#/").split("/") if "$ref" in schema else ():
        found = found[step]
    return found if "$ref" in schema else schema
