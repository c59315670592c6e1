"""The duty to know who is on call: while the ladder is climbed, shifts change hands (spec 2.1, 3.2)."""

from datetime import timedelta

from temporalio.exceptions import ActivityError

from domain.jobs import WHO_IS_ON_CALL, OnCallNow, WhoIsOnCall
from domain.ladder import Rung
from domain.timeline import Kind
from policy import rostering
from policy.roster import staffed
from policy.rostering import AskWhoIsOnCall
from workflows.duties import keep
from workflows.live_incident import LiveIncident

TIMEOUT = timedelta(seconds=10)


async def roster(live: LiveIncident) -> None:
    """Look it up shortly before each rung, and beside the pages."""
    await keep(live, rostering.owed, _ask)


def _ask(live: LiveIncident, action: AskWhoIsOnCall) -> None:
    live.state.rostered_at = live.now()
    live.spawn(_look_up(live, action))


async def _look_up(live: LiveIncident, action: AskWhoIsOnCall) -> None:
    state, schedules = live.state, action.schedules
    try:
        found = await live.job(
            WHO_IS_ON_CALL,
            WhoIsOnCall(schedules=schedules, at=action.at),
            OnCallNow,
            summary="who is on call",
            timeout=TIMEOUT,
        )
    except ActivityError as error:
        why = error.cause or error
        live.log(Kind.FAULT, f"Who is on call could not be looked up; the roster stays as it is ({why}).")
        return
    ladder = state.snapshot.ladder
    # What is not told any more stays as it was: somebody who may be wrong is better than nobody.
    known = {name: found.on_call[name] for name in schedules if name in found.on_call}
    live.know(found.people)
    rungs = tuple(
        staffed((rung,), known)[0] if set(rung.schedules) <= set(known) and number != action.kept else rung
        for number, rung in enumerate(ladder.rungs)
    )
    for before, after in zip(ladder.rungs, rungs, strict=True):
        if before.people != after.people:
            live.log(Kind.RUNG, f"{after.name}: {_names(live, after)} from now on, by the schedule.")
    state.snapshot = state.snapshot.model_copy(update={"ladder": ladder.model_copy(update={"rungs": rungs})})
    live.changed()


def _names(live: LiveIncident, rung: Rung) -> str:
    people = live.state.snapshot.people
    return ", ".join(people[person].name for person in rung.people) or "nobody is on call"
