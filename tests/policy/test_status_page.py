"""How current the status page and the house are kept, and who is reminded (spec 7.2)."""

from typing import Any

import pytest

from domain.incident import IncidentState, Status
from domain.response import Audience, Phase
from policy import status_page
from policy.status_page import CallAboutPage, DraftFirst, Nudge
from tests.policy.conftest import Sev
from tests.policy.incidents import (
    ALICE,
    a_mitigation,
    an_update,
    at,
    ringing,
    taken,
)

PUBLIC, INTERNAL = Audience.PUBLIC, Audience.INTERNAL


def told(*updates: Any, within: float = 0) -> list[Any]:
    """These updates, and one within the house of that minute, so that it owes nothing for half an hour."""
    return [*updates, an_update(99, published=within, audience=INTERNAL)]


def public_due(state: IncidentState) -> tuple[str, float] | None:
    """Name and minute of what the page owes."""
    due = status_page.public_due(state)
    return (due.name, (due.at - at(0)).total_seconds() / 60) if due else None


@pytest.mark.parametrize(
    ("pack", "severity", "owed"),
    [
        ("p", "P0", True),
        ("p", "P1", True),
        ("p", "P2", False),
        ("p", "P3", False),
        ("sev", "SEV1", True),
        ("sev", "SEV2", True),
        ("sev", "SEV3", False),
        ("sev", "SEV4", False),
    ],
)
def test_7_2_the_two_worst_severities_are_acknowledged_within_five_minutes(
    state: IncidentState, sev: Sev, pack: str, severity: str, owed: bool
) -> None:
    incident = (state if pack == "p" else sev.state).model_copy(update={"severity": severity})
    for each in (incident, taken(incident, severity)):
        assert public_due(each) == (("status page: acknowledge", 5) if owed else None)


def test_7_2_a_draft_lies_ready_from_the_start_and_is_made_once(state: IncidentState) -> None:
    assert status_page.owed(state, at(0)).actions == (DraftFirst(),)
    state.updates = [an_update(1, published=None)]
    assert status_page.owed(state, at(0)).actions == ()


def test_7_2_it_is_nudged_at_five_minutes_and_the_commander_is_phoned_at_ten(state: IncidentState) -> None:
    state = taken(state, updates=told(an_update(1, published=None)))
    assert status_page.owed(state, at(4.9)).actions == ()
    assert status_page.owed(state, at(5)).actions == (Nudge(PUBLIC, at(5)),)
    state.public_nudged_for = at(5)
    waiting = status_page.owed(state, at(9))
    assert waiting.deadline
    assert waiting.deadline.name == "stale status page: the commander is phoned"
    assert waiting.deadline.at == at(10)
    assert status_page.owed(state, at(10)).actions == (CallAboutPage(at(5)),)
    state.public_called_for = at(5)
    after = status_page.owed(state, at(10))
    assert after.actions == ()
    assert after.deadline
    assert after.deadline.at == at(30), "and what is left is the update within the house"


def test_7_2_without_a_commander_the_page_is_nudged_and_nobody_phoned(state: IncidentState) -> None:
    state.updates, state.public_nudged_for = [an_update(1, published=None)], at(5)
    owed = status_page.owed(state, at(60))
    assert (owed.actions, owed.deadline) == ((), None)


def test_7_2_the_commander_is_not_phoned_while_the_phone_is_busy(state: IncidentState) -> None:
    state = taken(state, updates=told(an_update(1, published=None)), public_nudged_for=at(5))
    state.run = ringing("help")
    assert status_page.owed(state, at(10)).actions == ()


def test_7_2_the_first_full_update_is_due_by_fifteen_minutes(state: IncidentState) -> None:
    bare = an_update(1, published=3, full=False)
    assert public_due(taken(state, updates=[bare])) == ("status page: first full update", 15)
    full = an_update(2, published=9)
    assert public_due(taken(state, updates=[bare, full])) == ("status page: next update", 39)


@pytest.mark.parametrize(
    ("phase", "due"),
    [(Phase.INVESTIGATING, 50), (Phase.IDENTIFIED, 50), (Phase.MONITORING, 80), (Phase.RESOLVED, None)],
)
def test_7_2_each_phase_has_its_rhythm_and_resolved_comes_once(
    state: IncidentState, phase: Phase, due: float | None
) -> None:
    state = taken(state, status=Status.MITIGATED, updates=[an_update(1, published=20, phase=phase)])
    assert public_due(state) == (("status page: next update", due) if due else None)


def test_7_2_an_earlier_promise_is_kept(state: IncidentState) -> None:
    promised = an_update(1, published=20, next_update_at=at(40))
    assert public_due(taken(state, updates=[promised])) == ("status page: next update", 40)
    generous = an_update(1, published=20, next_update_at=at(400))
    assert public_due(taken(state, updates=[generous])) == ("status page: next update", 50)


