"""What people do in Slack, and what comes of it: by buttons, modals and commands, signed, twice, late, forged
(spec 5.1, 6.3, 13.2)."""

import json
import os
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from slack_sdk.signature import SignatureVerifier
from temporalio.client import Client

from domain.organisation import Organisation
from stack.process import Process, answers_http
from stack.stack import slack_id
from tests.api.conftest import House, house, working
from tests.eventually import eventually

STRANGER = "USTRANGER1"
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


@dataclass
class Chatty:
    """A house with a Slack beside it, in which everybody works; and a stranger."""

    house: House
    world: httpx.AsyncClient

    def user(self, person: str) -> str:
        email = self.house.organisation.people[person].email if person != STRANGER else None
        return slack_id(email) if email else STRANGER

    async def opened(self, key: str) -> str:
        """An incident that is bad enough for a war room."""
        return await self.house.alert(key, severity="P0")

    async def do(self, person: str, what: str, **body: Any) -> dict[str, Any]:
        answer = await self.world.post(f"/control/slack/users/{self.user(person)}/{what}", json=body)
        assert answer.is_success, answer.text
        told: dict[str, Any] = answer.json()
        assert told["error"] is None, told
        return told

    async def card(self, incident: str) -> dict[str, Any]:
        """The pinned card, as soon as there is one."""

        async def check() -> dict[str, Any] | None:
            channels = (await self.house.report(incident))["channels"]
            return channels if channels["card"] else None

        channels = await eventually(check, what="the card")
        found = await self.messages(channels["room"])
        return next(message for message in found if message["ts"] == channels["card"])

    async def messages(self, channel: str) -> list[dict[str, Any]]:
        found = await self.world.get("/control/slack/messages", params={"channel": channel})
        return list(found.json())

    async def press(self, person: str, incident: str, action: str) -> dict[str, Any]:
        """Press a button of the card."""
        card = await self.card(incident)
        button = next(
            element
            for block in card["blocks"]
            if block["type"] == "actions"
            for element in block["elements"]
            if element["action_id"].startswith(f"mw:{action}:")
        )
        place = {"channel": card["channel"], "ts": card["ts"]}
        return await self.do(person, "click", **place, action_id=button["action_id"])

    async def hears(self, person: str, text: str) -> str:
        """What only this person sees, as soon as it has this text in it."""

        async def check() -> str | None:
            found = (await self.world.get("/control/slack/messages")).json()
            mine = [m["text"] for m in found if m["ephemeral_to"] == self.user(person)]
            return next((said for said in mine if text in said), None)

        return await eventually(check, what=f"{person} hears {text!r}")

    async def modal(self, person: str) -> dict[str, Any]:
        """The modal before this person, as soon as there is one."""

        async def check() -> dict[str, Any] | None:
            found = (await self.world.get("/control/slack/modals", params={"user": self.user(person)})).json()
            return found[0] if found else None

        return await eventually(check, what=f"a modal before {person}")

    async def send_off(self, person: str, /, **values: Any) -> dict[str, Any]:
        """Fill in the modal and send it."""
        view = await self.modal(person)
        filled = {block: {"in": value} for block, value in values.items()}
        return await self.do(person, "submit", view_id=view["id"], values=filled)

    async def type(self, person: str, text: str, channel: str = "general") -> str:
        """Give the command; what is answered."""
        before = len((await self.world.get("/control/slack/messages")).json())
        await self.do(person, "command", channel=channel, command="/midwatch", text=text)
        found = (await self.world.get("/control/slack/messages")).json()[before:]
        answers = [m for m in found if m["ephemeral_to"] == self.user(person)]
        return str(answers[-1]["text"]) + str(answers[-1]["blocks"])

    async def requests(self) -> list[dict[str, Any]]:
        found = await self.world.get("/control/slack/requests", params={"direction": "out"})
        return list(found.json())

    async def post(self, path: str, body: bytes, kind: str, **changed: str) -> httpx.Response:
        """Come as Slack does, signed."""
        secret = self.house.settings.slack_signing_secret
        assert secret
        at = changed.get("at", str(int(time.time())))
        verifier = SignatureVerifier(secret.get_secret_value())
        signature = changed.get("signature") or verifier.generate_signature(timestamp=at, body=body) or ""
        headers = {
            b"Content-Type": kind.encode(),
            b"X-Slack-Request-Timestamp": at.encode(),
            b"X-Slack-Signature": signature.encode("latin-1"),
        }
        return await self.house.http.post(f"/callbacks/slack/{path}", content=body, headers=headers)


