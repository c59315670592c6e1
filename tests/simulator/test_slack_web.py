"""Slack's Web API, through the official client."""

from typing import Any

import httpx
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from tests.simulator.slack_outside import ANN, BOB, TOKEN, Slack, button, field, modal, plain


async def refused(call: Any) -> AsyncSlackResponse:
    with pytest.raises(SlackApiError) as refusal:
        await call
    answer: AsyncSlackResponse = refusal.value.response
    return answer


async def test_only_the_token_opens_the_door(slack: Slack) -> None:
    who = await slack.client.auth_test()
    assert (who["ok"], who["user"], who["user_id"]) == (True, "midwatch", "U0MIDWATCH")
    stranger = AsyncWebClient(token="xoxb-wrong", base_url=f"{slack.url}/slack/api/")
    assert (await refused(stranger.auth_test()))["error"] == "invalid_auth"
    api = f"{slack.url}/slack/api"
    assert httpx.post(f"{api}/auth.test").json() == {"ok": False, "error": "not_authed"}
    assert httpx.post(f"{api}/auth.test", data={"token": TOKEN}).json()["ok"] is True
    assert (await refused(slack.client.api_call("chat.shout")))["error"] == "unknown_method"


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("War-Room", "invalid_name_specials"),
        ("war room", "invalid_name_specials"),
        ("war.room", "invalid_name_specials"),
        ("w" * 81, "invalid_name_maxlength"),
        ("---", "invalid_name_punctuation"),
        ("", "invalid_name_required"),
        ("general", "name_taken"),
    ],
)
async def test_channel_names_obey_slacks_rules(slack: Slack, name: str, error: str) -> None:
    assert (await refused(slack.client.conversations_create(name=name)))["error"] == error


async def test_people_are_invited_all_or_none(slack: Slack) -> None:
    channel = await slack.channel("war-room", ANN)
    invite = slack.client.conversations_invite
    again = await refused(invite(channel=channel, users=ANN))
    assert again["error"] == "already_in_channel"
    unknown = await refused(invite(channel=channel, users=[BOB, "U0NOBODY"]))
    assert (unknown["error"], unknown["errors"][0]["user"]) == ("user_not_found", "U0NOBODY")
    assert BOB not in slack.http.get("/slack/channels").json()[-1]["members"]
    await invite(channel=channel, users=[ANN, BOB], force=True)
    assert (await slack.client.conversations_info(channel=channel))["channel"]["num_members"] == 3
    assert (await refused(invite(channel="C0NONE", users=ANN)))["error"] == "channel_not_found"


async def test_a_channel_has_topic_purpose_pins_and_bookmarks(slack: Slack) -> None:
    channel = await slack.channel()
    await slack.client.conversations_setTopic(channel=channel, topic="SEV1")
    await slack.client.conversations_setPurpose(channel=channel, purpose="Checkout is down")
    ts = await slack.post(channel)
    await slack.client.pins_add(channel=channel, timestamp=ts)
    assert (await refused(slack.client.pins_add(channel=channel, timestamp=ts)))["error"] == "already_pinned"
    mark = await slack.client.bookmarks_add(
        channel_id=channel, title="Bridge", type="link", link="https://meet.example.com"
    )
    assert mark["bookmark"]["title"] == "Bridge"
    seen = next(one for one in slack.get("/channels") if one["id"] == channel)
    assert (seen["topic"], seen["purpose"], seen["pins"]) == ("SEV1", "Checkout is down", [ts])
    assert [one["link"] for one in seen["bookmarks"]] == ["https://meet.example.com"]
    assert (await slack.client.conversations_info(channel=channel))["channel"]["topic"]["value"] == "SEV1"


async def test_only_members_change_a_channel(slack: Slack) -> None:
    slack.http.put("/slack/channels/incidents", json={"members": [ANN]}).raise_for_status()
    found = (await slack.client.conversations_list())["channels"]
    channel = next(one["id"] for one in found if one["name"] == "incidents")
    topic = slack.client.conversations_setTopic
    assert (await refused(topic(channel=channel, topic="x")))["error"] == "not_in_channel"
    await slack.client.conversations_join(channel=channel)
    await topic(channel=channel, topic="x")
    assert (await slack.client.conversations_join(channel=channel))["warning"] == "already_in_channel"


async def test_lists_come_in_pages(slack: Slack) -> None:
    for number in range(5):
        await slack.channel(f"room-{number}")
    names, cursor = [], ""
    while True:
        page = await slack.client.conversations_list(limit=2, cursor=cursor)
        names += [one["name"] for one in page["channels"]]
        if not (cursor := page["response_metadata"]["next_cursor"]):
            break
    assert names == ["general", *(f"room-{number}" for number in range(5))]
    assert (await refused(slack.client.conversations_list(cursor="?")))["error"] == "invalid_cursor"


