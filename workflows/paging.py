"""Pages, one by one: what `policy.ladder` finds due is done, and what comes of it is written down (spec
3)."""

from datetime import timedelta

from temporalio.exceptions import ActivityError, is_cancelled_exception

from domain import jobs
from domain.due import Action, Climb, GiveUp, LeaveWords, Look, Try, Withdraw
from domain.jobs import Found, HangUp, LeaveMessage, LookUp, PlaceCall, Placed, SendSms, Told
from domain.ladder import Attempt, AttemptState, LadderRun, Outcome
from domain.messages import PHONE_QUEUE, WORK_QUEUE, Page
from domain.timeline import Kind
from policy import attempts, ladder, report, words
from workflows.live_incident import LiveIncident

CARRIER_TIMEOUT = timedelta(seconds=15)
"""How long the carrier may take to answer a request before its fate counts as unknown."""

HEARTBEAT = timedelta(seconds=4)
"""How long a worker that hands a page to the carrier may be silent before it counts as dead."""


def perform(live: LiveIncident, run: LadderRun, action: Action) -> None:
    """Do one thing that a run asks for."""
    match action:
        case GiveUp():
            run.end(live.now(), None, "nobody answered")
            live.log(Kind.RUN, f"Ladder run {run.id} ends: nobody answered.", run=run.id)
        case Climb():
            _climb(live, run, action)
        case Try():
            _try(live, run, action)
        case Look(attempt=number):
            _change(live, run, number, look_at=None)
            live.spawn(_look(live, run, number))
        case LeaveWords(attempt=number):
            _change(live, run, number, message_left=True)
            live.spawn(_leave_words(live, run, number))
        case Withdraw(attempt=number):
            _change(live, run, number, withdrawing=True)
            live.withdraw(number)
            live.spawn(_hang_up(live, run, number))


def note_level(live: LiveIncident, run: LadderRun) -> None:
    """How far up the ladder the incident has come, by any run that climbs all of it (spec 3.4)."""
    if run.purpose not in ("role", "duty"):
        live.state.level = max(live.state.level, run.rung)


def _change(live: LiveIncident, run: LadderRun, number: int, **update: object) -> None:
    if attempt := run.attempt(number):
        run.put(attempt.model_copy(update=update))
        live.changed()


def _climb(live: LiveIncident, run: LadderRun, climb: Climb) -> None:
    snapshot = live.state.snapshot
    run.rung, run.round, run.climb_now, run.rung_began_at = climb.rung, climb.round, None, live.now()
    note_level(live, run)
    name = report.rung_name(run, snapshot)
    again = f", round {run.round + 1}" if climb.rung == 0 else ""
    live.log(
        Kind.RUNG,
        f"The ladder goes to {name}{again}: {climb.why}.",
        run=run.id,
        rung=name,
        round=run.round + 1,
    )
    fallback = snapshot.people.get(snapshot.ladder.fallback or "")
    if climb.tell_fallback and fallback:
        for number in range(len(fallback.rules)):
            _try(live, run, Try(person=fallback, rung=ladder.FALLBACK, rule=number))


def _try(live: LiveIncident, run: LadderRun, due: Try) -> None:
    state = live.state
    state.attempts_made += 1
    attempt = Attempt(
        id=state.attempts_made,
        person=due.person.id,
        method=due.person.rules[due.rule].method,
        to=due.person.phone,
        round=run.round,
        rung=due.rung,
        rule=due.rule,
        requested_at=live.now(),
    )
    run.attempts = [*ladder.kept(run, attempt), attempt]
    rung = "fallback" if due.rung == ladder.FALLBACK else ladder.rungs_of(run, state.snapshot)[due.rung].name
    doing = "Calling" if attempt.method == "call" else "Texting"
    live.log(
        Kind.PAGE,
        f"{doing} {due.person.name} ({rung}).",
        person=due.person.id,
        attempt=attempt.id,
        method=attempt.method,
        run=run.id,
        rung=rung,
        round=run.round + 1,
    )
    live.spawn(_send(live, run, attempt))


async def _send(live: LiveIncident, run: LadderRun, attempt: Attempt) -> None:
    """Hand a page to the carrier. A worker that dies over it leaves its fate unknown."""
    state = live.state
    page = Page(incident_id=state.id, run=run.id, attempt=attempt.id)
    name = state.snapshot.people[attempt.person].name
    try:
        if attempt.method == "call":
            ring_for = state.snapshot.timing.ring_for
            placed = await live.job(
                jobs.PLACE_CALL,
                PlaceCall(page=page, to=attempt.to, ring_for=ring_for),
                Placed,
                queue=PHONE_QUEUE,
                timeout=CARRIER_TIMEOUT,
                heartbeat=HEARTBEAT,
                summary=f"{state.severity} call to {name}",
                attempt=attempt.id,
            )
        else:
            told = attempt.rung == ladder.FALLBACK
            text = words.fallback_message(state, run.round) if told else words.text_message(state)
            placed = await live.job(
                jobs.SEND_SMS,
                SendSms(page=page, to=attempt.to, text=text),
                Placed,
                timeout=CARRIER_TIMEOUT,
                heartbeat=HEARTBEAT,
                summary=f"{state.severity} text message to {name}",
                attempt=attempt.id,
            )
    except ActivityError as error:
        if is_cancelled_exception(error):
            _settle(
                live, run, attempts.ended(run.attempt(attempt.id) or attempt, Outcome.WITHDRAWN, live.now())
            )
            return
        placed = Placed(result="unknown", detail=f"no answer from the carrier: {error.cause or error}")
    # One that left although it was being withdrawn has to be hung up now.
    known = (run.attempt(attempt.id) or attempt).model_copy(update={"withdrawing": False})
    _settle(live, run, attempts.after_placed(known, placed, state.snapshot.timing, live.now()))
    if run is not state.run and attempt.method == "call":
        await _hang_up(live, run, attempt.id)


