"""What people and systems say to an incident, and what it changes. Each of these may be said twice, late
or by two at once; what was already answered is answered alike and changes nothing."""

from datetime import datetime

from domain.alert import Alert
from domain.incident import IncidentState, Said, Status
from domain.ladder import Attempt, LadderRun, Outcome
from domain.messages import Answer, CarrierEvent, Close, Escalate, Page, Resolve
from domain.roles import Holder, Role
from domain.timeline import Kind
from policy import attempts, automated, ladder, lifecycle, respond, words
from policy.classification import classify, data_loss
from policy.report import service_names
from policy.severity import risen, worst
from policy.standing import next_rung, reached, top_rung
from policy.words import clock
from workflows.live_incident import LiveIncident
from workflows.noting import note_progress
from workflows.rises import set_severity
from workflows.runs import begin_run, call_all
from workflows.telling import take_role, tell_inside

MOST_ALERTS = 300
"""Alerts remembered by identity, to tell a repetition from news."""


def open_once(live: LiveIncident) -> None:
    """Write the first line of a new incident's timeline."""
    state = live.state
    arrived, state.arrived = state.arrived, []
    if not state.timeline.last:
        marked = " This is a drill." if state.drill else ""
        text = f"{state.severity} incident opened on {service_names(state.snapshot)}: {state.title}.{marked}"
        live.log(Kind.OPENED, text, at=state.opened_at, severity=state.severity)
        state.automated = automated.begun(state)
        if respond.paging_begins(state) is None:
            live.log(Kind.RUN, f"Nobody is paged for a {state.severity}.", at=state.opened_at)
        elif later := respond.deadline(state, state.opened_at):
            text = f"Nobody is paged before {later.at:%Y-%m-%d %H:%M:%S} UTC: {later.name}."
            live.log(Kind.RUN, text, at=state.opened_at)
    for alert in arrived:
        attach_alert(live, alert)


def attach_alert(live: LiveIncident, alert: Alert) -> None:
    """Count the alert. If it is worse than what is known, the severity rises, and people are called whoever
    has acknowledged before (spec 1.5); if it brings a finished incident back, it reopens (spec 10.3)."""
    state, tally = live.state, live.state.alerts
    if live.handed_over:
        if alert.status == "firing" and lifecycle.is_news(alert, state):
            state.arrived.append(alert)
        return
    news, back = lifecycle.is_news(alert, state), lifecycle.reopens(alert, state, live.now())
    tally.received += 1
    if news:
        tally.recent = [*tally.recent, alert.identity][-MOST_ALERTS:]
        firing = [fingerprint for fingerprint in tally.firing if fingerprint != alert.fingerprint]
        tally.firing = ([*firing, alert.fingerprint] if alert.status == "firing" else firing)[-MOST_ALERTS:]
        tally.first_started_at = min(tally.first_started_at or alert.starts_at, alert.starts_at)
        verb = "fires" if alert.status == "firing" else "has resolved"
        text = f"{alert.title} {verb} ({alert.source})."
        if who := alert.extra.get("declared_by"):
            text = f"{who} declared it: {alert.title}."
        if alert.service_claimed:
            taken = f"{state.snapshot.service.name}'s ladder is used"
            text += f" No service {alert.service_claimed!r} is known here; {taken}."
        live.log(Kind.ALERT, text, at=alert.received_at, alert=alert.model_dump(mode="json"))
    if back:
        reopen(state, live.now())
        live.log(Kind.REOPENED, f"Reopened: {alert.title} fires again.")
    if news and alert.status == "firing":
        _take_its_word(live, alert)
    live.changed()


def _take_its_word(live: LiveIncident, alert: Alert) -> None:
    """What an alert says of how bad it is: it may rise, and never falls by itself (spec 1.4, 1.5)."""
    state, rules = live.state, live.state.snapshot.classification
    claim = classify(alert, rules, state.snapshot.severities)
    if claim and claim.rank <= state.grade.rank:
        state.classified = True
    if data_loss(alert, rules) and not state.data_loss:
        state.data_loss = True
        before = state.grade
        set_severity(live, worst(state), "data may be lost", to_the_top=True)
        if state.grade is before and state.commander:
            call_all(live, why="data may be lost", rung=top_rung(state))
    elif severity := risen(claim, state):
        set_severity(live, severity, alert.title)


