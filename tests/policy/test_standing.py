"""What several decisions share: since when, and whether the phone is free."""

import itertools

import pytest

from domain.base import Deadline
from domain.incident import IncidentState, Status
from domain.ladder import Purpose
from policy.standing import began, earliest, held, may_page, unmitigated
from tests.policy.conftest import NOON
from tests.policy.incidents import at, ringing, taken

RANKED: tuple[tuple[Purpose, ...], ...] = (("take", "rise"), ("help",), ("duty",), ("role",))


def test_a_clock_runs_from_the_opening_or_from_when_it_became_this_bad(state: IncidentState) -> None:
    assert began(state) == NOON
    state.severity_since = at(7)
    assert began(state) == at(7)


@pytest.mark.parametrize("status", list(Status))
def test_1_7_somebody_has_it_from_the_acknowledgement_to_the_resolution(
    state: IncidentState, status: Status
) -> None:
    state.status = status
    assert held(state) == (status in (Status.TRIAGED, Status.RESPONDING, Status.MITIGATED))
    assert unmitigated(state) == (status in (Status.DETECTED, Status.TRIAGED, Status.RESPONDING))


def test_only_what_is_more_urgent_breaks_off_a_call(state: IncidentState) -> None:
    state = taken(state)
    assert all(may_page(state, purpose) for purpose in itertools.chain(*RANKED))
    for (first, urgent), (second, lesser) in itertools.product(enumerate(RANKED), repeat=2):
        for running, wanted in itertools.product(urgent, lesser):
            state.run = ringing(running)
            assert may_page(state, wanted) == (second < first)
    state.run = ringing("take", ended_at=at(1))
    assert may_page(state, "role")


def test_1_1_nobody_is_paged_at_a_severity_that_wakes_nobody(state: IncidentState) -> None:
    state = taken(state, "P3")
    assert not any(may_page(state, purpose) for purpose in itertools.chain(*RANKED))


def test_the_earliest_is_found_among_those_that_there_are() -> None:
    early, late = Deadline(name="a", at=at(1)), Deadline(name="b", at=at(2))
    assert earliest([None, late, early]) == early
    assert earliest([None]) is None
