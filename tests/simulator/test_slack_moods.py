"""Slack out of order, and people who act by themselves."""

import asyncio
import time

import aiohttp
import httpx
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from tests.simulator.outside import until
from tests.simulator.slack_outside import ANN, BOB, TOKEN, Product, Reply, Slack, button, field, modal


async def test_the_rate_limit_says_when_to_come_again(slack: Slack) -> None:
    slack.mood(rate_limit=True, retry_after=1, for_next=1)
    with pytest.raises(SlackApiError) as refusal:
        await slack.client.auth_test()
    answer = refusal.value.response
    assert (answer.status_code, answer.headers["Retry-After"], answer["error"]) == (429, "1", "ratelimited")
    await slack.client.auth_test()
    patient = AsyncWebClient(
        token=TOKEN,
        base_url=f"{slack.url}/slack/api/",
        retry_handlers=[AsyncRateLimitErrorRetryHandler(max_retry_count=1)],
    )
    slack.mood(rate_limit=True, retry_after=1, for_next=1)
    began = time.monotonic()
    assert (await patient.auth_test())["ok"]
    assert time.monotonic() - began > 0.9


async def test_a_mood_may_be_of_one_method_alone(slack: Slack) -> None:
    slack.mood(error="restricted_action", method="conversations.create")
    await slack.client.auth_test()
    with pytest.raises(SlackApiError, match="restricted_action"):
        await slack.client.conversations_create(name="war-room")
    slack.mood()
    await slack.client.conversations_create(name="war-room")


async def test_an_outage_counts_down(slack: Slack) -> None:
    slack.mood(fail_with=503, for_next=2)
    for left in (1, None):
        with pytest.raises(SlackApiError) as refusal:
            await slack.client.auth_test()
        assert refusal.value.response.status_code == 503
        assert slack.http.get("/slack").json()["for_next"] == left
    await slack.client.auth_test()


async def test_an_answer_may_be_lost_though_the_deed_is_done(slack: Slack) -> None:
    channel = await slack.channel()
    slack.mood(lose_answers=True, for_next=1)
    once = AsyncWebClient(token=TOKEN, base_url=f"{slack.url}/slack/api/", retry_handlers=[])
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await once.chat_postMessage(channel=channel, text="done")
    slack.until_said(channel, "done")


async def test_who_gives_up_on_a_slack_that_hangs_has_had_nothing_done(slack: Slack) -> None:
    channel = await slack.channel()
    slack.mood(hang=0.6, for_next=1)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(slack.client.chat_postMessage(channel=channel, text="late"), 0.1)
    until(lambda: [one for one in slack.get("/requests", direction="in") if one["error"] == "given_up"])
    assert "late" not in [one["text"] for one in slack.get("/messages", channel=channel)]
    slack.mood(hang=0.3, for_next=1)
    began = time.monotonic()
    await slack.client.chat_postMessage(channel=channel, text="late")
    assert time.monotonic() - began >= 0.3


def test_a_misspelt_mood_or_habit_is_refused(slack: Slack) -> None:
    assert slack.http.put("/slack", json={"fail": 503}).status_code == 422
    user = {"name": "Ann", "email": "ann@example.com"}
    for wrong in ([{"on": "("}], [{"at": "ack"}], [{"on": "ack", "times": 0}]):
        assert slack.http.put(f"/slack/users/{ANN}", json={**user, "auto": wrong}).status_code == 422
    assert slack.http.put("/slack/users/ann", json=user).status_code == 422


async def test_a_habit_clicks_what_appears_where_its_person_is(slack: Slack, product: Product) -> None:
    slack.user(ANN, {"on": "ack|take_.*", "after": 0.05})
    channel = await slack.channel()
    ts = await slack.post(channel, button("look"), button("take_lead", "inc-1"))
    await slack.client.chat_update(channel=channel, ts=ts, text="x")
    elsewhere = await slack.post(channel, button("take_lead", "inc-1"))
    assert product.got("/interactivity") == []
    await slack.client.conversations_invite(channel=channel, users=ANN)
    told = until(lambda: product.got("/interactivity"))[0].content
    assert (told["user"]["id"], told["actions"][0]["action_id"]) == (ANN, "take_lead")
    assert told["message"]["ts"] == elsewhere