def reopen(state: IncidentState, now: datetime) -> None:
    """Back to where nobody has it; what was learned stays, and every clock starts anew."""
    state.status, state.document_due = Status.DETECTED, False
    state.acknowledged_at = state.mitigated_at = state.resolved_at = state.closed_at = None
    state.fix_deployed = state.metrics_recovering = False
    state.closing_asked_at = state.closing_called_at = None
    state.progress_at = state.level_raised_at = state.still_asked_at = state.relief_asked_at = None
    state.severity_since, state.level = now, 0
    state.role_asks.clear()
    state.roles.pop(Role.COMMANDER, None)
    if state.war_room:
        state.war_room = state.war_room.model_copy(update={"closed_at": None})


def acknowledge(live: LiveIncident, answer: Answer) -> Said:
    """Somebody takes the incident: that ends the ladder run for good (spec 3.3)."""
    state, run = live.state, live.state.ringing
    if (known := state.answers.get(answer.source_id)) or answer.incident_id != state.id:
        return known or _stale(live, answer)
    if not state.status.unresolved and run is None:
        return _too_late(live, answer, f"The incident is already {state.status.value}.")
    if run is None and state.commander:
        mine = state.commander.id == answer.by.id and bool(answer.by.id)
        return _too_late(
            live, answer, "You already have it." if mine else f"{state.commander.name} already has it."
        )
    if answer.page and not (run and answer.page.run == run.id):
        return _stale(live, answer)
    at = _when(live, answer.at, run)
    live.know(answer.contacts)
    if run:
        _end_attempt(live, run, answer, Outcome.ACKNOWLEDGED, at)
        run.end(at, answer.by, f"acknowledged by {answer.by.name}")
    state.status = lifecycle.acknowledged(state)
    state.acknowledged_at = state.acknowledged_at or at
    live.log(
        Kind.ACKNOWLEDGED,
        f"{answer.by.name} acknowledged by {answer.via}.",
        at=at,
        person=answer.by.id,
        via=answer.via,
        heard=answer.heard,
        confidence=answer.confidence,
    )
    if state.commander is None:
        state.roles[Role.COMMANDER] = Holder(person=answer.by, since=at)
        live.log(Kind.COMMANDER, f"{answer.by.name} is incident commander, as first responder.", at=at)
        if state.snapshot.response and state.grade.checkpoints:
            tell_inside(live)
    elif run and run.role:
        take_role(live, run.role, answer.by, at)
    return live.remember(answer.source_id, Said(accepted=True, text=words.taken(run, answer.by, state)))


def pass_on(live: LiveIncident, answer: Answer) -> Said:
    """Somebody who was paged cannot take it: the next rung is paged at once (spec 3.6)."""
    state, run = live.state, live.state.ringing
    if (known := state.answers.get(answer.source_id)) or answer.incident_id != state.id:
        return known or _stale(live, answer)
    if run is None or (answer.page and answer.page.run != run.id):
        return _stale(live, answer)
    at = _when(live, answer.at, run)
    if answer.page and (attempt := run.attempt(answer.page.attempt)):
        concerns_rung = (attempt.round, attempt.rung) == (run.round, run.rung)
    else:
        concerns_rung = answer.by.id in ladder.rungs_of(run, state.snapshot)[run.rung].people
    paged = any(attempt.person == answer.by.id for attempt in run.attempts)
    if not (answer.page or concerns_rung or paged):
        text = "You are not being paged for it, so there is nothing to pass on."
        return live.remember(answer.source_id, Said(accepted=False, text=text))
    _end_attempt(live, run, answer, Outcome.PASSED, at)
    if concerns_rung:
        run.climb_now = f"{answer.by.name} passed it on"
    live.log(
        Kind.PASSED,
        f"{answer.by.name} passed it on by {answer.via}.",
        at=at,
        person=answer.by.id,
        heard=answer.heard,
    )
    return live.remember(answer.source_id, Said(accepted=True, text="Passed on. The next person is paged."))


def carrier_event(live: LiveIncident, event: CarrierEvent) -> None:
    """The carrier says what becomes of a page; what concerns no present attempt changes nothing."""
    run = live.state.run
    attempt = _attempt(live, event.page)
    if run is None or attempt is None:
        return
    after = attempts.after_event(attempt, event, live.state.snapshot.timing, live.now())
    if after != attempt:
        run.put(after)
        note_progress(live, attempt, after)


