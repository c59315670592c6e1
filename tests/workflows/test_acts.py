"""What people do in an incident, by the real workflow: done once, or refused with what is possible."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client, WorkflowHandle, WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError

import configuration
from domain import acts
from domain.acts import Act, Acting
from domain.alert import Alert
from domain.ids import IncidentId
from domain.incident import IncidentReport, IncidentState, Status
from domain.ladder import Attempt
from domain.messages import (
    INCIDENT_WORKFLOW,
    WORK_QUEUE,
    Answer,
    AttachAlert,
    Close,
    Done,
    Page,
    Resolve,
)
from domain.people import PersonRef
from domain.response import HypothesisState, MitigationState, Phase
from domain.roles import Role
from domain.timeline import Entry, Kind
from policy.opening import open_incident
from policy.tempo import compressed
from settings import STARTER_CONFIG
from tests.eventually import eventually
from tests.make import an_alert
from tests.workflows.crew import Crew, crew, quick_organisation
from tests.workflows.late import SlowToHandOver
from workflows import search_attributes

ALICE, BEN = PersonRef(id="alice", name="Alice Moreau"), PersonRef(id="ben", name="Ben Okafor")

_numbers = count(1)


class Case:
    """One incident, and what is said to it."""

    def __init__(self, ship: Crew, state: IncidentState, alert: Alert) -> None:
        self.ship = ship
        self.alert = alert
        self.state = state
        self.id = state.id

    @property
    def handle(self) -> WorkflowHandle[Any, Any]:
        """Its workflow, whichever run of it is the present one."""
        return self.ship.client.get_workflow_handle(IncidentId.parse(self.id).workflow_id)

    async def begin(self) -> "Case":
        """Open it with its alert, as the API does."""
        await self.ship.client.start_workflow(
            INCIDENT_WORKFLOW,
            self.state,
            id=IncidentId.parse(self.id).workflow_id,
            task_queue=WORK_QUEUE,
            start_signal="attach_alert",
            start_signal_args=[AttachAlert(alert=self.alert)],
            search_attributes=search_attributes.at_start(self.state),
        )
        return self

    async def tell(self, update: str, message: Any) -> Done:
        """Say something that is answered."""
        done: Done = await self.handle.execute_update(update, message, result_type=Done)
        return done

    async def take(self, by: PersonRef = ALICE) -> IncidentReport:
        """Acknowledge it."""
        answer = Answer(
            source_id=f"take:{next(_numbers)}", incident_id=self.id, by=by, via="API", at=datetime.now(UTC)
        )
        return (await self.tell("acknowledge", answer)).report

    async def act(self, act: Act, *, by: PersonRef = ALICE, source: str | None = None) -> Done:
        """Do something in it."""
        given = {"source_id": source or f"act:{next(_numbers)}", "incident_id": self.id, "by": by}
        return await self.tell("act", Acting.model_validate(given | {"at": datetime.now(UTC), "act": act}))

    async def refused(self, act: Act, **more: Any) -> str:
        """Do something that is refused; the reason."""
        with pytest.raises(WorkflowUpdateFailedError) as refusal:
            await self.act(act, **more)
        assert isinstance(refusal.value.cause, ApplicationError)
        return refusal.value.cause.message

    async def alerted(self, alert: Alert) -> None:
        """One more alert."""
        await self.handle.signal("attach_alert", AttachAlert(alert=alert))

    async def resolve(self, **more: Any) -> Done:
        """The harm is over."""
        said = {"source_id": f"resolve:{next(_numbers)}", "incident_id": self.id, "by": ALICE}
        return await self.tell("resolve", Resolve.model_validate(said | {"resolution": "Rolled back"} | more))

    async def report(self) -> IncidentReport:
        """It, as it is now."""
        return (await self.ship.now(self.handle)).report

    async def timeline(self, kind: Kind) -> list[Entry]:
        """All of this kind, once everything is stored."""

        async def complete() -> bool:
            return not (await self.ship.now(self.handle)).pending

        await eventually(complete, what="the timeline stored")
        return [entry for entry in await self.ship.stored(self.id) if entry.kind is kind]


def a_case(ship: Crew, *, rules: bool = True, **alert: Any) -> Case:
    """An incident of its own; without `rules`, as it was opened before there were any for the response."""
    first = an_alert(name=f"Acts{next(_numbers)}", **alert)
    state = open_incident(first, quick_organisation(), "abcde", "12345")
    if not rules:
        state.snapshot = state.snapshot.model_copy(update={"response": None, "postmortems": None})
    return Case(ship, state, first)


@pytest.fixture
async def ship(client: Client, tmp_path: Path) -> AsyncIterator[Crew]:
    async with crew(client, tmp_path) as ship:
        yield ship


async def test_an_act_delivered_twice_is_done_once_and_answered_alike(ship: Crew) -> None:
    case = await a_case(ship).begin()
    await case.take()
    first = await case.act(acts.Decide(text="Roll back", reason="It is new"), source="slack:1")
    again = await case.act(acts.Decide(text="Roll back", reason="It is new"), source="slack:1")
    assert again.said == first.said
    assert again.said.text == "Decision 1 is in the log."
    assert len(again.report.decisions) == 1
    assert len(await case.timeline(Kind.DECISION)) == 1
    await case.handle.terminate()


async def test_a_refused_act_changes_nothing_and_names_what_is_possible(ship: Crew) -> None:
    case = await a_case(ship).begin()
    await case.take()
    await case.act(acts.Mitigate(text="Rolling back"))
    before = await case.report()
    reason = await case.refused(acts.Mitigate(number=7, state="worked"))
    assert reason == "there is no mitigation 7; there are: 1"
    assert "there are P0, P1, P2, P3" in await case.refused(acts.SetSeverity(severity="SEV9"))
    assert "Alice Moreau is commander already" in await case.refused(acts.TakeRole(role=Role.COMMANDER))
    after = await case.report()
    assert (after.mitigations, after.severity, after.roles) == (
        before.mitigations,
        before.severity,
        before.roles,
    )
    assert len(await case.timeline(Kind.MITIGATION)) == 1
    await case.handle.terminate()


async def test_1_4_suspected_data_loss_calls_everybody_at_once(ship: Crew) -> None:
    case = await a_case(ship, severity="error").begin()
    report = await case.take()
    assert report.severity == "P1"
    await case.act(acts.SetSeverity(data_loss=True))

    async def all_called() -> bool:
        return len({call["to"] for call in await ship.calls()}) == 4

    await eventually(all_called, what="a call to each of the four")
    report = await case.report()
    assert report.severity == "P0"
    assert report.ladder
    assert (report.ladder.round, report.ladder.at) == (1, 2)
    await case.handle.terminate()


async def test_1_5_a_repeated_alert_does_not_overrule_what_somebody_said_and_a_new_one_does(
    ship: Crew,
) -> None:
    case = await a_case(ship).begin()
    await case.take()
    await case.act(acts.SetSeverity(severity="P2", reason="There is a workaround"))
    await case.alerted(case.alert)
    assert (await case.report()).severity == "P2"
    await case.alerted(case.alert.model_copy(update={"fingerprint": "f2"}))

    async def risen() -> bool:
        return (await case.report()).severity == "P0"

    await eventually(risen)
    await case.handle.terminate()


async def test_1_2_an_alert_that_says_how_bad_it_is_classifies_it(ship: Crew) -> None:
    case = await a_case(ship, severity=None).begin()
    report = await case.take()
    assert (report.severity, report.classified) == ("P1", False)
    await case.alerted(case.alert.model_copy(update={"fingerprint": "f2", "severity": "critical"}))

    async def classified() -> bool:
        found = await case.report()
        return found.classified and found.severity == "P0"

    await eventually(classified)
    await case.handle.terminate()


async def test_3_4_one_mitigation_without_effect_leaves_another_one_at_work(ship: Crew) -> None:
    case = await a_case(ship).begin()
    await case.take()
    for text in ("Rolling back", "Adding capacity"):
        await case.act(acts.Mitigate(text=text))
    done = await case.act(acts.Mitigate(number=1, state="worked"))
    assert done.report.status is Status.MITIGATED
    done = await case.act(acts.Mitigate(number=2, state="failed"))
    assert done.report.status is Status.MITIGATED
    done = await case.act(acts.Mitigate(number=1, state="failed"))
    assert done.report.status is Status.RESPONDING
    assert [m.state for m in done.report.mitigations] == [MitigationState.FAILED] * 2
    await case.handle.terminate()


async def _end(case: Case) -> None:
    """Resolve it with all that closing waits for."""
    await case.resolve(fix_deployed=True, metrics_recovering=True, postmortem_owner=BEN)
    number = (await case.act(acts.Draft(phase=Phase.RESOLVED))).report.updates[-1].number
    await case.act(acts.Approve(number=number))
    await case.act(acts.Publish(number=number))


async def test_10_3_an_alert_while_the_postmortem_is_being_begun_opens_the_next_incident_which_pages(
    client: Client, tmp_path: Path
) -> None:
    async with crew(client, tmp_path, SlowToHandOver) as ship:
        case = await a_case(ship).begin()
        await case.take()
        await _end(case)

        async def in_review() -> bool:
            told = await ship.now(case.handle)
            return told.report.status is Status.IN_REVIEW and not told.pending and bool(told.report.document)

        await eventually(in_review)
        before = len(await ship.calls())
        now = datetime.now(UTC)
        news = {"fingerprint": "f2", "starts_at": now, "received_at": now}
        await case.alerted(case.alert.model_copy(update=news))

        async def followed() -> IncidentReport | None:
            found = await case.report()
            return found if found.id != case.id else None

        following = await eventually(followed, what="the next incident")

        async def paged() -> bool:
            return len(await ship.calls()) > before

        await eventually(paged, what="a page for the next incident")
        assert IncidentId.parse(following.id).workflow_id == IncidentId.parse(case.id).workflow_id
        assert (following.status, following.severity, following.alerts_received) == (Status.DETECTED, "P0", 1)
        postmortem = client.get_workflow_handle(f"postmortem/{case.id}")
        assert (await ship.now(postmortem)).report.id == case.id
        await postmortem.terminate()
        await case.handle.terminate()


async def test_an_incident_opened_before_there_were_rules_for_the_response_ends_as_it_began(
    ship: Crew,
) -> None:
    case = await a_case(ship, rules=False).begin()
    report = await case.take()
    assert report.status is Status.RESPONDING
    assert (report.living, report.war_room) == (None, None)
    assert report.deadlines == ()
    assert report.missing_roles == ()
    report = (await case.resolve()).report
    assert (report.closing, report.postmortem_owed) == ((), None)
    message = Close(source_id="close", incident_id=case.id, by=ALICE)
    assert (await case.tell("close", message)).said.accepted
    ended = IncidentReport.model_validate(await case.handle.result())
    assert ended.status is Status.CLOSED
    assert ended.faults == {}
    kinds = {entry.kind for entry in await ship.stored(case.id)}
    assert kinds <= {
        Kind.OPENED,
        Kind.ALERT,
        Kind.RUN,
        Kind.RUNG,
        Kind.PAGE,
        Kind.CARRIER,
        Kind.ACKNOWLEDGED,
        Kind.COMMANDER,
        Kind.RESOLVED,
        Kind.CLOSED,
        Kind.DOCUMENT,
    }


async def test_3_4_only_what_moves_the_incident_on_puts_off_the_next_level(ship: Crew) -> None:
    case = await a_case(ship).begin()
    await case.take()

    async def planned() -> bool:
        return bool((await case.report()).checkpoints)

    await eventually(planned)
    known: dict[str, Any] = {"known": "A bad release", "status_page_current": True}
    steps: list[tuple[Act, bool]] = [
        (acts.Hypothesise(text="A bad release"), False),
        (acts.Hypothesise(number=1, confidence="high"), False),
        (acts.Hypothesise(number=1, state=HypothesisState.CONFIRMED), True),
        (acts.Hypothesise(number=1, text="Release 42"), False),
        (acts.Decide(text="Roll back", reason="It is new"), False),
        (acts.Decide(number=1, result="The errors fall"), True),
        (acts.Announce(text="kubectl rollout undo"), False),
        (acts.Mitigate(text="Rolling back"), True),
        (acts.Mitigate(number=1, state="failed"), True),
        (acts.SetImpact(impact="One in ten cannot pay"), False),
        (acts.SetSeverity(severity="P0"), False),
        (acts.AnswerCheckpoint(**known), False),
        (acts.AnswerCheckpoint(number=2, **known, next_step="Roll back"), True),
    ]
    for act, moves in steps:
        if isinstance(act, acts.AnswerCheckpoint) and act.number:
            await eventually(lambda: _has(case, 2))
        before = _next_level(await case.report())
        await case.act(act)
        assert (_next_level(await case.report()) > before) == moves, act
    await case.handle.terminate()


async def _has(case: Case, checkpoint: int) -> bool:
    return any(known.number == checkpoint for known in (await case.report()).checkpoints)


def _next_level(report: IncidentReport) -> datetime:
    """When the ladder goes one level up."""
    return next(d.at for d in report.deadlines if d.name == "one level up unless there is progress")


async def test_3_3_who_is_phoned_about_the_room_of_a_resolved_incident_ends_that_by_answering(
    ship: Crew,
) -> None:
    first = an_alert(name=f"Acts{next(_numbers)}")
    hasty = compressed(configuration.load(STARTER_CONFIG), 450)
    case = await Case(ship, open_incident(first, hasty, "abcde", "12345"), first).begin()
    await case.take()
    await case.resolve()

    async def phoned() -> Attempt | None:
        ladder = (await case.report()).ladder
        ringing = ladder and ladder.purpose == "duty" and ladder.asks.startswith("Before the room")
        return ladder.attempts[-1] if ladder and ringing and ladder.attempts else None

    attempt = await eventually(phoned, within=40, what="a call about the room")
    ladder = (await case.report()).ladder
    assert ladder
    page = Page(incident_id=case.id, run=ladder.run, attempt=attempt.id)
    answer = Answer(
        source_id="room", incident_id=case.id, by=ALICE, via="phone", at=datetime.now(UTC), page=page
    )
    await case.handle.signal("acknowledge", answer)

    async def over() -> IncidentReport | None:
        report = await case.report()
        return (
            report if report.ladder and report.ladder.run == ladder.run and report.ladder.ended_at else None
        )

    report = await eventually(over)
    assert report.ladder
    assert report.ladder.ended_why == "acknowledged by Alice Moreau"
    assert report.status is Status.RESOLVED
    await case.handle.terminate()
