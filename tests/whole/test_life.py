"""Whole lives, from the first alert to the day-30 review, with the waiting skipped (spec 1.7)."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import WorkflowHandle
from temporalio.testing import WorkflowEnvironment

from domain.incident import IncidentReport, Status
from domain.postmortem import ItemState, Stage
from domain.timeline import Entry, Kind
from tests.eventually import eventually
from tests.whole.conftest import pass_time
from tests.whole.town import BUSY, Town, presses

SECTIONS = {
    "summary": "Checkout was down for three hours.",
    "impact": "No customer could pay.",
    "measured": "Failed requests in the access log.",
    "whys": "The handshake failed\nThe certificate had run out\nNothing renews it",
    "technical": "Certificates are renewed by hand",
    "process": "Nobody is told of expiry dates",
    "detection": "The alert waited ten minutes before it fired.",
    "response": "The runbook named a host that is gone.",
    "well": "The roll-back took four minutes",
    "wrong": "The status page was late once",
}

PREVENTS: dict[str, Any] = {
    "text": "Renew certificates by a job that runs each night",
    "kind": "prevention",
    "owner": "chiara",
    "priority": "P1",
    "done_when": "no certificate is valid for less than 20 days",
    "verified_by": "a query of the certificate exporter",
}
DETECTS: dict[str, Any] = {
    "text": "Alert when a certificate is valid for less than 14 days",
    "kind": "detection",
    "owner": "ben",
    "priority": "P1",
    "done_when": "the alert fires for a test certificate of 13 days",
    "verified_by": "the alert's test in the repository",
}


HALF_AN_HOUR = timedelta(minutes=30)

LEAP = timedelta(minutes=2)
"""How far the skipping clock may go beyond the moment that it was told."""


class Life:
    """One incident, and the time that passes in it."""

    def __init__(self, town: Town, server: WorkflowEnvironment, incident: str) -> None:
        self.town = town
        self.incident = incident
        self._server = server
        self._stage = "incident"

    async def handle(self) -> WorkflowHandle[Any, Any]:
        """The workflow that has it now."""
        if self._stage == "incident":
            return await self.town.handle(self.incident)
        return await self.town.workflow(f"{self._stage}/{self.incident}")

    async def enter(self, stage: str) -> None:
        """Wait until the next workflow of its life has begun: `postmortem`, then `review`."""
        self._stage = stage

        async def running() -> bool:
            try:
                return (await (await self.handle()).describe()).status is not None
            except Exception as fault:
                if "not found" in str(fault):
                    return False
                raise

        await eventually(running, what=f"the {stage}")

    async def passes(self, **time: float) -> IncidentReport:
        """Let so much time pass; the incident as it is then."""
        handle, length = await self.handle(), timedelta(**time)
        if self._stage == "incident":
            await pass_time(self._server, handle, length)
        else:
            await self._server.fast_forward(handle, length)
        return await self.town.report(self.incident)

    async def say(self, verb: str, by: str = "alice", **body: Any) -> IncidentReport:
        """Somebody does something, and it is accepted."""
        return await self.town.said(self.incident, verb, by=by, **body)

    async def publish(self, number: int, by: str = "dev") -> None:
        """An update is approved and published, and the public can read it."""
        await self.say("approve", by=by, number=number)
        await self.say("publish", by=by, number=number)
        await self.town.until(self.incident, lambda r: any(u.number == number and u.out for u in r.updates))

    async def timeline(self) -> list[Entry]:
        """All that was written down."""
        return await self.town.timeline(self.incident)

    async def called(self, person: str, times: int) -> None:
        """Wait until this person's phone has rung so often for it."""

        async def often() -> bool:
            return len(await self.town.calls(self.incident, person)) >= times

        await eventually(often, what=f"call {times} to {person}")


def story(entries: Sequence[Entry], *kinds: Kind) -> list[str]:
    """The texts of these kinds, in order."""
    return [entry.text for entry in entries if entry.kind in kinds]


