"""What people do in Slack, what the application is sent of it, and how its answers are taken."""

from typing import Any

import httpx
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from tests.simulator.outside import until
from tests.simulator.slack_outside import (
    ANN,
    BOB,
    Product,
    Reply,
    Slack,
    button,
    field,
    modal,
    option,
    plain,
)


async def test_a_click_is_told_signed_and_whole(slack: Slack, product: Product) -> None:
    channel = await slack.channel("war-room", ANN)
    ts = await slack.post(channel, button("ack", "inc-1", style="primary"))
    done = slack.did(ANN, "click", channel=channel, ts=ts, action_id="ack")
    assert (done["status"], done["error"]) == (200, None)
    request = product.got("/interactivity")[0]
    assert request.genuine
    told = request.content
    assert (told["type"], told["user"]["id"], told["channel"]["id"]) == ("block_actions", ANN, channel)
    assert told["message"]["ts"] == told["container"]["message_ts"] == ts
    action = told["actions"][0]
    assert (action["action_id"], action["block_id"], action["value"]) == ("ack", "row", "inc-1")
    view = (await slack.client.views_open(trigger_id=told["trigger_id"], view=modal()))["view"]
    assert slack.get("/modals")[0]["view"]["id"] == view["id"]


async def test_a_button_that_is_not_there_cannot_be_clicked(slack: Slack, product: Product) -> None:
    channel = await slack.channel("war-room", ANN)
    ts = await slack.post(channel, button("ack"))
    assert slack.act(ANN, "click", channel=channel, ts=ts, action_id="nack").status_code == 409
    assert slack.act(ANN, "click", channel=channel, ts="1.1", action_id="ack").status_code == 409
    await slack.client.chat_update(channel=channel, ts=ts, text="Done")
    assert slack.act(ANN, "click", channel=channel, ts=ts, action_id="ack").status_code == 409
    assert product.got("/interactivity") == []


async def test_a_select_tells_what_was_picked(slack: Slack, product: Product) -> None:
    channel = await slack.channel("war-room", ANN)
    picks = {"type": "static_select", "action_id": "sev", "options": [option("sev1"), option("sev2")]}
    who = {"type": "users_select", "action_id": "who"}
    ts = await slack.post(channel, picks, who)
    slack.did(ANN, "click", channel=channel, ts=ts, action_id="sev", value="sev2")
    slack.did(ANN, "click", channel=channel, ts=ts, action_id="who", value=BOB)
    severity, person = (one.content["actions"][0] for one in product.got("/interactivity"))
    assert severity["selected_option"]["value"] == "sev2"
    assert person["selected_user"] == BOB
    wrong = slack.act(ANN, "click", channel=channel, ts=ts, action_id="sev", value="sev9")
    assert wrong.status_code == 422


@pytest.mark.parametrize("reply", [Reply(status=500), Reply(delay=3.2)])
async def test_who_clicks_in_vain_is_told(slack: Slack, product: Product, reply: Reply) -> None:
    channel = await slack.channel("war-room", ANN)
    ts = await slack.post(channel, button("ack"))
    product.replies["/interactivity"] = reply
    done = slack.did(ANN, "click", channel=channel, ts=ts, action_id="ack")
    assert "trouble" in done["error"]


async def test_response_urls_take_five_answers(slack: Slack, product: Product) -> None:
    channel = await slack.channel("war-room", ANN)
    ts = await slack.post(channel, button("ack"))
    slack.did(ANN, "click", channel=channel, ts=ts, action_id="ack")
    url = product.got("/interactivity")[0].content["response_url"]
    hook = WebhookClient(url)
    assert hook.send(text="Taken by Ann", replace_original=True).body == "ok"
    assert hook.send(text="Thank you").body == "ok"
    assert hook.send(text="Everybody look", response_type="in_channel").body == "ok"
    seen = {one["text"]: one for one in slack.get("/messages", channel=channel)}
    assert (seen["Taken by Ann"]["ts"], seen["Taken by Ann"]["blocks"]) == (ts, [])
    assert seen["Thank you"]["ephemeral_to"] == ANN
    assert seen["Everybody look"]["ephemeral_to"] is None
    assert hook.send(text="4", delete_original=True).body == "ok"
    assert hook.send(text="5").body == "ok"
    last = hook.send(text="6")
    assert (last.status_code, "used_url" in last.body) == (404, True)
    assert "6" not in [one["text"] for one in slack.get("/messages", channel=channel)]


async def opened(slack: Slack, *blocks: Any, **more: Any) -> str:
    slack.did(ANN, "command", channel="general", command="/midwatch")
    trigger = slack.product.got("/commands")[-1].content["trigger_id"]
    opened = await slack.client.views_open(trigger_id=trigger, view=modal(*blocks, **more))
    return str(opened["view"]["id"])


