"""What each update contains (spec 7.1, 7.4), and who publishes it (spec 5.5)."""

from datetime import timedelta
from typing import Any

import pytest

from domain.incident import IncidentState, Status
from domain.response import ComponentState, Hypothesis, MitigationState, Phase
from domain.roles import Holder, Role
from policy import living, updates
from tests.policy.conftest import NOON, Sev
from tests.policy.incidents import ALICE, BEN, a_checkpoint, a_mitigation, at, taken


def lines(text: str) -> list[str]:
    return text.split("\n")


def test_7_1_the_first_update_within_the_house_says_all(state: IncidentState) -> None:
    text = updates.internal(taken(state), Phase.INVESTIGATING, at(2), at(32))
    assert lines(text) == [
        "2026-03-01 12:02 UTC · P0 · investigating",
        "Impact: Nobody can pay. It is steady.",
        "What we know: The cause is not known yet.",
        "Next: find what ends the harm.",
        "Next update: 12:32 UTC.",
    ]


def test_7_1_a_later_one_says_what_has_changed_and_how_it_stands(state: IncidentState) -> None:
    state = taken(state)
    state.told = living.facts(state)
    state.trend = "growing"
    state.hypotheses = [Hypothesis(number=1, text="A bad release", owner=BEN, at=NOON, confidence="medium")]
    state.mitigations = [a_mitigation(1), a_mitigation(2, MitigationState.FAILED, text="Adding capacity")]
    state.checkpoints = [a_checkpoint(1, answered=16, next_step="Roll back"), a_checkpoint(2, due=30)]
    state.data_exposure = True
    text = updates.internal(state, Phase.IDENTIFIED, at(30), at(60))
    assert lines(text) == [
        "2026-03-01 12:30 UTC · P0 · mitigating",
        "Impact: Nobody can pay. It is growing.",
        "Since the last update: Trend: steady → growing. Hypothesis: A bad release (open). "
        "Mitigation 1: Rolling back: begun. Mitigation 2: Adding capacity: failed.",
        "Current hypothesis: Suspected: A bad release. Being tried: Rolling back. Confidence: medium.",
        "Mitigation 1: Rolling back (Ben Okafor, begun).",
        "Next: Roll back.",
        "Risk: data may have been exposed.",
        "Next update: 13:00 UTC.",
    ]


def test_7_1_where_nothing_is_new_and_no_risk_is_known_it_says_so(state: IncidentState) -> None:
    state = taken(state, impact="")
    state.told = living.facts(state)
    text = updates.internal(state, Phase.INVESTIGATING, at(30), None)
    assert "Impact: Not known yet.\n" in text
    assert "Since the last update: nothing has changed." in text
    assert "Risks: none recorded." in text
    assert text.endswith("Next update: when there is news.")


def test_7_1_the_last_one_says_what_it_was_how_long_and_why(state: IncidentState) -> None:
    state = taken(
        state,
        status=Status.RESOLVED,
        mitigated_at=at(40),
        resolved_at=at(90),
        resolution="Rolled back release 42",
        cause="A certificate had run out",
    )
    state.told = living.facts(state)
    assert lines(updates.internal(state, Phase.RESOLVED, at(90), None)) == [
        "2026-03-01 13:30 UTC · P0 · resolved",
        "Impact was: Nobody can pay.",
        "Restored: Rolled back release 42.",
        "Duration: from 2026-03-01 12:00 UTC to 2026-03-01 12:40 UTC, 40 min 0 s.",
        "Cause: A certificate had run out.",
        "Review: out by 2026-03-03 13:30 UTC, because every P0 gets one.",
    ]
    state.severity, state.cause = "P3", ""
    text = updates.internal(state, Phase.RESOLVED, at(90), None)
    assert "Cause: not known yet." in text
    assert text.endswith("Review: none is owed.")


