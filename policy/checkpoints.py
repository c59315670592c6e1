"""The rhythm of checkpoints: planned, asked, asked again, phoned for, missed (spec 6.3)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.base import Deadline
from domain.due import Owed
from domain.incident import IncidentState
from domain.response import Checkpoint
from policy.standing import began, held, may_page

QUESTIONS = (
    "What do we know now?",
    "What do we try next?",
    "Do we need more people?",
    "Is the status page current?",
)


@dataclass(frozen=True)
class Plan:
    """The next checkpoint is due then."""

    number: int
    due_at: datetime


@dataclass(frozen=True)
class Ask:
    """Ask the four questions; `again` for the second time."""

    number: int
    again: bool = False


@dataclass(frozen=True)
class Call:
    """Phone the commander: nobody has answered twice."""

    number: int


@dataclass(frozen=True)
class Miss:
    """The next one is due and this one was never answered."""

    number: int


Action = Plan | Ask | Call | Miss


def open_checkpoint(state: IncidentState) -> Checkpoint | None:
    """The checkpoint that is still to be answered, be it due or not."""
    last = state.checkpoints[-1] if state.checkpoints else None
    return last if last and last.open else None


def owed(state: IncidentState, now: datetime) -> Owed[Action]:
    """What the checkpoints ask for now."""
    response = state.snapshot.response
    if response is None or not state.grade.checkpoints or not held(state):
        return Owed()
    every, grace = response.checkpoint_every, response.checkpoint_grace
    since = max(began(state), state.acknowledged_at or state.opened_at)
    if not state.checkpoints:
        return Owed((Plan(1, _next(since, every, now)),))
    last = state.checkpoints[-1]
    if not last.open:
        # After a while without checkpoints the rhythm begins anew; else the grid stays as it is.
        paused = last.due_at + every < since
        return Owed((Plan(last.number + 1, _next(since if paused else last.due_at, every, now)),))
    if last.asked_at is None and last.due_at < since:
        return Owed((Plan(last.number, _next(since, every, now)),))
    if last.due_at + every <= now:
        return Owed((Miss(last.number),))
    steps: list[tuple[str, datetime, Action]] = []
    if last.asked_at is None:
        steps.append((f"checkpoint {last.number}", last.due_at, Ask(last.number)))
    elif last.asked_again_at is None:
        again = last.asked_at + grace
        steps.append((f"checkpoint {last.number} is asked again", again, Ask(last.number, again=True)))
    elif last.called_at is None and may_page(state, "duty"):
        call = last.asked_again_at + grace
        steps.append((f"checkpoint {last.number}: the commander is phoned", call, Call(last.number)))
    steps.append((f"checkpoint {last.number + 1}", last.due_at + every, Miss(last.number)))
    name, at, action = min(steps, key=lambda step: step[1])
    return Owed((action,)) if at <= now else Owed(deadline=Deadline(name=name, at=at))


def _next(base: datetime, every: timedelta, now: datetime) -> datetime:
    """The next moment of the grid that begins at `base`, or the last one if the next has yet to come: never
    one so old that it would be missed at once."""
    return base + every * max(1, (now - base) // every)
