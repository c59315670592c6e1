"""What a carrier, or chat, is asked to do with a page, and what it answers (spec 3.3, 13.3)."""

from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import ActivityError, is_cancelled_exception

from domain import jobs
from domain.jobs import Found, HangUp, LeaveMessage, LookUp, PlaceCall, Placed, SendSms, Told, WithdrawSlack
from domain.ladder import Attempt, AttemptState, LadderRun, Outcome
from domain.messages import PHONE_QUEUE, WORK_QUEUE, Page
from domain.timeline import Kind
from policy import attempts, cards_page, ladder, words
from workflows.live_incident import LiveIncident
from workflows.noting import settle

CARRIER_TIMEOUT = timedelta(seconds=15)
"""How long the carrier may take to answer a request before its fate counts as unknown."""

PAUSES = timedelta(0), timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=5)
"""Before each try to take the buttons off a post."""

HEARTBEAT = timedelta(seconds=4)
"""How long a worker that hands a page to the carrier may be silent before it counts as dead."""


async def send(live: LiveIncident, run: LadderRun, attempt: Attempt) -> None:
    """Hand a page to the carrier. A worker that dies over it leaves its fate unknown."""
    try:
        placed = await _placed(live, run, attempt)
    except ActivityError as error:
        if is_cancelled_exception(error):
            settle(
                live, run, attempts.ended(run.attempt(attempt.id) or attempt, Outcome.WITHDRAWN, live.now())
            )
            return
        detail = f"no answer from the carrier: {error.cause or error}"
        # In chat the next try finds what may have been posted; a phone that may ring is looked for first.
        placed = Placed(result="unavailable" if attempt.method == "slack" else "unknown", detail=detail)
    # One that left although it was being withdrawn has to be taken back now.
    known = (run.attempt(attempt.id) or attempt).model_copy(update={"withdrawing": False})
    settle(live, run, attempts.after_placed(known, placed, live.state.snapshot.timing, live.now()))
    if run is not live.state.run and attempt.method != "sms":
        await look_and_take_back(live, run, attempt.id)


async def _placed(live: LiveIncident, run: LadderRun, attempt: Attempt) -> Placed:
    state = live.state
    page = _page(live, run, attempt)
    name, limits = state.snapshot.people[attempt.person].name, state.snapshot.limits
    if attempt.method == "slack":
        return await live.job(
            jobs.SEND_SLACK,
            cards_page.page(state, run, attempt),
            Placed,
            timeout=CARRIER_TIMEOUT,
            summary=f"{state.severity} Slack message to {name}",
            attempt=attempt.id,
        )
    if attempt.method == "call":
        return await live.job(
            jobs.PLACE_CALL,
            PlaceCall(
                page=page,
                to=attempt.to,
                ring_for=state.snapshot.timing.ring_for,
                person=attempt.person,
                rank=state.grade.rank,
                limits=limits,
                at=attempt.requested_at,
            ),
            Placed,
            queue=PHONE_QUEUE,
            timeout=CARRIER_TIMEOUT,
            heartbeat=HEARTBEAT,
            summary=f"{state.severity} call to {name}",
            attempt=attempt.id,
        )
    told = attempt.rung == ladder.FALLBACK
    return await live.job(
        jobs.SEND_SMS,
        SendSms(
            page=page,
            to=attempt.to,
            text=words.fallback_message(state, run.round) if told else words.text_message(state),
            person=attempt.person,
            rank=state.grade.rank,
            limits=None if told else limits,
            at=attempt.requested_at,
        ),
        Placed,
        timeout=CARRIER_TIMEOUT,
        heartbeat=HEARTBEAT,
        summary=f"{state.severity} text message to {name}",
        attempt=attempt.id,
    )


def _page(live: LiveIncident, run: LadderRun, attempt: Attempt) -> Page:
    return Page(incident_id=live.state.id, run=run.id, attempt=attempt.id)


async def look(live: LiveIncident, run: LadderRun, number: int) -> None:
    """Ask the carrier what became of a page of which too little was heard."""
    attempt = run.attempt(number)
    if attempt is None:
        return
    present = live.state.run.attempts if live.state.run else []
    known = tuple(a.carrier_id for a in (*run.attempts, *present) if a.carrier_id and a.id != number)
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
    settle(live, run, attempts.after_look(latest, found, live.state.snapshot.timing, live.now()))


async def look_and_take_back(live: LiveIncident, run: LadderRun, number: int) -> None:
    """Take back a page of a run that is over. Where it is unknown whether it left, it is looked for first:
    nobody will ask after it any more."""
    attempt = run.attempt(number)
    if attempt and attempt.state is AttemptState.UNKNOWN:
        await workflow.sleep(live.state.snapshot.timing.trace_after, summary="carrier's word on an old page")
        await look(live, run, number)
    latest = run.attempt(number)
    if latest and not latest.over:
        await take_back(live, run, number)


async def leave_words(live: LiveIncident, run: LadderRun, number: int) -> None:
    """Speak to the machine that answered (spec 4.2)."""
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


async def take_back(live: LiveIncident, run: LadderRun, number: int) -> None:
    """Hang up a call that nobody needs any more, or take the buttons off a post."""
    attempt = run.attempt(number)
    if attempt is None or attempt.carrier_id is None:
        return
    if attempt.method == "slack":
        await _take_buttons_off(live, run, attempt)
        return
    work = HangUp(carrier_id=attempt.carrier_id, page=_page(live, run, attempt))
    told = await _tell_carrier(live, jobs.HANG_UP, work)
    if told.done:
        _withdrawn(live, run, attempt)


async def _take_buttons_off(live: LiveIncident, run: LadderRun, attempt: Attempt) -> None:
    """A call stops ringing by itself; a post asks for somebody for ever, so this is tried again."""
    told = Told(done=False)
    for pause in PAUSES:
        if pause:
            await workflow.sleep(pause, summary="a post taken back")
        work = cards_page.withdrawal(live.state, run, run.attempt(attempt.id) or attempt)
        told = await _tell_carrier(live, jobs.WITHDRAW_SLACK, work)
        if told.done:
            _withdrawn(live, run, attempt)
            return
    name = live.state.snapshot.people[attempt.person].name
    text = f"The Slack message to {name} keeps its buttons: it could not be changed ({told.detail})."
    live.log(Kind.CARRIER, text, person=attempt.person, attempt=attempt.id)


def _withdrawn(live: LiveIncident, run: LadderRun, attempt: Attempt) -> None:
    latest = run.attempt(attempt.id) or attempt
    settle(live, run, attempts.ended(latest, Outcome.WITHDRAWN, live.now()))


async def _tell_carrier(live: LiveIncident, job: str, work: HangUp | LeaveMessage | WithdrawSlack) -> Told:
    try:
        return await live.job(job, work, Told, queue=WORK_QUEUE, timeout=CARRIER_TIMEOUT, summary=job)
    except ActivityError as error:
        return Told(done=False, detail=str(error.cause or error))