def in_order(texts: Sequence[str], *wanted: str) -> None:
    """Each of these begins a line, one after the other; others may stand between."""
    rest = iter(texts)
    for start in wanted:
        assert any(text.startswith(start) for text in rest), f"{start!r} is not where it belongs"


@pytest.mark.timeout(400)
async def test_1_7_a_whole_life_of_95_days_steps_through_every_state_in_turn(
    night: Town, skipping: WorkflowEnvironment
) -> None:
    town = night
    await town.everybody(BUSY)
    await town.phone("alice", presses("1"))
    life = Life(town, skipping, await town.alert(severity="P0", title="Payments fail"))
    report = await town.until_taken(life.incident)
    # From now on no phone is answered: whoever talks does so in real time, which a skipping clock outruns.
    await town.phone("alice", BUSY)
    assert report.status is Status.TRIAGED

    # The first quarter of an hour: roles, the status page, the room.
    report = await life.say("role", by="chiara", role="tech lead")
    assert report.status is Status.RESPONDING
    await life.say("role", by="dev", role="communications lead")
    await life.say("role", by="alice", role="scribe", person="ben")
    report = await town.until(life.incident, lambda r: r.channels.card and r.updates)
    assert report.war_room
    assert report.missing_roles == ()
    first = next(u for u in report.updates if u.audience == "public")
    await life.publish(first.number)
    await life.say("impact", impact="Nobody can pay", trend="steady", customer_impact=True)
    await life.say("hypothesis", by="chiara", text="The certificate expired", confidence="medium")
    await life.passes(minutes=14)
    await life.say("draft", by="dev", phase="investigating")
    await life.publish((await town.report(life.incident)).updates[-1].number)

    # A checkpoint that is answered, one that is missed, a decision whose result is asked for.
    report = await life.passes(minutes=2)
    assert report.checkpoints[-1].asked_at
    answer: dict[str, Any] = {
        "known": "The certificate ran out",
        "next_step": "Roll back",
        "status_page_current": True,
    }
    await life.say("checkpoint", **answer)
    again = await town.say(life.incident, "checkpoint", by="ben", number=1, **answer)
    assert again.status_code == 409
    assert "was answered by Alice Moreau" in again.json()["detail"]
    await life.say("decision", by="chiara", text="Roll back release 4.2", reason="It changed the certificate")
    calls = len(await town.calls(life.incident, "alice"))
    await life.passes(minutes=25)
    await life.called("alice", calls + 1)
    report = await life.passes(minutes=6)
    assert report.checkpoints_missed == 1

    # The worker dies and comes back; nothing is forgotten.
    await town.stack.kill("worker")
    await town.stack.start("worker")
    await life.say("decision", by="chiara", number=1, result="The release is rolled back")
    await life.say("hypothesis", by="chiara", number=1, state="confirmed")
    await life.say("mitigate", by="chiara", text="Serving the old certificate")
    report = await life.say("mitigate", by="chiara", number=1, state="worked")
    assert report.status is Status.MITIGATED

    # Two hours in, a fresh commander.
    await life.passes(hours=1, minutes=30)
    await life.say("role", by="ben", role="commander")
    handed = [e for e in await life.timeline() if e.kind is Kind.COMMANDER][-1]
    assert "The cause is known: The certificate expired" in handed.data["brief"]

    # The end of the incident, and of its room.
    await life.passes(minutes=45)
    report = await life.say(
        "resolve", by="ben", resolution="A new certificate is deployed", cause="The certificate ran out"
    )
    assert report.status is Status.RESOLVED
    assert {condition.name for condition in report.closing if not condition.met} == {
        "fix deployed",
        "metrics recovering",
        "status page resolved",
        "postmortem owner named",
    }
    early = await town.say(life.incident, "close", by="ben")
    assert early.status_code == 409
    assert "name somebody who writes the postmortem" in early.json()["detail"]
    await life.say("confirm", by="ben", fix_deployed=True, metrics_recovering=True, postmortem_owner="chiara")
    await life.say("draft", by="dev", phase="resolved")
    number = (await town.report(life.incident)).updates[-1].number
    await life.say("approve", by="dev", number=number)
    await life.say("publish", by="dev", number=number)
    await town.until(life.incident, lambda r: r.status is Status.IN_REVIEW)

    # Five days of postmortem.
    await life.enter("postmortem")
    resolved_at = (await town.report(life.incident)).resolved_at
    assert resolved_at
    await life.say("postmortem/write", by="chiara", sections=SECTIONS, submit=True)
    await life.passes(days=2)
    held = (resolved_at + timedelta(days=1, hours=6)).isoformat()
    await life.say("postmortem/meeting", by="chiara", on=held)
    await life.say("postmortem/begin-review", by="chiara")
    refused = await town.say(life.incident, "actions", by="chiara", text="Improve monitoring", owner="nobody")
    assert refused.status_code == 422
    lacks = {fault["path"] for fault in refused.json()["faults"]}
    assert {"owner", "due_at", "priority", "done_when"} <= lacks
    due = (datetime.now(UTC) + timedelta(days=20)).isoformat()
    await life.say("actions", by="chiara", **PREVENTS, due_at=due)
    await life.say("actions", by="chiara", **DETECTS, due_at=due)
    await life.passes(days=1, hours=1)
    await life.say("postmortem/publish", by="chiara", despite_remarks=True)
    await town.until(life.incident, lambda r: r.status is Status.IN_PREVENTION)

    # Ninety days of prevention: three reviews, for one item is not done at the first two.
    await life.enter("review")
    await life.say("actions/1/settle", by="chiara", outcome="done")
    await life.passes(days=28)
    undone = await town.say(life.incident, "review/hold", by="ben")
    assert undone.status_code == 409
    assert "2 (Ben Okafor)" in undone.json()["detail"], "the item that is not done is named"
    for days, waits in ((60, 31), (95, 34)):
        later = (resolved_at + timedelta(days=days)).isoformat()
        moved = {"outcome": "moved", "due_at": later, "reason": "The exporter is being replaced"}
        await life.say("actions/2/settle", by="ben", **moved)
        report = await life.say("review/hold", by="ben")
        assert report.status is Status.IN_PREVENTION
        assert report.postmortem
        assert [item.state for item in report.postmortem.items] == [ItemState.DONE, ItemState.OPEN]
        await life.passes(days=waits)
    await life.say("actions/2/settle", by="ben", outcome="done")
    report = await town.until(life.incident, lambda r: r.status is Status.CLOSED)
    assert report.postmortem
    assert report.postmortem.stage is Stage.DONE
    assert report.faults == {}

    # One timeline tells all of it, whole and in order.
    entries = await life.timeline()
    assert [entry.sequence for entry in entries] == list(range(1, len(entries) + 1))
    in_order(
        [entry.text for entry in entries],
        "P0 incident opened on Checkout: Payments fail.",
        "Alice Moreau acknowledged by phone",
        "Alice Moreau is incident commander",
        "Chiara Lindqvist is tech lead",
        "Dev Raman approves update",
        "Dev Raman publishes update",
        "Hypothesis 1 (Chiara Lindqvist, medium confidence, open)",
        "Checkpoint 1 is due.",
        "Checkpoint 1, Alice Moreau: The certificate ran out. Next: Roll back.",
        "Decision 1 (Chiara Lindqvist): Roll back release 4.2",
        "What came of decision 1",
        "Checkpoint 2 is due.",
        "Checkpoint 2 is still unanswered.",
        "Ladder run 2 begins at commander: checkpoint 2 is unanswered.",
        "Checkpoint 2 was missed.",
        "Result of decision 1",
        "Mitigated by Chiara Lindqvist",
        "Alice Moreau has led this war room for long.",
        "Ben Okafor is commander after Alice Moreau.",
        "Ben Okafor resolved it",
        "Before the room closes:",
        "The war room closes.",
        "In review: a postmortem is owed",
    )
    document = Path(str(report.document)).read_text(encoding="utf-8")
    assert "The certificate ran out" in document
    assert "Renew certificates by a job" in document
    summary = (await town.api.get("/api/v2/summary.json")).json()
    assert summary["incidents"] == []


