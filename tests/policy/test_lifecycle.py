"""What may happen in which state (spec 1.7, 10.3)."""

from datetime import timedelta

import pytest

from domain.incident import IncidentState, Status
from domain.ladder import LadderRun
from policy import lifecycle, respond
from policy.severity import claimed, risen
from tests.make import an_alert
from tests.policy.conftest import NOON, after


@pytest.mark.parametrize(
    ("status", "verb", "possible"),
    [
        (Status.DETECTED, "close", "possible now: acknowledge, pass on, escalate, resolve"),
        (Status.RESOLVED, "resolve", "possible now: close"),
        (Status.RESOLVED, "acknowledge", "possible now: close"),
        (Status.CLOSED, "close", "nothing more can be done with it"),
    ],
)
def test_a_refusal_names_the_state_and_what_is_possible(
    state: IncidentState, status: Status, verb: lifecycle.Verb, possible: str
) -> None:
    state.status = status
    reason = lifecycle.refusal(state, verb)
    assert reason is not None
    assert status.value in reason
    assert possible in reason


def test_what_is_allowed_is_not_refused(state: IncidentState) -> None:
    assert lifecycle.refusal(state, "resolve") is None


def test_10_3_a_new_occurrence_reopens_a_resolved_or_closing_incident(state: IncidentState) -> None:
    for state.status in (Status.RESOLVED, Status.CLOSED):
        assert lifecycle.reopens(an_alert(fingerprint="other"), state, after(10))


def test_10_3_a_late_delivery_does_not_reopen_but_a_repetition_after_a_while_does(
    state: IncidentState,
) -> None:
    alert = an_alert(at=NOON)
    state.alerts.recent = [alert.identity]
    state.status, state.resolved_at = Status.RESOLVED, after(60)
    settled = state.snapshot.timing.reopen_after
    assert not lifecycle.reopens(alert, state, after(61))
    assert lifecycle.reopens(alert, state, after(60) + settled)


def test_10_3_an_alert_that_resolves_never_reopens(state: IncidentState) -> None:
    state.status = Status.RESOLVED
    assert not lifecycle.reopens(an_alert(status="resolved"), state, after(0) + timedelta(days=9))


def test_an_alert_joins_an_open_incident_without_reopening_it(state: IncidentState) -> None:
    assert not lifecycle.reopens(an_alert(), state, after(0))


def test_1_1_a_severity_that_pages_nobody_begins_no_ladder_run(state: IncidentState) -> None:
    assert respond.wants_run(state, NOON)
    state.severity = "P3"
    assert not respond.wants_run(state, NOON)


def test_3_3_a_run_begins_once(state: IncidentState, run: LadderRun) -> None:
    state.run = run
    assert not respond.wants_run(state, NOON)


@pytest.mark.parametrize(
    ("label", "severity"),
    [
        ("critical", "P0"),
        ("info", None),
        (None, None),
    ],
)
def test_1_5_a_worse_alert_raises_the_severity_and_none_lowers_it(
    state: IncidentState, label: str | None, severity: str | None
) -> None:
    state.severity = "P2"
    found = risen(claimed(an_alert(severity=label), state.snapshot.severities), state)
    assert (found.name if found else None) == severity


def test_1_7_triage_comes_first_and_an_acknowledgement_never_steps_back(state: IncidentState) -> None:
    assert lifecycle.acknowledged(state) is Status.TRIAGED
    for state.status in (Status.TRIAGED, Status.RESPONDING, Status.MITIGATED):
        assert lifecycle.acknowledged(state) is state.status
    state.snapshot, state.status = state.snapshot.model_copy(update={"response": None}), Status.DETECTED
    assert lifecycle.acknowledged(state) is Status.RESPONDING


@pytest.mark.parametrize("status", list(Status))
def test_1_7_the_incidents_own_part_is_over_once_its_room_is_closed(
    state: IncidentState, status: Status
) -> None:
    state.status = status
    assert lifecycle.over(state) == (status in (Status.IN_REVIEW, Status.IN_PREVENTION, Status.CLOSED))


def test_6_7_closing_by_hand_is_refused_with_all_that_is_missing(state: IncidentState) -> None:
    state.status, state.resolved_at = Status.RESOLVED, after(60)
    reason = lifecycle.refusal(state, "close")
    assert reason is not None
    for lack in ("the fix is deployed", "the metrics recover", "the resolved update", "name somebody"):
        assert lack in reason
    state.severity = "P3"
    assert lifecycle.refusal(state, "close") is None
