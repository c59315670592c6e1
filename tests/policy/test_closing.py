"""What has to be true before the room closes (spec 6.7)."""

from typing import Any

import pytest

from domain.incident import IncidentState, Status
from domain.response import Phase, WarRoom
from policy import closing, refusals
from policy.closing import AskForRest, CallForRest, CloseRoom
from tests.policy.conftest import Sev
from tests.policy.incidents import BEN, an_update, at, ringing, taken

ALL = ("fix deployed", "metrics recovering", "status page resolved", "postmortem owner named")
THERE: dict[str, dict[str, Any]] = {
    "fix deployed": {"fix_deployed": True},
    "metrics recovering": {"metrics_recovering": True},
    "status page resolved": {"updates": [an_update(1, phase=Phase.RESOLVED)]},
    "postmortem owner named": {"postmortem_owner": BEN},
}


def resolved(state: IncidentState, severity: str = "P0", **more: Any) -> IncidentState:
    given: dict[str, Any] = {"status": Status.RESOLVED, "resolved_at": at(60)}
    return taken(state, severity, **(given | more))


def everything() -> dict[str, Any]:
    return {field: value for given in THERE.values() for field, value in given.items()}


def missing(state: IncidentState) -> tuple[str, ...]:
    return tuple(condition.name for condition in closing.conditions(state) if not condition.met)


def test_6_7_a_first_severity_waits_for_four_things(state: IncidentState, sev: Sev) -> None:
    assert missing(resolved(state)) == ALL
    assert missing(resolved(sev.state, "SEV1")) == ALL


@pytest.mark.parametrize("name", ALL)
def test_6_7_each_of_them_alone_keeps_the_room_open(state: IncidentState, name: str) -> None:
    rest = {field: value for other in ALL if other != name for field, value in THERE[other].items()}
    incident = resolved(state, **rest)
    assert missing(incident) == (name,)
    assert closing.owed(incident, at(60)).actions == (AskForRest((name,)),)
    reason = refusals.closing(incident)
    assert reason is not None
    assert next(c.mend for c in closing.conditions(incident) if c.name == name) in reason


def test_6_7_with_all_of_them_the_room_closes(state: IncidentState) -> None:
    assert closing.owed(resolved(state, **everything()), at(60)).actions == (CloseRoom(),)


def test_6_7_the_last_word_on_the_status_page_has_to_be_resolved(state: IncidentState) -> None:
    updates = [an_update(1, published=50, phase=Phase.RESOLVED), an_update(2, published=55)]
    assert missing(resolved(state, **(everything() | {"updates": updates}))) == ("status page resolved",)
    drafted = [an_update(1, published=None, phase=Phase.RESOLVED)]
    assert missing(resolved(state, **(everything() | {"updates": drafted}))) == ("status page resolved",)


@pytest.mark.parametrize(("pack", "severity"), [("p", "P2"), ("p", "P3"), ("sev", "SEV3"), ("sev", "SEV4")])
def test_6_7_a_minor_incident_waits_for_nothing_and_is_closed_by_hand(
    state: IncidentState, sev: Sev, pack: str, severity: str
) -> None:
    incident = resolved(state if pack == "p" else sev.state, severity)
    assert closing.conditions(incident) == ()
    assert closing.owed(incident, at(600)).actions == ()
    assert refusals.closing(incident) is None


def test_6_7_a_minor_incident_with_a_room_waits_for_the_repair(state: IncidentState) -> None:
    room = WarRoom(opened_at=at(5), why="Ben asked for it")
    assert missing(resolved(state, "P3", war_room=room)) == ("fix deployed", "metrics recovering")


def test_6_7_a_minor_incident_of_which_the_public_was_told_waits_for_the_page(state: IncidentState) -> None:
    assert missing(resolved(state, "P3", updates=[an_update(1)])) == ("status page resolved",)


def test_6_7_a_second_severity_without_customers_and_room_waits_for_nothing_in_the_other_pack(
    sev: Sev,
) -> None:
    assert closing.conditions(resolved(sev.state, "SEV2")) == ()
    assert missing(resolved(sev.state, "SEV2", customer_impact=True)) == ALL


def test_6_7_the_worst_that_it_was_counts(state: IncidentState) -> None:
    assert "postmortem owner named" in missing(resolved(state, "P3", worst="P0"))


def test_8_1_a_service_without_a_component_does_not_wait_for_the_page(state: IncidentState) -> None:
    hidden = state.snapshot.service.model_copy(update={"component": None})
    state.snapshot = state.snapshot.model_copy(update={"service": hidden})
    assert "status page resolved" not in missing(resolved(state))


def test_6_7_what_is_missing_is_asked_for_ever_more_rarely_and_phoned_for_once(state: IncidentState) -> None:
    incident, asked, called = resolved(state), [], []
    for minute in range(24 * 60):
        while actions := closing.owed(incident, at(60 + minute)).actions:
            (action,) = actions
            if isinstance(action, CallForRest):
                called.append(minute)
                incident.closing_called_at = at(60 + minute)
            else:
                asked.append(minute)
                incident.closing_asked_at = at(60 + minute)
    assert asked == [0, 15, 30, 60, 120, 240, 480, 960]
    assert called == [60]


def test_6_7_the_deadline_says_what_it_waits_for(state: IncidentState) -> None:
    rest = everything() | {"postmortem_owner": None}
    deadline = closing.owed(resolved(state, **rest, closing_asked_at=at(60)), at(61)).deadline
    assert deadline
    assert (deadline.name, deadline.at) == ("asked again for what closing needs", at(75))


def test_6_7_without_a_commander_or_with_a_busy_phone_it_is_asked_for_only_in_the_room(
    state: IncidentState,
) -> None:
    waiting = resolved(state, closing_asked_at=at(60))
    alone: dict[str, Any] = {"roles": {}}
    for changed in (alone, {"run": ringing("take")}):
        owed = closing.owed(waiting.model_copy(update=changed), at(120))
        assert [type(action) for action in owed.actions] == [AskForRest]


@pytest.mark.parametrize("status", [s for s in Status if s is not Status.RESOLVED])
def test_6_7_only_what_is_resolved_is_closed(state: IncidentState, status: Status) -> None:
    for more in ({}, everything()):
        owed = closing.owed(resolved(state, **(more | {"status": status})), at(600))
        assert (owed.actions, owed.deadline) == ((), None)


def test_1_7_what_owes_a_postmortem_is_not_closed_by_hand(state: IncidentState) -> None:
    reason = refusals.closing(resolved(state, **everything()))
    assert reason == "it closes after its postmortem: every P0 gets one"


def test_6_7_an_incident_opened_without_these_rules_is_closed_by_hand(state: IncidentState) -> None:
    state.snapshot = state.snapshot.model_copy(update={"response": None, "postmortems": None})
    incident = resolved(state)
    assert closing.conditions(incident) == ()
    assert closing.owed(incident, at(600)).actions == ()
    assert refusals.closing(incident) is None
