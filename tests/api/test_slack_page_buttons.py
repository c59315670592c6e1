"""The two buttons of a page in chat: each answers the page that it came with (spec 3.3, 3.6)."""

from datetime import UTC, datetime, timedelta
from typing import Any

from activities.slack_pages import SlackPages
from domain.jobs import SendSlack
from domain.messages import Page
from integrations.slack import Slack
from policy.opening import person_of
from tests.api.test_slack_callbacks import Chatty, chatty, staffed
from tests.eventually import eventually

__all__ = ["chatty", "staffed"]


async def paged(town: Chatty, incident: str, person: str, page: Page | None = None) -> dict[str, str]:
    """Page somebody in chat; where the post is."""
    settings = town.house.settings
    assert settings.slack_bot_token
    known = page or await town.house.paged(incident)
    work = SendSlack(
        page=known,
        person=person_of(town.house.organisation, person),
        key=f"{known.run}.{known.attempt}.{person}",
        since=datetime.now(UTC) - timedelta(minutes=5),
        heading="P0 · Payments fail",
        text="Nobody has it yet.",
    )
    slack = Slack(token=settings.slack_bot_token.get_secret_value(), api_url=settings.slack_api_url)
    placed = await SlackPages(slack).send_slack(work)
    channel, _, ts = (placed.carrier_id or "").partition(":")
    return {"channel": channel, "ts": ts}


async def post(town: Chatty, place: dict[str, str]) -> dict[str, Any]:
    found = await town.messages(place["channel"])
    return next(message for message in found if message["ts"] == place["ts"])


async def says(town: Chatty, place: dict[str, str], text: str) -> str:
    """The post, as soon as it has this text in it; its buttons are gone by then."""

    async def check() -> str | None:
        blocks = str((await post(town, place))["blocks"])
        return blocks if text in blocks else None

    shown = await eventually(check, what=f"{text!r} in the post")
    assert "mw:" not in shown
    assert "Payments fail" in shown
    return shown


async def test_3_3_acknowledging_a_page_in_chat_takes_the_incident(staffed: Chatty) -> None:
    incident = await staffed.opened("page-ack")
    place = await paged(staffed, incident, "alice")
    await staffed.do("alice", "click", **place, action_id="mw:acknowledge:0")
    await says(staffed, place, "Alice Moreau: You have it")
    report = await staffed.house.report(incident)
    assert report["commander"]["id"] == "alice"
    assert report["ladder"]["ended_at"]
    # Of the page that was answered it is known how; the carrier's attempt did not fail.
    outcomes = {attempt["id"]: attempt["outcome"] for attempt in report["ladder"]["attempts"]}
    assert "acknowledged" in outcomes.values()
    await staffed.house.end(incident)


async def test_3_6_whoever_cannot_take_it_passes_it_on_at_once(staffed: Chatty) -> None:
    incident = await staffed.opened("page-pass")
    place = await paged(staffed, incident, "alice")
    await staffed.do("alice", "click", **place, action_id="mw:pass:1")
    await says(staffed, place, "Passed on")

    async def climbed() -> bool:
        page = (await staffed.house.http.get(f"/api/v1/incidents/{incident}/timeline?limit=500")).json()
        return any("Alice Moreau passed it on by Slack" in entry["text"] for entry in page["entries"])

    await eventually(climbed)
    assert (await staffed.house.report(incident))["commander"] is None
    await staffed.house.end(incident)


async def test_3_3_a_page_of_another_time_changes_nothing_and_says_who_has_it(staffed: Chatty) -> None:
    incident = await staffed.opened("page-stale")
    first = await staffed.house.paged(incident)
    place = await paged(staffed, incident, "ben", first)
    await staffed.press("alice", incident, "acknowledge")
    await staffed.hears("alice", "You have it")
    await staffed.do("ben", "click", **place, action_id="mw:acknowledge:0")
    await says(staffed, place, "Alice Moreau already has it")
    old = await paged(staffed, incident, "ben", first.model_copy(update={"run": first.run + 7}))
    await staffed.do("ben", "click", **old, action_id="mw:pass:1")
    await says(staffed, old, "Alice Moreau has it")
    report = await staffed.house.report(incident)
    assert report["commander"]["id"] == "alice"
    await staffed.house.end(incident)


async def test_3_3_the_card_keeps_its_buttons_whoever_presses(staffed: Chatty) -> None:
    incident = await staffed.opened("page-card")
    await staffed.press("alice", incident, "acknowledge")
    await staffed.hears("alice", "You have it")
    assert "mw:checkpoint:" in str((await staffed.card(incident))["blocks"])
    await staffed.house.end(incident)
