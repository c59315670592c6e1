"""What people do in an incident, one function for each act. Whether it may be done is for
`policy.refusals` to say; what was done already, by the id of its source, is answered alike and done once."""

from domain import acts
from domain.acts import Acting
from domain.incident import Said, Status
from domain.timeline import Kind
from policy import refusals
from workflows.acting import checkpoints, mitigations, roles, room, services, severity, thinking, updates
from workflows.live_incident import LiveIncident


def perform(live: LiveIncident, acting: Acting) -> Said:
    """Do it, or say why not."""
    state = live.state
    if known := state.answers.get(acting.source_id):
        return known
    if reason := refusals.refusal(state, acting):
        return live.remember(acting.source_id, Said(accepted=False, text=reason))
    live.know(acting.contacts)
    text = _do(live, acting)
    if state.status is Status.TRIAGED and not isinstance(acting.act, acts.SetImpact):
        state.status = Status.RESPONDING
        live.log(Kind.STATUS, "The response is under way.")
    return live.remember(acting.source_id, Said(accepted=True, text=text))


def _do(live: LiveIncident, acting: Acting) -> str:
    match acting.act:
        case acts.SetSeverity() as act:
            return severity.severity(live, acting, act)
        case acts.SetImpact() as act:
            return severity.impact(live, acting, act)
        case acts.TakeRole() as act:
            return roles.role(live, acting, act)
        case acts.AnswerCheckpoint() as act:
            return checkpoints.checkpoint(live, acting, act)
        case acts.Hypothesise() as act:
            return thinking.hypothesis(live, acting, act)
        case acts.Decide() as act:
            return thinking.decision(live, acting, act)
        case acts.Announce() as act:
            return thinking.announce(live, acting, act)
        case acts.Mitigate() as act:
            return mitigations.mitigate(live, acting, act)
        case acts.Authorise() as act:
            return mitigations.authorise(live, acting, act)
        case acts.Draft() as act:
            return updates.draft(live, acting, act)
        case acts.Approve() as act:
            return updates.approve(live, acting, act)
        case acts.Publish() as act:
            return updates.publish(live, acting, act)
        case acts.OpenWarRoom() as act:
            return room.war_room(live, acting, act)
        case acts.Confirm() as act:
            return room.confirm(live, acting, act)
        case acts.AddService() as act:
            return services.service(live, acting, act)
