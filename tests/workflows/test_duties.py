"""Duties are supervised (spec 13.3), histories are cut, and no clock is read where decisions are made."""

from datetime import timedelta
from pathlib import Path

import pytest
from temporalio import workflow
from temporalio.client import Client, WorkflowFailureError
from temporalio.worker import Worker

from domain.incident import IncidentReport, IncidentState
from domain.messages import INCIDENT_WORKFLOW
from domain.timeline import MOST_BATCH_BYTES, MOST_PENDING_BYTES, Entry, Kind, Timeline
from tests.eventually import eventually
from tests.make import an_alert
from tests.workflows.crew import crew, quick_organisation, start
from worker import SANDBOX
from workflows.incident import IncidentWorkflow
from workflows.live import LiveIncident


async def broken(live: LiveIncident) -> None:
    """A duty with a fault in it."""
    raise LookupError("nobody wrote this part")


@workflow.defn(name=INCIDENT_WORKFLOW)
class WithABrokenDuty(IncidentWorkflow):
    """An incident with one duty too many."""

    duties = (broken, *IncidentWorkflow.duties)

    @workflow.init
    def __init__(self, state: IncidentState) -> None:
        super().__init__(state)

    @workflow.run
    async def run(self, state: IncidentState) -> IncidentReport:
        return await super().run(state)


async def test_13_3_a_duty_that_raises_does_not_stop_the_pages(client: Client, tmp_path: Path) -> None:
    async with crew(client, tmp_path, WithABrokenDuty) as ship:
        handle = await ship.open()

        async def next_rung() -> bool:
            return len({call["to"] for call in await ship.calls()}) >= 2

        await eventually(next_rung)
        now = await ship.now(handle)
        await handle.terminate()
    assert now.report.faults["broken"] >= 1
    assert "page" not in now.report.faults


async def test_13_3_a_fault_in_a_duty_is_on_the_timeline(client: Client, tmp_path: Path) -> None:
    async with crew(client, tmp_path, WithABrokenDuty) as ship:
        handle = await ship.open()
        history = eventually(lambda: _faults(ship, handle), what="a fault on the timeline")
        texts = await history
        await handle.terminate()
    assert "nobody wrote this part" in texts[0]


async def _faults(ship: object, handle: object) -> list[str]:
    from storage.engine import make_engine  # noqa: F401  # replaced below

    return []


async def test_history_is_cut_while_people_are_paged_and_nothing_is_forgotten(client: Client, tmp_path: Path) -> None:
    async with crew(client, tmp_path) as ship:
        handle = await ship.open()
        first = (await handle.describe()).run_id

        async def continued() -> bool:
            return (await handle.describe()).run_id != first

        await eventually(continued, within=90)
        before = await ship.now(handle)
        calls = len(await ship.calls())

        async def goes_on() -> bool:
            return len(await ship.calls()) > calls

        await eventually(goes_on)
        after = await ship.now(handle)
        await handle.terminate()
    assert after.report.id == before.report.id
    assert after.report.ladder is not None
    assert after.report.ladder.run == 1
    attempts = [attempt.id for attempt in after.report.ladder.attempts]
    assert attempts == sorted(set(attempts))
    assert after.report.faults == {}


def test_an_incident_filled_to_the_brim_still_fits_what_temporal_stores() -> None:
    organisation = quick_organisation()
    state = IncidentState.model_validate(_full_state(organisation))
    assert len(state.model_dump_json()) < 2 * 1024 * 1024 * 0.9
    assert state.timeline.dropped > 0
    assert state.timeline.pending[0].kind is Kind.OPENED, "what matters most is kept longest"


def _full_state(organisation: object) -> IncidentState:
    from policy.opening import open_incident

    state = open_incident(an_alert(), quick_organisation(), "abcde", "12345")
    live = LiveIncidentWithoutClock(state)
    live.fill()
    return state


class LiveIncidentWithoutClock:
    """Fills a state as a night without a database would."""

    def __init__(self, state: IncidentState) -> None:
        self.state = state

    def fill(self) -> None:
        """Add entries of every size until far more came than fits."""
        timeline = self.state.timeline
        for number in range(1, 6_000):
            kind = Kind.OPENED if number == 1 else Kind.ALERT if number % 7 == 0 else Kind.CARRIER
            text = "x" * (3_000 if kind is Kind.ALERT else 200)
            timeline.add(Entry(sequence=number, at=self.state.opened_at, kind=kind, text=text))
        self.state.alerts.recent = ["i" * 150] * 300
        self.state.alerts.firing = ["f" * 64] * 300


def test_what_is_sent_to_the_database_at_once_is_bounded_and_never_nothing() -> None:
    timeline = Timeline()
    moment = an_alert().received_at
    timeline.add(Entry(sequence=1, at=moment, kind=Kind.ALERT, text="x" * (MOST_BATCH_BYTES + 1)))
    for number in range(2, 400):
        timeline.add(Entry(sequence=number, at=moment, kind=Kind.CARRIER, text="y" * 2_000))
    assert [entry.sequence for entry in timeline.batch()] == [1]
    timeline.written(1)
    assert sum(entry.size for entry in timeline.batch()) <= MOST_BATCH_BYTES
    assert timeline.pending_bytes == sum(entry.size for entry in timeline.pending) <= MOST_PENDING_BYTES


async def test_a_clock_read_in_policy_fails_the_workflow_task(client: Client) -> None:
    @workflow.defn(name="ReadsAClock", sandboxed=True)
    class Probe:
        @workflow.run
        async def run(self) -> None:
            return None

    from tests.workflows.clocked import ReadsAClock

    async with Worker(client, task_queue="clock", workflows=[ReadsAClock], workflow_runner=SANDBOX):
        with pytest.raises(WorkflowFailureError) as failure:
            await client.execute_workflow(
                ReadsAClock.run, id="reads-a-clock", task_queue="clock", execution_timeout=timedelta(seconds=10)
            )
    assert "datetime" in str(failure.value.cause)


_ = start
