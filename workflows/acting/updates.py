"""Updates, from draft to published."""

from domain import acts
from domain.acts import Acting
from domain.response import (
    Audience,
    Phase,
)
from domain.timeline import Kind
from policy import status_page, updates, wording
from workflows.live_incident import LiveIncident
from workflows.runs import end_call_about
from workflows.telling import (
    add_update,
    publish_buttons,
    replace_update,
    tell_published,
)

MOST_OBJECTIONS = 5
"""Objections to a text that are told at once."""


def draft(live: LiveIncident, acting: Acting, act: acts.Draft) -> str:
    """An update drafted by somebody, with their words or filled from the state (spec 7.4)."""
    state, now = live.state, live.now()
    phase = act.phase or status_page.phase_of(state)
    rules = state.snapshot.response
    if act.next_update_at or rules is None or phase is Phase.RESOLVED:
        next_at = act.next_update_at
    else:
        every = rules.internal_every if act.audience is Audience.INTERNAL else rules.public_every[phase]
        next_at = now + every
    filled = (
        updates.internal(state, phase, now, next_at)
        if act.audience is Audience.INTERNAL
        else updates.public(state, phase, next_at, full=True)
    )
    number = add_update(
        live,
        audience=act.audience,
        phase=phase,
        text=act.text.strip() or filled,
        by=acting.by,
        next_at=next_at,
    )
    if act.component:
        replace_update(live, number, component=act.component)
    live.log(
        Kind.UPDATE,
        f"{acting.by.name} drafts update {number} ({act.audience.value}, {phase.value}).",
        person=acting.by.id,
        update=number,
    )
    live.say("room", f"Update {number} is drafted: {act.text.strip() or filled}", *publish_buttons(number))
    return f"Update {number} is drafted.{_checked(live, number)}"


def approve(live: LiveIncident, acting: Acting, act: acts.Approve) -> str:
    """An update approved (spec 7.4)."""
    replace_update(live, act.number, approved_by=acting.by, approved_at=live.now())
    live.log(
        Kind.UPDATE, f"{acting.by.name} approves update {act.number}.", person=acting.by.id, update=act.number
    )
    return f"Update {act.number} is approved.{_checked(live, act.number)}"


def publish(live: LiveIncident, acting: Acting, act: acts.Publish) -> str:
    """An update published: within the house at once, outside by the duty to publish (spec 7.4)."""
    update = replace_update(live, act.number, published_by=acting.by, published_at=live.now())
    assert update is not None
    internal = update.audience is Audience.INTERNAL
    tell_published(live, update)
    if internal:
        replace_update(live, act.number, out=True)
        live.say("status", update.text)
    if not internal:
        end_call_about(live, "the status page", acting.by)
    return f"Update {act.number} goes out."


def _checked(live: LiveIncident, number: int) -> str:
    """What is wrong with the words of a public update, for whoever drafts or approves it (spec 7.3)."""
    state = live.state
    update = next(update for update in state.updates if update.number == number)
    if update.audience is Audience.INTERNAL:
        return ""
    service = state.snapshot.service
    found = wording.objections(
        update.text,
        phase=update.phase,
        internal_names=wording.internal({service.id, service.name}, [service.component or ""]),
        customers_reported=state.customer_impact,
        validated_fix=state.mitigated_at is not None,
    )
    told = (f"“{fault.where}” {fault.why}; {fault.mend}." for fault in found[:MOST_OBJECTIONS])
    return " ".join((" Before it goes out:", *told)) if found else ""
