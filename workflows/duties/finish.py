"""The duty to finish: ask for what closing waits for, then close the room (spec 6.7)."""

from domain.chat import Button
from domain.incident import Status
from domain.timeline import Kind
from policy import closing, postmortem, status_page
from policy.closing import AskForRest, CallForRest, CloseRoom
from workflows.duties import keep
from workflows.live_incident import LiveIncident
from workflows.runs import call_about
from workflows.telling import draft_public, publish_buttons

_BUTTONS = {
    "fix deployed": Button(action="confirm-fix", label="The fix is deployed"),
    "metrics recovering": Button(action="confirm-metrics", label="The metrics recover"),
    "postmortem owner named": Button(action="own-postmortem", label="I write the postmortem"),
}


async def finish(live: LiveIncident) -> None:
    """Bring a resolved incident to the end of its room."""
    await keep(live, closing.owed, _finish)


def _finish(live: LiveIncident, action: AskForRest | CallForRest | CloseRoom) -> None:
    state = live.state
    match action:
        case AskForRest(missing=missing):
            state.closing_asked_at = live.now()
            text = f"Before the room closes: {', '.join(missing)}."
            live.log(Kind.ASKED, text)
            buttons = [button for name, button in _BUTTONS.items() if name in missing]
            if "status page resolved" in missing:
                draft = status_page.offered(state, live.now())
                number = draft.number if draft else draft_public(live, full=True)
                buttons += publish_buttons(number)
            live.say("room", text, *buttons)
        case CallForRest(missing=missing):
            state.closing_called_at = live.now()
            call_about(
                live,
                "the room",
                state.commander,
                title="commander",
                why="the room cannot close",
                asks=f"Before the room can close it needs: {', '.join(missing)}",
            )
        case CloseRoom():
            close_room(live)


def close_room(live: LiveIncident) -> None:
    """The room is over. What follows is the postmortem's, if one is owed, else nothing (spec 1.7, 9.2)."""
    state, now = live.state, live.now()
    reason = postmortem.owed(state)
    if state.war_room:
        state.war_room = state.war_room.model_copy(update={"closed_at": now})
        live.log(Kind.WAR_ROOM, "The war room closes.")
    live.say("room", "Everything is done that closing waits for. Thank you all.")
    state.document_due = True
    if reason:
        state.status = Status.IN_REVIEW
        owner = state.postmortem_owner.name if state.postmortem_owner else "nobody yet"
        live.log(Kind.STATUS, f"In review: a postmortem is owed ({reason}). {owner} writes it.")
    else:
        state.status, state.closed_at = Status.CLOSED, now
        live.log(Kind.CLOSED, "Closed: no postmortem is owed.")
