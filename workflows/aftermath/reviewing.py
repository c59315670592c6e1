"""What people do about the review of action items, one function for each act (spec 9.6)."""

from domain import aftermath_acts as acts
from domain.aftermath import Due, HeldReview, ReviewState
from domain.aftermath_acts import FollowingUp
from domain.incident import Said
from domain.timeline import Kind
from policy import action_review, postmortem
from policy.follow_ups import day
from workflows.aftermath import items
from workflows.aftermath.live import LiveAftermath

LiveReview = LiveAftermath[ReviewState]


def perform(live: LiveReview, asked: FollowingUp) -> Said:
    """Do it; what was done already, by the id of its source, is answered alike and done once."""
    if known := live.state.answers.get(asked.source_id):
        return known
    live.know(asked.contacts)
    text = _do(live, asked)
    if action_review.enough(live.state):
        text = f"{text} {_close(live)}"
    return live.remember(asked.source_id, Said(accepted=True, text=text))


def open_once(live: LiveReview) -> None:
    """Write down that the review is waited for, and invite to it."""
    state = live.state
    if state.began:
        return
    state.began = True
    count = len(action_review.open_items(state))
    what = f"{count} action item{'' if count == 1 else 's'}"
    live.log(Kind.STATUS, f"In prevention: {what} open; they are reviewed on {day(state.due.at)}.")
    live.want("review")


def _do(live: LiveReview, asked: FollowingUp) -> str:
    match asked.act:
        case acts.ItemDraft() as act:
            _invite_anew(live)
            return items.add(live, asked, act)
        case acts.SettleItem() as act:
            return items.settle(live, asked, act)
        case acts.AnswerItem() as act:
            return _answer(live, asked, act)
        case acts.HoldReview() as act:
            return _hold(live, asked, act)
        case acts.MoveReview() as act:
            return _move(live, asked, act)
    raise ValueError(f"a review knows no {asked.act.verb}")


def _answer(live: LiveReview, asked: FollowingUp, act: acts.AnswerItem) -> str:
    live.state.item_answers[act.number] = act.text.strip()
    live.want("postmortem")
    live.log(
        Kind.REVIEW,
        f"{asked.by.name} on action item {act.number}: {act.text.strip()}",
        person=asked.by.id,
        number=act.number,
    )
    return f"Noted for the review on {day(live.state.due.at)}."


def _hold(live: LiveReview, asked: FollowingUp, act: acts.HoldReview) -> str:
    state, now = live.state, live.now()
    state.held.append(
        HeldReview(
            number=state.round,
            at=now,
            by=asked.by,
            notes=act.notes.strip(),
            answers=state.item_answers,
            items=tuple(state.items),
        )
    )
    live.want("postmortem")
    left = action_review.open_items(state)
    text = f"The action items were reviewed; {len(left)} of {len(state.items)} are open."
    live.log(Kind.REVIEW, f"{asked.by.name}: {text} {act.notes.strip()}".strip(), person=asked.by.id)
    if not left:
        return text
    state.round += 1
    state.item_answers = {}
    _set_date(live, Due(at=now + postmortem.figures_of(state).action_review_after))
    again = f"They are reviewed again on {day(state.due.at)}."
    live.log(Kind.REVIEW, again)
    return f"{text} {again}"


def _move(live: LiveReview, asked: FollowingUp, act: acts.MoveReview) -> str:
    before = live.state.due.at
    _set_date(live, Due(at=act.to))
    why = f": {act.reason.strip()}" if act.reason.strip() else "."
    text = f"The review of the action items moves from {day(before)} to {day(act.to)}{why}"
    live.log(Kind.REVIEW, f"{asked.by.name}: {text}", person=asked.by.id)
    return text


def _set_date(live: LiveReview, due: Due) -> None:
    live.state.due = due
    _invite_anew(live)


def _invite_anew(live: LiveReview) -> None:
    live.state.sequence += 1
    live.want("review")


def _close(live: LiveReview) -> str:
    state = live.state
    state.closed_at = live.now()
    live.want("postmortem", "incident")
    text = "The incident is closed: it was reviewed, and every action item is done or dropped."
    live.log(Kind.CLOSED, text)
    live.announce(text)
    return text
