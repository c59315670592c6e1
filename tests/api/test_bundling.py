"""One call for several incidents, at the carrier's door: told together, answered together, and nothing
counted twice, whatever comes late, repeated or out of order (spec 4.4)."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from api.callbacks.callers import person_of
from domain.messages import Page
from domain.pages import PageLog
from domain.people import PersonRef
from policy import words
from storage import pages
from storage.engine import make_engine
from tests.api.conftest import House, mute_carrier
from tests.api.test_callbacks import attempt_of, spoken, tags
from tests.eventually import eventually

ALICE = "+12025550101"
FORM: Any = {"CallSid": "CA1", "To": ALICE}
ALL = {"asked": "1", "all": "3"}


@pytest.fixture
def engine(served: House) -> Iterator[Engine]:
    engine = make_engine(served.settings.database_url.get_secret_value())
    yield engine
    engine.dispose()


@pytest.fixture
async def calls(attended: House) -> AsyncIterator[House]:
    """The API with a worker, and a carrier that takes every call: what becomes of it is the test's to say."""
    async with mute_carrier(attended):
        yield attended


def kept(engine: Engine, page: Page, rank: int = 2, on: int | None = None) -> PageLog:
    """A page as it is remembered once it has left, or rides on another."""
    now = datetime.now(UTC)
    log = PageLog(
        page=page,
        person="alice",
        number=ALICE,
        method="call",
        rank=rank,
        requested_at=now,
        rings_until=now + timedelta(seconds=25),
        result="accepted",
        carrier_id="CA1",
        rides_on=on,
    )
    pages.settle(engine, log, now)
    return next(log for log in pages.spoken_of(engine, page) if log.page == page)


async def three(house: House, engine: Engine, name: str) -> tuple[Page, Page, Page]:
    """Three incidents that share the call of the first. Truly, at their severity, each has one of its own: so
    that what is remembered of them is what the test says."""
    titles = ("Search is slow", "Payments fail", "Mails are late")
    paged = [
        await house.paged(await house.alert(f"{name}-{number}", title=title))
        for number, title in enumerate(titles)
    ]
    first = kept(engine, paged[0], rank=3)
    for page in paged[1:]:
        kept(engine, page, on=first.id)
    return paged[0], paged[1], paged[2]


async def end(house: House, *ended: Page) -> None:
    for page in ended:
        await house.end(page.incident_id)


async def commander(house: House, page: Page) -> str | None:
    found = (await house.report(page.incident_id))["commander"]
    return str(found["id"]) if found else None


async def test_4_4_the_call_tells_all_of_them_the_worst_first_and_asks_once(
    calls: House, engine: Engine
) -> None:
    shared = await three(calls, engine, "told")
    said = spoken((await calls.callback("voice", shared[0], **FORM)).text)
    assert "You have 3 incidents. P 0: Payments fail. P 0: Mails are late. P 0: Search is slow." in said
    assert said.endswith(words.MENU_TOGETHER)
    await end(calls, *shared)


async def test_4_4_key_1_acknowledges_all_of_them_each_by_its_own_page(calls: House, engine: Engine) -> None:
    shared = await three(calls, engine, "key-1")
    await calls.callback("voice", shared[0], **FORM)
    answer = await calls.callback("answer", shared[0], ALL, **FORM, Digits="1")
    assert (spoken(answer.text), tags(answer.text)) == ("All 3 are acknowledged.", ["Say", "Hangup"])
    for page in shared:
        assert await commander(calls, page) == "alice"
        assert (await attempt_of(calls, page))["outcome"] == "acknowledged"
    await end(calls, *shared)


async def test_4_4_the_same_answer_twice_is_counted_once_and_answered_alike(
    calls: House, engine: Engine
) -> None:
    shared = await three(calls, engine, "twice")
    await calls.callback("voice", shared[0], **FORM)
    first = await calls.callback("answer", shared[0], ALL, **FORM, Digits="1")
    second = await calls.callback("answer", shared[0], ALL, **FORM, Digits="1")
    assert first.text == second.text
    for page in shared:
        answer = await calls.http.get(f"/api/v1/incidents/{page.incident_id}/timeline?limit=1000")
        entries = answer.json()["entries"]
        assert sum(entry["kind"] == "acknowledged" for entry in entries) == 1
    await end(calls, *shared)


async def test_4_4_key_2_passes_all_on_and_words_count_as_keys_do(calls: House, engine: Engine) -> None:
    shared = await three(calls, engine, "passed")
    await calls.callback("voice", shared[0], **FORM)
    said: Any = {"SpeechResult": "I can't take this", "Confidence": "0.9"}
    answer = await calls.callback("answer", shared[0], ALL, **FORM, **said)
    assert spoken(answer.text) == "All 3 are passed on."
    for page in shared:
        attempt = await attempt_of(calls, page)
        assert (attempt["outcome"], attempt["heard"]) == ("passed on", "I can't take this")
    await end(calls, *shared)


