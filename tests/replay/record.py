"""Record histories of the running release: `python -m tests.replay.record 0.1.0`.

Run it once for each release, from the release's own code. What it writes is added to `histories/` and
never replaced: incidents that were begun by an old release must be finished by every later one.
"""

import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from temporalio.client import WorkflowHandle
from temporalio.service import RPCError

from domain.aftermath import Section
from domain.incident import Status
from domain.timeline import Kind
from stack.leaving import leave
from stack.stack import Stack
from tests.eventually import eventually
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


async def led_to_its_review(town: Town) -> str:
    """A whole life: led, closed, its postmortem written, its items reviewed. Chat is away for a while."""
    await town.phone("alice", presses("1"))
    (await town.world.put("/control/slack", json={"fail_with": 503})).raise_for_status()
    incident = await town.alert()
    await town.until_taken(incident)
    (await town.world.put("/control/slack", json={})).raise_for_status()
    await town.said(incident, "role", by="chiara", role="tech lead")
    await town.said(incident, "hypothesis", by="chiara", text="The certificate expired")
    await town.said(incident, "decision", by="chiara", text="Roll back", reason="It is new")
    await town.said(incident, "announce", by="chiara", text="kubectl rollout undo")
    await town.said(incident, "mitigate", by="chiara", text="Rolling back", high_impact=True)
    await town.said(incident, "authorise", by="alice", number=1)
    await town.until(incident, lambda r: r.checkpoints and r.checkpoints[-1].asked_at)
    answer: dict[str, Any] = {"known": "It recovers", "next_step": "Watch it", "status_page_current": False}
    await town.said(incident, "checkpoint", by="alice", **answer)
    await town.said(incident, "severity", by="alice", severity="P1")
    await town.said(incident, "severity", by="alice", severity="P0")
    await town.said(incident, "mitigate", by="chiara", number=1, state="worked")
    await ended(town, incident)

    async def under_way() -> bool:
        return (await town.report(incident)).postmortem is not None

    await eventually(under_way, what="the postmortem")
    written = {section.value: "Nobody renews certificates." for section in Section}
    await town.said(incident, "postmortem/write", by="alice", sections=written, submit=True)
    moved = {"step": "meeting", "to": (datetime.now(UTC) + timedelta(days=1)).isoformat()}
    await town.said(incident, "postmortem/move", by="alice", **moved)
    due = (datetime.now(UTC) + timedelta(days=20)).isoformat()
    item = {"text": "Renew certificates by a job that runs each night", "owner": "ben", "due_at": due}
    tells = {"done_when": "none is valid for less than 20 days", "verified_by": "a query of the exporter"}
    await town.said(incident, "actions", by="alice", kind="prevention", priority="P1", **item, **tells)

    async def met() -> bool:
        now = datetime.now(UTC).isoformat()
        return await accepted(town, incident, "postmortem/meeting", on=now)

    await eventually(met, what="the meeting")
    await town.said(incident, "postmortem/begin-review", by="alice")
    publish = {"despite_remarks": True}
    await eventually(
        lambda: accepted(town, incident, "postmortem/publish", **publish), what="the final version"
    )

    async def in_prevention() -> bool:
        return (await town.report(incident)).status is Status.IN_PREVENTION

    await eventually(in_prevention, what="prevention")
    await eventually(lambda: accepted(town, incident, "review/hold"), within=40, what="the review")
    await town.said(incident, "actions/1/settle", by="ben", outcome="done")
    return incident


async def accepted(town: Town, incident: str, verb: str, **body: Any) -> bool:
    """Whether it may be done by now, and is."""
    return (await town.say(incident, verb, by="alice", **body)).status_code == 200


STORIES: tuple[Story, ...] = (
    answered_by_key,
    climbed_to_the_secondary,
    passed_on_and_escalated,
    paged_through_a_failing_carrier,
    reopened,
    led_to_its_review,
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
    """Play every story that is not recorded yet for this release, and keep the history of each of its
    workflows."""
    with tempfile.TemporaryDirectory() as place:
        settings, organisation = town_settings(Path(place), aftermath=86_400)
        async with Stack(settings, search_attributes=TYPES) as stack:
            town = Town(stack, organisation)
            for story in STORIES:
                if (HISTORIES / f"{release}-{story.__name__}.json").exists():
                    continue  # Histories are added to, never replaced.
                await town.everybody()
                incident = await story(town)
                await keep(await town.handle(incident), f"{release}-{story.__name__}")
                for follows in ("postmortem", "review"):
                    with suppress(RPCError):
                        workflow = await town.workflow(f"{follows}/{incident}")
                        await keep(workflow, f"{release}-{story.__name__}-{follows}")
                await town.leave()
            await town.close()


async def keep(workflow: WorkflowHandle[Any, Any], name: str) -> None:
    """Write down its history."""
    history = await workflow.fetch_history()
    (HISTORIES / f"{name}.json").write_text(history.to_json(), encoding="utf-8")
    print(f"{name}: {len(history.events)} events")


if __name__ == "__main__":
    asyncio.run(record(sys.argv[1]))
    leave(0)
