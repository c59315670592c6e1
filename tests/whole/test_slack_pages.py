"""Somebody whose first notification rule is Slack is paged there, answers there, and is called if Slack is
away (spec 3.2, 3.3, 3.6)."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import configuration
from domain.entries import LayerEntry, ScheduleEntry
from domain.organisation import Organisation
from domain.timeline import Kind
from settings import EXAMPLE_CONFIG
from tests.whole.conftest import ACK_WINDOW
from tests.whole.organised import PROMPT, Shop, example, running, shop_settings
from tests.whole.test_paging import created

ON_CALL = {"storefront-primary": "chiara", "storefront-secondary": "ben"}


def chatting() -> Organisation:
    """Chiara is first and Ben is second, both by Slack before all else, as the example has it for Chiara;
    Emeka, who leads the team, is called at once."""
    organisation = example()
    by_slack = configuration.load(EXAMPLE_CONFIG).people["chiara"].notify
    assert by_slack
    assert [rule.method for rule in by_slack] == ["slack", "call", "sms"]
    slack_first = {
        person: organisation.people[person].model_copy(update={"notify": by_slack})
        for person in ON_CALL.values()
    }
    turns = {
        name: ScheduleEntry(
            name=organisation.schedules[name].name,
            layers=(LayerEntry.model_validate({"people": [person], "starts": "2026-01-05"}),),
        )
        for name, person in ON_CALL.items()
    }
    led = organisation.teams["storefront"].model_copy(update={"lead": "emeka"})
    return organisation.model_copy(
        update={
            "people": {**organisation.people, **slack_first},
            "schedules": {**organisation.schedules, **turns},
            "teams": {**organisation.teams, "storefront": led},
            # Long enough that a call still rings when somebody presses a button.
            "timing": organisation.timing.model_copy(update={"ring_for": timedelta(seconds=15)}),
        }
    )


@pytest.fixture(scope="module")
async def the_shop(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Shop]:
    organisation = chatting()
    async with running(shop_settings(tmp_path_factory.mktemp("slack"), organisation), organisation) as shop:
        yield shop


@pytest.fixture
async def shop(the_shop: Shop) -> AsyncIterator[Shop]:
    """The running system; everybody is in Slack, and nobody answers a call."""
    await the_shop.everybody_comes()
    yield the_shop
    await the_shop.leave()
    await the_shop.world.put("/control/slack", json={})


def posted(post: dict[str, Any]) -> datetime:
    return datetime.fromtimestamp(float(post["ts"]), UTC)


async def test_3_3_acknowledging_in_slack_takes_the_incident_and_no_phone_rings(shop: Shop) -> None:
    incident = await shop.alert()
    post = await shop.post("chiara", "acknowledge")
    assert "Payments fail" in str(post["blocks"])
    assert (await shop.press("chiara", post, "acknowledge")).is_success
    report = await shop.until_taken(incident)
    assert report.commander
    assert report.commander.id == "chiara"
    assert (await shop.entry(incident, Kind.ACKNOWLEDGED)).data["via"] == "Slack"
    await shop.without_buttons("chiara", post, "You have it")
    # When the next rung would have been called.
    await shop.passed(posted(post) + ACK_WINDOW + timedelta(seconds=2))
    assert await shop.calls(incident) == []
    assert await shop.messages(incident) == []


async def test_3_3_what_others_were_sent_loses_its_buttons_and_what_rings_is_hung_up(shop: Shop) -> None:
    await shop.phone("emeka", {"kind": "manual"})
    incident = await shop.alert()
    first = await shop.post("chiara", "acknowledge")
    second = await shop.post("ben", "acknowledge")
    assert posted(second) - posted(first) >= ACK_WINDOW - timedelta(milliseconds=200)
    await shop.call(incident, "emeka")
    assert (await shop.press("ben", second, "acknowledge")).is_success
    report = await shop.until_taken(incident)
    assert report.commander
    assert report.commander.id == "ben"
    await shop.without_buttons("chiara", first, "acknowledged by Ben Okafor")
    late = await shop.press("chiara", first, "acknowledge")
    assert late.status_code == 409, "there is nothing left to press"
    call = await shop.ended_call(incident, "emeka")
    assert call["status"] == "canceled"
    assert await shop.phoned(incident) == {"emeka"}


async def test_3_3_a_post_that_cannot_be_changed_at_that_moment_loses_its_buttons_later(shop: Shop) -> None:
    incident = await shop.alert()
    post = await shop.post("chiara", "acknowledge")
    mood = {"fail_with": 503, "for_next": 2, "method": "chat.update"}
    (await shop.world.put("/control/slack", json=mood)).raise_for_status()
    answer = await shop.api.post(f"/api/v1/incidents/{incident}/acknowledge", json={"by": "dev"})
    assert answer.is_success
    await shop.without_buttons("chiara", post, "acknowledged by Dev Raman")


async def test_3_6_who_cannot_take_it_passes_it_on_to_the_next_rung_at_once(shop: Shop) -> None:
    incident = await shop.alert()
    first = await shop.post("chiara", "pass")
    assert (await shop.press("chiara", first, "pass")).is_success
    second = await shop.post("ben", "acknowledge")
    call = await shop.call(incident, "emeka")
    passed = await shop.entry(incident, Kind.PASSED, "Chiara Lindqvist passed it on by Slack")
    for at in (posted(second), created(call)):
        assert at - passed.at < timedelta(seconds=2)
    assert passed.at - posted(first) < ACK_WINDOW, "nobody waited for the window"
    await shop.without_buttons("chiara", first, "Passed on")
    assert await shop.calls(incident, "chiara") == []
    assert (await shop.report(incident)).commander is None


@pytest.mark.parametrize("mood", [{"fail_with": 503}, {"hang": 60}, {"error": "internal_error"}], ids=str)
async def test_3_2_with_slack_away_the_next_method_starts_at_once(shop: Shop, mood: dict[str, Any]) -> None:
    (await shop.world.put("/control/slack", json=mood)).raise_for_status()
    incident = await shop.alert()
    call = await shop.call(incident, "chiara")
    opened_at = (await shop.report(incident)).opened_at
    # By her rules it would be a minute.
    assert created(call) - opened_at < PROMPT