@pytest.mark.timeout(300)
async def test_1_3_a_second_severity_that_nobody_mitigates_becomes_the_first_by_itself(
    night: Town, skipping: WorkflowEnvironment
) -> None:
    town = night
    await town.everybody(BUSY)
    await town.phone("alice", presses("1"))
    life = Life(town, skipping, await town.alert(severity="P1", title="Payments are slow"))
    await town.until_taken(life.incident)
    await town.phone("alice", BUSY)
    report = await life.passes(minutes=31)
    assert report.war_room
    waited = report.war_room.opened_at - report.opened_at
    assert HALF_AN_HOUR <= waited <= HALF_AN_HOUR + LEAP, "no mitigation in 30 minutes (spec 6.1)"
    assert report.severity == "P1"
    rung = [e for e in await life.timeline() if e.kind is Kind.RUN and "no progress" in e.text]
    assert rung[0].data["rung"] == "secondary", "one level up after 30 minutes without progress (spec 3.4)"
    report = await life.passes(minutes=30)
    assert report.severity == "P0"
    entries = await life.timeline()
    (risen,) = [e for e in entries if e.kind is Kind.SEVERITY]
    opened = entries[0].at
    assert 2 * HALF_AN_HOUR <= risen.at - opened <= 2 * HALF_AN_HOUR + LEAP
    after = [e for e in entries if e.sequence > risen.sequence]
    run = next(e for e in after if e.kind is Kind.RUN)
    assert "the severity rose to P0" in run.text
    paged = {e.person for e in after if e.kind is Kind.PAGE and e.at <= run.at + timedelta(seconds=30)}
    assert "alice" in paged, "the active owner is called, who had acknowledged before (spec 1.5)"
    assert report.faults == {}


