"""When it is looked up anew who is on call, for an incident that climbs the ladder (spec 2.1, 3.2)."""

from dataclasses import dataclass
from datetime import datetime

from domain.base import Deadline
from domain.due import Owed
from domain.incident import IncidentState
from policy.ladder import ack_window_ends
from policy.roster import schedules_of

AHEAD = 10
"""So many parts of an ack window before its end it is looked up who is next, so that nobody waits for the
answer: half a minute of five."""

FRESH = 2
"""So many parts of an ack window may have passed since, when a rung begins sooner than expected."""


@dataclass(frozen=True)
class AskWhoIsOnCall:
    """Look up who is on call by these schedules."""

    schedules: tuple[str, ...]


def owed(state: IncidentState, now: datetime) -> Owed[AskWhoIsOnCall]:
    """Whether the roster has to be looked at while people are being paged. A page never waits for it: the
    rung is climbed with what is known."""
    run, schedules = state.ringing, schedules_of(state.snapshot.ladder.rungs)
    if run is None or state.rostered_at is None or not schedules:
        return Owed()
    window = state.grade.ack_window
    at = ack_window_ends(run, state.grade, state.snapshot) - window / AHEAD
    if state.rostered_at + window / FRESH < run.rung_began_at:
        at = run.rung_began_at
    if state.rostered_at >= at:
        return Owed()
    if at <= now:
        return Owed((AskWhoIsOnCall(schedules),))
    return Owed(deadline=Deadline(name="who is on call, looked up", at=at))
