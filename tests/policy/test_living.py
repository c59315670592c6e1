"""The living report, and what has changed since people last heard (spec 6.6)."""

from typing import Any

import pytest

from domain.incident import IncidentState, Status
from domain.response import Hypothesis, HypothesisState, MitigationState
from domain.roles import Holder, Role
from policy import living
from tests.policy.conftest import NOON
from tests.policy.incidents import (
    ALICE,
    BEN,
    CHIARA,
    a_decision,
    a_mitigation,
    an_update,
    at,
    taken,
)

OPEN, CONFIRMED, REFUTED = HypothesisState.OPEN, HypothesisState.CONFIRMED, HypothesisState.REFUTED


def a_hypothesis(number: int = 1, **more: Any) -> Hypothesis:
    given = {"number": number, "text": f"Cause {number}", "owner": BEN, "at": NOON}
    return Hypothesis.model_validate(given | more)


def test_6_6_it_answers_impact_technical_status_owners_and_next_update(state: IncidentState) -> None:
    roles = {Role.TECH_LEAD: BEN, Role.COMMUNICATIONS_LEAD: CHIARA, Role.COMMANDER: ALICE}
    state = taken(
        state,
        roles={role: Holder(person=who, since=NOON) for role, who in roles.items()},
        hypotheses=[a_hypothesis(confidence="medium")],
        customer_impact=True,
        trend="growing",
        updates=[an_update(1, published=5)],
    )
    report = living.living(state, at(10))
    assert report.impact == "Nobody can pay"
    assert (report.trend, report.customer_impact) == ("growing", True)
    assert (report.technical, report.confidence) == ("Suspected: Cause 1.", "medium")
    assert (report.commander, report.tech_lead, report.communications_lead) == (ALICE, BEN, CHIARA)
    assert report.next_update
    assert report.next_update.at == at(30), "within the house, before the status page at 12:35"


def test_6_6_where_nothing_is_known_it_says_so(state: IncidentState) -> None:
    state.impact = ""
    report = living.living(state, at(0))
    assert report.impact == "Not known yet."
    assert (report.technical, report.confidence) == ("The cause is not known yet.", "low")
    assert (report.commander, report.changes) == (None, ())


@pytest.mark.parametrize("status", [Status.MITIGATED, Status.RESOLVED])
def test_6_6_what_is_mitigated_no_longer_grows(state: IncidentState, status: Status) -> None:
    assert living.living(taken(state, status=status, trend="growing"), at(0)).trend == "over"


@pytest.mark.parametrize(
    ("hypotheses", "number"),
    [
        ([], None),
        ([a_hypothesis(1, state=REFUTED)], None),
        ([a_hypothesis(1), a_hypothesis(2)], 2),
        ([a_hypothesis(1, confidence="high"), a_hypothesis(2)], 1),
        ([a_hypothesis(1, state=CONFIRMED), a_hypothesis(2, confidence="high")], 1),
    ],
)
def test_6_4_people_act_on_what_is_confirmed_else_on_what_they_trust_most(
    state: IncidentState, hypotheses: list[Hypothesis], number: int | None
) -> None:
    found = living.leading(taken(state, hypotheses=hypotheses))
    assert (found.number if found else None) == number


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"hypotheses": [a_hypothesis(state=CONFIRMED)]}, ("The cause is known: Cause 1.", "high")),
        (
            {"mitigations": [a_mitigation(1)]},
            ("The cause is not known yet. Being tried: Rolling back.", "low"),
        ),
        (
            {"mitigations": [a_mitigation(1, MitigationState.WORKED)]},
            ("The cause is not known yet. Mitigated by Rolling back.", "low"),
        ),
        ({"mitigations": [a_mitigation(1, MitigationState.FAILED)]}, ("The cause is not known yet.", "low")),
    ],
)
def test_6_6_the_technical_status_is_a_sentence_or_two(
    state: IncidentState, more: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert living.technical(taken(state, **more)) == expected


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ({"severity": "P1"}, {"severity": "P0"}, "Severity: P1 → P0."),
        ({}, {"status": Status.MITIGATED}, "Status: responding → mitigated."),
        ({}, {"trend": "growing"}, "Trend: steady → growing."),
        ({}, {"impact": "One in ten cannot pay"}, "Impact: One in ten cannot pay."),
        ({}, {"hypotheses": [a_hypothesis()]}, "Hypothesis: Cause 1 (open)."),
        (
            {"hypotheses": [a_hypothesis()]},
            {"hypotheses": [a_hypothesis(state=CONFIRMED)]},
            "Hypothesis: Cause 1 (confirmed).",
        ),
        (
            {"hypotheses": [a_hypothesis()]},
            {"hypotheses": [a_hypothesis(state=REFUTED)]},
            "No longer believed: Cause 1 (open).",
        ),
        ({}, {"mitigations": [a_mitigation(1)]}, "Mitigation 1: Rolling back: begun."),
        (
            {"mitigations": [a_mitigation(1)]},
            {"mitigations": [a_mitigation(1, MitigationState.FAILED)]},
            "Mitigation 1: Rolling back: failed.",
        ),
        ({}, {"roles": {Role.COMMANDER: Holder(person=BEN, since=NOON)}}, "Ben Okafor is commander."),
        ({}, {"roles": {}}, "Nobody is commander any more."),
        ({}, {"decisions": [a_decision(1)]}, "1 more decision in the log."),
        ({}, {"decisions": [a_decision(1), a_decision(2)]}, "2 more decisions in the log."),
    ],
)
def test_6_6_each_change_since_the_last_update_is_found_and_nothing_else(
    state: IncidentState, before: dict[str, Any], after: dict[str, Any], line: str
) -> None:
    first, then = living.facts(taken(state, **before)), living.facts(taken(state, **(before | after)))
    assert living.changes(first, then) == (line,)
    assert living.changes(then, then) == ()


def test_6_6_to_who_has_heard_nothing_yet_nothing_has_changed(state: IncidentState) -> None:
    assert living.changes(None, living.facts(state)) == ()


def test_5_3_the_brief_of_a_handover_tells_what_a_fresh_commander_has_to_know(state: IncidentState) -> None:
    state = taken(
        state,
        hypotheses=[a_hypothesis()],
        decisions=[a_decision(1), a_decision(2, result="Done")],
        mitigations=[a_mitigation(1)],
    )
    assert living.handover(state, at(10)) == (
        "P0 since 12:00 UTC, responding. Nobody can pay. Suspected: Cause 1. Being tried: Rolling back. "
        "Without a result: decision 1 (Roll back). Next update at 12:05 UTC."
    )
