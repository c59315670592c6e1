"""The updates, filled from the incident's state (spec 7.1, 7.4). Who publishes may rewrite every word of one
for the public; those within the house go out as they are."""

from datetime import datetime

from domain.incident import IncidentState
from domain.people import PersonRef
from domain.response import ComponentState, MitigationState, Phase
from domain.roles import Role
from policy import living, postmortem
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


_AT_FIRST = {
    Phase.INVESTIGATING: "find what ends the harm",
    Phase.IDENTIFIED: "see whether the mitigation works",
    Phase.MONITORING: "see whether it stays well",
    Phase.RESOLVED: "nothing",
}
"""What comes next, where no checkpoint has named it yet."""


def publisher(state: IncidentState) -> PersonRef | None:
    """Who alone may publish outside: the communications lead or, with none, the commander (spec 5.5)."""
    return state.holder(Role.COMMUNICATIONS_LEAD) or state.commander


def component_state(state: IncidentState, phase: Phase) -> ComponentState:
    """How the component is, as far as severity and phase tell."""
    if phase is Phase.RESOLVED:
        return ComponentState.OPERATIONAL
    return ComponentState.DEGRADED if phase is Phase.MONITORING else _STATES[state.grade.rank]


def internal(state: IncidentState, phase: Phase, now: datetime, next_at: datetime | None) -> str:
    """An update for those who wait within the house: the first says all, later ones what has changed, the
    last what it was."""
    if phase is Phase.RESOLVED and state.resolved_at:
        return _last_within(state, now)
    report = living.living(state, now)
    tried = [m for m in state.mitigations if m.state in (MitigationState.BEGUN, MitigationState.AWAITING)]
    plan = next((c for c in reversed(state.checkpoints) if c.next_step), None)
    lines = [
        f"{moment(now)} · {state.severity} · {_DOING[phase]}",
        f"Impact: {sentence(report.impact)}{f' It is {report.trend}.' if state.impact else ''}",
    ]
    if state.told is None:
        lines.append(f"What we know: {report.technical}")
    else:
        lines.append(f"Since the last update: {' '.join(report.changes) or 'nothing has changed.'}")
        lines.append(f"Current hypothesis: {report.technical} Confidence: {report.confidence}.")
    lines += [f"Mitigation {m.number}: {m.text} ({m.owner.name}, {m.state.value})." for m in tried]
    if plan or state.told is None:
        lines.append(f"Next: {sentence(plan.next_step if plan else _AT_FIRST[phase])}")
    if state.data_exposure:
        lines.append("Risk: data may have been exposed.")
    elif state.told is not None:
        lines.append("Risks: none recorded.")
    lines.append(f"Next update: {clock(next_at) if next_at else 'when there is news'}.")
    return "\n".join(lines)


def _last_within(state: IncidentState, now: datetime) -> str:
    lines = [f"{moment(now)} · {state.severity} · {_DOING[Phase.RESOLVED]}"]
    if state.impact:
        lines.append(f"Impact was: {sentence(state.impact)}")
    if state.resolution:
        lines.append(f"Restored: {sentence(state.resolution)}")
    lines.append(f"Duration: {_lasted(state)}.")
    lines.append(f"Cause: {sentence(state.cause or 'not known yet')}")
    reason, out = postmortem.owed(state), _review_at(state)
    lines.append(
        f"Review: out by {moment(out)}, because {reason}." if reason and out else "Review: none is owed."
    )
    return "\n".join(lines)


def _lasted(state: IncidentState) -> str:
    """From when to when the harm lasted, and how long."""
    until = state.mitigated_at or state.resolved_at or state.opened_at
    return f"from {moment(state.opened_at)} to {moment(until)}, {spelled(until - state.opened_at)}"


def _review_at(state: IncidentState) -> datetime | None:
    """When the review will be out, if there is one."""
    rules = state.snapshot.postmortems
    if rules is None or state.resolved_at is None or not postmortem.owed(state):
        return None
    return state.resolved_at + (state.grade.published_within or rules.final_within)


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
    what, out = state.snapshot.service.component or "our service", _review_at(state)
    ended = state.mitigated_at or state.resolved_at
    lasted = f" The trouble lasted {_lasted(state)}." if ended else ""
    review = f" Our review of what happened will be out by {moment(out)}." if out else ""
    return f"{what} works normally again.{lasted} You do not need to do anything.{review}"
