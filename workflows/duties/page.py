"""The duty to page: the ladder is climbed until somebody has the incident (spec 3).

What is due is `policy.ladder`'s to say. This file only does it, and writes down what came of it.
"""

from datetime import datetime, timedelta

from temporalio.exceptions import ActivityError, is_cancelled_exception

from domain import jobs
from domain.due import Action, Climb, GiveUp, LeaveWords, Look, Try, Withdraw
from domain.jobs import Found, HangUp, LeaveMessage, LookUp, PlaceCall, Placed, SendSms, Told
from domain.ladder import Attempt, AttemptState, LadderRun, Outcome, Purpose, Rung
from domain.messages import PHONE_QUEUE, WORK_QUEUE, Page
from domain.people import PersonRef
from domain.roles import Role
from domain.timeline import Kind
from policy import attempts, ladder, lifecycle, report, words
from workflows.live_incident import LiveIncident

CARRIER_TIMEOUT = timedelta(seconds=15)
"""How long the carrier may take to answer a request before its fate counts as unknown."""

HEARTBEAT = timedelta(seconds=4)
"""How long a worker that hands a page to the carrier may be silent before it counts as dead."""


async def page(live: LiveIncident) -> None:
    """Do whatever paging owes, then wait for its next deadline or for news."""
    while True:
        if lifecycle.wants_run(live.state):
            begin_run(live, rung=0, why="nobody has the incident")
        state = live.state
        due = ladder.due(state.run, state.grade, state.snapshot, live.now())
        if state.run and due.actions and not live.holding:
            for action in due.actions:
                _perform(live, state.run, action)
            continue
        live.alarm.set(due.deadline)
        await live.turn()


def begin_run(
    live: LiveIncident,
    *,
    why: str,
    rung: int = 0,
    rungs: tuple[Rung, ...] | None = None,
    rounds: int | None = None,
    purpose: Purpose = "take",
    about: str = "",
    asks: str = "",
    role: Role | None = None,
) -> None:
    """Begin to climb the ladder at this rung, or rungs of its own."""
    state, now = live.state, live.now()
    if state.ringing:
        end_run(state.ringing, now, None, why)
    if state.run:
        # Whatever the last run still has outside is taken back before it is forgotten.
        for action in ladder.due(state.run, state.grade, state.snapshot, now).actions:
            _perform(live, state.run, action)
    state.runs_begun += 1
    state.run = LadderRun(
        id=state.runs_begun,
        began_at=now,
        rung=rung,
        rung_began_at=now,
        rungs=rungs,
        rounds=rounds,
        purpose=purpose,
        about=about,
        asks=asks,
        role=role,
    )
    _note_level(live, state.run)
    name = report.rung_name(state.run, state.snapshot)
    live.log(Kind.RUN, f"Ladder run {state.run.id} begins at {name}: {why}.", run=state.run.id, rung=name)


def end_run(run: LadderRun, at: datetime, by: PersonRef | None, why: str) -> None:
    """No further page of this run goes out (spec 3.3)."""
    run.ended_at, run.ended_by, run.ended_why, run.climb_now = at, by, why, None


def call_about(
    live: LiveIncident, about: str, who: PersonRef | None, *, title: str, why: str, asks: str
) -> None:
    """Phone one person, once, about something that only they can do or have done: the commander, or who
    allows what is of high impact. Who has no number here is named, so that somebody walks over."""
    known = live.state.snapshot.people
    if who is None or who.id not in known:
        name = who.name if who else f"Nobody is {title}, who"
        live.log(Kind.ASKED, f"{name} cannot be phoned although {why}.", about=about)
        return
    rungs = (Rung(name=title, people=(who.id,)),)
    begin_run(live, why=why, rungs=rungs, rounds=1, purpose="duty", about=about, asks=asks)


def end_call_about(live: LiveIncident, about: str, by: PersonRef) -> None:
    """What somebody was being phoned about is done."""
    run = live.state.ringing
    if run and run.purpose == "duty" and run.about == about:
        end_run(run, live.now(), by, f"{about} is taken care of")


def _note_level(live: LiveIncident, run: LadderRun) -> None:
    """How far up the ladder the incident has come, by any run that climbs all of it (spec 3.4)."""
    if run.purpose not in ("role", "duty"):
        live.state.level = max(live.state.level, run.rung)


def _perform(live: LiveIncident, run: LadderRun, action: Action) -> None:
    match action:
        case GiveUp():
            end_run(run, live.now(), None, "nobody answered")
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


def _change(live: LiveIncident, run: LadderRun, number: int, **update: object) -> None:
    if attempt := run.attempt(number):
        run.put(attempt.model_copy(update=update))
        live.changed()


def _climb(live: LiveIncident, run: LadderRun, climb: Climb) -> None:
    snapshot = live.state.snapshot
    run.rung, run.round, run.climb_now, run.rung_began_at = climb.rung, climb.round, None, live.now()
    _note_level(live, run)
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
        _try(live, run, Try(person=fallback, rung=ladder.FALLBACK, rule=0))


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
