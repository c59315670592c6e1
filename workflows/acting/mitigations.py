"""What is done to end the harm, and who allows it."""

from domain import acts
from domain.acts import Acting
from domain.chat import Button
from domain.incident import Status
from domain.response import (
    Mitigation,
    MitigationState,
)
from domain.timeline import Kind
from policy import staffing
from workflows.acting.records import numbered, progress, put
from workflows.live_incident import LiveIncident
from workflows.runs import end_call_about
from workflows.telling import (
    tell_inside,
)


def mitigate(live: LiveIncident, acting: Acting, act: acts.Mitigate) -> str:
    """A mitigation begun or changed; one of high impact asks first (spec 3.4, 5.4)."""
    state, now = live.state, live.now()
    if act.number is None:
        number = numbered(state.mitigations)
        # What is recorded afterwards needs nobody's leave any more.
        waits = act.high_impact and act.state == "begun"
        first = MitigationState.AWAITING if waits else MitigationState(act.state)
        new = Mitigation(
            number=number,
            text=act.text.strip(),
            owner=acting.by,
            state=first,
            high_impact=act.high_impact,
            at=now,
            changed_at=now,
            asked_at=now if waits else None,
        )
    else:
        number = act.number
        old = next(m for m in state.mitigations if m.number == number)
        text = act.text.strip() or old.text
        new = old.model_copy(update={"text": text, "state": MitigationState(act.state), "changed_at": now})
    state.mitigations = put(state.mitigations, new)
    text = f"Mitigation {number} ({new.owner.name}) {_IS[new.state]}: {new.text}"
    live.log(Kind.MITIGATION, text, person=acting.by.id, mitigation=number, state=new.state.value)
    if new.state is MitigationState.AWAITING:
        _ask_authority(live, new)
        return f"Mitigation {number} waits for authorisation."
    live.say("room", text)
    _settle_mitigation(live, new)
    return f"Mitigation {number} {_IS[new.state]}."


_IS = {
    MitigationState.AWAITING: "awaits authorisation",
    MitigationState.REFUSED: "is refused",
    MitigationState.BEGUN: "is begun",
    MitigationState.WORKED: "has worked",
    MitigationState.FAILED: "had no effect",
}


def _ask_authority(live: LiveIncident, mitigation: Mitigation) -> None:
    who = staffing.authority(live.state)
    buttons = (
        Button(action="authorise", label="Authorise", value=str(mitigation.number), style="primary"),
        Button(action="refuse", label="Refuse", value=str(mitigation.number), style="danger"),
    )
    name = who.name if who else "the commander"
    text = f"High impact: {mitigation.text} ({mitigation.owner.name}). {name}, do you authorise it?"
    live.log(Kind.ASKED, text, mitigation=mitigation.number, person=who.id if who else None)
    live.say("room", text, *buttons)
    if who and who.id:
        live.say("person", text, *buttons, person=who.id)


def authorise(live: LiveIncident, acting: Acting, act: acts.Authorise) -> str:
    """The answer to a request of high impact, with the time it waited (spec 5.4)."""
    state, now = live.state, live.now()
    old = next(m for m in state.mitigations if m.number == act.number)
    new = old.model_copy(
        update={
            "state": MitigationState.BEGUN if act.granted else MitigationState.REFUSED,
            "authorised_by": acting.by,
            "changed_at": now,
        }
    )
    state.mitigations = put(state.mitigations, new)
    waited = round((now - (old.asked_at or old.at)).total_seconds())
    verb = "authorises" if act.granted else "refuses"
    reason = f": {act.reason.strip()}" if act.reason.strip() else ""
    text = f"{acting.by.name} {verb} mitigation {act.number} ({new.text}) after {waited} s{reason}."
    live.log(Kind.MITIGATION, text, person=acting.by.id, mitigation=act.number, state=new.state.value)
    live.say("room", text)
    end_call_about(live, f"mitigation {act.number}", acting.by)
    _settle_mitigation(live, new)
    return f"Mitigation {act.number} is {new.state.value}."


def _settle_mitigation(live: LiveIncident, new: Mitigation) -> None:
    """What a mitigation's new state means for the incident."""
    state = live.state
    works = any(mitigation.state is MitigationState.WORKED for mitigation in state.mitigations)
    progress(live)
    if new.state is MitigationState.WORKED and state.status is not Status.MITIGATED:
        state.status, state.mitigated_at, state.trend = Status.MITIGATED, live.now(), "over"
        live.log(Kind.STATUS, f"Mitigated by {new.owner.name}: {new.text}", mitigation=new.number)
        tell_inside(live)
    elif new.state is MitigationState.FAILED and state.status is Status.MITIGATED and not works:
        state.status, state.mitigated_at, state.trend = Status.RESPONDING, None, "steady"
        live.log(Kind.STATUS, f"Not mitigated after all: {new.text}", mitigation=new.number)
        tell_inside(live)