@pytest.mark.parametrize(
    ("phase", "full", "text"),
    [
        (Phase.INVESTIGATING, False, "Customers may have trouble using Checkout. We are investigating."),
        (
            Phase.INVESTIGATING,
            True,
            "Customers may have trouble using Checkout. We are investigating. "
            "Our engineers are looking for the cause.",
        ),
        (
            Phase.IDENTIFIED,
            True,
            "Customers may have trouble using Checkout. We have found what to work on and are working on it.",
        ),
        (
            Phase.MONITORING,
            True,
            "Checkout is recovering. A mitigation is in place and we are watching it.",
        ),
    ],
)
def test_7_1_the_public_hears_issue_mitigation_in_general_terms_and_when_it_hears_more(
    state: IncidentState, phase: Phase, full: bool, text: str
) -> None:
    found = updates.public(taken(state), phase, at(30), full=full)
    assert found == f"{text} Next update by 2026-03-01 12:30 UTC."


@pytest.mark.parametrize("phase", list(Phase))
def test_7_3_nothing_internal_is_told_outside(state: IncidentState, phase: Phase) -> None:
    secret = taken(
        state,
        title="checkout-db-7 out of disk",
        impact="pg_wal is full",
        status=Status.RESOLVED,
        resolved_at=at(60),
        resolution="kubectl delete pod",
        cause="XID wraparound",
        mitigations=[a_mitigation(1, text="drain node-3")],
    )
    text = updates.public(secret, phase, at(90), full=True)
    for word in ("db-7", "pg_wal", "kubectl", "XID", "node-3", "Alice", "P0"):
        assert word not in text


def test_7_1_resolved_says_what_is_restored_from_when_to_when_what_to_do_and_when_the_review_is_out(
    state: IncidentState, sev: Sev
) -> None:
    more: dict[str, Any] = {"status": Status.RESOLVED, "mitigated_at": at(65), "resolved_at": at(90)}
    begin = (
        "Checkout works normally again. The trouble lasted from 2026-03-01 12:00 UTC to "
        "2026-03-01 13:05 UTC, 1 h 5 min. You do not need to do anything."
    )
    out = " Our review of what happened will be out by {} 13:30 UTC."
    two_days = updates.public(taken(state, **more), Phase.RESOLVED, None, full=True)
    assert two_days == begin + out.format("2026-03-03")
    five_days = updates.public(taken(sev.state, "SEV1", **more), Phase.RESOLVED, None, full=True)
    assert five_days == begin + out.format("2026-03-06")
    assert updates.public(taken(state, "P2", **more), Phase.RESOLVED, None, full=True) == begin


def test_7_1_a_service_without_a_component_has_no_name_outside(state: IncidentState) -> None:
    hidden = state.snapshot.service.model_copy(update={"component": None})
    state.snapshot = state.snapshot.model_copy(update={"service": hidden})
    assert "trouble using our service" in updates.public(state, Phase.INVESTIGATING, None, full=False)


@pytest.mark.parametrize(
    ("severity", "phase", "expected"),
    [
        ("P0", Phase.INVESTIGATING, ComponentState.MAJOR_OUTAGE),
        ("P1", Phase.IDENTIFIED, ComponentState.PARTIAL_OUTAGE),
        ("P2", Phase.INVESTIGATING, ComponentState.DEGRADED),
        ("P3", Phase.INVESTIGATING, ComponentState.OPERATIONAL),
        ("P0", Phase.MONITORING, ComponentState.DEGRADED),
        ("P0", Phase.RESOLVED, ComponentState.OPERATIONAL),
    ],
)
def test_8_1_the_component_is_as_bad_as_severity_and_phase_say(
    state: IncidentState, severity: str, phase: Phase, expected: ComponentState
) -> None:
    assert updates.component_state(taken(state, severity), phase) is expected


def test_5_5_the_communications_lead_publishes_or_the_commander_while_there_is_none(
    state: IncidentState,
) -> None:
    assert updates.publisher(state) is None
    state = taken(state)
    assert updates.publisher(state) == ALICE
    state.roles[Role.COMMUNICATIONS_LEAD] = Holder(person=BEN, since=NOON + timedelta(minutes=1))
    assert updates.publisher(state) == BEN
