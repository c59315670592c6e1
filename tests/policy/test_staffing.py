"""Roles are asked for, then paged for; who may allow what (spec 5.1, 5.2, 5.4)."""

from typing import Any

import pytest

from domain.incident import IncidentState, Status
from domain.people import PersonRef
from domain.response import MitigationState
from domain.roles import Holder, Role, RoleAsk
from policy import staffing
from policy.staffing import AskForRole, CallAuthority, PageForRole
from tests.policy.conftest import NOON, Sev
from tests.policy.incidents import ALICE, BEN, STRANGER, a_mitigation, at, ringing, taken

LEAD, TELLS, SCRIBE, SECURITY = (
    Role.TECH_LEAD,
    Role.COMMUNICATIONS_LEAD,
    Role.SCRIBE,
    Role.SECURITY_LEAD,
)


def holders(**people: PersonRef) -> dict[Role, Holder]:
    return {Role[name.upper()]: Holder(person=who, since=NOON) for name, who in people.items()}


def an_ask(due: float, paged: float | None = None) -> RoleAsk:
    return RoleAsk(asked_at=NOON, due_at=at(due), paged_at=None if paged is None else at(paged))


def owed(state: IncidentState, minute: float) -> tuple[Any, ...]:
    return staffing.owed(state, at(minute)).actions


@pytest.mark.parametrize(
    ("pack", "severity", "missing"),
    [
        ("p", "P0", (LEAD, TELLS, SCRIBE)),
        ("p", "P1", (LEAD, TELLS)),
        ("p", "P2", ()),
        ("p", "P3", ()),
        ("sev", "SEV1", (LEAD, TELLS, SCRIBE)),
        ("sev", "SEV2", (LEAD, TELLS)),
        ("sev", "SEV3", ()),
        ("sev", "SEV4", ()),
    ],
)
def test_5_2_each_severity_asks_for_its_roles(
    state: IncidentState, sev: Sev, pack: str, severity: str, missing: tuple[Role, ...]
) -> None:
    incident = taken(state if pack == "p" else sev.state, severity)
    assert staffing.missing(incident) == missing
    assert tuple(action.role for action in owed(incident, 0)) == missing


def test_5_2_possible_data_exposure_asks_for_a_security_lead_at_any_severity(state: IncidentState) -> None:
    for severity in ("P0", "P1", "P2", "P3"):
        assert staffing.missing(taken(state, severity, data_exposure=True))[-1] is SECURITY


def test_5_2_the_first_severity_has_a_quarter_of_an_hour_the_second_only_for_asking(
    state: IncidentState,
) -> None:
    assert owed(taken(state, "P0"), 2)[0] == AskForRole(LEAD, at(15))
    assert owed(taken(state, "P1"), 2)[0] == AskForRole(LEAD, at(7))


def test_5_2_however_late_people_are_asked_before_they_are_paged(state: IncidentState) -> None:
    assert owed(taken(state, "P0"), 40)[0] == AskForRole(LEAD, at(45))


def test_5_2_who_holds_it_is_never_asked_for(state: IncidentState) -> None:
    incident = taken(
        state, roles=holders(commander=ALICE, tech_lead=BEN, communications_lead=BEN, scribe=ALICE)
    )
    assert staffing.missing(incident) == ()
    assert owed(incident, 60) == ()


def test_5_2_a_role_that_nobody_takes_is_paged_for_when_it_is_late(state: IncidentState) -> None:
    asks = {LEAD: an_ask(15), TELLS: an_ask(15), SCRIBE: an_ask(15)}
    incident = taken(state, role_asks=asks)
    waiting = staffing.owed(incident, at(14.9))
    assert waiting.actions == ()
    assert waiting.deadline
    assert (waiting.deadline.name, waiting.deadline.at) == ("paging for a tech lead", at(15))
    assert owed(incident, 15) == (PageForRole(LEAD),)


def test_5_2_it_is_paged_for_again_while_nobody_has_it(state: IncidentState) -> None:
    held = holders(commander=ALICE, communications_lead=BEN, scribe=BEN)
    incident = taken(state, roles=held, role_asks={LEAD: an_ask(15, paged=15)})
    assert owed(incident, 29.9) == ()
    assert owed(incident, 30) == (PageForRole(LEAD),)


def test_5_2_each_missing_role_has_its_turn(state: IncidentState) -> None:
    """A round of the ladder may last as long as the pause: the first role must not always come first."""
    incident = taken(state, role_asks={LEAD: an_ask(15), TELLS: an_ask(15), SCRIBE: an_ask(15)})
    paged = []
    for minute in (15, 30, 45, 60, 75, 90):
        (action,) = owed(incident, minute)
        paged.append(action.role)
        ask = incident.role_asks[action.role]
        incident.role_asks[action.role] = ask.model_copy(update={"paged_at": at(minute)})
    assert paged == [LEAD, TELLS, SCRIBE] * 2


