"""The updates, filled from the incident's state (spec 7.1, 7.4). Who publishes may rewrite every word of one
for the public; those within the house go out as they are."""

from datetime import datetime

from domain.incident import IncidentState
from domain.people import PersonRef
from domain.response import ComponentState, MitigationState, Phase
from domain.roles import Role
from policy import living
from policy.document import spelled
from policy.words import clock, moment, sentence

_STATES = {
    1: ComponentState.MAJOR_OUTAGE,
    2: ComponentState.PARTIAL_OUTAGE,
    3: ComponentState.DEGRADED,
    4: ComponentState.OPERATIONAL,
}

_DOING = {
    Phase.INVESTIGATING: "investigating",
    Phase.IDENTIFIED: "mitigating",
    Phase.MONITORING: "monitoring",
    Phase.RESOLVED: "resolved",
}


def publisher(state: IncidentState) -> PersonRef | None:
    """Who alone may publish outside: the communications lead or, with none, the commander (spec 5.5)."""
    return state.holder(Role.COMMUNICATIONS_LEAD) or state.commander


def component_state(state: IncidentState, phase: Phase) -> ComponentState:
    """How the component is, as far as severity and phase tell."""
    if phase is Phase.RESOLVED:
        return ComponentState.OPERATIONAL
    return ComponentState.DEGRADED if phase is Phase.MONITORING else _STATES[state.grade.rank]


def internal(state: IncidentState, phase: Phase, now: datetime, next_at: datetime | None) -> str:
    """An update for those who wait within the house: the first says all, later ones what has changed."""
    report = living.living(state, now)
    tried = [m for m in state.mitigations if m.state in (MitigationState.BEGUN, MitigationState.AWAITING)]
    plan = next((c for c in reversed(state.checkpoints) if c.next_step), None)
    lines = [
        f"*{moment(now)} · {state.severity} · {_DOING[phase]}*",
        f"Impact: {sentence(report.impact)} It is {report.trend}.",
    ]
    if state.told is None:
        lines.append(f"What we know: {report.technical}")
    else:
        lines.append(f"Since the last update: {' '.join(report.changes) or 'nothing has changed.'}")
        lines.append(f"Current hypothesis: {report.technical} Confidence: {report.confidence}.")
    lines += [f"Mitigation {m.number}: {m.text} ({m.owner.name}, {m.state.value})." for m in tried]
    if plan:
        lines.append(f"Next: {sentence(plan.next_step)}")
    if state.data_exposure:
        lines.append("Risk: data may have been exposed.")
    lines.append(f"Next update: {clock(next_at) if next_at else 'when there is news'}.")
    return "\n".join(lines)


def public(state: IncidentState, phase: Phase, next_at: datetime | None, *, full: bool) -> str:
    """An update for customers: what they notice, what is done about it in general terms, and when they hear
    more. Nothing of it is internal: not the title, not the service's name."""
    what = state.snapshot.service.component or "our service"
    hit = f"Customers may have trouble using {what}."
    following = f" Next update by {moment(next_at)}." if next_at else ""
    if phase is Phase.INVESTIGATING:
        more = " Our engineers are looking for the cause." if full else ""
        return f"{hit} We are investigating.{more}{following}"
    if phase is Phase.IDENTIFIED:
        return f"{hit} We have found what to work on and are working on it.{following}"
    if phase is Phase.MONITORING:
        return f"{what} is recovering. A mitigation is in place and we are watching it.{following}"
    return resolved(state)


def resolved(state: IncidentState) -> str:
    """What is restored, from when to when, the cause in one sentence, what customers have to do, and when the
    review will be out. The cause is left to whoever publishes: ours may name what is internal."""
    what = state.snapshot.service.component or "our service"
    until = state.mitigated_at or state.resolved_at
    rules = state.snapshot.postmortems
    length = f", {spelled(until - state.opened_at)}" if until else ""
    lasted = f" It lasted from {moment(state.opened_at)} to {moment(until)}{length}." if until else ""
    review = ""
    if state.customer_impact and rules and state.resolved_at:
        review = f" We will have reviewed what happened by {moment(state.resolved_at + rules.final_within)}."
    return f"{what} works normally again.{lasted} You do not need to do anything.{review}"
