"""When the war room opens, who hears of it, and when its commander is relieved (spec 3.1, 5.3, 6.1)."""

from typing import Any

import pytest

from domain.incident import IncidentState, Status
from domain.response import WarRoom
from domain.roles import Holder, Role, RoleAsk
from policy import war_room
from policy.war_room import AskForRelief, OpenRoom, PageForRelief, TellManager
from tests.policy.conftest import Sev
from tests.policy.incidents import BEN, STRANGER, at, ringing, taken


def a_room(minute: float = 0, **more: Any) -> WarRoom:
    given: dict[str, Any] = {"opened_at": at(minute), "why": "it is a P0", "manager_told": True}
    return WarRoom.model_validate(given | more)


@pytest.mark.parametrize(("pack", "severity"), [("p", "P0"), ("sev", "SEV1")])
def test_6_1_it_opens_at_once_for_the_first_severity(
    state: IncidentState, sev: Sev, pack: str, severity: str
) -> None:
    incident = (state if pack == "p" else sev.state).model_copy(update={"severity": severity})
    for each in (incident, taken(incident, severity), taken(incident, severity, status=Status.MITIGATED)):
        assert war_room.opening(each, at(0)).actions == (OpenRoom(f"it is a {severity}"),)


@pytest.mark.parametrize(("pack", "severity"), [("p", "P1"), ("sev", "SEV2")])
def test_1_3_and_6_1_it_opens_after_half_an_hour_for_a_second_that_nobody_mitigated(
    state: IncidentState, sev: Sev, pack: str, severity: str
) -> None:
    incident = taken(state if pack == "p" else sev.state, severity)
    waiting = war_room.opening(incident, at(29.9))
    assert waiting.actions == ()
    assert waiting.deadline
    assert (waiting.deadline.name, waiting.deadline.at) == ("war room opens unless mitigated", at(30))
    assert war_room.opening(incident, at(30)).actions == (OpenRoom("there is no mitigation in time"),)
    incident.status = Status.MITIGATED
    assert war_room.opening(incident, at(30)).actions == ()


@pytest.mark.parametrize("severity", ["P2", "P3"])
def test_6_1_it_does_not_open_by_itself_for_less(state: IncidentState, severity: str) -> None:
    owed = war_room.opening(taken(state, severity), at(600))
    assert (owed.actions, owed.deadline) == ((), None)


def test_6_1_the_half_hour_counts_from_when_it_became_this_bad(state: IncidentState) -> None:
    incident = taken(state, "P1", severity_since=at(100))
    assert war_room.opening(incident, at(129)).actions == ()
    assert war_room.opening(incident, at(130)).actions != ()


def test_6_1_it_opens_once(state: IncidentState) -> None:
    assert war_room.opening(taken(state, war_room=a_room()), at(60)).actions == ()


def test_3_1_the_manager_is_told_once_of_the_room_of_a_first_severity(state: IncidentState) -> None:
    untold = taken(state, war_room=a_room(manager_told=False))
    assert war_room.opening(untold, at(0)).actions == (TellManager(("dev",)),)
    assert war_room.opening(taken(state, war_room=a_room()), at(0)).actions == ()
    lesser = taken(state, "P1", war_room=a_room(manager_told=False))
    assert war_room.opening(lesser, at(0)).actions == ()
    lesser.severity = "P0"
    assert war_room.opening(lesser, at(0)).actions == (TellManager(("dev",)),)


def test_3_1_on_a_short_ladder_the_last_rung_is_told(state: IncidentState) -> None:
    ladder = state.snapshot.ladder.model_copy(update={"rungs": state.snapshot.ladder.rungs[:1]})
    state.snapshot = state.snapshot.model_copy(update={"ladder": ladder})
    untold = taken(state, war_room=a_room(manager_told=False))
    assert war_room.opening(untold, at(0)).actions == (TellManager(("alice",)),)


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.IN_REVIEW, Status.IN_PREVENTION, Status.CLOSED])
def test_6_1_what_is_over_gathers_nobody(state: IncidentState, status: Status) -> None:
    for room in (None, a_room(manager_told=False)):
        owed = war_room.opening(taken(state, status=status, war_room=room), at(60))
        assert (owed.actions, owed.deadline) == ((), None)


