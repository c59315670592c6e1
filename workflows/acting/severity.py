"""How bad it is, and for whom."""

from domain import acts
from domain.acts import Acting
from domain.timeline import Kind
from policy.severity import worst
from policy.standing import top_rung
from workflows.live_incident import LiveIncident
from workflows.rises import set_severity
from workflows.runs import call_all
from workflows.telling import (
    tell_inside,
)


def severity(live: LiveIncident, acting: Acting, act: acts.SetSeverity) -> str:
    """Somebody says how bad it is (spec 1.2, 1.4, 1.5)."""
    state = live.state
    wanted = worst(state) if act.data_loss else state.snapshot.severity(act.severity or state.severity)
    why = act.reason or ("data loss is suspected" if act.data_loss else f"{acting.by.name} says so")
    confirmed = wanted.name == state.severity
    state.classified = True
    if act.data_exposure and not state.data_exposure:
        state.data_exposure = True
        live.log(Kind.IMPACT, f"{acting.by.name}: data may have been exposed.", person=acting.by.id)
    state.data_loss |= act.data_loss
    # Data loss goes straight to the top of the ladder, whatever the severity was (spec 1.4).
    if act.data_loss and confirmed:
        call_all(live, why=why, rung=top_rung(state))
    set_severity(live, wanted, why, to_the_top=act.data_loss)
    if confirmed:
        state.still_asked_at = live.now()  # Which answers whether it is still this bad (spec 3.4).
        live.log(Kind.SEVERITY, f"{acting.by.name} confirms {wanted.name}.", person=acting.by.id)
    tell_inside(live)
    return f"It is a {wanted.name}."


def impact(live: LiveIncident, acting: Acting, act: acts.SetImpact) -> str:
    """Somebody says who suffers, and how (spec 6.6)."""
    state = live.state
    state.impact, state.trend = act.impact.strip(), act.trend
    if act.customer_impact is not None:
        state.customer_impact = act.customer_impact
    live.log(
        Kind.IMPACT,
        f"Impact: {state.impact} ({act.trend})",
        person=acting.by.id,
        customers=state.customer_impact,
    )
    return "The impact is noted."
