"""The duty to relieve the commander of a long war room (spec 5.3)."""

from domain.chat import Button
from domain.roles import Role
from domain.timeline import Kind
from policy import war_room
from policy.war_room import AskForRelief, PageForRelief
from workflows.duties import keep
from workflows.duties.staff import page_for
from workflows.live_incident import LiveIncident


async def relieve(live: LiveIncident) -> None:
    """Ask for a fresh commander, in the room first, then by phone."""
    await keep(live, war_room.relief, _relieve)


def _relieve(live: LiveIncident, action: AskForRelief | PageForRelief) -> None:
    state = live.state
    match action:
        case AskForRelief():
            state.relief_asked_at = live.now()
            tired = state.commander.name if state.commander else "The commander"
            text = f"{tired} has led this war room for long. Who takes over as commander?"
            live.log(Kind.ASKED, text, role=Role.COMMANDER.value)
            button = Button(action="role", label="I take over", value=Role.COMMANDER.value, style="primary")
            live.say("room", text, button)
        case PageForRelief():
            page_for(live, Role.COMMANDER, "the war room needs a fresh commander")
