"""What cannot be done, and what can (spec 1.7, 5.4, 5.5, 6.3, 7.4, and bad input)."""

from collections.abc import Sequence
from typing import Any

import pytest

from domain import acts
from domain.acts import Act
from domain.incident import IncidentState, Status
from domain.people import PersonRef
from domain.response import (
    Announcement,
    Audience,
    Hypothesis,
    HypothesisState,
    MitigationState,
    Phase,
    WarRoom,
)
from domain.roles import Holder, Role
from policy import refusals
from tests.policy.conftest import NOON
from tests.policy.incidents import (
    ALICE,
    BEN,
    CHIARA,
    STRANGER,
    a_checkpoint,
    a_decision,
    a_mitigation,
    an_update,
    at,
    does,
    taken,
)

ANSWER: dict[str, Any] = {"known": "A bad release", "status_page_current": True}
ANY: dict[type[Act], Act] = {
    type(act): act
    for act in (
        acts.SetSeverity(severity="P1"),
        acts.SetImpact(impact="Nobody can pay"),
        acts.TakeRole(role=Role.SCRIBE),
        acts.AnswerCheckpoint(**ANSWER),
        acts.Hypothesise(text="A bad release"),
        acts.Decide(text="Roll back", reason="It is new"),
        acts.Announce(text="kubectl rollout undo"),
        acts.Mitigate(text="Rolling back"),
        acts.Authorise(number=1),
        acts.Draft(),
        acts.Approve(number=1),
        acts.Publish(number=2),
        acts.OpenWarRoom(),
        acts.Confirm(fix_deployed=True),
    )
}


def said(state: IncidentState, act: Act, by: PersonRef = ALICE, minute: float = 0) -> str | None:
    return refusals.refusal(state, does(act, by, minute))


@pytest.fixture
def busy(state: IncidentState) -> IncidentState:
    """Alice has it, Ben publishes; one of everything is recorded."""
    roles = {
        Role.COMMANDER: Holder(person=ALICE, since=NOON),
        Role.COMMUNICATIONS_LEAD: Holder(person=BEN, since=NOON),
    }
    more: dict[str, Any] = {
        "roles": roles,
        "hypotheses": [Hypothesis(number=1, text="A bad release", owner=BEN, at=NOON)],
        "decisions": [a_decision(1)],
        "announcements": [Announcement(number=1, kind="command", text="undo", owner=BEN, at=NOON)],
        "mitigations": [a_mitigation(1, MitigationState.AWAITING)],
        "checkpoints": [a_checkpoint(1, asked=15)],
        "updates": [
            an_update(1, published=None),
            an_update(2, published=None, approved_by=BEN, approved_at=NOON),
        ],
    }
    return taken(state, **more)