async def test_a_modal_is_sent_off_with_every_kind_of_field(slack: Slack, product: Product) -> None:
    options = [option("one"), option("two")]
    view_id = await opened(
        slack,
        field("what", "text", multiline=True),
        field("pick", "select", "static_select", options=options, initial_option=options[0]),
        field("choose", "radio", "radio_buttons", options=options),
        field("tick", "boxes", "checkboxes", options=options),
        field("who", "user", "users_select"),
        field("when", "at", "datetimepicker"),
        field("more", "text", optional=True),
        private_metadata="inc-1",
    )
    values = {
        "what": {"text": "The database"},
        "choose": {"radio": "two"},
        "tick": {"boxes": ["one", "two"]},
        "who": {"user": BOB},
        "when": {"at": "2026-01-02T03:04:00+00:00"},
    }
    done = slack.did(ANN, "submit", view_id=view_id, values=values)
    assert (done["error"], done["view"], slack.get("/modals")) == (None, None, [])
    told = product.got("/interactivity")[0].content
    assert told["type"] == "view_submission"
    assert (told["view"]["callback_id"], told["view"]["private_metadata"]) == ("ask", "inc-1")
    got = told["view"]["state"]["values"]
    assert got["what"]["text"] == {"type": "plain_text_input", "value": "The database"}
    assert got["pick"]["select"]["selected_option"]["value"] == "one"
    assert got["choose"]["radio"]["selected_option"] == options[1]
    assert [one["value"] for one in got["tick"]["boxes"]["selected_options"]] == ["one", "two"]
    assert got["who"]["user"]["selected_user"] == BOB
    assert got["when"]["at"]["selected_date_time"] == 1767323040
    assert got["more"]["text"]["value"] is None


async def test_what_is_required_must_be_filled_in_before_anything_is_sent(
    slack: Slack, product: Product
) -> None:
    view_id = await opened(slack)
    done = slack.did(ANN, "submit", view_id=view_id, values={"what": {"text": ""}})
    assert done["view"]["errors"] == {"what": "Please complete this required field."}
    assert product.got("/interactivity") == []
    wrong = slack.act(ANN, "submit", view_id=view_id, values={"whta": {"text": "x"}})
    assert wrong.status_code == 422
    assert slack.act(BOB, "submit", view_id=view_id).status_code == 409


async def test_the_application_says_what_is_wrong_in_a_modal(slack: Slack, product: Product) -> None:
    view_id = await opened(slack)
    errors = {"what": "Say more than that."}
    product.replies["/interactivity"] = Reply(body={"response_action": "errors", "errors": errors})
    filled = {"what": {"text": "x"}}
    done = slack.did(ANN, "submit", view_id=view_id, values=filled)
    assert (done["view"]["errors"], done["error"]) == (errors, None)
    product.replies["/interactivity"] = Reply(body={"response_action": "clear"})
    assert slack.did(ANN, "submit", view_id=view_id)["view"] is None
    assert product.got("/interactivity")[1].content["view"]["state"]["values"]["what"]["text"]["value"] == "x"


async def test_an_answer_replaces_the_modal(slack: Slack, product: Product) -> None:
    view_id = await opened(slack)
    following = modal(field("next", "text"), title=plain("Next"))
    product.replies["/interactivity"] = Reply(body={"response_action": "update", "view": following})
    done = slack.did(ANN, "submit", view_id=view_id, values={"what": {"text": "x"}})
    assert (done["view"]["id"], done["view"]["view"]["title"]["text"]) == (view_id, "Next")


@pytest.mark.parametrize(
    "reply",
    [
        Reply(status=500),
        Reply(body="thanks"),
        Reply(body={"response_action": "errors", "errors": {"elsewhere": "wrong"}}),
        Reply(body={"response_action": "update", "view": modal(title=plain("x" * 25))}),
    ],
)
async def test_a_wrong_answer_leaves_the_modal_open(slack: Slack, product: Product, reply: Reply) -> None:
    view_id = await opened(slack)
    product.replies["/interactivity"] = reply
    done = slack.did(ANN, "submit", view_id=view_id, values={"what": {"text": "x"}})
    assert "trouble" in done["error"]
    assert done["view"]["id"] == view_id


async def test_a_modal_closed_by_hand_is_told_only_if_asked(slack: Slack, product: Product) -> None:
    slack.did(ANN, "close-view", view_id=await opened(slack))
    assert product.got("/interactivity") == []
    slack.did(ANN, "close-view", view_id=await opened(slack, notify_on_close=True))
    assert product.got("/interactivity")[0].content["type"] == "view_closed"
    assert slack.get("/modals") == []


