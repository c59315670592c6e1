"""The living report, computed from the state: what is so now, and what has changed since people last heard
(spec 6.6, 7.1)."""

from datetime import datetime

from domain.incident import IncidentState, Status
from domain.living import Facts, LivingReport
from domain.response import Confidence, Hypothesis, HypothesisState, MitigationState
from domain.roles import Role
from policy import status_page
from policy.standing import earliest
from policy.words import clock, sentence

_ORDER: tuple[Confidence, ...] = ("low", "medium", "high")


def leading(state: IncidentState) -> Hypothesis | None:
    """The hypothesis that people act on: a confirmed one, else the open one they trust most."""
    settled = [h for h in state.hypotheses if h.state is HypothesisState.CONFIRMED]
    if settled:
        return settled[-1]
    standing = [h for h in state.hypotheses if h.state is HypothesisState.OPEN]
    return max(standing, key=lambda h: (_ORDER.index(h.confidence), h.number), default=None)


def facts(state: IncidentState) -> Facts:
    """What an update told of the incident, to be compared with what is so later."""
    hypothesis = leading(state)
    return Facts(
        severity=state.severity,
        status=state.status.value,
        impact=state.impact,
        trend=state.trend,
        roles={role.value: held.person.name for role, held in state.roles.items()},
        hypothesis=f"{hypothesis.text} ({hypothesis.state.value})" if hypothesis else "",
        mitigations={m.number: f"{m.text}: {m.state.value}" for m in state.mitigations},
        decisions=len(state.decisions),
    )


def changes(before: Facts | None, after: Facts) -> tuple[str, ...]:
    """What is different, line by line; nothing where nobody has been told anything yet."""
    if before is None:
        return ()
    found = []
    for name in ("severity", "status", "trend"):
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            found.append(f"{name.capitalize()}: {old} → {new}.")
    if before.impact != after.impact:
        found.append(f"Impact: {sentence(after.impact)}")
    if before.hypothesis != after.hypothesis:
        gone = f"No longer believed: {sentence(before.hypothesis)}"
        found.append(f"Hypothesis: {sentence(after.hypothesis)}" if after.hypothesis else gone)
    for number, text in after.mitigations.items():
        if before.mitigations.get(number) != text:
            found.append(f"Mitigation {number}: {sentence(text)}")
    for role, name in after.roles.items():
        if before.roles.get(role) != name:
            found.append(f"{name} is {role}.")
    found += [f"Nobody is {role} any more." for role in before.roles if role not in after.roles]
    if more := after.decisions - before.decisions:
        found.append(f"{more} more decision{'s' if more > 1 else ''} in the log.")
    return tuple(found)


def technical(state: IncidentState) -> tuple[str, Confidence]:
    """Where the technical side stands, in a sentence or two, and how sure one is of it."""
    hypothesis = leading(state)
    under_way = [m for m in state.mitigations if m.state in (MitigationState.BEGUN, MitigationState.WORKED)]
    parts = []
    if state.cause and not state.status.unresolved:
        parts.append(f"The cause is known: {sentence(state.cause)}")
    elif hypothesis is None:
        parts.append("The cause is not known yet.")
    elif hypothesis.state is HypothesisState.CONFIRMED:
        parts.append(f"The cause is known: {sentence(hypothesis.text)}")
    else:
        parts.append(f"Suspected: {sentence(hypothesis.text)}")
    if under_way:
        last = under_way[-1]
        verb = "Mitigated by" if last.state is MitigationState.WORKED else "Being tried:"
        parts.append(f"{verb} {sentence(last.text)}")
    if state.cause and not state.status.unresolved:
        return " ".join(parts), "high"
    if hypothesis is None:
        return " ".join(parts), "low"
    sure: Confidence = "high" if hypothesis.state is HypothesisState.CONFIRMED else hypothesis.confidence
    return " ".join(parts), sure


def living(state: IncidentState, now: datetime) -> LivingReport:
    """The report as it is at this moment."""
    text, confidence = technical(state)
    due = earliest([status_page.public_due(state), status_page.internal_due(state)])
    return LivingReport(
        impact=state.impact or "Not known yet.",
        trend="over" if not state.status.unresolved or state.status is Status.MITIGATED else state.trend,
        customer_impact=state.customer_impact,
        technical=text,
        confidence=confidence,
        commander=state.commander,
        tech_lead=state.holder(Role.TECH_LEAD),
        communications_lead=state.holder(Role.COMMUNICATIONS_LEAD),
        next_update=due,
        changes=changes(state.told, facts(state)),
    )


def handover(state: IncidentState, now: datetime) -> str:
    """The brief that a new commander gets, where nobody wrote one (spec 5.3)."""
    report = living(state, now)
    open_decisions = [f"decision {d.number} ({d.text})" for d in state.decisions if not d.result]
    waiting = f" Without a result: {', '.join(open_decisions)}." if open_decisions else ""
    due = f" Next update at {clock(report.next_update.at)}." if report.next_update else ""
    return (
        f"{state.severity} since {clock(state.opened_at)}, {state.status.value}. {sentence(report.impact)} "
        f"{report.technical}{waiting}{due}"
    )