@pytest.fixture(scope="module")
async def chatty(
    temporal: Client, organisation: Organisation, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Chatty]:
    place = tmp_path_factory.mktemp("chatty")
    async with house(place, organisation, temporal) as built:
        settings = built.settings
        assert settings.slack_bot_token
        assert settings.slack_signing_secret
        arguments = {
            "--port": str(settings.simulator_port),
            "--account-sid": settings.twilio_account_sid,
            "--auth-token": settings.twilio_auth_token.get_secret_value(),
            "--number": settings.twilio_from_number,
            "--sms-url": f"{settings.public_url}/callbacks/twilio/sms",
            "--slack-token": settings.slack_bot_token.get_secret_value(),
            "--slack-signing-secret": settings.slack_signing_secret.get_secret_value(),
            "--slack-url": f"http://127.0.0.1:{settings.api_port}/callbacks/slack",
        }
        flat = [word for pair in arguments.items() for word in pair]
        url = str(settings.simulator_url)
        simulator = Process(
            "simulator",
            [sys.executable, "-m", "simulator", *flat],
            env=dict(os.environ),
            log_dir=Path(place),
            probe=answers_http(url),
        )
        await simulator.start()
        try:
            async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=20) as world:
                for person in organisation.people.values():
                    body = {"name": person.name, "email": person.email}
                    answer = await world.put(
                        f"/control/slack/users/{slack_id(person.email or '')}", json=body
                    )
                    answer.raise_for_status()
                body = {"name": "Stranger", "email": "stranger@elsewhere.example"}
                (await world.put(f"/control/slack/users/{STRANGER}", json=body)).raise_for_status()
                yield Chatty(built, world)
        finally:
            await simulator.stop()


@pytest.fixture
async def staffed(chatty: Chatty) -> AsyncIterator[Chatty]:
    """The same with a worker."""
    async with working(chatty.house):
        yield chatty


@pytest.mark.parametrize("path", ["events", "interactivity", "commands"])
async def test_a_forged_or_an_old_request_is_refused(chatty: Chatty, path: str) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "x"}).encode()
    assert (await chatty.post(path, body, JSON, signature="v0=" + "0" * 64)).status_code == 403
    assert (await chatty.post(path, body, JSON, signature="no signature é")).status_code == 403
    old = str(int(time.time()) - 301)
    assert (await chatty.post(path, body, JSON, at=old)).status_code == 403
    assert (await chatty.post(path, body, JSON, at="yesterday", signature="v0=1")).status_code == 403
    assert (await chatty.post(path, b"\xff\xfe", JSON, signature="v0=1")).status_code == 403
    bare = await chatty.house.http.post(f"/callbacks/slack/{path}", content=body)
    assert (bare.status_code, bare.json()["error"]) == (403, "forged")


async def test_slack_finds_us_by_its_challenge(chatty: Chatty) -> None:
    assert (await chatty.world.post("/control/slack/verify-url")).json()["verified"]


async def test_without_slack_its_doors_are_closed(tmp_path: Path, organisation: Organisation) -> None:
    named = {
        "TWILIO_ACCOUNT_SID": "AC" + "1" * 32,
        "TWILIO_AUTH_TOKEN": "token",
        "TWILIO_FROM_NUMBER": "+14155550123",
        "MIDWATCH_SIMULATOR_PORT": "0",
    }
    async with house(tmp_path, organisation, None, **named) as built:
        answer = await built.http.post("/callbacks/slack/events", json={})
        assert (answer.status_code, answer.json()["error"]) == (404, "slack_off")


@pytest.mark.parametrize(
    ("path", "body", "kind"),
    [
        ("events", b"[]", JSON),
        ("events", b"{", JSON),
        ("interactivity", b"payload=%7B", FORM),
        ("interactivity", b"", FORM),
        ("interactivity", b"payload=%FF%FE", FORM),
    ],
)
async def test_what_cannot_be_read_is_refused_and_breaks_nothing(
    chatty: Chatty, path: str, body: bytes, kind: str
) -> None:
    assert (await chatty.post(path, body, kind)).status_code == 422


async def test_the_first_to_press_has_it_and_the_second_hears_who_has(staffed: Chatty) -> None:
    incident = await staffed.opened("slack-ack")
    await staffed.press("ben", incident, "acknowledge")
    await staffed.hears("ben", "You have it")
    report = await staffed.house.report(incident)
    assert report["commander"]["id"] == "ben"
    await staffed.press("alice", incident, "acknowledge")
    await staffed.hears("alice", "Ben Okafor already has it")
    assert (await staffed.house.report(incident))["commander"]["id"] == "ben"
    await staffed.house.end(incident)


