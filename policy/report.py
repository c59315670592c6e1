"""An incident in a form that others can read: the report, and the summary for Temporal's own page."""

from datetime import datetime

from domain.base import Deadline
from domain.incident import IncidentReport, IncidentState, LadderReport, Status
from domain.ladder import LadderRun
from domain.snapshot import Snapshot
from policy import closing, deadlines, ladder, living, postmortem, staffing
from policy.ladder import ack_window_ends


def rung_name(run: LadderRun, snapshot: Snapshot) -> str:
    """What the present rung is called."""
    return ladder.rungs_of(run, snapshot)[run.rung].name


def _ladder(run: LadderRun, state: IncidentState) -> LadderReport:
    return LadderReport(
        run=run.id,
        purpose=run.purpose,
        asks=run.asks,
        role=run.role,
        rungs=ladder.rungs_of(run, state.snapshot),
        at=run.rung,
        rung=rung_name(run, state.snapshot),
        round=run.round + 1,
        began_at=run.began_at,
        window_ends=None if run.ended_at else ack_window_ends(run, state.grade, state.snapshot),
        ended_at=run.ended_at,
        ended_why=run.ended_why,
        attempts=tuple(run.attempts),
    )


def service_names(snapshot: Snapshot) -> str:
    """The services that are affected, as people call them."""
    return ", ".join(service.name for service in (snapshot.service, *snapshot.services))


def report(state: IncidentState, next_deadline: Deadline | None, now: datetime) -> IncidentReport:
    """The incident as it is now."""
    return IncidentReport(
        id=state.id,
        reply_code=state.reply_code,
        service=state.service,
        service_name=service_names(state.snapshot),
        title=state.title,
        impact=state.impact,
        severity=state.severity,
        rank=state.grade.rank,
        drill=state.drill,
        status=state.status,
        commander=state.commander,
        opened_at=state.opened_at,
        acknowledged_at=state.acknowledged_at,
        resolved_at=state.resolved_at,
        closed_at=state.closed_at,
        resolution=state.resolution,
        alerts_received=state.alerts.received,
        alerts_firing=len(state.alerts.firing),
        first_started_at=state.alerts.first_started_at,
        ladder=_ladder(state.run, state) if state.run else None,
        next_deadline=next_deadline,
        faults=state.faults,
        document=state.document,
        classified=state.classified,
        customer_impact=state.customer_impact,
        by_customer=state.by_customer,
        data_loss=state.data_loss,
        mitigated_at=state.mitigated_at,
        cause=state.cause,
        roles=state.roles,
        missing_roles=staffing.missing(state) if state.status.unresolved else (),
        living=living.living(state, now) if state.snapshot.response else None,
        hypotheses=tuple(state.hypotheses),
        decisions=tuple(state.decisions),
        announcements=tuple(state.announcements),
        mitigations=tuple(state.mitigations),
        checkpoints=tuple(state.checkpoints),
        checkpoints_missed=state.checkpoints_missed,
        updates=tuple(state.updates),
        war_room=state.war_room,
        channels=state.outbox.channels,
        chat_away_since=state.outbox.away_since,
        deadlines=deadlines.upcoming(state, now),
        closing=closing.conditions(state) if state.status is Status.RESOLVED else (),
        engineer_hours=state.engineer_hours,
        postmortem_owed=postmortem.owed(state) if not state.status.unresolved else None,
        postmortem_owner=state.postmortem_owner,
    )


def summary(state: IncidentState, next_deadline: Deadline | None) -> str:
    """The incident in Markdown, for Temporal's page (spec 12.1)."""
    due = f"{next_deadline.name} at {next_deadline.at:%H:%M:%S} UTC" if next_deadline else "none"
    lines = [
        f"### {state.severity} {state.title}{' (drill)' if state.drill else ''}",
        state.impact,
        "",
        f"- **Status:** {state.status.value}",
        f"- **Severity:** {state.severity}, {state.grade.meaning}",
        f"- **Commander:** {state.commander.name if state.commander else 'nobody yet'}",
        *(
            f"- **{role.value.capitalize()}:** {held.person.name}"
            for role, held in state.roles.items()
            if held.person != state.commander
        ),
        f"- **Next deadline:** {due}",
    ]
    if state.run:
        names = state.snapshot.people
        where = f"rung {rung_name(state.run, state.snapshot)}, round {state.run.round + 1}"
        ended = f", ended: {state.run.ended_why}" if state.run.ended_at else ""
        lines.append(f"- **Ladder run {state.run.id}:** {where}{ended}")
        for attempt in state.run.attempts[-8:]:
            came_to = (attempt.outcome or attempt.state).value
            lines.append(f"- {attempt.method} to {names[attempt.person].name}: {came_to}")
    if state.war_room:
        lines.append(f"- **War room:** since {state.war_room.opened_at:%H:%M:%S} UTC, {state.war_room.why}")
    lines += [
        f"- **Waits for:** {condition.mend}"
        for condition in closing.conditions(state)
        if not condition.met and state.status is Status.RESOLVED
    ]
    lines += [f"- **Fault in {duty}:** {count} times" for duty, count in state.faults.items()]
    return "\n".join(lines)