async def _look(live: LiveIncident, run: LadderRun, number: int) -> None:
    """Ask the carrier what became of a page of which too little was heard."""
    attempt = run.attempt(number)
    if attempt is None:
        return
    known = tuple(a.carrier_id for a in run.attempts if a.carrier_id and a.id != number)
    try:
        found = await live.job(
            jobs.LOOK_UP,
            LookUp(
                method=attempt.method,
                to=attempt.to,
                since=attempt.requested_at,
                carrier_id=attempt.carrier_id,
                known=known,
            ),
            Found,
            timeout=CARRIER_TIMEOUT,
            summary=f"what became of the {attempt.method} to {attempt.person}",
        )
    except ActivityError:
        found = Found(checked=False)
    latest = run.attempt(number) or attempt
    _settle(live, run, attempts.after_look(latest, found, live.state.snapshot.timing, live.now()))


async def _leave_words(live: LiveIncident, run: LadderRun, number: int) -> None:
    attempt = run.attempt(number)
    if attempt is None or attempt.carrier_id is None:
        return
    text = words.voicemail(words.briefing(live.report()))
    told = await _tell_carrier(
        live, jobs.LEAVE_MESSAGE, LeaveMessage(carrier_id=attempt.carrier_id, text=text)
    )
    name = live.state.snapshot.people[attempt.person].name
    said = "A message was left" if told.done else f"No message could be left ({told.detail})"
    live.log(Kind.CARRIER, f"{said} on {name}'s voicemail.", person=attempt.person, attempt=number)


async def _hang_up(live: LiveIncident, run: LadderRun, number: int) -> None:
    attempt = run.attempt(number)
    if attempt is None or attempt.carrier_id is None:
        return
    told = await _tell_carrier(live, jobs.HANG_UP, HangUp(carrier_id=attempt.carrier_id))
    latest = run.attempt(number) or attempt
    if told.done:
        _settle(live, run, attempts.ended(latest, Outcome.WITHDRAWN, live.now()))


async def _tell_carrier(live: LiveIncident, job: str, work: HangUp | LeaveMessage) -> Told:
    try:
        return await live.job(job, work, Told, queue=WORK_QUEUE, timeout=CARRIER_TIMEOUT, summary=job)
    except ActivityError as error:
        return Told(done=False, detail=str(error.cause or error))


def _settle(live: LiveIncident, run: LadderRun, attempt: Attempt) -> None:
    """Store what became of an attempt, and tell the timeline what is new about it."""
    before = run.attempt(attempt.id)
    run.put(attempt)
    note_progress(live, before, attempt)


_PROGRESS = {
    ("call", AttemptState.RINGING): "{name}'s phone rings.",
    ("call", AttemptState.ANSWERED): "{name}'s phone was answered.",
    ("call", AttemptState.UNKNOWN): "Whether the call to {name} left is unknown; the carrier will be asked.",
    (
        "sms",
        AttemptState.UNKNOWN,
    ): "Whether the message to {name} left is unknown; the carrier will be asked.",
    ("sms", AttemptState.DELIVERED): "The message reached {name}'s phone.",
}


def note_progress(live: LiveIncident, before: Attempt | None, after: Attempt) -> None:
    """Write down what is new about an attempt: a further state, or its end (spec 3.7, 4.5)."""
    live.changed()
    name = live.state.snapshot.people[after.person].name
    facts = {
        "attempt": after.id,
        "method": after.method,
        "carrier_id": after.carrier_id,
        "state": after.state.value,
        "seconds": {
            state.value: round((at - after.requested_at).total_seconds(), 1)
            for state, at in after.reached.items()
        },
    }
    if after.outcome and not (before and before.outcome):
        # Why a line was busy or nobody answered is plain; the carrier's code for it stays with the data.
        plain = after.outcome in (Outcome.BUSY, Outcome.NO_ANSWER, Outcome.WITHDRAWN, Outcome.VOICEMAIL)
        detail = f" ({after.detail})" if after.detail and not plain else ""
        what = "Call" if after.method == "call" else "Message"
        text = f"{what} to {name}: {after.outcome.value}{detail}."
        live.log(
            Kind.CARRIER,
            text,
            at=after.ended_at,
            person=after.person,
            outcome=after.outcome.value,
            detail=after.detail,
            **facts,
        )
        return
    progress = _PROGRESS.get((after.method, after.state))
    if progress and not after.over and not (before and after.state in before.reached):
        at = after.reached[after.state]
        live.log(Kind.CARRIER, progress.format(name=name), at=at, person=after.person, **facts)
