"""When it is looked up anew who is on call, for an incident whose pages are yet to leave (spec 2.1, 3.2)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.base import Deadline
from domain.due import Owed
from domain.incident import IncidentState
from policy.ladder import above, window_ends
from policy.respond import first_climb
from policy.roster import schedules_of

AHEAD = timedelta(seconds=30)
"""How long before a rung is due it is looked up who is on it then, so that nobody waits for the answer; a
tenth of the ack window, where that is shorter."""

FRESH = timedelta(minutes=1)
"""How old the roster may be when a rung begins sooner than expected; a fifth of the window at the most."""


@dataclass(frozen=True)
class AskWhoIsOnCall:
    """Look up who is on call by these schedules at this moment, which may have yet to come. The rung
    `kept` is being paged, and keeps its people until then."""

    schedules: tuple[str, ...]
    at: datetime
    kept: int | None = None


def owed(state: IncidentState, now: datetime) -> Owed[AskWhoIsOnCall]:
    """Whether the roster has to be looked at: for the moment of the next page, since a shift may change hands
    in that very moment. A page never waits for it: the rung is climbed with what is known."""
    run, schedules, window = state.ringing, schedules_of(state.snapshot.ladder.rungs), state.grade.ack_window
    if state.rostered_at is None or not schedules:
        return Owed()
    if run and state.rostered_at + min(FRESH, window / 5) < run.rung_began_at:
        return Owed((AskWhoIsOnCall(schedules, now),))
    moment = window_ends(run, state.grade, state.snapshot) if run else first_climb(state)
    if moment is None or moment <= now:
        return Owed()
    at = moment - min(AHEAD, window / 10)
    if state.rostered_at >= at:
        return Owed()
    if at <= now:
        climbs = run and run.rungs is None and above(run, state.grade, state.snapshot) is not None
        return Owed((AskWhoIsOnCall(schedules, moment, run.rung if run and climbs else None),))
    return Owed(deadline=Deadline(name="who is on call, looked up", at=at))
