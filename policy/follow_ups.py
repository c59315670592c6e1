"""Why something cannot be done to a postmortem or to a review of action items now, and what can (spec 9.3 to
9.6)."""

from datetime import UTC, datetime

from domain import aftermath_acts as acts
from domain.aftermath import Aftermath, PostmortemState, ReviewState, Section, Step
from domain.aftermath_acts import FollowingUp
from domain.postmortem import ActionItem, ItemState, Stage
from policy import action_review, postmortem
from policy.action_items import Lack, lacks

_PHASES: dict[Stage, tuple[str, ...]] = {
    Stage.OWNER: ("owner", "write", "move", "add-item", "settle-item"),
    Stage.DRAFT: ("owner", "write", "meeting", "move", "add-item", "settle-item"),
    Stage.MEETING: ("owner", "write", "meeting", "publish-postmortem", "move", "add-item", "settle-item"),
    Stage.REVIEW: ("owner", "write", "begin-review", "publish-postmortem", "move", "add-item", "settle-item"),
    Stage.FINAL: ("owner", "write", "publish-postmortem", "move", "add-item", "settle-item"),
    Stage.DONE: ("add-item", "settle-item"),
}
_IN_REVIEW = ("add-item", "settle-item", "answer-item", "hold-review", "move-review")


def day(at: datetime) -> str:
    """A moment as people read it here: days matter, seconds do not."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def item_lacks(state: Aftermath, asked: FollowingUp, now: datetime) -> tuple[Lack, ...]:
    """What an action item that is to be added lacks (spec 9.5); nothing, if it is another act."""
    if not isinstance(asked.act, acts.ItemDraft):
        return ()
    fallback = state.snapshot.ladder.fallback
    known = {id: person for id, person in state.snapshot.people.items() if id != fallback}
    known |= {person.id: person for person in asked.contacts}
    return lacks(asked.act, now, postmortem.figures_of(state).priorities, known)


def of_postmortem(state: PostmortemState, asked: FollowingUp, now: datetime) -> str | None:
    """Why this changes nothing in the postmortem; None if it may be done."""
    act, stage = asked.act, postmortem.stage(state)
    possible = _PHASES[stage]
    if isinstance(act, acts.HoldReview | acts.MoveReview | acts.AnswerItem):
        return _impossible("the action items are reviewed once the postmortem is final", possible)
    match act:
        case acts.SettleItem():
            return _settling(state, act, now)
        case acts.ItemDraft():
            return None
        case _ if stage is Stage.DONE:
            return _impossible("the postmortem is final", possible)
        case acts.NameOwner():
            return _person(state, asked, act.owner)
        case acts.Write():
            return _writing(state, act)
        case acts.HoldMeeting():
            return _meeting(state, asked, act, now)
        case acts.BeginReview():
            return _begin_review(state, stage)
        case acts.PublishPostmortem():
            return _publication(state, act, stage)
        case acts.MoveDeadline():
            return _move(state, act, now)
    return _impossible(f"cannot do that ({act.verb})", possible)


def of_review(state: ReviewState, asked: FollowingUp, now: datetime) -> str | None:
    """Why this changes nothing in the review; None if it may be done."""
    act = asked.act
    if state.closed_at:
        return "the incident is closed; nothing more can be done with it"
    match act:
        case acts.ItemDraft():
            return None
        case acts.SettleItem():
            return _settling(state, act, now)
        case acts.AnswerItem():
            return _open_item(state, act.number)
        case acts.HoldReview():
            waiting = ", ".join(f"{item.number} ({item.owner.name})" for item in _late(state, now))
            mend = "each has to be done, dropped with a reason, or moved to a new date"
            return f"the day of these items has come: {waiting}; {mend}" if waiting else None
        case acts.MoveReview():
            past = f"{day(act.to)} is past; the review can only be moved to a day to come"
            return past if act.to <= now else None
    return _impossible("the postmortem is final", _IN_REVIEW)


def _late(state: ReviewState, now: datetime) -> tuple[ActionItem, ...]:
    return action_review.unsettled(state, now)


def _impossible(why: str, possible: tuple[str, ...]) -> str:
    return f"{why}; possible now: {', '.join(possible)}"


def _person(state: Aftermath, asked: FollowingUp, claimed: str) -> str | None:
    known = {*state.snapshot.people, *(person.id for person in asked.contacts)}
    known.discard(state.snapshot.ladder.fallback or "")
    return None if claimed in known else f"{claimed!r} is not known; known are {', '.join(sorted(known))}"


def _writing(state: PostmortemState, act: acts.Write) -> str | None:
    if not act.sections and not act.submit:
        return f"name what is written: {', '.join(section.value for section in Section)}"
    if not act.submit:
        return None
    if state.owner is None:
        return "a draft needs an owner: name one first"
    if state.submitted_at:
        return "the draft was handed in already; what is written changes it as it is"
    written = state.sections | act.sections
    missing = [section for section in postmortem.FOR_A_DRAFT if not written.get(section, "").strip()]
    names = ", ".join(f"'{section.label}' ({section.value})" for section in missing)
    return f"a draft cannot be without {names}" if missing else None


def _meeting(state: PostmortemState, asked: FollowingUp, act: acts.HoldMeeting, now: datetime) -> str | None:
    figures = postmortem.figures_of(state)
    if postmortem.held(state):
        return "the meeting was held already"
    if fault := next((fault for who in act.attendees if (fault := _person(state, asked, who))), None):
        return fault
    earliest, latest = state.resolved_at + figures.meeting_after, state.due[Step.MEETING].at
    if act.on < earliest:
        return f"it is too early: from {day(earliest)} on people have had time to read the draft"
    if act.on > now:
        late = act.on > latest
        return f"{day(act.on)} is after the deadline, {day(latest)}: move that first" if late else None
    return None if state.submitted_at else "there is no draft to meet about yet: hand it in first"


def _begin_review(state: PostmortemState, stage: Stage) -> str | None:
    if state.reviewing_since:
        return f"the review goes on until {day(state.due[Step.REVIEW].at)}"
    if stage is not Stage.REVIEW:
        return _impossible(
            f"it comes after the meeting, and the postmortem waits for {stage}", _PHASES[stage]
        )
    return None


def _publication(state: PostmortemState, act: acts.PublishPostmortem, stage: Stage) -> str | None:
    if state.submitted_at is None:
        return "there is nothing to publish: hand in the draft first"
    if not act.final and state.published_at:
        return f"it can be read since {day(state.published_at)}; what is written changes it as it is"
    if act.final and stage is not Stage.FINAL:
        ends = state.due[Step.REVIEW].at
        if state.reviewing_since:
            return f"comments are heard until {day(ends)}; publish it after that, or move its end"
        mend = "a version that is not final can be published now (final: false)"
        return f"it cannot be final yet: it waits for {stage}; {mend}"
    missing = postmortem.lacks(state) if act.final else ()
    if missing:
        return f"the final version is not complete: {'; '.join(missing)}"
    found = postmortem.remarks(state, final=act.final)
    if found and not act.despite_remarks:
        return f"{' '.join(found)} Change that, or publish it with despite_remarks: true."
    return None


def _move(state: PostmortemState, act: acts.MoveDeadline, now: datetime) -> str | None:
    if act.step not in state.due or postmortem.is_done(state, act.step):
        waiting = [step.value for step in state.due if not postmortem.is_done(state, step)]
        return f"{act.step.label} cannot be moved: it is not awaited; awaited are {', '.join(waiting)}"
    return (
        f"{day(act.to)} is past; a deadline can only be moved to a moment to come" if act.to <= now else None
    )


def _open_item(state: Aftermath, number: int) -> str | None:
    item = next((item for item in state.items if item.number == number), None)
    if item is None:
        there = ", ".join(str(item.number) for item in state.items) or "none"
        return f"there is no action item {number}; there are: {there}"
    return f"action item {number} is {item.state} already" if item.state is not ItemState.OPEN else None


def _settling(state: Aftermath, act: acts.SettleItem, now: datetime) -> str | None:
    if fault := _open_item(state, act.number):
        return fault
    if act.outcome != "done" and not act.reason.strip():
        return f"an item is {act.outcome} with a reason: say why"
    if act.outcome == "moved":
        if act.due_at is None:
            return "an item is moved to a new date: give it (due_at)"
        if act.due_at <= now:
            return f"{day(act.due_at)} is past; an item can only be moved to a day to come"
    return None
