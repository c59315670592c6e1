"""The review of action items: when it is, whom it needs, and when it is enough (spec 1.7, 9.6)."""

from dataclasses import dataclass
from datetime import datetime

from domain.aftermath import Aftermath, Due, PostmortemState, ReviewState
from domain.base import Deadline
from domain.due import Owed
from domain.people import PersonRef
from domain.postmortem import ActionItem, ItemState
from policy.postmortem import figures_of, level_at, next_telling
from policy.standing import earliest

NAME = "action item review"
"""What people and timers call it."""


@dataclass(frozen=True)
class TellOfReview:
    """Tell of the review's date: remind, say that it was missed or let it rise."""

    level: int


@dataclass(frozen=True)
class AskOwner:
    """Ask somebody how these items of theirs stand."""

    owner: PersonRef
    items: tuple[int, ...]


def begin_review(state: PostmortemState, now: datetime) -> ReviewState:
    """The review that follows a postmortem: so long after the resolution or, where that is too soon to ask
    anybody, as soon as that can be done."""
    figures = figures_of(state)
    at = max(state.resolved_at + figures.action_review_after, now + figures.ask_items_before)
    common = {name: getattr(state, name) for name in Aftermath.model_fields if name != "began"}
    return ReviewState(**common, due=Due(at=at))


def open_items(state: ReviewState) -> tuple[ActionItem, ...]:
    """What is neither done nor dropped."""
    return tuple(item for item in state.items if item.state is ItemState.OPEN)


def unsettled(state: ReviewState, now: datetime) -> tuple[ActionItem, ...]:
    """What a review cannot leave as it is: open items whose day has come."""
    return tuple(item for item in open_items(state) if item.due_at <= now)


def enough(state: ReviewState) -> bool:
    """Whether the incident can be closed: a review was held, and every item is done or dropped."""
    return bool(state.held) and not open_items(state)


def deadlines(state: ReviewState) -> tuple[Deadline, ...]:
    """When the review is, as long as there will be one; and each item's own day."""
    if state.closed_at:
        return ()
    found = [
        Deadline(name=f"action item {item.number} ({item.owner.name})", at=item.due_at)
        for item in open_items(state)
    ]
    return tuple(sorted((Deadline(name=NAME, at=state.due.at), *found), key=lambda deadline: deadline.at))


def overdue(state: ReviewState, now: datetime) -> tuple[str, ...]:
    """The names of what was missed."""
    return tuple(deadline.name for deadline in deadlines(state) if deadline.at <= now)


def due(state: ReviewState, now: datetime) -> Owed[TellOfReview | AskOwner]:
    """What has to be told and asked now, and what comes next."""
    if state.closed_at:
        return Owed()
    figures = figures_of(state)
    actions: list[TellOfReview | AskOwner] = []
    later: list[Deadline | None] = [next_telling(NAME, state.due, figures, now, repeats=True)]
    ask_at = state.due.at - figures.ask_items_before
    unasked = [item for item in open_items(state) if state.asked.get(item.number) != state.round]
    if ask_at <= now:
        owners = {item.owner.id: item.owner for item in unasked}
        actions += [
            AskOwner(owner, tuple(item.number for item in unasked if item.owner.id == owner.id))
            for owner in owners.values()
        ]
    elif unasked:
        later.append(Deadline(name=f"owners are asked for the {NAME}", at=ask_at))
    level = level_at(state.due, figures, now, repeats=True)
    if level > state.due.told:
        actions.append(TellOfReview(level))
    return Owed(tuple(actions), earliest(later))


def participants(state: ReviewState) -> tuple[PersonRef, ...]:
    """Whom the review needs: the commander, the postmortem's owner and the owners of what is open."""
    wanted = [state.commander, state.owner, *(item.owner for item in open_items(state))]
    return tuple({person.id: person for person in wanted if person}.values())