async def test_a_press_that_is_delivered_again_changes_nothing(staffed: Chatty) -> None:
    incident = await staffed.opened("slack-replay")
    clicked = await staffed.press("alice", incident, "acknowledge")
    await staffed.hears("alice", "You have it")
    replayed = await staffed.world.post(f"/control/slack/requests/{clicked['request']}/replay")
    assert replayed.json()["status"] == 200

    async def entries() -> list[str]:
        page = (await staffed.house.http.get(f"/api/v1/incidents/{incident}/timeline?limit=500")).json()
        return [entry["text"] for entry in page["entries"] if entry["kind"] == "acknowledged"]

    await eventually(entries)
    assert len(await entries()) == 1
    await staffed.house.end(incident)


async def test_an_acknowledgement_counts_while_no_worker_lives(chatty: Chatty) -> None:
    async with working(chatty.house):
        incident = await chatty.opened("slack-alone")
        card = await chatty.card(incident)
    element = next(block for block in card["blocks"] if block["type"] == "actions")["elements"][0]
    place = {"channel": card["channel"], "ts": card["ts"]}
    await chatty.do("alice", "click", **place, action_id=element["action_id"])
    await chatty.hears("alice", "is stored and counts")
    async with working(chatty.house):

        async def taken() -> bool:
            commander = (await chatty.house.report(incident))["commander"]
            return bool(commander and commander["id"] == "alice")

        await eventually(taken)
    await chatty.house.end(incident)


async def test_without_a_worker_slack_still_has_its_answer_in_time_and_the_person_theirs(
    chatty: Chatty,
) -> None:
    async with working(chatty.house):
        incident = await chatty.opened("slack-patience")
        await chatty.press("alice", incident, "acknowledge")
        await chatty.hears("alice", "You have it")
        card = await chatty.card(incident)
    place = {"channel": card["channel"], "ts": card["ts"]}
    action = next(e for b in card["blocks"] if b["type"] == "actions" for e in b["elements"])
    assert action["action_id"] == "mw:acknowledge:0"
    await chatty.do("alice", "click", **place, action_id="mw:decision:3")
    # Slack itself would say so if it had to wait for more than three seconds.
    assert (await chatty.send_off("alice", text="Fail over", reason="It is dead"))["view"] is None
    await chatty.hears("alice", "Nothing confirms it")
    await chatty.house.end(incident)


async def test_a_stranger_is_refused_politely_and_nothing_happens(staffed: Chatty) -> None:
    incident = await staffed.opened("slack-stranger")
    await staffed.press(STRANGER, incident, "acknowledge")
    await staffed.hears(STRANGER, "Yours is not there")
    assert (await staffed.house.report(incident))["commander"] is None
    assert "Yours is not there" in await staffed.type(STRANGER, "list")
    await staffed.house.end(incident)


async def test_the_four_questions_are_answered_in_a_modal_once(staffed: Chatty) -> None:
    """Spec 6.3: a checkpoint answered twice is told, and nothing changed."""
    incident = await staffed.opened("slack-checkpoint")
    await staffed.press("alice", incident, "acknowledge")
    await staffed.hears("alice", "You have it")

    async def planned() -> bool:
        return bool((await staffed.house.report(incident))["checkpoints"])

    await eventually(planned)
    await staffed.press("alice", incident, "checkpoint")
    refused = await staffed.send_off("alice", known="  ", status_page_current="no")
    assert "known" in refused["view"]["errors"]
    done = await staffed.send_off("alice", known="The pool is empty", status_page_current="yes")
    assert done["view"] is None
    (answered, *_) = (await staffed.house.report(incident))["checkpoints"]
    assert answered["known"] == "The pool is empty"
    assert answered["status_page_current"] is True
    await staffed.house.end(incident)


async def test_a_refused_modal_stays_open_and_says_why_at_the_right_place(staffed: Chatty) -> None:
    incident = await staffed.opened("slack-decision")
    await staffed.press("alice", incident, "acknowledge")
    await staffed.hears("alice", "You have it")
    await staffed.press("alice", incident, "decision")
    refused = await staffed.send_off("alice", text="Fail over", reason=" ")
    assert list(refused["view"]["errors"]) == ["reason"]
    assert (await staffed.send_off("alice", reason="The primary is dead"))["view"] is None
    decisions = (await staffed.house.report(incident))["decisions"]
    assert [(d["text"], d["reason"], d["owner"]["id"]) for d in decisions] == [
        ("Fail over", "The primary is dead", "alice")
    ]
    await staffed.house.end(incident)


