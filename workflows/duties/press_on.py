"""The duty to press on: without progress the ladder goes one level up (spec 3.4)."""

from domain.chat import Button
from domain.timeline import Kind
from policy import progress
from policy.progress import OneUp, StillThisBad
from policy.standing import top_rung
from workflows.duties import keep
from workflows.duties.tell import tell
from workflows.live_incident import LiveIncident
from workflows.runs import begin_run

TEAM_LEAD_RUNG = 1
"""The second rung is the secondary's and the team lead's (spec 3.1)."""


async def press_on(live: LiveIncident) -> None:
    """Bring in the next level whenever nothing has moved for too long."""
    await keep(live, progress.owed, _press)


def _press(live: LiveIncident, action: OneUp | StillThisBad) -> None:
    state = live.state
    match action:
        case OneUp(rung=rung):
            state.level_raised_at = live.now()
            owner = state.commander.name if state.commander else "Nobody"
            live.log(Kind.ASKED, "No progress in time: the ladder goes one level up.", rung=rung)
            asks = f"It makes no progress. {owner} leads and needs help"
            begin_run(live, why="no progress in time", rung=rung, purpose="help", rounds=1, asks=asks)
        case StillThisBad():
            state.still_asked_at = live.now()
            text = f"Is this still a {state.severity}? There is no progress so far."
            live.log(Kind.ASKED, text)
            live.say(
                "room",
                text,
                Button(action="still-yes", label="Yes, it is"),
                Button(action="severity", label="Change it"),
            )
            rungs = state.snapshot.ladder.rungs
            for person in rungs[min(TEAM_LEAD_RUNG, top_rung(state))].people:
                tell(live, person, f"{state.snapshot.service.name}: {state.title}. {text}")