def escalate(live: LiveIncident, message: Escalate) -> Said:
    """The next rung, now. With nobody being paged a new run begins, one rung above the last one's."""
    state, run = live.state, live.state.run
    if known := state.answers.get(message.source_id):
        return known
    why = f"{message.by.name} escalated" + (f": {message.reason}" if message.reason else "")
    if run and not run.ended_at:
        run.climb_now = why
    else:
        begin_run(
            live,
            rung=next_rung(state) if run else reached(state.snapshot.ladder.rungs, state.grade)[0],
            why=why,
            purpose="help" if state.commander else "take",
        )
    return live.remember(message.source_id, Said(accepted=True, text="The next rung is paged."))


def resolve(live: LiveIncident, message: Resolve) -> Said:
    """The harm is over: paging ends, and the document is owed (spec 6.7, 9.1)."""
    state = live.state
    if known := state.answers.get(message.source_id):
        return known
    if state.ringing:
        state.ringing.end(live.now(), message.by, f"resolved by {message.by.name}")
    state.status, state.resolved_at, state.resolution = Status.RESOLVED, live.now(), message.resolution
    state.cause, state.recurs, state.engineer_hours = message.cause, message.recurs, message.engineer_hours
    state.fix_deployed |= message.fix_deployed
    state.metrics_recovering |= message.metrics_recovering
    state.postmortem_owner = message.postmortem_owner or state.postmortem_owner
    state.document_due = True
    live.log(Kind.RESOLVED, f"{message.by.name} resolved it: {message.resolution}", person=message.by.id)
    # A checkpoint that nobody will ask for any more is none.
    state.checkpoints = [c for c in state.checkpoints if not c.open or c.asked_at]
    if state.snapshot.response:
        tell_inside(live)
    return live.remember(message.source_id, Said(accepted=True, text="Resolved."))


def close(live: LiveIncident, message: Close) -> Said:
    """Nothing more is to be done."""
    state = live.state
    if known := state.answers.get(message.source_id):
        return known
    state.status, state.closed_at = Status.CLOSED, live.now()
    state.document_due = True  # It shall tell the end, too.
    live.log(Kind.CLOSED, f"{message.by.name} closed it.", person=message.by.id)
    return live.remember(message.source_id, Said(accepted=True, text="Closed."))


def _attempt(live: LiveIncident, page: Page) -> Attempt | None:
    run = live.state.run
    if run is None or (page.incident_id, page.run) != (live.state.id, run.id):
        return None
    return run.attempt(page.attempt)


def _when(live: LiveIncident, said_at: datetime, run: LadderRun | None) -> datetime:
    """When somebody said it, within reason: after the run began, and not in the future."""
    return min(max(said_at, run.began_at if run else said_at), live.now())


def _end_attempt(live: LiveIncident, run: LadderRun, answer: Answer, outcome: Outcome, at: datetime) -> None:
    """End the attempt that was answered: the one named, or the person's latest message."""
    attempt = _attempt(live, answer.page) if answer.page else None
    if attempt is None and not answer.page:
        own = (
            a for a in reversed(run.attempts) if a.person == answer.by.id and a.method == "sms" and not a.over
        )
        attempt = next(own, None)
    if attempt is not None:
        heard = {"heard": answer.heard, "confidence": answer.confidence}
        run.put(attempts.ended(attempt.model_copy(update=heard), outcome, at))
        live.changed()


def _stale(live: LiveIncident, answer: Answer) -> Said:
    """An answer to a page of another time. It changes nothing, and is told so."""
    owner = live.state.commander
    return Said(
        accepted=False, text=f"This page is over. {owner.name} has it." if owner else "This page is over."
    )


def _too_late(live: LiveIncident, answer: Answer, text: str) -> Said:
    """Acknowledging what is taken or over is harmless, and recorded."""
    since = live.state.acknowledged_at
    told = f"{text} Since {clock(since)}." if since and "already has" in text else text
    live.log(
        Kind.ACKNOWLEDGED,
        f"{answer.by.name} acknowledged too, by {answer.via}. {text}",
        at=min(answer.at, live.now()),
        person=answer.by.id,
        late=True,
    )
    return live.remember(answer.source_id, Said(accepted=False, text=told))
