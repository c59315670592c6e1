"""Many incidents, one person: one call for several, never more pages than the limit but for the worst (spec
4.4)."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from domain.ladder import Attempt, Outcome
from stack.stack import Stack
from storage.engine import IMMEDIATE, make_engine
from tests.eventually import eventually
from tests.whole.conftest import town_settings
from tests.whole.town import BUSY, Town, presses
from workflows.search_attributes import TYPES

LIMITS = {"calls": {"most": 2, "within": "10m"}, "messages": {"most": 3, "within": "10m"}}


@pytest.fixture(scope="module")
async def the_strict_town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """A town with narrow limits, in which a phone rings long enough for several to join its call."""
    settings, organisation = town_settings(tmp_path_factory.mktemp("strict"))
    config = Path(settings.config_path)
    narrow = yaml.safe_load(config.read_text(encoding="utf-8"))
    narrow["limits"] = LIMITS
    narrow["timing"]["ring_for"] = "15s"
    config.write_text(yaml.safe_dump(narrow), encoding="utf-8")
    async with Stack(settings, search_attributes=TYPES) as stack:
        town = Town(stack, organisation)
        yield town
        await town.close()


@pytest.fixture
async def strict(the_strict_town: Town) -> AsyncIterator[Town]:
    """That town, in which nobody was paged lately, and nobody answers unless the test says otherwise."""
    await the_strict_town.everybody()
    await the_strict_town.forget_pages()
    yield the_strict_town
    await the_strict_town.leave()


async def calls_to(town: Town, person: str) -> list[dict[str, Any]]:
    """All calls that this person's phone got, whatever they were about."""
    calls = (await town.world.get("/control/calls")).json()
    return [call for call in calls if call["to"] == town.organisation.people[person].phone]


async def paged(town: Town, incident: str, person: str = "alice") -> Attempt:
    """The first attempt to reach this person, as soon as it has left or ended."""
    report = await town.until(
        incident, lambda r: r.ladder and any(a.left_at or a.over for a in r.ladder.attempts)
    )
    assert report.ladder
    return next(attempt for attempt in report.ladder.attempts if attempt.person == person)


async def came_to(town: Town, incident: str, outcome: Outcome) -> Attempt:
    """The first attempt that ended so, as soon as there is one."""

    async def check() -> Attempt | None:
        ladder = (await town.report(incident)).ladder
        return next((a for a in ladder.attempts if a.outcome is outcome), None) if ladder else None

    return await eventually(check, what=f"{outcome.value} in {incident}")


async def alerts(town: Town, count: int) -> list[str]:
    """So many incidents of the second severity at the same moment."""
    titles = (f"Trouble number {number}" for number in range(1, count + 1))
    return list(await asyncio.gather(*(town.alert(severity="P1", title=title) for title in titles)))


async def test_4_4_five_incidents_at_once_make_one_call_and_key_1_takes_them_all(strict: Town) -> None:
    await strict.phone("alice", presses("1", after=4))
    incidents = await alerts(strict, 5)
    for incident in incidents:
        report = await strict.until_taken(incident)
        assert report.commander
        assert report.commander.id == "alice"
    [call] = await calls_to(strict, "alice")
    assert "You have 5 incidents." in call["spoken"][0]
    assert call["spoken"][-1] == "All 5 are acknowledged."
    ended = [await came_to(strict, incident, Outcome.ACKNOWLEDGED) for incident in incidents]
    assert {attempt.carrier_id for attempt in ended} == {call["sid"]}


async def test_4_4_the_worst_severity_calls_by_itself_meanwhile(strict: Town) -> None:
    minor = await alerts(strict, 2)
    await asyncio.gather(*(paged(strict, incident) for incident in minor))
    worst = await strict.alert(title="All is lost")
    own = await strict.call(worst, "alice")
    shared = [call for call in await calls_to(strict, "alice") if call["sid"] != own["sid"]]
    assert len(shared) == 1
    assert {(await paged(strict, incident)).carrier_id for incident in minor} == {shared[0]["sid"]}


async def test_4_4_over_the_limit_a_call_is_held_the_next_method_leaves_and_the_worst_still_rings(
    strict: Town,
) -> None:
    await strict.phone("alice", BUSY)
    for _ in range(2):
        await came_to(strict, await strict.alert(severity="P1"), Outcome.BUSY)
    incident = await strict.alert(severity="P1")
    held = await came_to(strict, incident, Outcome.HELD)
    assert held.method == "call"
    assert held.detail.startswith("2 calls within 10m; again from ")
    await strict.message(incident, "alice")
    assert len(await calls_to(strict, "alice")) == 2
    worst = await strict.alert()
    await strict.call(worst, "alice")