async def test_4_4_key_3_tells_them_again_and_a_mumble_is_asked_about_once(
    calls: House, engine: Engine
) -> None:
    shared = await three(calls, engine, "mumble")
    await calls.callback("voice", shared[0], **FORM)
    repeated = await calls.callback("answer", shared[0], ALL, **FORM, Digits="3")
    assert "You have 3 incidents." in spoken(repeated.text)
    first = await calls.callback("answer", shared[0], ALL, **FORM)
    assert spoken(first.text) == words.ASK_AGAIN_TOGETHER
    assert "all=3" in first.text
    second = await calls.callback("answer", shared[0], ALL | {"asked": "2"}, **FORM)
    assert spoken(second.text) == words.NOT_UNDERSTOOD
    for page in shared:

        async def noted(page: Page = page) -> bool:
            return (await attempt_of(calls, page))["outcome"] == "unclear answer"

        await eventually(noted)
    await end(calls, *shared)


async def test_4_4_every_state_of_the_call_reaches_all_of_them_once(calls: House, engine: Engine) -> None:
    shared = await three(calls, engine, "states")
    for status in ("ringing", "in-progress", "ringing", "no-answer", "no-answer", "in-progress"):
        assert (await calls.callback("status", shared[0], **FORM, CallStatus=status)).status_code == 200
    for page in shared:

        async def over(page: Page = page) -> bool:
            return (await attempt_of(calls, page))["outcome"] == "no answer"

        await eventually(over)
        reached = (await attempt_of(calls, page))["reached"]
        assert isinstance(reached, dict)
        assert {"ringing", "answered"} <= set(reached)
    await end(calls, *shared)


async def test_4_4_a_machine_is_no_acknowledgement_of_any(calls: House, engine: Engine) -> None:
    shared = await three(calls, engine, "machine")
    await calls.callback("amd", shared[0], **FORM, AnsweredBy="machine_end_beep")
    for page in shared:

        async def over(page: Page = page) -> bool:
            return (await attempt_of(calls, page))["outcome"] == "voicemail"

        await eventually(over)
        assert await commander(calls, page) is None
    await end(calls, *shared)


async def test_4_4_one_that_is_acknowledged_elsewhere_is_not_told_any_more(
    calls: House, engine: Engine
) -> None:
    shared = await three(calls, engine, "elsewhere")
    path = f"/api/v1/incidents/{shared[0].incident_id}/acknowledge"
    assert (await calls.http.post(path, json={"by": "ben"})).status_code == 200
    said = spoken((await calls.callback("voice", shared[0], **FORM)).text)
    assert "You have 2 incidents. P 0: Payments fail. P 0: Mails are late." in said
    answer = await calls.callback("answer", shared[0], ALL, **FORM, Digits="1")
    assert spoken(answer.text) == "2 are acknowledged. 1 no longer needed you."
    assert [await commander(calls, page) for page in shared] == ["ben", "alice", "alice"]
    await end(calls, *shared)


async def test_4_4_the_last_that_is_left_is_told_as_if_it_were_alone(calls: House, engine: Engine) -> None:
    shared = await three(calls, engine, "last")
    for page in shared[:2]:
        assert pages.withdraw(engine, page, datetime.now(UTC))
    said = (await calls.callback("voice", shared[0], **FORM)).text
    assert "P 0 incident: Mails are late." in spoken(said)
    assert spoken(said).endswith(words.MENU)
    answer = await calls.callback("answer", shared[0], {"asked": "1", "all": "1"}, **FORM, Digits="1")
    assert spoken(answer.text) == "You have it. Nobody else is paged."
    assert [await commander(calls, page) for page in shared] == [None, None, "alice"]
    await end(calls, *shared)


async def test_4_4_an_answer_that_comes_after_the_end_of_the_call_counts_for_all(
    calls: House, engine: Engine
) -> None:
    shared = await three(calls, engine, "late")
    await calls.callback("voice", shared[0], **FORM)
    await calls.callback("status", shared[0], **FORM, CallStatus="completed")
    answer = await calls.callback("answer", shared[0], ALL, **FORM, Digits="1")
    assert spoken(answer.text) == "All 3 are acknowledged."
    await end(calls, *shared)


async def test_4_4_who_was_told_of_one_incident_answers_for_one(calls: House, engine: Engine) -> None:
    shared = await three(calls, engine, "told-one")
    answer = await calls.callback("answer", shared[0], {"asked": "1"}, **FORM, Digits="1")
    assert spoken(answer.text) == "You have it. Nobody else is paged."
    assert [await commander(calls, page) for page in shared] == ["alice", None, None]
    await end(calls, *shared)


async def test_an_answer_for_several_is_tried_again_while_nobody_knows_for_which(alone: House) -> None:
    page = Page(incident_id="checkout.nothing.k3f9a", run=1, attempt=1)
    answer = await alone.callback("answer", page, ALL, **FORM, Digits="1")
    assert spoken(answer.text) == words.STORING
    assert "all=3" in answer.text


async def test_4_3_the_phone_that_a_ladder_falls_back_on_is_known(alone: House) -> None:
    known = person_of("+12025550109", alone.organisation)
    assert known == PersonRef(id="fallback", name="Storefront duty phone")
    assert person_of("+12025550199", alone.organisation) is None