async def test_a_command_is_told_and_its_answer_shown(slack: Slack, product: Product) -> None:
    channel = await slack.channel("war-room", ANN)
    product.replies["/commands"] = Reply(body={"text": "Two open incidents"})
    slack.did(ANN, "command", channel="#war-room", command="/midwatch", text="list @bob")
    request = product.got("/commands")[0]
    assert request.genuine
    told = request.content
    assert (told["command"], told["text"]) == ("/midwatch", f"list <@{BOB}>")
    assert (told["channel_id"], told["channel_name"]) == (channel, "war-room")
    assert (told["user_id"], told["user_name"]) == (ANN, "ann")
    assert slack.until_said(channel, "Two open incidents")["ephemeral_to"] == ANN
    product.replies["/commands"] = Reply(body={"text": "Declared", "response_type": "in_channel"})
    slack.did(ANN, "command", channel=channel, command="/midwatch")
    assert slack.until_said(channel, "Declared")["ephemeral_to"] is None


async def test_an_answer_too_late_fails_the_command_and_its_trigger(slack: Slack, product: Product) -> None:
    product.replies["/commands"] = Reply(delay=3.2)
    done = slack.did(ANN, "command", channel="general", command="/midwatch")
    text = '/midwatch failed with the error "operation_timeout"'
    assert done["error"] == text
    assert slack.until_said("general", text)["ephemeral_to"] == ANN
    trigger = product.got("/commands")[0].content["trigger_id"]
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        await slack.client.views_open(trigger_id=trigger, view=modal())


async def test_what_is_said_is_told_where_the_bot_listens(slack: Slack, product: Product) -> None:
    channel = await slack.channel("war-room", ANN)
    slack.did(ANN, "say", channel="general", text="lunch?")
    slack.did(ANN, "say", channel=channel, text="it is the cache")
    slack.did(ANN, "say", channel=channel, text="@midwatch resolve")
    mention = until(lambda: product.events("app_mention"))[0]
    assert (mention["text"], mention["user"]) == ("<@U0MIDWATCH> resolve", ANN)
    until(lambda: len([one for one in product.events("message") if one["user"] == ANN]) >= 3)
    assert "lunch?" not in [one["text"] for one in product.events("message")]
    slack.did(ANN, "say", channel="@midwatch", text="who is on call?")
    direct = until(lambda: [one for one in product.events("message") if one["channel_type"] == "im"])[0]
    assert direct["text"] == "who is on call?"
    assert all(one.genuine for one in product.received)


async def test_the_bot_hears_its_own_voice(slack: Slack, product: Product) -> None:
    channel = await slack.channel()
    await slack.client.chat_postMessage(channel=channel, text="hello")
    own = until(lambda: [one for one in product.events("message") if one["text"] == "hello"])[0]
    assert own["bot_id"] == "B0MIDWATCH"


async def test_the_home_tab_is_told_of_when_opened(slack: Slack, product: Product) -> None:
    slack.act(ANN, "open-home").raise_for_status()
    assert until(lambda: product.events("app_home_opened"))[0]["user"] == ANN


async def test_an_event_is_sent_again_until_it_is_taken(slack: Slack, product: Product) -> None:
    channel = await slack.channel("war-room", ANN)
    until(lambda: len(product.events("message")) == 2)  # the two who joined
    product.forget()
    product.replies["/events"] = Reply(status=503)
    slack.did(ANN, "say", channel=channel, text="hello")
    until(lambda: len(product.got("/events")) == 4)
    numbers = [one.headers.get("X-Slack-Retry-Num") for one in product.got("/events")]
    assert numbers == [None, "1", "2", "3"]
    assert product.got("/events")[1].headers["X-Slack-Retry-Reason"] == "http_error"
    assert len({one.content["event_id"] for one in product.got("/events")}) == 1


def test_the_address_is_verified_on_demand(slack: Slack, product: Product) -> None:
    assert slack.http.post("/slack/verify-url").json()["verified"] is True
    product.replies["/events"] = Reply(body={"challenge": "something else"})
    assert slack.http.post("/slack/verify-url").json()["verified"] is False


async def test_a_request_is_replayed_byte_by_byte(slack: Slack, product: Product) -> None:
    channel = await slack.channel("war-room", ANN)
    ts = await slack.post(channel, button("ack"))
    number = slack.did(ANN, "click", channel=channel, ts=ts, action_id="ack")["request"]
    product.replies["/interactivity"] = Reply(status=403)
    again = slack.http.post(f"/slack/requests/{number}/replay").json()
    assert (again["replay_of"], again["status"]) == (number, 403)
    first, second = product.got("/interactivity")
    assert first.body == second.body
    for name in ("X-Slack-Request-Timestamp", "X-Slack-Signature"):
        assert first.headers[name] == second.headers[name]
    sent = slack.get("/requests", direction="out", path="/interactivity")
    assert [one["status"] for one in sent] == [200, 403]
    asked = slack.get("/requests", direction="in", path="/slack/api/chat.postMessage")
    assert [one["status"] for one in asked] == [200]
    assert slack.http.post("/slack/requests/99999/replay").status_code == 404


def test_there_is_no_slack_unless_it_was_asked_for(outside: Any) -> None:
    assert outside.http.get("/slack").status_code == 404
    assert httpx.post(f"{outside.url}/slack/api/auth.test").status_code == 404
