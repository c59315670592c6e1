"""Decisions without a result are asked about (spec 6.4, 6.5)."""

import pytest

from domain.incident import IncidentState, Status
from policy import follow_up
from policy.follow_up import AskForResult
from tests.policy.incidents import a_decision, at, taken


def test_6_5_a_result_is_asked_for_after_ten_minutes_and_again_every_fifteen(state: IncidentState) -> None:
    state = taken(state, decisions=[a_decision(minute=5)])
    owed = follow_up.owed(state, at(14.9))
    assert owed.actions == ()
    assert owed.deadline
    assert (owed.deadline.name, owed.deadline.at) == ("result of decision 1", at(15))
    assert follow_up.owed(state, at(15)).actions == (AskForResult(1),)
    state.decisions = [a_decision(minute=5, asked_at=at(15))]
    assert follow_up.owed(state, at(29.9)).actions == ()
    assert follow_up.owed(state, at(30)).actions == (AskForResult(1),)


def test_6_5_only_what_has_no_result_is_asked_for(state: IncidentState) -> None:
    done = a_decision(1, result="The errors fall", result_at=at(3))
    state = taken(state, decisions=[done, a_decision(2), a_decision(3, minute=4)])
    owed = follow_up.owed(state, at(11))
    assert owed.actions == (AskForResult(2),)
    assert owed.deadline
    assert owed.deadline.at == at(14)


@pytest.mark.parametrize("status", [Status.DETECTED, Status.RESOLVED, Status.IN_REVIEW, Status.CLOSED])
def test_6_5_nobody_is_asked_while_nobody_works_on_it(state: IncidentState, status: Status) -> None:
    assert follow_up.owed(taken(state, status=status, decisions=[a_decision()]), at(60)).actions == ()
