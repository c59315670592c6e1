"""The duty to have the roles filled: asked for in the room, then paged for (spec 5.1, 5.2, 5.4)."""

from domain.chat import Button
from domain.roles import Role, RoleAsk
from domain.timeline import Kind
from policy import staffing
from policy.staffing import AskForRole, CallAuthority, PageForRole
from policy.words import clock
from workflows.acting.records import put
from workflows.duties import keep
from workflows.live_incident import LiveIncident
from workflows.runs import begin_run, call_about


async def staff(live: LiveIncident) -> None:
    """Ask and page for whoever is missing."""
    await keep(live, staffing.owed, _fill)


def _fill(live: LiveIncident, action: AskForRole | PageForRole | CallAuthority) -> None:
    state, now = live.state, live.now()
    match action:
        case AskForRole(role=role, due_at=due_at):
            state.role_asks[role] = RoleAsk(asked_at=now, due_at=due_at)
            paged = f" Unless somebody takes it, people are paged at {clock(due_at)}."
            text = f"Who is {role.value}?{paged if state.grade.methods else ''}"
            live.log(Kind.ASKED, text, role=role.value)
            button = Button(action="role", label=f"I am {role.value}", value=role.value, style="primary")
            live.say("room", text, button)
        case PageForRole(role=role):
            page_for(live, role, f"nobody is {role.value}")
        case CallAuthority(mitigation=number):
            _call_authority(live, number)


def page_for(live: LiveIncident, role: Role, why: str) -> None:
    """Page the ladder, once, for somebody to take a role."""
    state, now = live.state, live.now()
    ask = state.role_asks.get(role) or RoleAsk(asked_at=now, due_at=now)
    state.role_asks[role] = ask.model_copy(update={"paged_at": now, "pages": ask.pages + 1})
    rungs = staffing.candidates(state)
    if not rungs:
        live.log(Kind.ASKED, f"Nobody is left on the ladder to be {role.value}.", role=role.value)
        return
    asks = f"You are asked to be {role.value}"
    # Something more urgent may break it off each time: so each time it begins one rung higher.
    rung = ask.pages % len(rungs)
    begin_run(live, why=why, rung=rung, rungs=rungs, rounds=1, purpose="role", asks=asks, role=role)


def _call_authority(live: LiveIncident, number: int) -> None:
    state = live.state
    mitigation = next(m for m in state.mitigations if m.number == number)
    state.mitigations = put(state.mitigations, mitigation.model_copy(update={"called_at": live.now()}))
    call_about(
        live,
        f"mitigation {number}",
        staffing.authority(state),
        title="authority",
        why=f"mitigation {number} waits for authorisation",
        asks=f"You are asked to authorise: {mitigation.text}. Answer in the room",
    )
