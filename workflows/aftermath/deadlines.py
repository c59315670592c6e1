"""The duty to keep people to the dates of postmortem and review: each reminds, then rises (spec 9.3, 9.6)."""

from domain.aftermath import Step
from domain.people import PersonRef
from domain.timeline import Kind
from policy import action_review, postmortem
from policy.action_review import AskOwner, TellOfReview
from policy.follow_ups import day
from policy.postmortem import MISSED, REMINDED, EndReview, Tell
from workflows.aftermath.reviewing import LiveReview
from workflows.aftermath.writing import LivePostmortem, end_review
from workflows.duties import keep

_WANTED = {
    Step.OWNER: "Name somebody who writes it.",
    Step.DRAFT: "Write it and hand the draft in.",
    Step.PUBLISHED: "Publish it as it stands; it need not be final.",
    Step.MEETING: "Meet about it, and record that it was held.",
    Step.REVIEW: "Open it for comments.",
    Step.FINAL: "Publish the final version.",
}


async def deadlines(live: LivePostmortem) -> None:
    """Remind of each deadline, say when it was missed, and let it rise."""
    await keep(live, postmortem.due, _perform)


async def day_of_review(live: LiveReview) -> None:
    """Ask the owners before the review, and keep people to its date."""
    await keep(live, action_review.due, _perform_review)


def _perform(live: LivePostmortem, action: Tell | EndReview) -> None:
    if isinstance(action, EndReview):
        end_review(live)
        return
    state = live.state
    due = state.due[action.step]
    state.due[action.step] = due.model_copy(update={"told": action.level})
    # Who is to find an owner cannot be the owner.
    first = state.owner or state.commander
    to = (first,) if action.level <= MISSED else (state.commander, first)
    text = _words(action.step.label, day(due.at), action.level)
    live.ask(Kind.ASKED, f"{text} {_WANTED[action.step]}", *to)


def _perform_review(live: LiveReview, action: TellOfReview | AskOwner) -> None:
    state = live.state
    if isinstance(action, AskOwner):
        _ask_owner(live, action)
        return
    state.due = state.due.model_copy(update={"told": action.level})
    to: tuple[PersonRef | None, ...] = (state.owner or state.commander,)
    if action.level == REMINDED:
        to = action_review.participants(state)
    elif action.level > MISSED:
        to = (state.commander, *to)
    text = _words(action_review.NAME, day(state.due.at), action.level)
    live.ask(Kind.ASKED, f"{text} Hold it, or move it: the incident cannot be closed before.", *to)


def _ask_owner(live: LiveReview, asked: AskOwner) -> None:
    state = live.state
    for number in asked.items:
        state.asked[number] = state.round
    listed = "; ".join(
        f"{item.number}: {item.text} (due {day(item.due_at)})"
        for item in state.items
        if item.number in asked.items
    )
    text = f"{asked.owner.name}, how do your action items stand? {listed}. Review: {day(state.due.at)}."
    live.ask(Kind.ASKED, text, asked.owner)


def _words(name: str, when: str, level: int) -> str:
    if level == REMINDED:
        return f"The {name} is due {when}."
    if level == MISSED:
        return f"The {name} was due {when} and is overdue."
    return f"The {name} was due {when} and is still overdue."
