"""Why something cannot be done to an incident now, and what can (spec 1.7, 5.4, 5.5, 6.3, 7.4)."""

from domain import acts
from domain.acts import Acting
from domain.incident import IncidentState, Status
from domain.response import Audience, MitigationState
from policy import checkpoints, staffing
from policy.closing import conditions
from policy.updates import publisher
from policy.words import clock

_AFTERWARDS = (
    acts.Confirm,
    acts.Draft,
    acts.Approve,
    acts.Publish,
    acts.Decide,
    acts.TakeRole,
    acts.SetImpact,
)
"""What is still done between the resolution and the closing of the room."""


def refusal(state: IncidentState, acting: Acting) -> str | None:
    """Why this act changes nothing; None if it may be done."""
    act = acting.act
    if not state.status.unresolved and not (state.status is Status.RESOLVED and isinstance(act, _AFTERWARDS)):
        return f"cannot do that ({act.verb}): the incident is {state.status.value}"
    match act:
        case acts.SetSeverity():
            return _severity(state, act)
        case acts.TakeRole():
            return _role(state, acting, act)
        case acts.AnswerCheckpoint():
            return _checkpoint(state, act)
        case acts.Hypothesise():
            known = {h.number for h in state.hypotheses}
            nothing = not (act.text.strip() or act.confidence or act.state)
            return _numbered("hypothesis", act.number, known, act.text, nothing)
        case acts.Decide():
            known = {d.number for d in state.decisions}
            if act.number is None and act.text.strip() and not act.reason.strip():
                return "a decision needs its reason: say why"
            nothing = not act.result.strip()
            return _numbered("decision", act.number, known, act.text, nothing, wanting="result")
        case acts.Announce():
            known = {a.number for a in state.announcements if not a.ended_at}
            return _numbered("open announcement", act.number, known, act.text, False)
        case acts.Mitigate():
            return _mitigation(state, act)
        case acts.Authorise():
            return _authorisation(state, acting, act)
        case acts.Draft():
            return _draft(state, acting, act)
        case acts.Approve() | acts.Publish():
            return _publication(state, acting, act)
        case acts.OpenWarRoom():
            return "the war room is open already" if state.war_room else None
        case acts.Confirm():
            named = act.fix_deployed or act.metrics_recovering or act.postmortem_owner
            return (
                None if named else "say what is confirmed: fix deployed, metrics recovering, postmortem owner"
            )
    return None


def closing(state: IncidentState) -> str | None:
    """Why a resolved incident cannot be closed by hand yet."""
    waiting = [condition.mend for condition in conditions(state) if not condition.met]
    return f"it cannot be closed yet: {'; '.join(waiting)}" if waiting else None


def _severity(state: IncidentState, act: acts.SetSeverity) -> str | None:
    if act.severity is None:
        return None if act.data_loss or act.data_exposure else "name a severity"
    names = [severity.name for severity in state.snapshot.severities]
    if act.severity not in names:
        return f"there is no severity {act.severity!r}; there are {', '.join(names)}"
    return None


def _role(state: IncidentState, acting: Acting, act: acts.TakeRole) -> str | None:
    person, holder = act.person or acting.by, state.holder(act.role)
    if holder and holder.id == person.id:
        return f"{holder.name} is {act.role.value} already"
    return None


def _checkpoint(state: IncidentState, act: acts.AnswerCheckpoint) -> str | None:
    waiting = checkpoints.open_checkpoint(state)
    number = act.number or (waiting.number if waiting else None)
    if number is None:
        return "no checkpoint is open: they are asked while somebody has an incident of a high severity"
    known = next((c for c in state.checkpoints if c.number == number), None)
    if known is None:
        return f"there is no checkpoint {number}" + (f"; {waiting.number} is open" if waiting else "")
    if known.answered_at:
        who = known.by.name if known.by else "somebody"
        return f"checkpoint {number} was answered by {who} at {clock(known.answered_at)}"
    if known.missed:
        return f"checkpoint {number} was missed" + (f"; answer {waiting.number}" if waiting else "")
    return None


def _numbered(
    what: str, number: int | None, known: set[int], text: str, nothing: bool, wanting: str = "change"
) -> str | None:
    """A record is begun with a text, or changed by its number."""
    if number is None:
        return None if text.strip() else f"say what the {what.removeprefix('open ')} is"
    if number not in known:
        there = ", ".join(map(str, sorted(known))) or "none"
        return f"there is no {what} {number}; there are: {there}"
    return f"say what its {wanting} is" if nothing else None


def _mitigation(state: IncidentState, act: acts.Mitigate) -> str | None:
    if act.number is None:
        return None if act.text.strip() else "say what the mitigation is"
    known = next((m for m in state.mitigations if m.number == act.number), None)
    if known is None:
        there = ", ".join(str(m.number) for m in state.mitigations) or "none"
        return f"there is no mitigation {act.number}; there are: {there}"
    if known.state is MitigationState.AWAITING:
        who = staffing.authority(state)
        return f"mitigation {act.number} waits for {who.name if who else 'the commander'} to authorise it"
    if known.state is MitigationState.REFUSED:
        return f"mitigation {act.number} was refused"
    if known.state.value == act.state:
        return f"mitigation {act.number} is recorded as {act.state} already"
    return None


def _authorisation(state: IncidentState, acting: Acting, act: acts.Authorise) -> str | None:
    known = next((m for m in state.mitigations if m.number == act.number), None)
    if known is None or known.state is not MitigationState.AWAITING:
        waiting = [str(m.number) for m in state.mitigations if m.state is MitigationState.AWAITING]
        there = ", ".join(waiting) or "none"
        return f"mitigation {act.number} does not wait for authorisation; waiting: {there}"
    who = staffing.authority(state)
    if who and who.id != acting.by.id:
        return f"only {who.name} may authorise it"
    return None


def _draft(state: IncidentState, acting: Acting, act: acts.Draft) -> str | None:
    if act.next_update_at and act.next_update_at <= acting.at:
        return f"the next update cannot be at {clock(act.next_update_at)}: that is in the past"
    if act.audience is Audience.PUBLIC and not state.snapshot.service.component:
        name = state.snapshot.service.name
        return f"{name} has no component on the status page; give it one in the configuration"
    return None


def _publication(state: IncidentState, acting: Acting, act: acts.Approve | acts.Publish) -> str | None:
    update = next((u for u in state.updates if u.number == act.number), None)
    if update is None:
        drafts = ", ".join(str(u.number) for u in state.updates if not u.published_at) or "none"
        return f"there is no update {act.number}; drafts: {drafts}"
    if update.published_at:
        return f"update {act.number} was published at {clock(update.published_at)}"
    who = publisher(state)
    if update.audience is Audience.PUBLIC and who and who.id != acting.by.id:
        return f"only {who.name} publishes outside; ask them, or take the role of communications lead"
    if update.audience is Audience.PUBLIC and who is None:
        return "nobody may publish outside yet: take the role of communications lead first"
    if isinstance(act, acts.Approve) and update.approved_at:
        return f"update {act.number} is approved already"
    if isinstance(act, acts.Publish) and not update.approved_at:
        return f"update {act.number} is not approved yet"
    if update.next_update_at and update.next_update_at <= acting.at:
        promised = clock(update.next_update_at)
        return f"update {act.number} promises the next one for {promised}, which is past: draft it anew"
    return None