async def test_an_archived_channel_takes_nothing_more(slack: Slack) -> None:
    channel = await slack.channel()
    await slack.client.conversations_archive(channel=channel)
    again = await refused(slack.client.conversations_archive(channel=channel))
    assert again["error"] == "already_archived"
    post = await refused(slack.client.chat_postMessage(channel=channel, text="hello"))
    assert post["error"] == "is_archived"
    left = await slack.client.conversations_list(exclude_archived=True)
    assert channel not in [one["id"] for one in left["channels"]]


async def test_messages_go_to_channels_by_id_and_name_and_to_people(slack: Slack) -> None:
    channel = await slack.channel()
    for written in (channel, "#war-room", "war-room"):
        assert (await slack.client.chat_postMessage(channel=written, text="hello"))["channel"] == channel
    opened = (await slack.client.conversations_open(users=ANN))["channel"]["id"]
    assert (await slack.client.chat_postMessage(channel=ANN, text="psst"))["channel"] == opened
    nowhere = await refused(slack.client.chat_postMessage(channel="#nowhere", text="hello"))
    assert nowhere["error"] == "channel_not_found"
    assert (await refused(slack.client.api_call("chat.postMessage", json={"channel": channel})))[
        "error"
    ] == "no_text"


async def test_history_is_newest_first_and_keeps_metadata_for_who_asks(slack: Slack) -> None:
    channel = await slack.channel()
    metadata = {"event_type": "card", "event_payload": {"incident": "inc-1"}}
    first = await slack.client.chat_postMessage(channel=channel, text="one", metadata=metadata)
    second = await slack.client.chat_postMessage(channel=channel, text="two")
    await slack.client.chat_postMessage(channel=channel, text="aside", thread_ts=first["ts"])
    assert float(first["ts"]) < float(second["ts"])
    read = slack.client.conversations_history
    newest = (await read(channel=channel, limit=1))["messages"]
    assert [one["text"] for one in newest] == ["two"]
    page = await read(channel=channel, limit=1)
    assert page["has_more"] is True
    older = await read(channel=channel, limit=1, cursor=page["response_metadata"]["next_cursor"])
    assert [("metadata" in one, one["text"]) for one in older["messages"]] == [(False, "one")]
    told = await read(channel=channel, include_all_metadata=True, oldest=first["ts"], inclusive=True)
    assert [one.get("metadata") for one in told["messages"]] == [None, metadata]
    after = await read(channel=channel, oldest=first["ts"])
    before = await read(channel=channel, latest=first["ts"])
    assert [one["text"] for one in after["messages"]] == ["two"]
    assert "two" not in [one["text"] for one in before["messages"]]


async def test_a_message_is_edited_in_place(slack: Slack) -> None:
    channel = await slack.channel()
    ts = await slack.post(channel, button("ack"))
    answer = await slack.client.chat_update(channel=channel, ts=ts, text="Done")
    assert (answer["ts"], answer["message"]["text"]) == (ts, "Done")
    kept = next(one for one in slack.get("/messages", channel=channel) if one["ts"] == ts)
    assert (kept["text"], kept["blocks"], kept["edits"]) == ("Done", [], 1)
    lost = await refused(slack.client.chat_update(channel=channel, ts="1.000001", text="x"))
    assert lost["error"] == "message_not_found"
    theirs = slack.did(ANN, "say", channel=channel, text="mine")["ts"]
    foreign = await refused(slack.client.chat_update(channel=channel, ts=theirs, text="x"))
    assert foreign["error"] == "cant_update_message"


async def test_an_ephemeral_message_is_for_one_member(slack: Slack) -> None:
    channel = await slack.channel("war-room", ANN)
    await slack.client.chat_postEphemeral(channel=channel, user=ANN, text="only you")
    assert slack.until_said(channel, "only you")["ephemeral_to"] == ANN
    history = (await slack.client.conversations_history(channel=channel))["messages"]
    assert "only you" not in [one["text"] for one in history]
    other = await refused(slack.client.chat_postEphemeral(channel=channel, user=BOB, text="x"))
    assert other["error"] == "user_not_in_channel"


async def test_a_permalink_leads_to_the_page(slack: Slack) -> None:
    channel = await slack.channel()
    ts = await slack.post(channel)
    link = (await slack.client.chat_getPermalink(channel=channel, message_ts=ts))["permalink"]
    followed = httpx.get(link, follow_redirects=True)
    assert (followed.status_code, followed.url.fragment) == (200, f"{channel}/{ts}")


