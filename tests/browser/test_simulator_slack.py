"""Slack's page, in a real browser, by keyboard and by mouse."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from slack_sdk.web.client import WebClient

from tests.chromium import QUIET, executable
from tests.simulator.outside import until
from tests.simulator.slack_outside import (
    ANN,
    BOB,
    TOKEN,
    Reply,
    Slack,
    button,
    field,
    modal,
    option,
    plain,
    slack_running,
)

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def running() -> Iterator[Slack]:
    with slack_running() as slack:
        yield slack


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def slack(running: Slack) -> Slack:
    running.http.post("/reset").raise_for_status()
    running.product.forget()
    running.user(ANN)
    running.user(BOB)
    return running


@pytest.fixture
def client(slack: Slack) -> WebClient:
    return WebClient(token=TOKEN, base_url=f"{slack.url}/slack/api/")


@pytest.fixture
def channel(client: WebClient) -> str:
    channel = str(client.conversations_create(name="war-room")["channel"]["id"])
    client.conversations_invite(channel=channel, users=[ANN, BOB])
    return channel


@pytest.fixture
def page(slack: Slack, channel: str, browser: Browser) -> Iterator[Page]:
    """The page, live, in the war room as Ann; anything it loads from elsewhere fails the test."""
    page = browser.new_page()
    asked: list[str] = []
    faults: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{slack.url}/slack#{channel}")
    expect(page.get_by_text("Live", exact=True)).to_be_visible()
    expect(page.get_by_role("heading", name="# war-room")).to_be_visible()
    yield page
    page.close()
    assert faults == []
    assert [url for url in asked if not url.startswith((slack.url, "data:"))] == []


def rows(*elements: Any) -> list[dict[str, Any]]:
    text = "*SEV1*, see `logs` and <https://example.com|the board>, <@U0BOB> <b>no</b>"
    return [
        {"type": "header", "text": plain("Checkout is down")},
        {"type": "section", "text": {"type": "mrkdwn", "text": text}},
        {"type": "section", "fields": [{"type": "mrkdwn", "text": "*Commander*\nAnn"}]},
        {"type": "actions", "elements": list(elements)},
    ]


def test_a_card_is_rendered_pinned_and_edited_in_place(client: WebClient, channel: str, page: Page) -> None:
    blocks = rows(button("ack", style="primary"))
    ts = client.chat_postMessage(channel=channel, text="Checkout is down", blocks=blocks)["ts"]
    client.pins_add(channel=channel, timestamp=ts)
    client.bookmarks_add(channel_id=channel, title="Bridge", type="link", link="https://meet.example.com")
    card = page.locator("article.message")
    expect(card.locator("strong", has_text="SEV1")).to_be_visible()
    expect(card.locator("code")).to_have_text("logs")
    expect(card.get_by_role("link", name="the board")).to_have_attribute("href", "https://example.com")
    expect(card.get_by_text("@Bob Baker")).to_be_visible()
    expect(card.get_by_text("<b>no</b>")).to_be_visible()
    expect(page.get_by_role("link", name="Bridge")).to_have_attribute("href", "https://meet.example.com")
    expect(page.get_by_role("link", name=re.compile("PINNED ?Checkout is down"))).to_be_visible()
    expect(card.get_by_text("(edited)")).to_have_count(0)
    client.chat_update(channel=channel, ts=ts, text="It is over")
    expect(card.get_by_text("It is over")).to_be_visible()
    expect(card.get_by_text("(edited)")).to_be_visible()
    expect(page.get_by_role("button", name="Ack")).to_have_count(0)


def test_a_button_is_pressed_by_keyboard_and_keeps_the_focus_when_its_card_changes(
    slack: Slack, client: WebClient, channel: str, page: Page
) -> None:
    ts = client.chat_postMessage(channel=channel, text="x", blocks=rows(button("ack", "inc-1")))["ts"]
    page.get_by_role("button", name="Ack").focus()
    page.keyboard.press("Enter")
    told = until(lambda: slack.product.got("/interactivity"))[0].content
    assert (told["user"]["id"], told["actions"][0]["value"]) == (ANN, "inc-1")
    client.chat_update(channel=channel, ts=ts, text="x", blocks=rows(button("ack", "inc-2")))
    expect(page.get_by_text("(edited)")).to_be_visible()
    expect(page.get_by_role("button", name="Ack")).to_be_focused()


def test_an_unanswered_click_is_shown(slack: Slack, client: WebClient, channel: str, page: Page) -> None:
    slack.product.replies["/interactivity"] = Reply(status=500)
    client.chat_postMessage(channel=channel, text="x", blocks=rows(button("ack")))
    page.get_by_role("button", name="Ack").click()
    expect(page.get_by_role("status")).to_contain_text("trouble connecting")


def test_a_select_is_picked_from_by_whoever_one_acts_as(
    slack: Slack, client: WebClient, channel: str, page: Page
) -> None:
    severities = [option("sev1"), option("sev2")]
    pick = {
        "type": "static_select",
        "action_id": "sev",
        "options": severities,
        "placeholder": plain("Severity"),
    }
    client.chat_postMessage(channel=channel, text="x", blocks=rows(pick))
    page.get_by_label("Acting as").select_option("Bob Baker")
    page.get_by_label("Severity").select_option("sev2")
    told = until(lambda: slack.product.got("/interactivity"))[0].content
    assert (told["user"]["id"], told["actions"][0]["selected_option"]["value"]) == (BOB, "sev2")


def test_a_modal_is_filled_in_refused_and_sent_by_keyboard(
    slack: Slack, client: WebClient, page: Page
) -> None:
    page.get_by_label("Message or slash command").fill("/midwatch declare cache")
    page.keyboard.press("Enter")
    told = until(lambda: slack.product.got("/commands"))[0].content
    assert (told["command"], told["text"]) == ("/midwatch", "declare cache")
    options = [option("one"), option("two")]
    fields = (
        field("what", "text", multiline=True),
        field("pick", "select", "static_select", options=options),
        field("choose", "radio", "radio_buttons", options=options),
        field("tick", "boxes", "checkboxes", options=options),
        field("who", "user", "users_select"),
        field("when", "at", "datetimepicker"),
    )
    client.views_open(trigger_id=told["trigger_id"], view=modal(*fields))
    dialog = page.get_by_role("dialog", name="Checkpoint")
    dialog.get_by_role("button", name="Send").click()
    expect(dialog.get_by_text("Please complete this required field.")).to_have_count(6)
    expect(dialog.get_by_label("What")).to_be_focused()

    page.keyboard.type("The cache")
    dialog.get_by_label("Pick").select_option("two")
    dialog.get_by_role("radio", name="One").check()
    dialog.get_by_role("checkbox", name="Two").check()
    dialog.get_by_label("Who").select_option("Bob Baker")
    dialog.get_by_label("When").fill("2026-01-02T03:04")
    errors = {"what": "Say which cache."}
    slack.product.replies["/interactivity"] = Reply(body={"response_action": "errors", "errors": errors})
    dialog.get_by_role("button", name="Send").click()
    expect(dialog.get_by_text("Say which cache.")).to_be_visible()
    expect(dialog.get_by_label("What")).to_have_value("The cache")
    slack.product.replies.clear()
    dialog.get_by_role("button", name="Send").click()
    expect(dialog).to_have_count(0)
    state = slack.product.got("/interactivity")[-1].content["view"]["state"]["values"]
    assert state["what"]["text"]["value"] == "The cache"
    assert state["pick"]["select"]["selected_option"]["value"] == "two"
    assert state["choose"]["radio"]["selected_option"]["value"] == "one"
    assert [one["value"] for one in state["tick"]["boxes"]["selected_options"]] == ["two"]
    assert state["who"]["user"]["selected_user"] == BOB
    at = page.evaluate("new Date('2026-01-02T03:04').getTime() / 1000")
    assert state["when"]["at"]["selected_date_time"] == at


def test_escape_closes_a_modal_for_good(slack: Slack, client: WebClient, page: Page) -> None:
    slack.did(ANN, "command", channel="general", command="/midwatch")
    trigger = slack.product.got("/commands")[0].content["trigger_id"]
    client.views_open(trigger_id=trigger, view=modal(notify_on_close=True))
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert until(lambda: slack.product.got("/interactivity"))[0].content["type"] == "view_closed"


def test_what_is_typed_outlives_an_update_of_the_modal(slack: Slack, client: WebClient, page: Page) -> None:
    slack.did(ANN, "command", channel="general", command="/midwatch")
    trigger = slack.product.got("/commands")[0].content["trigger_id"]
    view = client.views_open(trigger_id=trigger, view=modal())["view"]
    page.get_by_label("What").fill("half a sent")
    client.views_update(view_id=view["id"], view=modal(field("what", "text"), field("more", "text")))
    expect(page.get_by_label("More")).to_be_visible()
    expect(page.get_by_label("What")).to_have_value("half a sent")


def test_what_is_said_here_is_heard_and_answers_are_marked(
    slack: Slack, client: WebClient, channel: str, page: Page
) -> None:
    slack.product.replies["/commands"] = Reply(body={"text": "Nothing is open."})
    box = page.get_by_label("Message or slash command")
    box.fill("@midwatch hello")
    page.keyboard.press("Enter")
    expect(page.locator("article", has_text="@Midwatch hello")).to_be_visible()
    assert until(lambda: slack.product.events("app_mention"))[0]["user"] == ANN
    box.fill("/midwatch list")
    page.keyboard.press("Enter")
    answer = page.locator("article", has_text="Nothing is open.")
    expect(answer.get_by_text("Only visible to you")).to_be_visible()
    expect(answer.get_by_text("APP")).to_be_visible()


def test_new_messages_elsewhere_are_counted_and_a_permalink_leads_there(
    client: WebClient, page: Page
) -> None:
    other = client.conversations_create(name="other")["channel"]["id"]
    posted = client.chat_postMessage(channel=other, text="over here")
    link = page.get_by_role("navigation", name="Channels").get_by_role("link", name="other")
    expect(link.get_by_label("2 new")).to_be_visible()
    page.goto(client.chat_getPermalink(channel=other, message_ts=posted["ts"])["permalink"])
    expect(page.locator("article.sought", has_text="over here")).to_be_visible()


def test_the_home_tab_is_opened_and_shown(slack: Slack, client: WebClient, page: Page) -> None:
    client.views_publish(user_id=ANN, view={"type": "home", "blocks": rows(button("declare"))})
    page.get_by_role("link", name="Midwatch home").click()
    expect(page.get_by_text("Checkout is down")).to_be_visible()
    assert until(lambda: slack.product.events("app_home_opened"))[0]["user"] == ANN
    page.get_by_role("button", name="Declare").click()
    assert until(lambda: slack.product.got("/interactivity"))[0].content["container"]["type"] == "view"


def test_slack_is_put_out_of_order_from_the_page(slack: Slack, page: Page) -> None:
    page.get_by_label("Slack").select_option("fails: 503")
    until(lambda: slack.http.get("/slack").json()["fail_with"] == 503)
    slack.mood(error="x", for_next=3)
    expect(page.get_by_label("Slack")).to_have_value("custom")


def test_the_pages_are_joined_by_tabs_and_a_reset_empties_both(slack: Slack, page: Page) -> None:
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Phones").click()
    expect(page.get_by_text("No phones yet.")).to_be_visible()
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Slack").click()
    expect(page.get_by_role("heading", name="# war-room")).to_be_visible()
    slack.http.post("/reset").raise_for_status()
    expect(page.get_by_role("heading", name="# general")).to_be_visible()
    expect(page.get_by_label("Acting as")).to_have_value("")


def test_nothing_is_cut_off_on_a_small_screen(client: WebClient, channel: str, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    blocks = rows(*[button(f"a-long-button-{number}") for number in range(5)])
    client.chat_postMessage(channel=channel, text="x" * 200, blocks=blocks)
    expect(page.get_by_role("button", name="A-Long-Button-4")).to_be_visible()
    wide = """[...document.querySelectorAll(".room *")].filter((node) =>
        node.getBoundingClientRect().right > 391 && !node.closest(".marks")).length"""
    assert page.evaluate(wide) == 0
    assert page.evaluate("document.documentElement.scrollWidth") == 390
