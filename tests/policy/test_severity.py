"""How bad it is, and when that changes by itself (spec 1.1 to 1.5)."""

from datetime import timedelta

import pytest

from domain.incident import IncidentState, Status
from policy import severity
from policy.opening import severities_of
from policy.severity import Assume, Rise
from tests.make import an_alert
from tests.policy.conftest import NOON, Sev
from tests.policy.incidents import at, taken


def test_1_2_unclassified_it_is_taken_for_the_second_after_ten_minutes(state: IncidentState) -> None:
    state.severity, state.classified = "P1", False
    owed = severity.owed(state, at(9.9))
    assert owed.actions == ()
    assert owed.deadline
    assert owed.deadline.at == at(10)
    assert "P1" in owed.deadline.name
    assert severity.owed(state, at(10)).actions == (Assume("P1"),)


def test_1_2_once_it_is_classified_nothing_settles_it(state: IncidentState) -> None:
    state.severity, state.classified = "P2", True
    assert severity.owed(state, at(10)).actions == ()


def test_1_2_what_an_alert_has_made_worse_does_not_fall_when_it_is_taken_for_something(
    state: IncidentState,
) -> None:
    state.severity, state.classified = "P0", False
    assert severity.owed(state, at(10)).actions == (Assume("P0"),)


@pytest.mark.parametrize(
    ("name", "minute", "expected"),
    [("P1", 59.9, ()), ("P1", 60, (Rise("P0"),)), ("P0", 600, ()), ("P2", 600, ()), ("P3", 600, ())],
)
def test_1_3_the_second_severity_becomes_the_first_after_an_hour_and_no_other_does(
    state: IncidentState, name: str, minute: float, expected: tuple[Rise, ...]
) -> None:
    state.severity = name
    assert severity.owed(state, at(minute)).actions == expected


def test_1_3_in_the_other_pack_too(sev: Sev) -> None:
    assert severity.owed(taken(sev.state, "SEV2"), at(60)).actions == (Rise("SEV1"),)


def test_1_3_the_hour_counts_from_when_it_became_this_bad(state: IncidentState) -> None:
    state = taken(state, "P1", severity_since=at(120))
    owed = severity.owed(state, at(179))
    assert owed.deadline
    assert owed.deadline.at == at(180)
    assert owed.deadline.name == "becomes P0 unless mitigated"


@pytest.mark.parametrize(
    "status", [Status.MITIGATED, Status.RESOLVED, Status.IN_REVIEW, Status.IN_PREVENTION, Status.CLOSED]
)
def test_1_3_what_is_mitigated_does_not_rise(state: IncidentState, status: Status) -> None:
    for classified in (True, False):
        owed = severity.owed(taken(state, "P1", status=status, classified=classified), at(600))
        assert (owed.actions, owed.deadline) == ((), None)


def test_1_4_data_loss_makes_it_the_worst_that_there_is(state: IncidentState, sev: Sev) -> None:
    state.severity = "P3"
    assert severity.worst(state).name == "P0"
    assert severity.worst(sev.state).name == "SEV1"


@pytest.mark.parametrize(("name", "worse"), [("P3", "P2"), ("P2", "P1"), ("P1", "P0"), ("P0", None)])
def test_1_3_the_next_worse_is_one_rank_up(state: IncidentState, name: str, worse: str | None) -> None:
    state.severity = name
    found = severity.next_worse(state)
    assert (found.name if found else None) == worse


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("SEV1", "SEV1"),
        ("sev3", "SEV3"),
        (" Critical ", "SEV1"),
        ("warning", "SEV3"),
        ("P0", None),
        ("", None),
    ],
)
def test_1_1_the_other_pack_reads_its_own_names_and_the_same_labels(
    sev: Sev, label: str, name: str | None
) -> None:
    found = severity.claimed(an_alert(severity=label), severities_of(sev.organisation))
    assert (found.name if found else None) == name


def test_an_incident_opened_without_these_rules_never_changes_by_itself(state: IncidentState) -> None:
    state.snapshot = state.snapshot.model_copy(update={"response": None})
    state.severity, state.classified = "P1", False
    owed = severity.owed(state, NOON + timedelta(days=1))
    assert (owed.actions, owed.deadline) == ((), None)
