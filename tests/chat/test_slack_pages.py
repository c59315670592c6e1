"""Pages in chat, against the simulated Slack: where they go, what they say, once, and how they end (spec 3.2,
3.3, 3.6)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from activities.slack_pages import SlackPages
from domain.jobs import Placed, SendSlack, WithdrawSlack
from domain.messages import Page
from domain.people import NotificationRule, Person
from integrations.slack import Slack
from tests.chat.conftest import TOKEN, Workspace

RULES = (NotificationRule(method="slack"),)
BEN = Person(id="ben", name="Ben Okafor", phone="+12025550102", email="ben@example.com", rules=RULES)
CHIARA = Person(id="chiara", name="Chiara", phone="+12025550103", email="chiara@example.com", rules=RULES)
DUTY = Person(id="fallback", name="Duty room", phone="", slack="duty-room", rules=RULES)


def pages(workspace: Workspace) -> SlackPages:
    """A worker that has just started: it remembers nothing."""
    return SlackPages(Slack(token=TOKEN, api_url=f"{workspace.url}/slack/api"))


def a_page(key: str, person: Person = BEN, attempt: int = 7, *, place: str = "1.0.0.0.ben") -> SendSlack:
    return SendSlack(
        page=Page(incident_id=f"checkout.{key}.k3f9a", run=1, attempt=attempt),
        person=person,
        key=place,
        since=datetime.now(UTC) - timedelta(minutes=1),
        heading="P0 · Payments <fail>",
        text="Nobody can <pay>. Nobody has it yet.",
    )


async def posts(workspace: Workspace, placed: Placed) -> list[dict[str, Any]]:
    """Everything that was said where this page is."""
    channel, _, ts = (placed.carrier_id or "").partition(":")
    found = await workspace.said(channel)
    assert ts in [message["ts"] for message in found]
    return found


def buttons(message: dict[str, Any]) -> dict[str, str]:
    """The buttons of a post, with what they carry."""
    rows = [block["elements"] for block in message["blocks"] if block["type"] == "actions"]
    return {element["text"]["text"]: element["value"] for row in rows for element in row}


async def test_3_2_a_page_is_a_direct_message_with_what_has_to_be_known_and_two_buttons(
    workspace: Workspace,
) -> None:
    placed = await pages(workspace).send_slack(a_page("direct"))
    assert placed.result == "accepted"
    [message] = await posts(workspace, placed)
    assert message["blocks"][0]["text"]["text"] == "P0 · Payments <fail>"
    assert "Nobody can &lt;pay&gt;." in message["blocks"][1]["text"]["text"]
    assert list(buttons(message)) == ["Acknowledge", "Can't take it"]
    carried = '{"incident": "checkout.direct.k3f9a", "value": "1.7"}'
    assert set(buttons(message).values()) == {carried}


async def test_3_2_a_page_that_runs_twice_is_posted_once(workspace: Workspace) -> None:
    first = await pages(workspace).send_slack(a_page("twice"))
    assert await pages(workspace).send_slack(a_page("twice")) == first
    assert len(await posts(workspace, first)) == 1
    # Another round pages anew, another incident too.
    again = await pages(workspace).send_slack(a_page("twice", attempt=9, place="1.1.0.0.ben"))
    other = await pages(workspace).send_slack(a_page("other"))
    assert len({first.carrier_id, again.carrier_id, other.carrier_id}) == 3


async def test_3_2_a_page_whose_answer_was_lost_is_found_and_not_posted_again(workspace: Workspace) -> None:
    await workspace.mood(lose_answers=True, method="chat.postMessage", for_next=1)
    placed = await pages(workspace).send_slack(a_page("lost"))
    assert placed.result == "accepted"
    assert len(await posts(workspace, placed)) == 1


async def test_3_2_where_it_cannot_be_looked_for_either_the_next_try_finds_it(workspace: Workspace) -> None:
    worker = pages(workspace)
    known = await worker.send_slack(a_page("known"))
    await workspace.mood(lose_answers=True, for_next=20)
    assert (await worker.send_slack(a_page("blind"))).result == "unavailable"
    await workspace.mood()
    again = await worker.send_slack(a_page("blind", attempt=8))
    assert again.result == "accepted"
    assert len(await posts(workspace, again)) == 2
    assert again.carrier_id != known.carrier_id


async def test_3_2_where_nothing_can_be_looked_for_it_is_posted_all_the_same(workspace: Workspace) -> None:
    await workspace.mood(fail_with=503, method="conversations.history", for_next=5)
    placed = await pages(workspace).send_slack(a_page("unseen"))
    assert placed.result == "accepted"


async def test_3_2_who_is_not_in_slack_is_tried_by_the_next_method(workspace: Workspace) -> None:
    placed = await pages(workspace).send_slack(a_page("stranger", CHIARA))
    assert (placed.result, placed.detail) == ("rejected", "Chiara is not in Slack")
    nowhere = CHIARA.model_copy(update={"email": None})
    assert (await pages(workspace).send_slack(a_page("nowhere", nowhere))).result == "rejected"


async def test_3_2_without_slack_a_page_is_rejected_at_once() -> None:
    off = SlackPages(None)
    assert await off.send_slack(a_page("off")) == Placed(result="rejected", detail="Slack is off")
    told = await off.withdraw_slack(WithdrawSlack(carrier_id="C1:1.2", heading="P0", text="over"))
    assert not told.done


@pytest.mark.parametrize(
    "mood", [{"fail_with": 503}, {"error": "internal_error"}, {"rate_limit": True, "retry_after": 30}]
)
async def test_3_2_a_slack_that_is_away_is_tried_again_later(
    workspace: Workspace, mood: dict[str, Any]
) -> None:
    await workspace.mood(**mood)
    assert (await pages(workspace).send_slack(a_page("away"))).result == "unavailable"
    await workspace.mood()
    placed = await pages(workspace).send_slack(a_page("away", attempt=8))
    assert len(await posts(workspace, placed)) == 1


async def test_3_2_a_page_that_slack_will_never_take_is_rejected(workspace: Workspace) -> None:
    await workspace.mood(error="msg_too_long", method="chat.postMessage", for_next=1)
    placed = await pages(workspace).send_slack(a_page("never"))
    assert placed.result == "rejected"
    assert "msg_too_long" in placed.detail


async def test_3_2_a_channel_is_paged_like_a_person_and_has_nobody_to_pass_it_on(
    workspace: Workspace,
) -> None:
    missing = await pages(workspace).send_slack(a_page("fallback", DUTY))
    assert (missing.result, missing.detail) == ("rejected", "there is no #duty-room")
    made = (await workspace.http.put("/control/slack/channels/duty-room", json={})).json()
    worker = pages(workspace)
    placed = await worker.send_slack(a_page("fallback", DUTY))
    assert (placed.carrier_id or "").startswith(f"{made['id']}:")
    [message] = await posts(workspace, placed)
    assert list(buttons(message)) == ["Acknowledge"]


async def test_3_3_a_page_that_is_over_loses_its_buttons_and_says_who_has_it(workspace: Workspace) -> None:
    worker = pages(workspace)
    placed = await worker.send_slack(a_page("over"))
    over = WithdrawSlack(
        carrier_id=placed.carrier_id or "", heading="P0 · Payments <fail>", text="acknowledged by Alice"
    )
    assert (await worker.withdraw_slack(over)).done
    assert (await worker.withdraw_slack(over)).done
    [message] = await posts(workspace, placed)
    assert buttons(message) == {}
    assert "acknowledged by Alice" in str(message["blocks"])
    assert "Payments <fail>" in str(message["blocks"])
    gone = over.model_copy(update={"carrier_id": f"{over.carrier_id.split(':')[0]}:1.000001"})
    assert not (await worker.withdraw_slack(gone)).done