@pytest.mark.parametrize("act", ANY.values(), ids=lambda act: str(act.verb))
def test_what_makes_sense_is_not_refused(busy: IncidentState, act: Act) -> None:
    by = BEN if isinstance(act, acts.Approve | acts.Publish) else ALICE
    assert said(busy, act, by) is None


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.IN_REVIEW, Status.IN_PREVENTION, Status.CLOSED])
@pytest.mark.parametrize("act", ANY.values(), ids=lambda act: str(act.verb))
def test_1_7_after_the_resolution_only_what_ends_it_is_done_and_the_refusal_names_it(
    busy: IncidentState, status: Status, act: Act
) -> None:
    busy.status = status
    busy.updates = [update.model_copy(update={"phase": Phase.RESOLVED}) for update in busy.updates]
    reason = said(busy, act, BEN)
    afterwards = isinstance(
        act,
        acts.Confirm
        | acts.Draft
        | acts.Approve
        | acts.Publish
        | acts.Decide
        | acts.TakeRole
        | acts.SetImpact,
    )
    if status is Status.RESOLVED and afterwards:
        assert reason is None
        return
    assert reason is not None
    assert f"the incident is {status.value}" in reason
    possible = "approve, confirm, decision, draft, impact, publish, role, close"
    wanted = possible if status is Status.RESOLVED else "nothing more can be done with it here"
    assert wanted in reason


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (acts.SetSeverity(), ["name a severity"]),
        (acts.SetSeverity(severity="SEV1"), ["no severity 'SEV1'", "P0, P1, P2, P3"]),
        (acts.TakeRole(role=Role.COMMANDER), ["Alice Moreau is commander already"]),
        (acts.TakeRole(role=Role.COMMUNICATIONS_LEAD, person=BEN), ["Ben Okafor", "already"]),
        (acts.AnswerCheckpoint(number=7, **ANSWER), ["no checkpoint 7", "1 is open"]),
        (acts.Hypothesise(text="  "), ["say what the hypothesis is"]),
        (acts.Hypothesise(number=9, state=HypothesisState.REFUTED), ["no hypothesis 9", "there are: 1"]),
        (acts.Hypothesise(number=1), ["its text, its confidence or its state"]),
        (acts.Decide(text="Roll back"), ["needs its reason"]),
        (acts.Decide(reason="because"), ["say what the decision is"]),
        (acts.Decide(number=1), ["say what came of it"]),
        (acts.Decide(number=3, result="ok"), ["no decision 3", "there are: 1"]),
        (acts.Announce(), ["say what the announcement is"]),
        (acts.Announce(number=4), ["no open announcement 4", "there are: 1"]),
        (acts.Mitigate(), ["say what the mitigation is"]),
        (acts.Mitigate(number=4, state="worked"), ["no mitigation 4", "there are: 1"]),
        (acts.Mitigate(number=1, state="worked"), ["waits for Alice Moreau to authorise"]),
        (acts.Authorise(number=5), ["mitigation 5 does not wait", "waiting: 1"]),
        (acts.Approve(number=8), ["no update 8", "drafts: 1, 2"]),
        (acts.Confirm(), ["fix deployed, metrics recovering, postmortem owner"]),
        (acts.Draft(next_update_at=at(-1)), ["cannot be at 11:59 UTC", "in the past"]),
        (acts.Draft(next_update_at=at(0)), ["cannot be at 12:00 UTC", "in the past"]),
    ],
)
def test_bad_input_is_told_with_what_is_possible(busy: IncidentState, act: Act, words: Sequence[str]) -> None:
    reason = said(busy, act)
    assert reason is not None
    for word in words:
        assert word in reason


def test_1_4_data_loss_and_exposure_need_no_severity(busy: IncidentState) -> None:
    assert said(busy, acts.SetSeverity(data_loss=True)) is None
    assert said(busy, acts.SetSeverity(data_exposure=True)) is None


def test_5_1_two_people_whom_nobody_knows_are_not_the_same(busy: IncidentState) -> None:
    busy.roles[Role.SCRIBE] = Holder(person=STRANGER, since=NOON)
    other = PersonRef(id="", name="+12025550188")
    assert said(busy, acts.TakeRole(role=Role.SCRIBE), other) is None
    assert said(busy, acts.TakeRole(role=Role.SCRIBE), STRANGER) is not None


def test_5_4_only_the_executive_authorises_or_the_commander_while_there_is_none(busy: IncidentState) -> None:
    assert said(busy, acts.Authorise(number=1), CHIARA) == "only Alice Moreau may authorise it"
    busy.roles[Role.EXECUTIVE] = Holder(person=CHIARA, since=NOON)
    assert said(busy, acts.Authorise(number=1), CHIARA) is None
    assert said(busy, acts.Authorise(number=1), ALICE) == "only Chiara Lindqvist may authorise it"


def test_5_4_an_answer_given_twice_is_refused(busy: IncidentState) -> None:
    for settled in (MitigationState.BEGUN, MitigationState.REFUSED):
        busy.mitigations = [a_mitigation(1, settled)]
        assert "does not wait" in (said(busy, acts.Authorise(number=1)) or "")


