"""The rhythm of checkpoints (spec 6.3)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.incident import IncidentState, Status
from domain.response import Checkpoint
from policy import checkpoints
from policy.checkpoints import Action, Ask, Call, Miss, Plan
from tests.policy.conftest import NOON, Sev
from tests.policy.incidents import a_checkpoint, at, ringing, taken


def owed(state: IncidentState, minute: float) -> tuple[Action, ...]:
    return checkpoints.owed(state, at(minute)).actions


def waits(state: IncidentState, minute: float) -> tuple[str, datetime]:
    deadline = checkpoints.owed(state, at(minute)).deadline
    assert deadline
    return deadline.name, deadline.at


@pytest.mark.parametrize(("severity", "asked"), [("P0", True), ("P1", True), ("P2", False), ("P3", False)])
def test_6_3_checkpoints_are_for_the_two_worst_severities(
    state: IncidentState, severity: str, asked: bool
) -> None:
    assert owed(taken(state, severity), 0) == ((Plan(1, at(15)),) if asked else ())


def test_6_3_they_are_so_in_the_other_pack(sev: Sev) -> None:
    assert owed(taken(sev.state, "SEV2"), 0) == (Plan(1, at(15)),)
    assert owed(taken(sev.state, "SEV3"), 0) == ()


def test_6_3_the_first_comes_a_quarter_of_an_hour_after_somebody_took_it(state: IncidentState) -> None:
    assert owed(taken(state, acknowledged_at=at(3)), 4) == (Plan(1, at(18)),)


def test_6_3_or_after_it_became_this_bad(state: IncidentState) -> None:
    assert owed(taken(state, severity_since=at(50)), 50) == (Plan(1, at(65)),)


def test_6_3_nobody_is_asked_before_somebody_has_it(state: IncidentState) -> None:
    assert owed(state, 60) == ()


def test_6_3_it_is_asked_again_after_5_phoned_for_after_5_more_and_missed_when_the_next_is_due(
    state: IncidentState,
) -> None:
    steps: list[tuple[dict[str, Any], float, Action, str]] = [
        ({}, 15, Ask(1), "checkpoint 1"),
        ({"asked": 15}, 20, Ask(1, again=True), "checkpoint 1 is asked again"),
        ({"asked": 15, "again": 20}, 25, Call(1), "checkpoint 1: the commander is phoned"),
        ({"asked": 15, "again": 20, "called": 25}, 30, Miss(1), "checkpoint 2"),
    ]
    for known, minute, action, name in steps:
        state = taken(state, checkpoints=[a_checkpoint(**known)])
        assert owed(state, minute - 0.1) == ()
        assert waits(state, minute - 0.1) == (name, at(minute))
        assert owed(state, minute) == (action,)
    missed = a_checkpoint(asked=15, again=20, called=25, missed=True)
    assert owed(taken(state, checkpoints=[missed]), 30) == (Plan(2, at(30)),)


@pytest.mark.parametrize("answered", [0, 1, 14.9, 15, 17, 24, 29.9])
def test_6_3_the_next_is_a_quarter_after_this_was_due_whether_the_answer_was_early_or_late(
    state: IncidentState, answered: float
) -> None:
    state = taken(state, checkpoints=[a_checkpoint(asked=15, answered=answered)])
    assert owed(state, answered) == (Plan(2, at(30)),)


def test_6_3_the_commander_is_phoned_as_soon_as_the_phone_is_free(state: IncidentState) -> None:
    state = taken(state, checkpoints=[a_checkpoint(asked=15, again=20)], run=ringing("help"))
    assert owed(state, 25) == ()
    assert waits(state, 25) == ("checkpoint 2", at(30))
    state.run = None
    assert owed(state, 25) == (Call(1),)


def test_6_3_after_a_while_at_a_lower_severity_the_rhythm_begins_anew(state: IncidentState) -> None:
    answered = [a_checkpoint(asked=15, answered=16)]
    assert owed(taken(state, checkpoints=answered, severity_since=at(140)), 140) == (Plan(2, at(155)),)
    unasked = [*answered, a_checkpoint(2, due=30)]
    assert owed(taken(state, checkpoints=unasked, severity_since=at(140)), 140) == (Plan(2, at(155)),)


def test_6_3_a_rise_between_two_checkpoints_leaves_the_grid_as_it_is(state: IncidentState) -> None:
    state = taken(state, checkpoints=[a_checkpoint(2, due=30)], severity_since=at(22))
    assert waits(state, 22) == ("checkpoint 2", at(30))
    state.checkpoints = [a_checkpoint(2, due=30, asked=30, answered=31)]
    assert owed(state, 31) == (Plan(3, at(45)),)


def test_6_3_a_reopened_incident_is_not_blamed_for_checkpoints_that_nobody_could_answer(
    state: IncidentState,
) -> None:
    unasked = [a_checkpoint(3, due=45)]
    state = taken(state, checkpoints=unasked, severity_since=at(600), acknowledged_at=at(603))
    assert owed(state, 603) == (Plan(3, at(618)),)


def test_6_3_a_question_of_before_the_pause_is_missed_without_being_asked_again(state: IncidentState) -> None:
    state = taken(state, checkpoints=[a_checkpoint(1, asked=15)], severity_since=at(140))
    assert owed(state, 140) == (Miss(1),)


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.IN_REVIEW, Status.CLOSED])
def test_6_3_after_the_resolution_nobody_is_asked(state: IncidentState, status: Status) -> None:
    assert owed(taken(state, status=status, checkpoints=[a_checkpoint()]), 60) == ()


def test_6_3_while_it_is_only_mitigated_the_checkpoints_go_on(state: IncidentState) -> None:
    assert owed(taken(state, status=Status.MITIGATED, checkpoints=[a_checkpoint()]), 15) == (Ask(1),)


moments = st.integers(min_value=0, max_value=600)


@given(due=moments, later=moments, answered=st.booleans(), since=moments)
def test_6_3_what_is_planned_is_never_so_old_that_it_is_missed_at_once(
    organisation_state: IncidentState, due: int, later: int, answered: bool, since: int
) -> None:
    """Whatever came before: an answer, a miss, hours without a worker, a fall and a rise."""
    now = max(due, since) + later
    last: Checkpoint = a_checkpoint(4, due=due, asked=due, missed=not answered)
    if answered:
        last = a_checkpoint(4, due=due, asked=due, answered=min(now, due + later))
    state = taken(organisation_state, checkpoints=[last], severity_since=at(since))
    (plan,) = owed(state, now)
    assert isinstance(plan, Plan)
    state.checkpoints = [*state.checkpoints, Checkpoint(number=plan.number, due_at=plan.due_at)]
    assert not any(isinstance(action, Miss) for action in owed(state, now))
    assert plan.due_at > NOON + timedelta(minutes=due)
    assert (plan.due_at - at(max(since, due) if since > due + 15 else due)) % timedelta(
        minutes=15
    ) == timedelta(0)


def test_6_3_what_was_mitigated_before_anybody_acknowledged_is_asked_about_too(state: IncidentState) -> None:
    state.severity, state.status = "P0", Status.MITIGATED
    assert owed(state, 4) == (Plan(1, at(15)),)
    state.checkpoints = [a_checkpoint(1)]
    assert owed(state, 15.1) == (Ask(1),)