@pytest.mark.timeout(300)
async def test_a_well_led_first_severity_of_three_hours_stays_small(
    night: Town, skipping: WorkflowEnvironment
) -> None:
    town = night
    await town.everybody(BUSY)
    await town.phone("alice", presses("1"))
    life = Life(town, skipping, await town.alert(severity="P0", title="Payments fail"))
    await town.until_taken(life.incident)
    await town.phone("alice", BUSY)
    for person, role in (("chiara", "tech lead"), ("dev", "communications lead"), ("ben", "scribe")):
        await life.say("role", by=person, role=role)
    await life.publish(1)
    for quarter in range(1, 13):
        # A little sooner each time, so that the status page never grows stale.
        early = timedelta(minutes=1 + quarter / 4)
        report = await life.passes(minutes=15 - early / timedelta(minutes=1))
        if quarter % 2:
            await life.say("draft", by="dev", phase="investigating")
            await life.publish((await town.report(life.incident)).updates[-1].number)
            await life.say("hypothesis", by="chiara", text=f"It is part {quarter}", confidence="low")
            await life.say("decision", by="chiara", text=f"Restart {quarter}", reason="To see")
            await life.say("announce", by="ben", text=f"kubectl rollout restart deploy/{quarter}")
        else:
            number = report.decisions[-1].number
            await life.say("decision", by="chiara", number=number, result="No change")
        await life.passes(minutes=early / timedelta(minutes=1))
        report = await life.say(
            "checkpoint", known=f"Not part {quarter}", next_step="The next", status_page_current=True
        )
    assert report.checkpoints_missed == 0
    history = await (await life.handle()).fetch_history()
    clock = ("workflow_execution_time_skipping", "workflow_execution_options_updated")
    kinds = [str(event.WhichOneof("attributes")) for event in history.events]
    own = [kind for kind in kinds if not kind.startswith(clock)]
    assert len(own) < 1_500, "beside what the skipping clock itself records"