@pytest.mark.parametrize(
    ("before", "act", "word"),
    [
        (MitigationState.BEGUN, acts.Mitigate(number=1), "recorded as begun already"),
        (MitigationState.WORKED, acts.Mitigate(number=1, state="worked"), "recorded as worked already"),
        (
            MitigationState.WORKED,
            acts.Mitigate(number=1, text="Again"),
            "say that it failed, or begin another",
        ),
        (
            MitigationState.REFUSED,
            acts.Mitigate(number=1, state="worked"),
            "refused by Alice Moreau; begin another",
        ),
        (MitigationState.BEGUN, acts.Mitigate(number=1, text="Rolling back to 41"), None),
        (MitigationState.BEGUN, acts.Mitigate(number=1, state="failed"), None),
        (MitigationState.FAILED, acts.Mitigate(number=1), None),
        (MitigationState.WORKED, acts.Mitigate(number=1, state="failed"), None),
    ],
)
def test_3_4_a_mitigation_goes_on_in_steps_that_make_sense(
    busy: IncidentState, before: MitigationState, act: Act, word: str | None
) -> None:
    busy.mitigations = [a_mitigation(1, before, authorised_by=ALICE)]
    reason = said(busy, act)
    assert reason is None if word is None else word in (reason or "")


def test_6_3_a_checkpoint_answered_twice_is_refused_with_who_answered_and_when(busy: IncidentState) -> None:
    busy.checkpoints = [a_checkpoint(1, asked=15, answered=17), a_checkpoint(2, due=30)]
    first = "checkpoint 1 was answered by Alice Moreau at 12:17 UTC"
    assert said(busy, acts.AnswerCheckpoint(number=1, **ANSWER), BEN) == first
    unnumbered = said(busy, acts.AnswerCheckpoint(**ANSWER), BEN)
    assert unnumbered == f"{first}; the next is due at 12:30 UTC: to answer it now, give its number, 2"


def test_6_3_a_checkpoint_may_be_answered_early(busy: IncidentState) -> None:
    busy.checkpoints = [a_checkpoint(1)]
    assert said(busy, acts.AnswerCheckpoint(**ANSWER)) is None
    busy.checkpoints = [a_checkpoint(1, asked=15, answered=17), a_checkpoint(2, due=30)]
    assert said(busy, acts.AnswerCheckpoint(number=2, **ANSWER)) is None
    busy.checkpoints = [a_checkpoint(1, asked=15, missed=True), a_checkpoint(2, due=30)]
    assert said(busy, acts.AnswerCheckpoint(**ANSWER)) is None


def test_6_3_a_missed_checkpoint_is_not_answered_any_more(busy: IncidentState) -> None:
    busy.checkpoints = [a_checkpoint(1, asked=15, missed=True), a_checkpoint(2, due=30)]
    reason = said(busy, acts.AnswerCheckpoint(number=1, **ANSWER))
    assert reason == "checkpoint 1 was missed; answer 2"


def test_6_3_where_no_checkpoint_is_asked_none_is_answered(busy: IncidentState) -> None:
    busy.checkpoints = []
    assert "no checkpoint is open" in (said(busy, acts.AnswerCheckpoint(**ANSWER)) or "")


def test_6_4_a_hypothesis_settled_twice_is_refused_and_may_be_settled_otherwise(busy: IncidentState) -> None:
    settled = Hypothesis(number=1, text="A bad release", owner=BEN, at=NOON, state=HypothesisState.CONFIRMED)
    busy.hypotheses = [settled]
    again = acts.Hypothesise(number=1, state=HypothesisState.CONFIRMED)
    assert said(busy, again) == "hypothesis 1 is confirmed already"
    assert said(busy, acts.Hypothesise(number=1, state=HypothesisState.REFUTED)) is None
    assert said(busy, acts.Hypothesise(number=1, confidence="high")) is None


def test_6_8_what_is_over_is_not_ended_again(busy: IncidentState) -> None:
    busy.announcements = [busy.announcements[0].model_copy(update={"ended_at": at(1)})]
    assert said(busy, acts.Announce(number=1)) == "there is no open announcement 1; there are: none"