async def test_4_4_messages_over_the_limit_are_held_and_the_last_one_says_so(strict: Town) -> None:
    await strict.phone("alice", BUSY)
    incidents = [await strict.alert(severity="P1") for _ in range(4)]
    held: list[str] = []

    async def all_texted() -> bool:
        held.clear()
        texted = 0
        for incident in incidents:
            ladder = (await strict.report(incident)).ladder
            own = [a for a in ladder.attempts if a.method == "sms" and a.person == "alice"] if ladder else []
            texted += bool(own and (own[0].left_at or own[0].over))
            held.extend(incident for a in own[:1] if a.outcome is Outcome.HELD)
        return texted == len(incidents)

    await eventually(all_texted)
    assert held
    bodies = [m["body"] for one in incidents for m in await strict.messages(one, "alice")]
    assert len(bodies) == 3
    assert sum("No more messages to you before" in body for body in bodies) == 1


async def test_4_4_what_becomes_of_a_shared_call_is_told_to_each_of_its_incidents(strict: Town) -> None:
    incidents = await alerts(strict, 3)
    await asyncio.gather(*(paged(strict, incident) for incident in incidents))
    await strict.hand("alice", "hang-up")
    for incident in incidents:
        await came_to(strict, incident, Outcome.BUSY)
        await strict.message(incident, "alice")


async def test_4_4_one_that_is_taken_elsewhere_does_not_end_the_call_for_the_others(strict: Town) -> None:
    first = await strict.alert(severity="P1", title="Taken by Ben")
    await paged(strict, first)
    second = await strict.alert(severity="P1", title="Left for Alice")
    await paged(strict, second)
    assert (await strict.say(first, "acknowledge", by="ben")).status_code == 200
    await came_to(strict, first, Outcome.WITHDRAWN)
    [call] = await calls_to(strict, "alice")
    assert call["status"] == "ringing"
    await strict.hand("alice", "pick-up")

    async def asked() -> bool:
        return bool((await calls_to(strict, "alice"))[0]["listening"])

    await eventually(asked)
    await strict.hand("alice", "press", digits="1")
    assert (await strict.until_taken(second)).commander.id == "alice"  # type: ignore[union-attr]  # it is taken
    assert (await strict.report(first)).commander.id == "ben"  # type: ignore[union-attr]  # it is taken
    [call] = await calls_to(strict, "alice")
    assert "Left for Alice" in call["spoken"][0]
    assert "Taken by Ben" not in call["spoken"][0]


async def test_4_4_a_shared_call_that_nobody_needs_any_more_is_hung_up(strict: Town) -> None:
    incidents = await alerts(strict, 2)
    await asyncio.gather(*(paged(strict, incident) for incident in incidents))
    for incident in incidents:
        assert (await strict.say(incident, "acknowledge", by="ben")).status_code == 200

    async def ended() -> bool:
        return bool((await calls_to(strict, "alice"))[0]["status"] == "canceled")

    await eventually(ended)


async def test_4_2_a_machine_is_told_once_of_all_that_its_call_carries(strict: Town) -> None:
    await strict.phone("alice", {"kind": "voicemail", "after": 4, "greeting": 0.5})
    incidents = await alerts(strict, 3)
    for incident in incidents:
        await came_to(strict, incident, Outcome.VOICEMAIL)

    async def left() -> list[str]:
        [call] = await calls_to(strict, "alice")
        return [said for said in call["spoken"] if "2 more incidents" in said]

    assert len(await eventually(left)) == 1


# The last one: what it holds up is written down once it is over.
async def test_4_4_a_database_that_does_not_answer_holds_up_no_call(strict: Town) -> None:
    engine = make_engine(strict.stack.settings.database_url.get_secret_value())
    with engine.connect().execution_options(**{IMMEDIATE: True}) as connection, connection.begin():
        incidents = await alerts(strict, 3)
        for incident in incidents:
            left_at = (await paged(strict, incident)).left_at
            assert left_at
        assert len(await calls_to(strict, "alice")) == 3, "nobody can know of the others' calls"
    engine.dispose()
