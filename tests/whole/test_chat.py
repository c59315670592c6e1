"""The conversation in Slack beside the calls: it opens, it is kept true, and when Slack is away nothing waits
for it but itself (spec 6.2, 13.3)."""

import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from domain.incident import IncidentReport, Status
from domain.timeline import Kind
from stack.stack import slack_id
from tests.eventually import eventually
from tests.whole.town import Town, presses


async def slack(town: Town, **mood: Any) -> None:
    """Say how Slack behaves."""
    (await town.world.put("/control/slack", json=mood)).raise_for_status()


async def said(town: Town, channel: str | None) -> list[dict[str, Any]]:
    """What we have said in a channel, oldest first."""
    found = (await town.world.get("/control/slack/messages", params={"channel": channel or ""})).json()
    return [m for m in found if m["user"] == "U0MIDWATCH" and not m["subtype"] and not m["ephemeral_to"]]


async def room(town: Town, incident: str) -> IncidentReport:
    """The incident, as soon as its room has its card."""
    return await town.until(incident, lambda report: report.channels.card)


@pytest.fixture
async def chatty(town: Town) -> AsyncIterator[Town]:
    """A town that talks."""
    for person in town.organisation.people.values():
        body = {"name": person.name, "email": person.email}
        path = f"/control/slack/users/{slack_id(person.email or '')}"
        (await town.world.put(path, json=body)).raise_for_status()
    yield town
    await slack(town)


async def test_6_2_a_war_room_opens_is_announced_and_its_card_is_edited_in_place(chatty: Town) -> None:
    await chatty.phone("alice", presses("1"))
    incident = await chatty.alert()
    report = await room(chatty, incident)
    assert report.channels.room_name
    assert report.channels.room_name.startswith("incident-")
    assert report.channels.status_name == f"{report.channels.room_name}-status"
    await chatty.until(incident, lambda now: now.commander)
    await chatty.entry(incident, Kind.WAR_ROOM, f"#{report.channels.room_name}")

    async def announced() -> bool:
        found = [str(message["blocks"]) for message in await said(chatty, "incidents")]
        return sum(f"<#{report.channels.room}>" in text and "Commander" in text for text in found) == 1

    await eventually(announced, what="the announcement")

    async def shown() -> dict[str, Any] | None:
        card = (await said(chatty, report.channels.room))[0]
        assert card["ts"] == report.channels.card
        return card if card["edits"] and "Alice Moreau" in str(card["blocks"]) else None

    await eventually(shown, what="the commander on the card")


async def test_13_3_slack_that_is_down_holds_up_no_call_and_hears_everything_later(chatty: Town) -> None:
    await slack(chatty, fail_with=503)
    await chatty.phone("alice", presses("1"))
    began = time.monotonic()
    incident = await chatty.alert()
    await chatty.call(incident, "alice", within=5)
    await chatty.until(incident, lambda now: now.commander)
    assert time.monotonic() - began < 10
    await chatty.entry(incident, Kind.FAULT, "Chat is away")
    assert (await chatty.report(incident)).chat_away_since
    answer = await chatty.say(incident, "decision", text="Fail over", reason="The primary is dead")
    assert answer.is_success, answer.text
    await slack(chatty)
    report = await chatty.until(
        incident, lambda now: now.channels.card and now.chat_away_since is None, within=40
    )
    await chatty.entry(incident, Kind.FAULT, "Chat is back")

    async def complete() -> bool:
        texts = [message["text"] for message in await said(chatty, report.channels.room)]
        return any("Fail over" in text for text in texts)

    await eventually(complete, what="what was said while Slack was away")


async def test_13_3_a_slack_that_hangs_holds_up_no_call(chatty: Town) -> None:
    await slack(chatty, hang=60)
    await chatty.phone("alice", presses("1"))
    incident = await chatty.alert()
    await chatty.call(incident, "alice", within=5)
    await chatty.until(incident, lambda now: now.commander, within=10)


async def test_13_3_what_was_posted_while_the_answer_was_lost_is_not_posted_again(chatty: Town) -> None:
    await chatty.phone("alice", presses("1"))
    incident = await chatty.alert()
    report = await room(chatty, incident)
    await chatty.until(incident, lambda now: now.commander)
    await slack(chatty, lose_answers=True, method="chat.postMessage", for_next=2)
    answer = await chatty.say(incident, "decision", text="Fail over", reason="The primary is dead")
    assert answer.is_success, answer.text
    await chatty.entry(incident, Kind.FAULT, "Chat is back", within=30)
    numbers = [
        message["metadata"]["event_payload"]["number"] for message in await said(chatty, report.channels.room)
    ]
    assert len(numbers) == len(set(numbers))
    texts = [message["text"] for message in await said(chatty, report.channels.room)]
    assert sum("Fail over" in text for text in texts) == 1


async def test_6_2_a_worker_that_dies_in_the_midst_of_it_leaves_one_room(chatty: Town) -> None:
    await slack(chatty, hang=2, method="conversations.setPurpose", for_next=1)
    incident = await chatty.alert()

    async def begun() -> bool:
        found = (await chatty.world.get("/control/slack/channels")).json()
        return any(channel["name"].startswith("incident-") for channel in found)

    await eventually(begun, what="a channel")
    await chatty.stack.kill("worker")
    await chatty.stack.start("worker")
    report = await chatty.until(incident, lambda now: now.channels.card, within=60)
    found = (await chatty.world.get("/control/slack/channels")).json()
    rooms = {channel["name"] for channel in found if channel["name"].startswith("incident-")}
    assert rooms == {report.channels.room_name, report.channels.status_name}
    assert report.status is Status.DETECTED