def test_6_1_an_open_room_is_not_opened_again(busy: IncidentState) -> None:
    busy.war_room = WarRoom(opened_at=NOON, why="it is a P0")
    assert said(busy, acts.OpenWarRoom()) == "the war room is open already"


@pytest.mark.parametrize("verb", [acts.Approve, acts.Publish])
def test_5_5_only_the_communications_lead_publishes_outside(
    busy: IncidentState, verb: type[acts.Approve] | type[acts.Publish]
) -> None:
    number = 1 if verb is acts.Approve else 2
    assert said(busy, verb(number=number), BEN) is None
    reason = said(busy, verb(number=number), ALICE)
    assert reason == "only Ben Okafor publishes outside; ask them, or take the role of communications lead"
    del busy.roles[Role.COMMUNICATIONS_LEAD]
    assert said(busy, verb(number=number), ALICE) is None, "the commander does, while there is none"
    assert "only Alice Moreau" in (said(busy, verb(number=number), BEN) or "")
    busy.roles.clear()
    assert "take the role" in (said(busy, verb(number=number), BEN) or "")


def test_5_5_within_the_house_everybody_publishes(busy: IncidentState) -> None:
    busy.updates = [an_update(1, published=None, audience=Audience.INTERNAL)]
    assert said(busy, acts.Approve(number=1), CHIARA) is None


def test_7_4_an_update_is_drafted_then_approved_then_published_each_once(busy: IncidentState) -> None:
    assert said(busy, acts.Publish(number=1), BEN) == "update 1 is not approved yet: approve it first"
    assert said(busy, acts.Approve(number=2), BEN) == "update 2 is approved already"
    busy.updates = [an_update(1, published=3)]
    for verb in (acts.Approve, acts.Publish):
        assert said(busy, verb(number=1), BEN) == "update 1 was published at 12:03 UTC"


def test_7_4_an_update_whose_promise_is_past_has_to_be_drafted_anew(busy: IncidentState) -> None:
    busy.updates = [an_update(1, published=None, next_update_at=at(30))]
    assert said(busy, acts.Approve(number=1), BEN, minute=29) is None
    reason = said(busy, acts.Approve(number=1), BEN, minute=30)
    assert reason == "update 1 promises the next one for 12:30 UTC, which is past: draft it anew"


def test_7_4_an_older_draft_does_not_follow_a_newer_update(busy: IncidentState) -> None:
    busy.updates = [an_update(1, published=None), an_update(2, published=10)]
    reason = said(busy, acts.Approve(number=1), BEN, minute=11)
    assert reason == "update 1 is older than update 2, which is out: draft it anew"


@pytest.mark.parametrize("status", [Status.DETECTED, Status.TRIAGED, Status.RESPONDING])
def test_7_2_the_public_is_not_told_that_it_is_resolved_while_the_harm_goes_on(
    busy: IncidentState, status: Status
) -> None:
    busy.status = status
    draft = acts.Draft(phase=Phase.RESOLVED)
    assert f"the incident is {status.value}; mitigate or resolve it first" in (said(busy, draft) or "")
    busy.updates = [an_update(1, published=None, phase=Phase.RESOLVED, approved_at=NOON)]
    assert "mitigate or resolve it first" in (said(busy, acts.Publish(number=1), BEN) or "")
    for busy.status in (Status.MITIGATED, Status.RESOLVED):
        assert said(busy, draft) is None
        assert said(busy, acts.Publish(number=1), BEN) is None


def test_8_1_a_service_that_is_not_on_the_page_has_no_public_updates(busy: IncidentState) -> None:
    hidden = busy.snapshot.service.model_copy(update={"component": None})
    busy.snapshot = busy.snapshot.model_copy(update={"service": hidden})
    assert "Checkout has no component on the status page" in (said(busy, acts.Draft()) or "")
    assert said(busy, acts.Draft(audience=Audience.INTERNAL)) is None
