"""All that an incident owes, together: it comes to rest, wakes nobody for nothing, and ends with it."""

from collections import Counter
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from domain.incident import IncidentState, Status
from domain.ladder import LadderRun
from domain.people import PersonRef
from domain.response import (
    Audience,
    Checkpoint,
    Decision,
    Mitigation,
    MitigationState,
    Phase,
    Update,
    WarRoom,
)
from domain.roles import Holder, Role, RoleAsk
from policy import closing, deadlines, report
from tests.policy.conftest import NOON, Sev
from tests.policy.incidents import (
    ALICE,
    BEN,
    STRANGER,
    a_checkpoint,
    a_decision,
    a_mitigation,
    an_update,
    at,
    ringing,
    taken,
)
from tests.policy.performing import DECISIONS, perform, settle

NOW = 600
# Mostly of late: what is long past is owed already, and waits for nothing.
minutes = st.one_of(st.integers(NOW - 90, NOW), st.integers(0, NOW))
moments = st.one_of(st.none(), minutes.map(at))
people = st.sampled_from([ALICE, BEN, STRANGER, PersonRef(id="left", name="Who has left")])


@st.composite
def some_checkpoints(draw: st.DrawFn) -> list[Checkpoint]:
    due = draw(minutes)
    step = draw(st.sampled_from(["planned", "asked", "again", "called", "answered", "early", "missed"]))
    known: dict[str, dict[str, Any]] = {
        "planned": {},
        "asked": {"asked": due},
        "again": {"asked": due, "again": due + 5},
        "called": {"asked": due, "again": due + 5, "called": due + 10},
        "answered": {"asked": due, "answered": due + 3},
        "early": {"answered": max(0, due - 7)},
        "missed": {"asked": due, "missed": True},
    }
    return [a_checkpoint(draw(st.integers(1, 40)), due=due, **known[step])]


@st.composite
def some_updates(draw: st.DrawFn) -> list[Update]:
    found = []
    for number in range(1, draw(st.integers(0, 4)) + 1):
        found.append(
            an_update(
                number,
                published=draw(st.one_of(st.none(), minutes)),
                phase=draw(st.sampled_from(Phase)),
                audience=draw(st.sampled_from(Audience)),
                full=draw(st.booleans()),
                next_update_at=draw(moments),
            )
        )
    return found


@st.composite
def some_records(draw: st.DrawFn) -> tuple[list[Decision], list[Mitigation]]:
    decisions = [
        a_decision(
            number, minute=draw(minutes), asked_at=draw(moments), result=draw(st.sampled_from(["", "ok"]))
        )
        for number in range(1, draw(st.integers(0, 2)) + 1)
    ]
    mitigations = [
        a_mitigation(
            number, draw(st.sampled_from(MitigationState)), minute=draw(minutes), called_at=draw(moments)
        )
        for number in range(1, draw(st.integers(0, 2)) + 1)
    ]
    return decisions, mitigations


runs = st.one_of(
    st.none(),
    st.builds(
        lambda purpose, ended: ringing(purpose, ended_at=ended),
        st.sampled_from(["take", "rise", "help", "role", "duty"]),
        moments,
    ),
)


@st.composite
def incidents(draw: st.DrawFn, *, run: st.SearchStrategy[LadderRun | None] = runs) -> dict[str, Any]:
    """What may differ between one incident and another, in any mixture: reopened, fallen and risen again,
    led by nobody or by somebody whom nobody knows, on a service that is not on the status page."""
    decisions, mitigations = draw(some_records())
    roles = draw(
        st.dictionaries(st.sampled_from(Role), st.builds(Holder, person=people, since=minutes.map(at)))
    )
    asks = st.builds(
        lambda asked, wait, paged: RoleAsk(
            asked_at=at(asked), due_at=at(asked + wait), paged_at=at(asked + wait) if paged else None
        ),
        minutes,
        st.integers(5, 15),
        st.booleans(),
    )
    rooms = st.builds(
        lambda opened, told: WarRoom(opened_at=at(opened), why="x", manager_told=told), minutes, st.booleans()
    )
    return {
        "status": draw(st.sampled_from(Status)),
        "severity": draw(st.sampled_from(["P0", "P1", "P2", "P3"])),
        "classified": draw(st.booleans()),
        "data_exposure": draw(st.booleans()),
        "customer_impact": draw(st.booleans()),
        "severity_since": draw(moments),
        "acknowledged_at": draw(moments),
        "resolved_at": draw(moments),
        "roles": roles,
        "role_asks": draw(st.dictionaries(st.sampled_from(Role), asks)),
        "war_room": draw(st.one_of(st.none(), rooms)),
        "relief_asked_at": draw(moments),
        "progress_at": draw(moments),
        "level_raised_at": draw(moments),
        "still_asked_at": draw(moments),
        "level": draw(st.integers(0, 2)),
        "checkpoints": draw(st.one_of(st.just([]), some_checkpoints())),
        "updates": draw(some_updates()),
        "public_nudged_for": draw(moments),
        "public_called_for": draw(moments),
        "decisions": decisions,
        "mitigations": mitigations,
        "closing_asked_at": draw(moments),
        "closing_called_at": draw(moments),
        "postmortem_owner": draw(st.one_of(st.none(), people)),
        "fix_deployed": draw(st.booleans()),
        "metrics_recovering": draw(st.booleans()),
        "run": draw(run),
    }