async def test_a_habit_is_kept_only_so_often_and_once_for_a_button(slack: Slack, product: Product) -> None:
    slack.user(ANN, {"on": "ack", "after": 0, "times": 2, "anywhere": True})
    channel = await slack.channel()
    first = await slack.post(channel, button("ack", "1"))
    until(lambda: product.got("/interactivity"))
    blocks = [{"type": "actions", "elements": [button("ack", "1")]}]
    await slack.client.chat_update(channel=channel, ts=first, text="same button", blocks=blocks)
    for value in ("2", "3"):
        await slack.post(channel, button("ack", value))
    slack.user(BOB, {"on": "done", "after": 0, "anywhere": True})
    await slack.post(channel, button("ack", "4"), button("done"))
    until(lambda: [one for one in product.got("/interactivity") if one.content["user"]["id"] == BOB])
    clicked = [one.content["actions"][0]["value"] for one in product.got("/interactivity")]
    assert sorted(clicked[:2]) == ["1", "2"]
    assert len(clicked) == 3


async def test_of_several_buttons_that_appear_at_once_a_habit_clicks_no_more_than_it_may(
    slack: Slack, product: Product
) -> None:
    slack.user(ANN, {"on": "take_.*", "after": 0})
    slack.user(BOB, {"on": "look", "after": 0.2})
    channel = await slack.channel("war-room", ANN, BOB)
    await slack.post(channel, button("take_lead"), button("take_notes"), button("look"))
    until(lambda: [one for one in product.got("/interactivity") if one.content["user"]["id"] == BOB])
    clicked = [one.content["actions"][0]["action_id"] for one in product.got("/interactivity")]
    assert clicked == ["take_lead", "look"]


async def test_a_habit_fills_in_the_modal_that_opens(slack: Slack, product: Product) -> None:
    values = {"what": {"text": "Rolled back"}}
    slack.user(ANN, {"on": "checkpoint", "after": 0, "submit": values})
    channel = await slack.channel("war-room", ANN)
    await slack.post(channel, button("checkpoint"))
    trigger = until(lambda: product.got("/interactivity"))[0].content["trigger_id"]
    await slack.client.views_open(trigger_id=trigger, view=modal(field("what", "text")))
    told = until(lambda: product.got("/interactivity")[1:])[0].content
    assert told["view"]["state"]["values"]["what"]["text"]["value"] == "Rolled back"
    until(lambda: not slack.get("/modals"))


async def test_a_button_that_goes_away_is_not_clicked(slack: Slack, product: Product) -> None:
    slack.user(ANN, {"on": "ack", "after": 0.3})
    channel = await slack.channel("war-room", ANN)
    ts = await slack.post(channel, button("ack", "1"))
    await slack.client.chat_update(channel=channel, ts=ts, text="Taken by somebody")
    await slack.post(channel, button("ack", "2"))
    clicked = until(lambda: product.got("/interactivity"))
    assert [one.content["actions"][0]["value"] for one in clicked] == ["2"]


async def test_reset_forgets_slack(slack: Slack, product: Product) -> None:
    slack.user(ANN, {"on": "ack", "after": 0.2})
    slack.mood(error="fatal_error", method="chat.update")
    channel = await slack.channel("war-room", ANN)
    await slack.post(channel, button("ack"))
    product.replies["/events"] = Reply(status=500)
    httpx.post(f"{slack.url}/control/reset").raise_for_status()
    assert [one["name"] for one in slack.get("/channels")] == ["general"]
    assert [one["is_bot"] for one in slack.get("/users")] == [True, True]
    for kept in ("messages", "modals", "requests"):
        assert slack.get(f"/{kept}") == []
    assert slack.http.get("/slack").json()["error"] is None
