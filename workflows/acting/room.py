"""The war room, and what its closing waits for."""

from domain import acts
from domain.acts import Acting
from domain.response import (
    WarRoom,
)
from domain.timeline import Kind
from workflows.live_incident import LiveIncident
from workflows.telling import (
    tell_inside,
)


def war_room(live: LiveIncident, acting: Acting, act: acts.OpenWarRoom) -> str:
    """Somebody wants the room opened (spec 6.1)."""
    open_room(live, act.reason.strip() or f"{acting.by.name} asked for it")
    return "The war room is open."


def open_room(live: LiveIncident, why: str) -> None:
    """Open the war room: what follows, in chat and by phone, is the duties' (spec 6.2)."""
    state = live.state
    bridge = state.snapshot.bridge.replace("{incident}", state.id) if state.snapshot.bridge else None
    state.war_room = WarRoom(opened_at=live.now(), why=why, bridge=bridge)
    where = f" Bridge: {bridge}" if bridge else ""
    live.log(Kind.WAR_ROOM, f"The war room opens: {why}.{where}", bridge=bridge)
    if state.commander:
        tell_inside(live)


def confirm(live: LiveIncident, acting: Acting, act: acts.Confirm) -> str:
    """One of the things that closing waits for (spec 6.7)."""
    state = live.state
    said = []
    if act.fix_deployed:
        state.fix_deployed = True
        said.append("the fix is deployed")
    if act.metrics_recovering:
        state.metrics_recovering = True
        said.append("the metrics recover")
    if act.postmortem_owner:
        state.postmortem_owner = act.postmortem_owner
        said.append(f"{act.postmortem_owner.name} writes the postmortem")
    text = f"{acting.by.name}: {', '.join(said)}."
    live.log(Kind.STATUS, text, person=acting.by.id)
    live.say("room", text)
    return f"Noted: {', '.join(said)}."