def made(
    state: IncidentState, more: dict[str, Any], *, shown: bool = True, rules: bool = True
) -> IncidentState:
    """That incident."""
    service, snapshot = state.snapshot.service, state.snapshot
    snapshot = snapshot.model_copy(
        update={
            "service": service.model_copy(update={"component": service.component if shown else None}),
            "response": snapshot.response if rules else None,
        }
    )
    return state.model_copy(update=more | {"snapshot": snapshot})


@given(more=incidents(), shown=st.booleans(), rules=st.booleans())
def test_the_deadlines_of_any_incident_are_in_order_and_to_come(
    organisation_state: IncidentState, more: dict[str, Any], shown: bool, rules: bool
) -> None:
    state = made(organisation_state, more, shown=shown, rules=rules)
    assert all(deadline.at > at(NOW) for deadline in deadlines.upcoming(state, at(NOW)))
    settle(state, at(NOW))
    found = deadlines.upcoming(state, at(NOW))
    assert list(found) == sorted(found, key=lambda deadline: deadline.at)
    assert all(deadline.at > at(NOW) for deadline in found)
    following = deadlines.next_of(state, at(NOW))
    assert following == (found[0] if found else None)
    told = report.report(state, following, at(NOW))
    assert told.deadlines == found
    assert report.summary(state, following)


@given(more=incidents())
def test_what_is_done_is_not_owed_again_at_the_same_moment(
    organisation_state: IncidentState, more: dict[str, Any]
) -> None:
    """Each duty for itself comes to rest, and none finds the same owed twice running."""
    state = made(organisation_state, more)
    for decide in DECISIONS:
        before: tuple[Any, ...] = ()
        for _round in range(20):
            actions = decide(state, at(NOW)).actions
            assert actions == () or actions != before
            before = actions
            for action in actions:
                perform(state, action, at(NOW))
        assert before == ()


@given(more=incidents())
def test_all_that_is_owed_together_comes_to_rest(
    organisation_state: IncidentState, more: dict[str, Any]
) -> None:
    state = made(organisation_state, more)
    settle(state, at(NOW))
    assert all(decide(state, at(NOW)).actions == () for decide in DECISIONS)


@given(more=incidents(run=st.none()))
def test_no_duty_wakes_for_nothing(organisation_state: IncidentState, more: dict[str, Any]) -> None:
    """With a free phone, there is something to do at the moment that a duty waits for."""
    state = made(organisation_state, more)
    settle(state, at(NOW))
    for decide in DECISIONS:
        if deadline := decide(state, at(NOW)).deadline:
            assert decide(state, deadline.at).actions, deadline.name


@given(more=incidents())
def test_what_is_over_owes_nothing_but_its_closing(
    organisation_state: IncidentState, more: dict[str, Any]
) -> None:
    state = made(organisation_state, more)
    for state.status in (Status.RESOLVED, Status.IN_REVIEW, Status.IN_PREVENTION, Status.CLOSED):
        for decide in DECISIONS:
            owed = decide(state, at(NOW))
            if decide is not closing.owed or state.status is not Status.RESOLVED:
                assert (owed.actions, owed.deadline) == ((), None)


@given(more=incidents())
def test_an_incident_opened_without_these_rules_owes_nothing_new(
    organisation_state: IncidentState, more: dict[str, Any]
) -> None:
    state = made(organisation_state, more, rules=False)
    for decide in DECISIONS:
        owed = decide(state, at(NOW))
        assert (owed.actions, owed.deadline) == ((), None)


def lived(state: IncidentState, hours: float) -> Counter[str]:
    """What is done in so many hours in which nobody does anything."""
    done: Counter[str] = Counter()
    now, end = NOON, NOON + timedelta(hours=hours)
    while now <= end:
        done.update(type(action).__name__ for action in settle(state, now))
        following = deadlines.next_of(state, now)
        if following is None:
            break
        assert following.at > now
        now = following.at
    return done


def test_a_first_severity_that_nobody_tends_is_pressed_for_all_night(state: IncidentState) -> None:
    done = lived(taken(state, "P0"), 8)
    assert done == {
        "OpenRoom": 1,
        "TellManager": 1,
        "Plan": 32,
        "Ask": 63,
        "Call": 31,
        "Miss": 31,
        "AskForRole": 3,
        "PageForRole": 96,
        "OneUp": 16,
        "DraftFirst": 1,
        "Nudge": 2,
        "CallAboutPage": 1,
        "AskForRelief": 1,
        "PageForRelief": 24,
    }


def test_1_3_a_second_severity_becomes_the_first_within_the_hour(state: IncidentState) -> None:
    incident = taken(state, "P1")
    done = lived(incident, 1)
    assert (done["Rise"], done["OpenRoom"], incident.severity) == (1, 1, "P0")


def test_a_minor_incident_is_let_alone(state: IncidentState, sev: Sev) -> None:
    """Noon is a Sunday's: until Monday morning nobody is asked anything."""
    for incident, severity in ((state, "P2"), (sev.state, "SEV3")):
        assert lived(taken(incident, severity), 19) == {}
        assert lived(taken(incident, severity), 20.2)["StillThisBad"] == 1


def test_of_the_least_severity_nobody_hears(state: IncidentState) -> None:
    assert lived(taken(state, "P3"), 24 * 7) == {}


def test_what_nobody_has_is_not_asked_about(state: IncidentState) -> None:
    """Until somebody takes it, the ladder is what speaks; the room opens, and a draft lies ready."""
    assert lived(state, 8) == {"OpenRoom": 1, "TellManager": 1, "DraftFirst": 1, "Nudge": 1}