def test_7_2_whoever_was_told_once_is_told_on_although_it_is_less_bad_now(state: IncidentState) -> None:
    state = taken(state, "P3", updates=[an_update(1, published=20)])
    assert public_due(state) == ("status page: next update", 50)


def test_7_2_each_stale_update_is_nudged_about_once(state: IncidentState) -> None:
    state = taken(state, updates=told(an_update(1, published=0)), public_nudged_for=at(5))
    assert status_page.owed(state, at(29)).actions == ()
    actions = status_page.owed(state, at(30)).actions
    assert Nudge(PUBLIC, at(30)) in actions
    state.public_nudged_for = at(30)
    assert Nudge(PUBLIC, at(30)) not in status_page.owed(state, at(30)).actions


def test_8_1_a_service_without_a_component_owes_the_page_nothing(state: IncidentState) -> None:
    hidden = state.snapshot.service.model_copy(update={"component": None})
    state.snapshot = state.snapshot.model_copy(update={"service": hidden})
    assert public_due(state) is None
    assert status_page.owed(state, at(60)).actions == ()


def test_7_2_when_it_comes_back_after_the_page_said_resolved_the_page_has_to_say_so(
    state: IncidentState,
) -> None:
    before = an_update(3, published=40, phase=Phase.RESOLVED)
    for status in (Status.MITIGATED, Status.RESOLVED):
        assert public_due(taken(state, status=status, updates=[before])) is None
    for status in (Status.DETECTED, Status.TRIAGED, Status.RESPONDING):
        back = taken(state, status=status, updates=[before], severity_since=at(300))
        assert public_due(back) == ("status page: tell that it is back", 305)


@pytest.mark.parametrize("severity", ["P0", "P1"])
def test_7_2_within_the_house_an_update_is_due_every_half_hour(state: IncidentState, severity: str) -> None:
    state = taken(state, severity, acknowledged_at=at(4))
    due = status_page.internal_due(state)
    assert due
    assert (due.name, due.at) == ("next internal update", at(34))
    state.updates = [an_update(1, published=20, audience=INTERNAL)]
    due = status_page.internal_due(state)
    assert due
    assert due.at == at(50)
    assert Nudge(INTERNAL, at(50)) in status_page.owed(state, at(50)).actions
    state.internal_nudged_for = at(50)
    assert Nudge(INTERNAL, at(50)) not in status_page.owed(state, at(51)).actions


def test_7_2_a_minor_incident_owes_the_house_no_updates(state: IncidentState) -> None:
    assert status_page.internal_due(taken(state, "P2")) is None


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.IN_REVIEW, Status.IN_PREVENTION, Status.CLOSED])
def test_7_2_what_is_over_owes_no_updates(state: IncidentState, status: Status) -> None:
    owed = status_page.owed(taken(state, status=status, updates=[an_update(1)]), at(600))
    assert (owed.actions, owed.deadline) == ((), None)


@pytest.mark.parametrize(
    ("more", "phase"),
    [
        ({}, Phase.INVESTIGATING),
        ({"mitigations": [a_mitigation()]}, Phase.IDENTIFIED),
        ({"status": Status.MITIGATED}, Phase.MONITORING),
        ({"status": Status.RESOLVED}, Phase.RESOLVED),
    ],
)
def test_7_2_the_phase_follows_from_the_state(
    state: IncidentState, more: dict[str, Any], phase: Phase
) -> None:
    assert status_page.phase_of(taken(state, **more)) is phase


def offered(state: IncidentState, *updates: Any, minute: float = 1, **more: Any) -> int | None:
    found = status_page.offered(taken(state, updates=list(updates), **more), at(minute))
    return found.number if found else None


def test_7_4_the_latest_draft_is_offered(state: IncidentState) -> None:
    assert offered(state) is None
    assert offered(state, an_update(1)) is None
    assert offered(state, an_update(1, published=None)) == 1
    assert offered(state, an_update(1), an_update(2, published=None), an_update(3, published=None)) == 3


def test_7_4_a_draft_is_not_offered_that_could_not_go_out_or_is_no_longer_true(state: IncidentState) -> None:
    draft = an_update(1, published=None, next_update_at=at(30))
    assert offered(state, draft, minute=29) == 1
    assert offered(state, draft, minute=30) is None, "its promise is past"
    assert offered(state, draft, an_update(2)) is None, "something newer is out"
    assert offered(state, draft, status=Status.MITIGATED) is None, "it says that we investigate"
    theirs = an_update(1, published=None, drafted_by=ALICE)
    assert offered(state, theirs, status=Status.MITIGATED) == 1, "they know better"
    assert offered(state, theirs, status=Status.RESOLVED) is None, "but it is over"
    bare = an_update(2, published=None, full=False)
    assert offered(state, bare) == 2
    assert offered(state, an_update(1), bare) is None, "a full one is due"
