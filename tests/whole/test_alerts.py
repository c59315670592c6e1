"""Alerts in, and what people say by the API (spec 10.1 to 10.3)."""

import asyncio
from typing import Any

import pytest
from twilio.request_validator import RequestValidator

from domain.incident import Status
from domain.timeline import Kind
from tests.eventually import eventually
from tests.whole.town import Town, presses


def alertmanager(
    *names: str, status: str = "firing", starts_at: str = "2026-03-01T12:00:00Z"
) -> dict[str, Any]:
    """A webhook with one alert for each name."""
    return {
        "version": "4",
        "groupKey": "{}:{}",
        "truncatedAlerts": 0,
        "status": status,
        "receiver": "midwatch",
        "groupLabels": {},
        "commonLabels": {},
        "commonAnnotations": {},
        "externalURL": "http://alertmanager.example.com",
        "alerts": [
            {
                "status": status,
                "labels": {"alertname": name, "service": "checkout", "severity": "critical"},
                "annotations": {"summary": f"{name} fires"},
                "startsAt": starts_at,
                "endsAt": "0001-01-01T00:00:00Z",
                "generatorURL": "http://prometheus.example.com",
                "fingerprint": f"f-{name}",
            }
            for name in names
        ],
    }


async def test_10_3_the_same_webhook_ten_times_is_one_incident(town: Town) -> None:
    body = alertmanager("SameTenTimes")
    answers = await asyncio.gather(*(town.api.post("/ingest/alertmanager", json=body) for _ in range(10)))
    assert {answer.status_code for answer in answers} == {202}
    (incident,) = {answer.json()["incidents"][0] for answer in answers}
    town.opened.append(incident)
    report = await town.until(incident, lambda r: r.alerts_received == 10)
    assert report.alerts_firing == 1
    await town.call(incident, "alice")
    assert len([e for e in await town.timeline(incident) if e.kind is Kind.ALERT]) == 1
    assert len(await town.calls(incident, "alice")) == 1


async def test_one_webhook_with_several_rules_opens_an_incident_for_each(town: Town) -> None:
    answer = await town.api.post("/ingest/alertmanager", json=alertmanager("RuleOne", "RuleTwo"))
    incidents = answer.json()["incidents"]
    town.opened.extend(incidents)
    assert len(set(incidents)) == 2
    for incident in incidents:
        await town.call(incident, "alice")


async def test_10_3_an_alert_that_resolves_is_noted_and_closes_nothing(town: Town) -> None:
    answer = await town.api.post("/ingest/alertmanager", json=alertmanager("Resolving"))
    (incident,) = answer.json()["incidents"]
    town.opened.append(incident)
    await town.api.post("/ingest/alertmanager", json=alertmanager("Resolving", status="resolved"))
    await town.entry(incident, Kind.ALERT, "has resolved")
    report = await town.report(incident)
    assert (report.status, report.alerts_firing) == (Status.DETECTED, 0)


async def test_a_read_right_after_the_alert_works(town: Town) -> None:
    incident = await town.alert()
    assert (await town.report(incident)).id == incident


async def test_a_person_declares_and_the_primary_is_called(town: Town) -> None:
    body = {"title": "Refunds hang", "service": "catalogue", "severity": "P0", "declared_by": "ben"}
    answer = await town.api.post("/api/v1/incidents", json=body)
    assert answer.status_code == 201, answer.text
    incident = answer.json()["id"]
    town.opened.append(incident)
    assert incident.startswith("catalogue.refunds-hang.")
    await town.call(incident, "alice")


async def test_an_alert_that_comes_while_an_incident_closes_is_paged(town: Town) -> None:
    await town.phone("alice", presses("1"))
    incident = await town.alert()
    await town.until_taken(incident)
    last = await town.wind_down(incident)
    await asyncio.gather(
        town.say(incident, "publish", by="alice", number=last),
        town.alert(key=incident.split(".")[1], title="It fails again", url="http://x"),
    )
    again = await eventually(lambda: _paged_again(town, incident), what="a second page")
    assert again
    assert all(call["to"] == town.organisation.people["alice"].phone for call in again)


async def _paged_again(town: Town, first: str) -> list[dict[str, Any]]:
    """The calls for whichever incident took the late alert: the same, reopened, or a new one."""
    calls = (await town.world.get("/control/calls")).json()
    return calls[1:] if len(calls) > 1 else []


async def test_10_3_an_alert_after_a_resolution_reopens_and_pages_anew(town: Town) -> None:
    incident = await town.alert()
    await town.say(incident, "resolve", resolution="restarted")
    before = len(await town.calls(incident, "alice"))
    same = await town.alert(
        key=incident.split(".")[1],
        title="It fails again",
        labels={"pod": "b"},
        status="firing",
        starts_at="2026-03-01T13:00:00Z",
    )
    assert same == incident
    await town.entry(incident, Kind.REOPENED)

    async def called_again() -> bool:
        return len(await town.calls(incident, "alice")) > before

    await eventually(called_again)
    assert (await town.report(incident)).status is Status.DETECTED


