"""Why something cannot be done to an incident now, and what can (spec 1.7, 5.4, 5.5, 6.3, 7.4)."""

from domain import acts
from domain.acts import Acting
from domain.incident import IncidentState, Status
from domain.response import Audience, HypothesisState, MitigationState, Phase, Update
from policy import checkpoints, postmortem, staffing, status_page
from policy.closing import conditions
from policy.standing import unmitigated
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
        return f"cannot do that ({act.verb}): the incident is {state.status.value}; {_possible(state)}"
    match act:
        case acts.SetSeverity():
            return _severity(state, act)
        case acts.TakeRole():
            return _role(state, acting, act)
        case acts.AnswerCheckpoint():
            return _checkpoint(state, act)
        case acts.Hypothesise():
            return _hypothesis(state, act)
        case acts.Decide():
            known = {d.number for d in state.decisions}
            if act.number is None and act.text.strip() and not act.reason.strip():
                return "a decision needs its reason: say why"
            lacks = "" if act.result.strip() else "say what came of it"
            return _numbered("decision", act.number, known, act.text, lacks)
        case acts.Announce():
            known = {a.number for a in state.announcements if not a.ended_at}
            return _numbered("open announcement", act.number, known, act.text, "")
        case acts.Mitigate():
            return _mitigation(state, act)
        case acts.Authorise():
            return _authorisation(state, acting, act)
        case acts.Draft():
            return _draft(state, acting, act)
        case acts.Approve() | acts.Publish():
            return _publication(state, acting, act)
        case acts.AddService():
            return _service(state, act)
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
    if waiting:
        return f"it cannot be closed yet: {'; '.join(waiting)}"
    owed = postmortem.owed(state)
    return f"it closes after its postmortem: {owed}" if owed else None


def _severity(state: IncidentState, act: acts.SetSeverity) -> str | None:
    if act.severity is None:
        return None if act.data_loss or act.data_exposure else "name a severity"
    names = [severity.name for severity in state.snapshot.severities]
    if act.severity not in names:
        return f"there is no severity {act.severity!r}; there are {', '.join(names)}"
    return None


def _service(state: IncidentState, act: acts.AddService) -> str | None:
    affected = (state.snapshot.service, *state.snapshot.services)
    known = act.service.id in (service.id for service in affected)
    return f"{act.service.name} is affected already" if known else None


def _role(state: IncidentState, acting: Acting, act: acts.TakeRole) -> str | None:
    person, holder = act.person or acting.by, state.holder(act.role)
    if holder and (holder == person or (holder.id and holder.id == person.id)):
        return f"{holder.name} is {act.role.value} already"
    if holder and act.vacant:
        return f"{holder.name} is {act.role.value} by now; to take over, give the role by name"
    return None


def _checkpoint(state: IncidentState, act: acts.AnswerCheckpoint) -> str | None:
    waiting = checkpoints.open_checkpoint(state)
    number = act.number or (waiting.number if waiting else None)
    if number is None:
        return "no checkpoint is open: they are asked while somebody has an incident of a high severity"
    known = next((c for c in state.checkpoints if c.number == number), None)
    before = state.checkpoints[-2] if len(state.checkpoints) > 1 else None
    if act.number is None and waiting and not waiting.asked_at and before and before.answered_at:
        # Two people answer at once, and neither names the number: the second means the same checkpoint.
        who = before.by.name if before.by else "somebody"
        return (
            f"checkpoint {before.number} was answered by {who} at {clock(before.answered_at)}; the next is "
            f"due at {clock(waiting.due_at)}: to answer it now, give its number, {waiting.number}"
        )
    if known is None:
        return f"there is no checkpoint {number}" + (f"; {waiting.number} is open" if waiting else "")
    if known.answered_at:
        who = known.by.name if known.by else "somebody"
        return f"checkpoint {number} was answered by {who} at {clock(known.answered_at)}"
    if known.missed:
        return f"checkpoint {number} was missed" + (f"; answer {waiting.number}" if waiting else "")
    return None


def _hypothesis(state: IncidentState, act: acts.Hypothesise) -> str | None:
    known = {h.number: h for h in state.hypotheses}
    nothing = not (act.text.strip() or act.confidence or act.state)
    lacks = "say what changes: its text, its confidence or its state" if nothing else ""
    reason = _numbered("hypothesis", act.number, set(known), act.text, lacks)
    if reason or act.number is None:
        return reason
    old, more = known[act.number], act.text.strip() or act.confidence
    if not more and act.state is old.state and old.state is not HypothesisState.OPEN:
        return f"hypothesis {act.number} is {old.state.value} already"
    return None


def _numbered(what: str, number: int | None, known: set[int], text: str, lacks: str) -> str | None:
    """A record is begun with a text, or changed by its number. `lacks` is what a change would have to say."""
    if number is None:
        return None if text.strip() else f"say what the {what.removeprefix('open ')} is"
    if number not in known:
        there = ", ".join(map(str, sorted(known))) or "none"
        return f"there is no {what} {number}; there are: {there}"
    return lacks or None


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
        by = f" by {known.authorised_by.name}" if known.authorised_by else ""
        return f"mitigation {act.number} was refused{by}; begin another one"
    if known.state is MitigationState.WORKED and act.state == "begun":
        return f"mitigation {act.number} works: say that it failed, or begin another one"
    if known.state.value == act.state and act.text.strip() in ("", known.text):
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
    if act.audience is Audience.PUBLIC and act.phase is Phase.RESOLVED:
        return _too_early(state)
    return None


def _too_early(state: IncidentState) -> str | None:
    """The public is told of a resolution once, and not while the harm goes on (spec 7.2)."""
    if not unmitigated(state):
        return None
    return (
        f"it cannot be told as resolved: the incident is {state.status.value}; mitigate or resolve it first"
    )


def _outdated(state: IncidentState, update: Update, acting: Acting) -> str | None:
    """Why the public would be told of what was so, not of what is."""
    if update.next_update_at and update.next_update_at <= acting.at:
        promised = clock(update.next_update_at)
        return f"update {update.number} promises the next one for {promised}, which is past: draft it anew"
    stale = update.audience is Audience.PUBLIC and update.phase is not Phase.RESOLVED
    if stale and state.status is Status.RESOLVED:
        return f"update {update.number} says {update.phase.value}, but it is resolved: draft it anew"
    newer = [u.number for u in status_page.published(state, update.audience) if u.number > update.number]
    if update.audience is Audience.PUBLIC and newer:
        return f"update {update.number} is older than update {newer[-1]}, which is out: draft it anew"
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
        return f"update {act.number} is not approved yet: approve it first"
    if update.audience is Audience.PUBLIC and update.phase is Phase.RESOLVED and (early := _too_early(state)):
        return early
    return _outdated(state, update, acting)


def _possible(state: IncidentState) -> str:
    """What can still be done with what is resolved, in a line."""
    if state.status is not Status.RESOLVED:
        return "nothing more can be done with it here"
    verbs = sorted(str(act.model_fields["verb"].default) for act in _AFTERWARDS)
    return f"possible now: {', '.join(verbs)}, close. If the harm is back, declare it again: that reopens it"