async def test_people_are_found_by_address(slack: Slack) -> None:
    found = (await slack.client.users_lookupByEmail(email="ANN@example.com"))["user"]
    assert (found["id"], found["profile"]["email"]) == (ANN, "ann@example.com")
    assert (await slack.client.users_info(user=ANN))["user"]["real_name"] == "Ann Archer"
    nobody = await refused(slack.client.users_lookupByEmail(email="no@example.com"))
    assert nobody["error"] == "users_not_found"


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


@pytest.mark.parametrize(
    ("blocks", "said"),
    [
        ([{"type": "divider"}] * 51, "no more than 50 items allowed [json-pointer:/blocks]"),
        ([section("x" * 3001)], "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"),
        ([section("")], "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
        (
            [{"type": "actions", "elements": [button(f"a{number}") for number in range(26)]}],
            "no more than 25 items allowed [json-pointer:/blocks/0/elements]",
        ),
        (
            [{"type": "actions", "elements": [{**button("a"), "text": plain("x" * 76)}]}],
            "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]",
        ),
        (
            [{"type": "actions", "elements": [button("a"), button("a")]}],
            "`action_id` 'a' already exists [json-pointer:/blocks/0]",
        ),
        ([{"type": "sction"}], "unsupported type: sction [json-pointer:/blocks/0/type]"),
    ],
)
async def test_broken_blocks_are_refused_with_the_place(slack: Slack, blocks: Any, said: str) -> None:
    channel = await slack.channel()
    answer = await refused(slack.client.chat_postMessage(channel=channel, text="x", blocks=blocks))
    assert answer["error"] == "invalid_blocks"
    assert f"[ERROR] {said}" in answer["response_metadata"]["messages"]


async def test_the_fullest_message_passes(slack: Slack) -> None:
    channel = await slack.channel()
    row = [{**button(f"a{number}"), "text": plain("x" * 75)} for number in range(25)]
    blocks = [section("x" * 3000), {"type": "actions", "elements": row}, *[{"type": "divider"}] * 48]
    await slack.client.chat_postMessage(channel=channel, text="x", blocks=blocks)


async def trigger_of(slack: Slack) -> str:
    slack.did(ANN, "command", channel="general", command="/midwatch")
    return str(slack.product.got("/commands")[-1].content["trigger_id"])


async def test_a_trigger_opens_one_modal(slack: Slack) -> None:
    trigger = await trigger_of(slack)
    view = (await slack.client.views_open(trigger_id=trigger, view=modal(external_id="mine")))["view"]
    assert [one["id"] for one in slack.get("/modals", user=ANN)] == [view["id"]]
    again = await refused(slack.client.views_open(trigger_id=trigger, view=modal()))
    assert again["error"] == "exchanged_trigger_id"
    assert (await refused(slack.client.views_open(trigger_id="1.2.x", view=modal())))[
        "error"
    ] == "invalid_trigger_id"
    updated = await slack.client.views_update(external_id="mine", hash=view["hash"], view=modal())
    assert updated["view"]["id"] == view["id"]
    stale = await refused(slack.client.views_update(view_id=view["id"], hash=view["hash"], view=modal()))
    assert stale["error"] == "hash_conflict"
    assert (await refused(slack.client.views_update(view_id="V0", view=modal())))["error"] == "not_found"


@pytest.mark.parametrize(
    ("view", "said"),
    [
        (modal(title=plain("x" * 25)), "must be less than 25 characters [json-pointer:/view/title/text]"),
        (modal(submit=None), "must define `submit` to use an `input` block [json-pointer:/view/blocks/0]"),
        (
            modal(field("pick", "it", "static_select", options=[])),
            "must have 1 to 100 items [json-pointer:/view/blocks/0/element/options]",
        ),
    ],
)
async def test_broken_views_are_refused_with_the_place(slack: Slack, view: Any, said: str) -> None:
    answer = await refused(slack.client.views_open(trigger_id=await trigger_of(slack), view=view))
    assert answer["error"] == "invalid_arguments"
    assert f"[ERROR] {said}" in answer["response_metadata"]["messages"]


async def test_a_home_tab_is_published(slack: Slack) -> None:
    home = {"type": "home", "blocks": [section("Nothing is on fire.")]}
    await slack.client.views_publish(user_id=ANN, view=home)
    assert (
        slack.http.get("/slack/home").json()[ANN]["view"]["blocks"][0]["text"]["text"]
        == "Nothing is on fire."
    )