def test_5_2_one_call_at_a_time(state: IncidentState) -> None:
    asks = {LEAD: an_ask(15), TELLS: an_ask(15), SCRIBE: an_ask(15)}
    for purpose in ("take", "rise", "help", "duty", "role"):
        run = ringing().model_copy(update={"purpose": purpose})
        assert owed(taken(state, role_asks=asks, run=run), 20) == ()


def test_5_2_what_was_asked_before_it_fell_and_rose_again_is_asked_anew_before_anybody_is_paged(
    state: IncidentState,
) -> None:
    asks = {LEAD: an_ask(15, paged=45), TELLS: an_ask(15), SCRIBE: an_ask(15)}
    incident = taken(state, role_asks=asks, severity_since=at(200))
    assert owed(incident, 200) == tuple(AskForRole(role, at(215)) for role in (LEAD, TELLS, SCRIBE))


def test_5_2_a_rise_does_not_put_off_a_page_that_was_coming(state: IncidentState) -> None:
    incident = taken(state, role_asks={LEAD: an_ask(5), TELLS: an_ask(5)}, severity_since=at(3))
    assert owed(incident, 5) == (AskForRole(SCRIBE, at(18)), PageForRole(LEAD))


def test_1_1_for_a_severity_that_wakes_nobody_roles_are_only_asked_for(state: IncidentState) -> None:
    incident = taken(state, "P3", data_exposure=True)
    (ask,) = owed(incident, 0)
    assert isinstance(ask, AskForRole)
    incident.role_asks = {SECURITY: an_ask(5)}
    after = staffing.owed(incident, at(60))
    assert (after.actions, after.deadline) == ((), None)


@pytest.mark.parametrize("status", [Status.DETECTED, Status.RESOLVED, Status.IN_REVIEW, Status.CLOSED])
def test_5_2_nothing_is_asked_before_somebody_has_it_or_after_it_is_over(
    state: IncidentState, status: Status
) -> None:
    waiting = a_mitigation(state=MitigationState.AWAITING)
    assert owed(taken(state, status=status, mitigations=[waiting]), 60) == ()


def test_5_2_those_who_hold_nothing_are_paged_first(state: IncidentState) -> None:
    rungs = staffing.candidates(taken(state, roles=holders(commander=ALICE, scribe=BEN)))
    assert [rung.people for rung in rungs] == [("chiara",), ("dev",)]


def test_5_2_where_everybody_holds_something_all_but_the_commander_are(state: IncidentState) -> None:
    everybody = [PersonRef(id=name, name=name) for name in ("alice", "ben", "chiara", "dev")]
    roles = (Role.COMMANDER, LEAD, TELLS, SCRIBE)
    held = {role: Holder(person=who, since=NOON) for role, who in zip(roles, everybody, strict=True)}
    assert [rung.people for rung in staffing.candidates(taken(state, roles=held))] == [
        ("ben", "chiara"),
        ("dev",),
    ]


def test_5_2_with_a_commander_alone_on_the_ladder_there_is_nobody_to_page(state: IncidentState) -> None:
    ladder = state.snapshot.ladder.model_copy(update={"rungs": state.snapshot.ladder.rungs[:1]})
    state.snapshot = state.snapshot.model_copy(update={"ladder": ladder})
    assert staffing.candidates(taken(state)) == ()


def test_5_2_a_commander_whom_nobody_knows_leaves_the_ladder_whole(state: IncidentState) -> None:
    incident = taken(state, roles=holders(commander=STRANGER))
    assert len(staffing.candidates(incident)) == len(state.snapshot.ladder.rungs)


def test_5_4_the_executive_allows_high_impact_and_the_commander_while_there_is_none(
    state: IncidentState,
) -> None:
    assert staffing.authority(taken(state)) == ALICE
    assert staffing.authority(taken(state, roles=holders(commander=ALICE, executive=BEN))) == BEN
    assert staffing.authority(state) is None


def test_5_4_a_request_that_waits_is_phoned_for_once_before_any_role(state: IncidentState) -> None:
    waiting = a_mitigation(state=MitigationState.AWAITING, minute=10)
    asks = {LEAD: an_ask(15), TELLS: an_ask(15), SCRIBE: an_ask(15)}
    incident = taken(state, mitigations=[waiting], role_asks=asks)
    due = staffing.owed(incident, at(14))
    assert due.deadline
    assert due.actions == ()
    assert owed(incident, 15) == (CallAuthority(1),)
    incident.mitigations = [waiting.model_copy(update={"called_at": at(15)})]
    assert owed(incident, 15) == (PageForRole(LEAD),)


@pytest.mark.parametrize("settled", [s for s in MitigationState if s is not MitigationState.AWAITING])
def test_5_4_what_is_answered_is_not_phoned_for(state: IncidentState, settled: MitigationState) -> None:
    held = holders(commander=ALICE, tech_lead=BEN, communications_lead=BEN, scribe=BEN)
    assert owed(taken(state, roles=held, mitigations=[a_mitigation(state=settled)]), 60) == ()