async def test_roles_severity_and_mitigation_go_by_modals(staffed: Chatty) -> None:
    incident = await staffed.opened("slack-modals")
    await staffed.press("alice", incident, "acknowledge")
    await staffed.hears("alice", "You have it")
    await staffed.press("alice", incident, "role")
    assert (await staffed.send_off("alice", role="scribe", person="chiara"))["view"] is None
    await staffed.press("alice", incident, "mitigate")
    assert (await staffed.send_off("alice", number="new", text="Roll back", state="begun"))["view"] is None
    await staffed.press("alice", incident, "hypothesis")
    assert (await staffed.send_off("alice", number="new", text="A bad release", confidence="high"))[
        "view"
    ] is None
    await staffed.press("alice", incident, "severity")
    assert (await staffed.send_off("alice", severity="P1", reason="half of it"))["view"] is None
    report = await staffed.house.report(incident)
    assert report["roles"]["scribe"]["person"]["id"] == "chiara"
    assert report["mitigations"][0]["text"] == "Roll back"
    assert report["hypotheses"][0]["confidence"] == "high"
    assert report["severity"] == "P1"
    await staffed.press("alice", incident, "resolve")
    filled = {"resolution": "Rolled back", "cause": "A bad release", "done": ["fix_deployed"]}
    assert (await staffed.send_off("alice", **filled, postmortem_owner="ben"))["view"] is None
    report = await staffed.house.report(incident)
    assert report["resolution"] == "Rolled back"
    assert report["postmortem_owner"]["id"] == "ben"
    await staffed.house.end(incident)


async def test_a_button_of_an_incident_that_is_over_says_so(staffed: Chatty) -> None:
    incident = await staffed.opened("slack-over")
    card = await staffed.card(incident)
    await staffed.house.end(incident)
    element = next(block for block in card["blocks"] if block["type"] == "actions")["elements"][0]
    place = {"channel": card["channel"], "ts": card["ts"]}
    await staffed.do("dev", "click", **place, action_id=element["action_id"])
    await staffed.hears("dev", "is over")


async def test_the_command_does_what_the_buttons_do(staffed: Chatty) -> None:
    incident = await staffed.opened("slack-command")
    card = await staffed.card(incident)
    code = (await staffed.house.report(incident))["reply_code"]

    async def listed() -> bool:
        return code in await staffed.type("alice", "list")

    await eventually(listed)
    assert "No open incident has the code 00000" in await staffed.type("alice", "ack 00000")
    assert "You have it" in await staffed.type("alice", f"ack {code}")
    room = card["channel"]
    assert "mw:checkpoint:" in await staffed.type("alice", "", channel=room)
    assert "There is no role" in await staffed.type("alice", "role cook", channel=room)
    assert "scribe" in await staffed.type("ben", "role scribe", channel=room)
    assert "reason" in await staffed.type("alice", "decide fail over", channel=room)
    assert "in the log" in await staffed.type("alice", "decide fail over because it is dead", channel=room)
    assert "there is no severity" in await staffed.type("alice", "severity Q9", channel=room)
    assert "I do not know" in await staffed.type("alice", "dance", channel=room)
    await staffed.type("alice", "resolve", channel=room)
    assert (await staffed.modal("alice"))["view"]["callback_id"] == "mw:resolve"
    report = await staffed.house.report(incident)
    assert report["commander"]["id"] == "alice"
    assert report["roles"]["scribe"]["person"]["id"] == "ben"
    assert report["decisions"][0]["reason"] == "it is dead"
    await staffed.house.end(incident)


async def test_whoever_mentions_us_gets_help_once(chatty: Chatty) -> None:
    channel = (await chatty.world.put("/control/slack/channels/helpme", json={})).json()
    token = chatty.house.settings.slack_bot_token
    assert token
    joined = await chatty.world.post(
        "/slack/api/conversations.join",
        json={"channel": channel["id"]},
        headers={"Authorization": f"Bearer {token.get_secret_value()}"},
    )
    assert joined.json()["ok"]
    said = await chatty.world.post(
        f"/control/slack/users/{chatty.user('ben')}/say",
        json={"channel": "helpme", "text": "@midwatch what now?"},
    )
    assert said.is_success, said.text
    await chatty.hears("ben", "/midwatch list")
    mention = next(r for r in await chatty.requests() if "app_mention" in r["body"])
    replayed = await chatty.world.post(f"/control/slack/requests/{mention['n']}/replay")
    assert replayed.json()["status"] == 200
    assert "/midwatch" in await chatty.type("ben", "help")  # The replay has been taken by now.
    helped = [m for m in await chatty.messages(channel["id"]) if m["ephemeral_to"]]
    assert len(helped) == 1