async def test_1_5_a_worse_alert_calls_anew_whoever_has_acknowledged_before(town: Town) -> None:
    incident = await town.alert(severity="P3")
    await town.say(incident, "acknowledge", by="chiara")
    assert await town.calls(incident) == []
    await town.phone("alice", presses("1"))
    same = await town.alert(key=incident.split(".")[1], title="Now everything fails", severity="P0")
    assert same == incident
    await town.call(incident, "alice")
    report = await town.until(incident, lambda r: r.ladder and r.ladder.ended_at)
    assert report.severity == "P0"
    assert report.commander is not None
    assert report.commander.id == "chiara", "a second acknowledgement does not take the command away"


async def test_an_impossible_transition_is_refused_with_the_state_and_what_is_possible(town: Town) -> None:
    incident = await town.alert()
    answer = await town.say(incident, "close")
    assert answer.status_code == 409
    assert answer.json()["state"] == "detected"
    assert "resolve" in answer.json()["detail"]


async def test_the_same_request_twice_is_answered_alike(town: Town) -> None:
    incident = await town.alert()
    path, headers = f"/api/v1/incidents/{incident}/resolve", {"Idempotency-Key": "once-only"}
    body = {"by": "ben", "resolution": "rolled back"}
    first = await town.api.post(path, json=body, headers=headers)
    second = await town.api.post(path, json=body, headers=headers)
    assert (first.status_code, second.status_code) == (200, 200)
    assert len([e for e in await town.timeline(incident) if e.kind is Kind.RESOLVED]) == 1


async def test_a_key_used_again_for_something_else_is_not_answered_with_the_first(town: Town) -> None:
    incident = await town.alert()
    path, headers = f"/api/v1/incidents/{incident}/acknowledge", {"Idempotency-Key": "the-same"}
    await town.api.post(path, json={"by": "ben"}, headers=headers)
    second = (await town.api.post(path, json={"by": "chiara"}, headers=headers)).json()
    assert second["said"]["accepted"] is False
    assert "Ben Okafor already has it" in second["said"]["text"]


async def test_a_closed_incident_says_so(town: Town) -> None:
    incident = await town.alert(severity="P2")
    await town.say(incident, "resolve", resolution="restarted")
    await town.say(incident, "close")
    await (await town.handle(incident)).result()
    answer = await town.say(incident, "resolve", resolution="again")
    assert (answer.status_code, answer.json()["state"]) == (409, "closed")
    report = await town.report(incident)
    assert report.status is Status.CLOSED
    town.opened.remove(incident)


async def test_an_unknown_incident_is_not_found(town: Town) -> None:
    assert (await town.api.get("/api/v1/incidents/checkout.nothing.abcde")).status_code == 404
    assert (await town.say("checkout.nothing.abcde", "resolve", resolution="x")).status_code == 404


async def test_the_live_stream_tells_every_entry_once_and_in_order(town: Town) -> None:
    await town.phone("alice", presses("1"))
    incident = await town.alert()
    numbers: list[int] = []
    async with town.api.stream("GET", f"/api/v1/incidents/{incident}/stream") as stream:
        async for line in stream.aiter_lines():
            if line.startswith("id: "):
                numbers.append(int(line[4:]))
            if '"acknowledged"' in line:
                break
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("signature", [None, "bm90IGEgc2lnbmF0dXJl"])
async def test_13_2_a_forged_callback_changes_nothing(town: Town, signature: str | None) -> None:
    await town.phone("alice", {"kind": "manual"})
    incident = await town.alert()
    call = await town.call(incident, "alice")
    before = await town.report(incident)
    headers = {"X-Twilio-Signature": signature} if signature else {}
    for what in ("answer", "status", "amd", "sms", "voice", "sms-status"):
        url = call["parameters"]["StatusCallback"].replace("/status?", f"/{what}?")
        form = {
            "CallSid": call["sid"],
            "CallStatus": "busy",
            "Digits": "1",
            "To": call["to"],
            "From": call["to"],
        }
        answer = await town.world.post(url, data=form, headers=headers)
        assert answer.status_code == 403, what
    after = await town.report(incident)
    assert (after.status, after.commander) == (before.status, None)
    assert [a.outcome for a in after.ladder.attempts] == [None]  # type: ignore[union-attr]  # it is being climbed


async def test_13_2_a_repeated_or_stale_callback_is_accepted_and_changes_nothing(town: Town) -> None:
    incident = await town.alert(severity="P1")
    entry = await town.entry(incident, Kind.CARRIER, "no answer")
    call = await town.call(incident, "alice")
    before = len(await town.timeline(incident))
    validator = RequestValidator(town.stack.settings.twilio_auth_token.get_secret_value())
    for url in (
        call["parameters"]["StatusCallback"],
        call["parameters"]["StatusCallback"].replace("run=1", "run=7"),
        call["parameters"]["StatusCallback"].replace(incident, "checkout.long-gone.abcde"),
    ):
        form = {"CallSid": entry.data["carrier_id"], "CallStatus": "busy", "To": call["to"]}
        headers = {"X-Twilio-Signature": validator.compute_signature(url, form)}
        assert (await town.world.post(url, data=form, headers=headers)).status_code == 200
    ladder = (await town.report(incident)).ladder
    assert ladder is not None
    assert ladder.attempts[0].outcome == "no answer"
    assert len([e for e in (await town.timeline(incident))[before:] if "busy" in e.text]) == 0
