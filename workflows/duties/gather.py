"""The duty to gather people: the war room opens, and the manager hears of it (spec 3.1, 6.1)."""

from policy import war_room
from policy.war_room import OpenRoom, TellManager
from workflows.acting.room import open_room
from workflows.duties import keep
from workflows.duties.tell import tell
from workflows.live_incident import LiveIncident


async def gather(live: LiveIncident) -> None:
    """Open the room when it is due, and tell who has to know."""
    await keep(live, war_room.opening, _gather)


def _gather(live: LiveIncident, action: OpenRoom | TellManager) -> None:
    state = live.state
    match action:
        case OpenRoom(why=why):
            open_room(live, why)
        case TellManager(people=people):
            if state.war_room:
                state.war_room = state.war_room.model_copy(update={"manager_told": True})
            where = f"{state.severity} on {state.snapshot.service.name}"
            for person in people:
                tell(live, person, f"War room for {where}: {state.title}. No answer needed.")
