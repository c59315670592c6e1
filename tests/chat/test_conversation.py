"""One turn of the conversation with Slack, against the simulated one: what is done, once, and in which order
(spec 6.2)."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.chat import Button
from domain.incident import Status
from stack.stack import slack_id
from tests.chat.conftest import Workspace, a_post, a_report, converse

AWAY = datetime.now(UTC)


async def test_a_room_opens_with_everything_that_belongs_to_it(workspace: Workspace) -> None:
    report = a_report("everything")
    done = await converse(workspace.chat(), report)
    assert (done.fault, done.card_done) == ("", True)
    room = await workspace.channel(done.channels.room)
    assert room["name"] == done.channels.room_name
    assert room["name"] == f"incident-{report.opened_at:%Y-%m-%d}-payments-fail-everything"
    assert report.id in room["purpose"]
    assert room["topic"].startswith("P0 Payments")
    assert room["pins"] == [done.channels.card]
    assert [bookmark["link"] for bookmark in room["bookmarks"]] == ["https://meet.example.com/x"]
    everybody = {slack_id("alice@example.com"), slack_id("ben@example.com"), "U0MIDWATCH"}
    assert set(room["members"]) == everybody  # Chiara is not in Slack, and nobody minds.
    status = await workspace.channel(done.channels.status)
    assert status["name"] == f"{room['name']}-status"
    assert done.channels.room_url
    (card,) = await workspace.said(done.channels.room)
    assert card["ts"] == done.channels.card
    assert card["blocks"][0]["text"]["text"] == "P0 · Payments <fail> & everything"


async def test_a_name_that_somebody_else_has_gets_a_suffix(workspace: Workspace) -> None:
    first = await converse(workspace.chat(), a_report("same", title="Payments fail"))
    second = await converse(workspace.chat(), a_report("other", title="Payments fail"))
    assert second.channels.room_name == f"{first.channels.room_name}-2"
    assert second.channels.room != first.channels.room


async def test_a_room_whose_opening_was_not_heard_of_is_found_again(workspace: Workspace) -> None:
    report = a_report("lost")
    await workspace.mood(lose_answers=True, method="conversations.create", for_next=1)
    half = await converse(workspace.chat(), report)
    assert half.channels.room is None
    assert half.fault
    again = report.model_copy(update={"chat_away_since": AWAY})
    whole = await converse(workspace.chat(), again, channels=half.channels)
    named = {name for name in await workspace.channels() if name.startswith("incident-")}
    assert named == {whole.channels.room_name, whole.channels.status_name}


@pytest.mark.parametrize(
    "method",
    ["chat.postMessage", "pins.add", "bookmarks.add", "conversations.setPurpose", "chat.getPermalink"],
)
async def test_whichever_answer_is_lost_the_room_is_furnished_once(workspace: Workspace, method: str) -> None:
    report = a_report("half-" + method.lower().replace(".", "-"))
    await workspace.mood(lose_answers=True, method=method, for_next=1)
    half = await converse(workspace.chat(), report)
    again = report.model_copy(update={"chat_away_since": AWAY})
    whole = await converse(workspace.chat(), again, channels=half.channels)
    assert whole.card_done
    room = await workspace.channel(whole.channels.room)
    assert room["pins"] == [whole.channels.card]
    assert len(room["bookmarks"]) == 1
    assert len(await workspace.said(whole.channels.room)) == 1


async def test_posts_go_out_in_their_order_each_to_its_place(workspace: Workspace) -> None:
    done = await converse(
        workspace.chat(),
        a_report("places"),
        a_post(1, "Who is *scribe*?", "room", None, Button(action="role", label="I am", value="scribe")),
        a_post(2, "We investigate.", "status"),
        a_post(3, "A war room is open.", "announcements"),
        a_post(4, "Please approve.", "person", "ben"),
        a_post(5, "And then?", "room"),
    )
    assert (done.through, done.fault) == (5, "")
    texts = [message["text"] for message in await workspace.said(done.channels.room)]
    assert texts[1:] == ["Who is *scribe*?", "And then?"]
    assert [m["text"] for m in await workspace.said(done.channels.status)] == ["We investigate."]
    (announced,) = await workspace.said("incidents")
    assert f"<#{done.channels.room}>" in str(announced["blocks"])
    assert "https://shop.example.com/status" in str(announced["blocks"])
    direct = [c for c in (await workspace.channels()).values() if c["kind"] == "im"]
    assert len(await workspace.said(direct[0]["id"])) == 1


async def test_a_post_whose_answer_was_lost_is_not_posted_twice(workspace: Workspace) -> None:
    report, chat = a_report("twice"), workspace.chat()
    opened = await converse(chat, report)
    posts = [a_post(1, "one"), a_post(2, "two"), a_post(3, "three")]
    await workspace.mood(lose_answers=True, method="chat.postMessage", for_next=1)
    half = await converse(chat, report, *posts, channels=opened.channels)
    assert half.through == 0
    again = report.model_copy(update={"chat_away_since": AWAY})
    # Another worker goes on, which remembers nothing.
    whole = await converse(workspace.chat(), again, *posts, channels=half.channels)
    assert whole.through == 3
    assert [m["text"] for m in await workspace.said(whole.channels.room)][1:] == ["one", "two", "three"]


async def test_the_card_is_edited_in_its_place_and_only_when_it_says_something_new(
    workspace: Workspace,
) -> None:
    chat, report = workspace.chat(), a_report("card")
    opened = await converse(chat, report)
    await converse(chat, report, a_post(1, "nothing new"), channels=opened.channels)
    assert await workspace.calls("chat.update") == []
    mitigated = report.model_copy(update={"status": Status.MITIGATED})
    done = await converse(chat, mitigated, channels=opened.channels)
    assert done.channels.card == opened.channels.card
    card = (await workspace.said(done.channels.room))[0]
    assert card["edits"] == 1
    assert "Mitigated" in str(card["blocks"])
    assert len(await workspace.calls("chat.update")) == 1


async def test_a_card_that_somebody_deleted_comes_back(workspace: Workspace) -> None:
    chat, report = workspace.chat(), a_report("gone")
    opened = await converse(chat, report)
    lost = opened.channels.model_copy(update={"card": "1.000001"})
    done = await converse(chat, report, channels=lost)
    assert done.card_done
    assert done.channels.card not in ("1.000001", None)
    assert done.channels.card in (await workspace.channel(done.channels.room))["pins"]


async def test_a_room_that_somebody_deleted_is_replaced(workspace: Workspace) -> None:
    report = a_report("vanished")
    first = await converse(workspace.chat(), report)
    lost = first.channels.model_copy(update={"room": "C0GONE", "status": "C0GONETOO"})
    changed = report.model_copy(update={"impact": "Nobody can pay at all"})
    told = await converse(workspace.chat(), changed, channels=lost)
    assert told.channels.room is None
    assert "the room is gone" in told.fault
    again = await converse(workspace.chat(), changed, channels=told.channels)
    assert (await workspace.channel(again.channels.room))["pins"] == [again.channels.card]


async def test_a_rate_limit_is_respected_and_what_was_refused_comes_once(workspace: Workspace) -> None:
    chat, report = workspace.chat(), a_report("patience")
    opened = await converse(chat, report)
    await workspace.mood(rate_limit=True, retry_after=7, method="chat.postMessage", for_next=1)
    done = await converse(chat, report, a_post(1, "one"), channels=opened.channels)
    assert done.retry_after == timedelta(seconds=7)
    assert done.through == 0
    done = await converse(chat, report, a_post(1, "one"), channels=opened.channels)
    assert [m["text"] for m in await workspace.said(done.channels.room)][1:] == ["one"]


@pytest.mark.parametrize("mood", [{"fail_with": 503}, {"error": "invalid_auth"}, {"error": "internal_error"}])
async def test_a_slack_that_is_out_of_order_is_told_and_nothing_is_lost(
    workspace: Workspace, mood: dict[str, object]
) -> None:
    await workspace.mood(**mood)
    done = await converse(workspace.chat(), a_report("order"), a_post(1, "one"))
    assert (done.through, done.card_done, done.channels.room) == (0, False, None)
    assert "Slack" in done.fault


async def test_a_post_that_slack_will_never_take_does_not_hold_up_the_others(workspace: Workspace) -> None:
    chat, report = workspace.chat(), a_report("refused")
    opened = await converse(chat, report)
    await workspace.mood(error="msg_too_long", method="chat.postMessage", for_next=1)
    posts = [a_post(1, "one"), a_post(2, "two")]
    done = await converse(chat, report, *posts, channels=opened.channels)
    assert done.through == 2
    assert "msg_too_long" in done.fault
    assert [m["text"] for m in await workspace.said(done.channels.room)][1:] == ["two"]


async def test_a_workspace_that_allows_no_channels_gets_the_posts_in_the_announcements(
    workspace: Workspace,
) -> None:
    await workspace.http.put("/control/slack/channels/incidents", json={})
    await workspace.mood(error="restricted_action", method="conversations.create", for_next=1)
    done = await converse(workspace.chat(), a_report("restricted"), a_post(1, "one"))
    assert "cannot open the room" in done.fault
    assert not done.card_done
    assert done.through == 1
    assert "48213" in str((await workspace.said("incidents"))[0]["blocks"])


async def test_without_a_war_room_posts_are_announced_with_the_incident_they_are_about(
    workspace: Workspace,
) -> None:
    report = a_report("quiet", war_room=None)
    done = await converse(workspace.chat(), report, a_post(1, "Is this still P2?"), wanted=False)
    assert (done.through, done.card_done, done.channels.room) == (1, True, None)
    (said,) = await workspace.said("incidents")
    assert "P0 Payments" in said["text"]


async def test_a_channel_of_announcements_that_was_replaced_is_found_again(workspace: Workspace) -> None:
    chat, report = workspace.chat(), a_report("replaced", war_room=None)
    await converse(chat, report, a_post(1, "one"), wanted=False)
    await workspace.http.post("/control/reset")
    done = await converse(chat, report, a_post(2, "two"), wanted=False)
    assert (done.through, done.fault) == (2, "")
    assert ["two" in m["text"] for m in await workspace.said("incidents")] == [True]


async def test_a_room_that_is_over_hears_the_last_word_and_is_archived(workspace: Workspace) -> None:
    chat, report = workspace.chat(), a_report("over")
    opened = await converse(chat, report)
    done = await converse(chat, report, a_post(1, "Thank you."), channels=opened.channels, over=True)
    assert done.channels.archived
    for channel in (done.channels.room, done.channels.status):
        assert (await workspace.channel(channel))["is_archived"]
    assert [m["text"] for m in await workspace.said(done.channels.room)][1:] == ["Thank you."]
    # What comes afterwards is announced; should the incident come back, it gets another room.
    late = await converse(chat, report, a_post(2, "Late."), channels=done.channels, over=True)
    assert late.through == 2
    assert "Late." in (await workspace.said("incidents"))[0]["text"]
    back = await converse(chat, report, channels=late.channels)
    assert back.channels.room_name == f"{opened.channels.room_name}-2"
    assert not back.channels.archived


async def test_somebody_is_told_directly_or_it_is_said_why_not(workspace: Workspace) -> None:
    chat = workspace.chat()
    assert (await chat.tell("alice@example.com", "A word.")).done
    nobody = await chat.tell("chiara@example.com", "A word.")
    assert not nobody.done
    assert "is not in Slack" in nobody.detail
