"""A duty that is offered after a bad night, answered by HTTP and in chat (spec 2.4)."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from sqlalchemy import Engine

import configuration
from activities.conversation import SlackChat
from domain.oncall import Override
from domain.organisation import Organisation
from domain.people import PersonRef
from domain.rest import RestOffer
from integrations.slack import Slack
from policy import rest_words
from settings import STARTER_CONFIG
from stack.ports import free_port
from storage import overrides, rest
from storage.engine import make_engine
from tests.api.conftest import house
from tests.api.test_slack_callbacks import Chatty, chatty
from tests.eventually import eventually

__all__ = ["chatty"]

CHIARA = PersonRef(id="chiara", name="Chiara Lindqvist")
PAST = datetime(2026, 1, 5, tzinfo=UTC)


@pytest.fixture(scope="session")
def organisation(tmp_path_factory: pytest.TempPathFactory) -> Organisation:
    """Alice is always first, Ben always second."""
    content = yaml.safe_load(STARTER_CONFIG.read_text(encoding="utf-8"))
    turns = {"first": "alice", "second": "ben"}
    content["schedules"] = {
        name: {"name": f"Storefront {name}", "layers": [{"people": [person], "starts": PAST.date()}]}
        for name, person in turns.items()
    }
    content["teams"] = {
        "storefront": {
            "name": "Storefront",
            "members": ["alice", "ben"],
            "primary": "first",
            "secondary": "second",
        }
    }
    file = tmp_path_factory.mktemp("rest") / "midwatch.yaml"
    file.write_text(yaml.safe_dump(content), encoding="utf-8")
    return configuration.load(file)


@pytest.fixture
def engine(chatty: Chatty) -> Iterator[Engine]:
    engine = make_engine(chatty.house.settings.database_url.get_secret_value())
    yield engine
    for offer in rest.offers(engine, PAST):
        if made := overrides.made(engine, f"rest-offer:{offer.id}"):
            overrides.cancel(engine, made.id, CHIARA, datetime.now(UTC))
    engine.dispose()


_days = iter(range(10_000))


def offered(engine: Engine, **more: Any) -> RestOffer:
    """An offer of today, whose day began an hour ago."""
    now = datetime.now(UTC).replace(microsecond=0)
    given = {
        "team": "storefront",
        "schedule": "first",
        "day": PAST.date() + timedelta(days=next(_days)),
        "person": "alice",
        "to": "ben",
        "begins": now - timedelta(hours=1),
        "ends": now + timedelta(hours=7),
        "pages": 3,
        "work": timedelta(minutes=80),
        "made_at": now,
    }
    new = RestOffer.model_validate(given | more)
    rest.offer(engine, new)
    return max(rest.offers(engine, PAST), key=lambda offer: offer.id)


async def answer(chatty: Chatty, number: int, how: str = "accept", by: str = "ben") -> httpx.Response:
    return await chatty.house.http.post(f"/api/v1/rest-offers/{number}/{how}", json={"by": by})


async def accepted(chatty: Chatty, number: int) -> dict[str, Any]:
    taken = await answer(chatty, number)
    assert taken.status_code == 200, taken.text
    found: dict[str, Any] = taken.json()
    return found


async def refused(chatty: Chatty, number: int, how: str = "accept", by: str = "ben") -> tuple[int, str, str]:
    told = await answer(chatty, number, how, by)
    return told.status_code, told.json()["error"], told.json()["detail"]


async def test_2_4_todays_offers_are_listed_with_names_and_the_reason(chatty: Chatty, engine: Engine) -> None:
    made = offered(engine)
    offered(engine, ends=datetime.now(UTC) - timedelta(seconds=1))
    listed = (await chatty.house.http.get("/api/v1/rest-offers")).json()["offers"]
    [mine] = [one for one in listed if one["id"] == made.id]
    assert [one for one in listed if one["id"] > made.id] == []
    assert mine["schedule"] == {"id": "first", "name": "Storefront first"}
    assert mine["team"] == {"id": "storefront", "name": "Storefront"}
    assert (mine["person"]["name"], mine["to"]["name"]) == ("Alice Moreau", "Ben Okafor")
    assert mine["reason"] == "Alice Moreau had 3 pages and 1h20m of work last night."
    assert (mine["work"], mine["answer"]) == ("1h20m", None)
    bare = httpx.AsyncClient(base_url=chatty.house.http.base_url, trust_env=False)
    async with bare:
        assert (await bare.get("/api/v1/rest-offers")).status_code == 401


async def test_2_4_accepting_makes_an_override_until_the_day_ends(chatty: Chatty, engine: Engine) -> None:
    made, before = offered(engine), datetime.now(UTC)
    told = await accepted(chatty, made.id)
    assert told["said"].startswith("You are on call by Storefront first until ")
    assert told["offer"]["answer"] == "accepted"
    [override] = [one for one in overrides.upcoming(engine, before) if one.id == told["override"]["id"]]
    assert (override.schedule, override.person, override.by.id) == ("first", "ben", "ben")
    assert before <= override.begins <= datetime.now(UTC)  # What was is not changed.
    assert override.ends == made.ends
    assert override.reason == "Alice Moreau had 3 pages and 1h20m of work last night."
    # Who asks at once hears of it.
    assert chatty.house.settings
    again = await refused(chatty, offered(engine).id)
    assert again[1:] == ("offer_refused", "The duty is not Alice Moreau's any more: Ben Okafor has it.")


async def test_2_4_before_the_day_begins_the_override_begins_with_it(chatty: Chatty, engine: Engine) -> None:
    soon = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=30)
    told = await accepted(chatty, offered(engine, begins=soon).id)
    assert datetime.fromisoformat(told["override"]["begins"]) == soon


async def test_2_4_pressed_twice_or_by_two_at_once_it_is_one_override(chatty: Chatty, engine: Engine) -> None:
    made = offered(engine)
    at_once = await asyncio.gather(*(accepted(chatty, made.id) for _ in range(16)))
    later = await accepted(chatty, made.id)
    assert len({told["override"]["id"] for told in (*at_once, later)}) == 1
    reason = "Alice Moreau had 3 pages and 1h20m of work last night."
    assert later["override"]["reason"] == reason


async def test_2_4_where_the_duty_passes_to_others_later_on_they_keep_it(
    chatty: Chatty, engine: Engine
) -> None:
    made = offered(engine)
    noon = made.begins + timedelta(hours=4)
    override = Override(
        id=0,
        schedule="first",
        person="chiara",
        begins=noon,
        ends=made.ends,
        by=CHIARA,
        made_at=made.made_at,
    )
    chiaras = overrides.add(engine, override, f"noon-{made.id}")
    told = await accepted(chatty, made.id)
    assert datetime.fromisoformat(told["override"]["ends"]) == noon
    overrides.cancel(engine, chiaras.id, CHIARA, datetime.now(UTC))


async def test_2_4_only_whom_it_was_offered_to_can_answer_and_only_on_its_day(
    chatty: Chatty, engine: Engine
) -> None:
    made = offered(engine)
    assert await refused(chatty, made.id, by="chiara") == (
        409,
        "offer_refused",
        "It was offered to Ben Okafor. Make an override instead.",
    )
    assert (await refused(chatty, made.id, by="zoe"))[:2] == (422, "invalid")
    assert (await refused(chatty, made.id + 99))[:2] == (404, "unknown_offer")
    over = offered(engine, ends=datetime.now(UTC) - timedelta(seconds=1))
    assert (await refused(chatty, over.id))[2].startswith("The day is over")
    assert (await refused(chatty, over.id, "decline"))[2].startswith("The day is over")


async def test_2_4_who_declines_may_think_again_who_accepted_takes_the_override_back(
    chatty: Chatty, engine: Engine
) -> None:
    made = offered(engine)
    declined = (await answer(chatty, made.id, "decline")).json()
    assert (declined["offer"]["answer"], declined["override"]) == ("declined", None)
    assert overrides.made(engine, f"rest-offer:{made.id}") is None
    taken = await accepted(chatty, made.id)
    assert "Cancel the override" in (await refused(chatty, made.id, "decline"))[2]
    overrides.cancel(engine, taken["override"]["id"], CHIARA, datetime.now(UTC))
    assert "was taken back" in (await refused(chatty, made.id))[2]


async def test_2_4_what_was_accepted_and_no_more_when_the_process_died_is_made_good(
    chatty: Chatty, engine: Engine
) -> None:
    made = offered(engine)
    rest.answer(engine, made.id, "accepted", PersonRef(id="ben", name="Ben Okafor"), datetime.now(UTC))
    assert (await accepted(chatty, made.id))["override"]["person"]["id"] == "ben"


async def test_2_4_without_a_database_nothing_is_claimed(organisation: Organisation, tmp_path: Path) -> None:
    url = f"postgresql://nobody:none@127.0.0.1:{free_port(None)}/none"
    async with house(tmp_path, organisation, None, MIDWATCH_DATABASE_URL=url) as built:
        listed = await built.http.get("/api/v1/rest-offers")
        assert (listed.status_code, listed.json()["error"]) == (503, "database_unavailable")
        taken = await built.http.post("/api/v1/rest-offers/1/accept", json={"by": "ben"})
        assert taken.status_code == 503


async def shown(chatty: Chatty, offer: RestOffer) -> dict[str, str]:
    """The offer as Ben has it in chat; where it is."""
    settings = chatty.house.settings
    assert settings.slack_bot_token
    slack = Slack(token=settings.slack_bot_token.get_secret_value(), api_url=settings.slack_api_url)
    told = await SlackChat(slack, status_page="").tell(
        "ben@example.com", "Will you?", rest_words.blocks(offer, "Will you?")
    )
    assert told.done
    found = (await chatty.world.get("/control/slack/messages")).json()
    [post] = [one for one in found if f'"value": "{offer.id}"' in str(one["blocks"])]
    return {"channel": post["channel"], "ts": post["ts"]}


async def test_2_4_one_press_in_chat_takes_the_duty_over(chatty: Chatty, engine: Engine) -> None:
    made = offered(engine)
    place = await shown(chatty, made)
    await chatty.do("ben", "click", **place, action_id="mw:rest-take:0")

    async def settled() -> bool:
        found = await chatty.messages(place["channel"])
        [post] = [one for one in found if one["ts"] == place["ts"]]
        return "You are on call by Storefront first" in str(post["blocks"]) and "mw:" not in str(
            post["blocks"]
        )

    await eventually(settled)
    override = overrides.made(engine, f"rest-offer:{made.id}")
    assert override
    assert (override.person, override.ends) == ("ben", made.ends)


async def test_2_4_in_chat_not_today_can_still_be_changed_and_a_refusal_is_told(
    chatty: Chatty, engine: Engine
) -> None:
    made = offered(engine)
    place = await shown(chatty, made)
    await chatty.do("ben", "click", **place, action_id="mw:rest-decline:1")
    await chatty.hears("ben", "Noted: not today")
    assert overrides.made(engine, f"rest-offer:{made.id}") is None
    await chatty.do("ben", "click", **place, action_id="mw:rest-take:0")

    async def taken() -> bool:
        return overrides.made(engine, f"rest-offer:{made.id}") is not None

    await eventually(taken)
    over = await shown(chatty, offered(engine, ends=datetime.now(UTC) - timedelta(seconds=1)))
    await chatty.do("ben", "click", **over, action_id="mw:rest-take:0")
    await chatty.hears("ben", "The day is over")
