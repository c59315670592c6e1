"""Record histories of the running release: `python -m tests.replay.record 0.1.0`.

Run it once for each release, from the release's own code. What it writes is added to `histories/` and
never replaced: incidents that were begun by an old release must be finished by every later one.
"""

import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from domain.timeline import Kind
from stack.leaving import leave
from stack.stack import Stack
from tests.whole.conftest import town_settings
from tests.whole.town import BUSY, Town, presses, says
from workflows.search_attributes import TYPES

HISTORIES = Path(__file__).resolve().parent / "histories"

Story = Callable[[Town], Awaitable[str]]


async def answered_by_key(town: Town) -> str:
    """The primary answers at once; resolved and closed."""
    await town.phone("alice", presses("1"))
    incident = await town.alert()
    await town.until_taken(incident)
    return await ended(town, incident)


async def climbed_to_the_secondary(town: Town) -> str:
    """No answer, voicemail, a mumble, then a reply by SMS."""
    await town.phone("alice", {"kind": "mumble", "after": 0.2})
    voicemail = {"kind": "voicemail", "after": 0.2, "greeting": 0.3}
    await town.phone("ben", voicemail, {"kind": "reply", "after": 0.5, "text": "ACK {code}"})
    incident = await town.alert()
    await town.until_taken(incident)
    return await ended(town, incident)


async def passed_on_and_escalated(town: Town) -> str:
    """Passed on by speech, taken, escalated to a further run, taken again."""
    await town.phone("alice", says("pass"))
    await town.phone("ben", presses("1"))
    await town.phone("dev", presses("1"))
    incident = await town.alert()
    await town.until_taken(incident)
    await town.say(incident, "escalate", reason="needs a manager")
    await town.until(incident, lambda r: r.ladder and r.ladder.run == 2 and r.ladder.ended_at)
    return await ended(town, incident)


async def paged_through_a_failing_carrier(town: Town) -> str:
    """A lost answer, refusals, and a busy line, all the way to the repeat of the ladder."""
    await town.everybody(BUSY)
    await town.carrier(lose_answers=True, for_next=1)
    incident = await town.alert()
    await town.entry(incident, Kind.RUNG)
    await town.carrier(fail_with=503)
    await town.entry(incident, Kind.RUNG, "manager", within=40)
    await town.carrier()
    await town.entry(incident, Kind.RUNG, "round 2", within=40)
    return await ended(town, incident)


async def reopened(town: Town) -> str:
    """Resolved, and back again by a new occurrence; acknowledged by the API."""
    incident = await town.alert()
    await town.say(incident, "resolve", resolution="restarted")
    key = incident.split(".")[1]
    await town.alert(key=key, title="It fails again", starts_at="2026-03-01T13:00:00Z")
    await town.entry(incident, Kind.REOPENED)
    await town.say(incident, "acknowledge")
    return await ended(town, incident)


STORIES: tuple[Story, ...] = (
    answered_by_key,
    climbed_to_the_secondary,
    passed_on_and_escalated,
    paged_through_a_failing_carrier,
    reopened,
)


async def ended(town: Town, incident: str) -> str:
    """Resolve, and do all that closing waits for; the incident, when its workflow has returned."""
    if (await town.report(incident)).commander is None:
        await town.said(incident, "acknowledge")
    leader = (await town.report(incident)).commander
    assert leader is not None
    last = await town.wind_down(incident, leader.id)
    await town.said(incident, "publish", by=leader.id, number=last)
    await (await town.handle(incident)).result()
    town.opened.remove(incident)
    return incident


async def record(release: str) -> None:
    """Play every story and keep its history."""
    with tempfile.TemporaryDirectory() as place:
        settings, organisation = town_settings(Path(place))
        async with Stack(settings, search_attributes=TYPES) as stack:
            town = Town(stack, organisation)
            for story in STORIES:
                await town.everybody()
                incident = await story(town)
                history = await (await town.handle(incident)).fetch_history()
                path = HISTORIES / f"{release}-{story.__name__}.json"
                if path.exists():
                    sys.exit(f"{path} exists; histories are added to, never replaced")
                path.write_text(history.to_json(), encoding="utf-8")
                print(f"{path.name}: {len(history.events)} events")
                await town.leave()
            await town.close()


if __name__ == "__main__":
    asyncio.run(record(sys.argv[1]))
    leave(0)