def test_5_3_after_two_hours_a_fresh_commander_is_asked_for_then_paged_for_every_quarter(
    state: IncidentState,
) -> None:
    incident = taken(state, war_room=a_room())
    waiting = war_room.relief(incident, at(119))
    assert waiting.deadline
    assert (waiting.deadline.name, waiting.deadline.at) == ("fresh commander", at(120))
    assert war_room.relief(incident, at(120)).actions == (AskForRelief(),)
    incident.relief_asked_at = at(120)
    paging = war_room.relief(incident, at(121))
    assert paging.deadline
    assert (paging.deadline.name, paging.deadline.at) == ("paging for a fresh commander", at(135))
    assert war_room.relief(incident, at(135)).actions == (PageForRelief(),)
    incident.role_asks[Role.COMMANDER] = RoleAsk(asked_at=at(135), due_at=at(135), paged_at=at(135))
    assert war_room.relief(incident, at(149)).actions == ()
    assert war_room.relief(incident, at(150)).actions == (PageForRelief(),)


def test_5_3_two_hours_of_leading_count_not_of_the_incident(state: IncidentState) -> None:
    late = taken(state, war_room=a_room(minute=60))
    assert war_room.relief(late, at(179)).actions == ()
    assert war_room.relief(late, at(180)).actions == (AskForRelief(),)
    handed = taken(state, war_room=a_room(), roles={Role.COMMANDER: Holder(person=BEN, since=at(110))})
    assert war_room.relief(handed, at(229)).actions == ()
    assert war_room.relief(handed, at(230)).actions == (AskForRelief(),)


def test_5_3_the_next_commander_is_relieved_in_turn(state: IncidentState) -> None:
    """The last one's asking, and the paging of then, are no asking of this one."""
    handed = taken(
        state,
        war_room=a_room(),
        roles={Role.COMMANDER: Holder(person=BEN, since=at(140))},
        relief_asked_at=at(120),
        role_asks={Role.COMMANDER: RoleAsk(asked_at=at(135), due_at=at(135), paged_at=at(135))},
    )
    assert war_room.relief(handed, at(260)).actions == (AskForRelief(),)
    handed.relief_asked_at = at(260)
    assert war_room.relief(handed, at(261)).actions == ()
    assert war_room.relief(handed, at(275)).actions == (PageForRelief(),)


@pytest.mark.parametrize("change", [{"war_room": None}, {"roles": {}}, {"status": Status.RESOLVED}])
def test_5_3_without_a_room_a_commander_or_an_incident_nobody_is_relieved(
    state: IncidentState, change: dict[str, Any]
) -> None:
    owed = war_room.relief(taken(state, **({"war_room": a_room()} | change)), at(600))
    assert (owed.actions, owed.deadline) == ((), None)


def test_5_3_nobody_is_paged_for_it_while_the_phone_is_busy_or_for_a_severity_that_wakes_nobody(
    state: IncidentState,
) -> None:
    tired = taken(state, war_room=a_room(), relief_asked_at=at(120))
    assert war_room.relief(tired.model_copy(update={"run": ringing("help")}), at(140)).actions == ()
    assert war_room.relief(tired.model_copy(update={"severity": "P3"}), at(140)).actions == ()


def test_5_3_a_commander_whom_nobody_knows_is_relieved_as_well(state: IncidentState) -> None:
    incident = taken(state, war_room=a_room(), roles={Role.COMMANDER: Holder(person=STRANGER, since=at(0))})
    assert war_room.relief(incident, at(120)).actions == (AskForRelief(),)


def test_an_incident_opened_without_these_rules_has_no_room(state: IncidentState) -> None:
    state.snapshot = state.snapshot.model_copy(update={"response": None})
    assert war_room.opening(taken(state), at(60)).actions == ()
    assert war_room.relief(taken(state, war_room=a_room()), at(600)).actions == ()
