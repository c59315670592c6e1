"""Pages, one by one: what `policy.ladder` finds due is done, and written down (spec 3)."""

from domain.due import Action, Climb, GiveUp, LeaveWords, Look, Try, Withdraw
from domain.ladder import Attempt, LadderRun
from domain.people import Method
from domain.timeline import Kind
from policy import cards_page, ladder, report
from workflows.live_incident import LiveIncident
from workflows.sending import leave_words, look, send, take_back

DOING: dict[Method, str] = {"call": "Calling", "sms": "Texting", "slack": "Writing in Slack to"}
"""What is being done, by the way to page somebody."""


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
            live.spawn(look(live, run, number))
        case LeaveWords(attempt=number):
            _change(live, run, number, message_left=True)
            live.spawn(leave_words(live, run, number))
        case Withdraw(attempt=number):
            _change(live, run, number, withdrawing=True)
            live.withdraw(number)
            live.spawn(take_back(live, run, number))


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
    again = f", round {climb.round + 1}" if climb.round != run.round else ""
    run.rung, run.round, run.climb_now, run.rung_began_at = climb.rung, climb.round, None, live.now()
    note_level(live, run)
    name = report.rung_name(run, snapshot)
    live.log(
        Kind.RUNG,
        f"The ladder goes to {name}{again}: {climb.why}.",
        run=run.id,
        rung=name,
        round=run.round + 1,
        why=climb.why,
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
    if attempt.method == "slack":
        attempt = attempt.model_copy(update={"to": cards_page.address(state, attempt)})
    run.attempts = [*ladder.kept(run, attempt), attempt]
    rung = "fallback" if due.rung == ladder.FALLBACK else ladder.rungs_of(run, state.snapshot)[due.rung].name
    live.log(
        Kind.PAGE,
        f"{DOING[attempt.method]} {due.person.name} ({rung}).",
        person=due.person.id,
        attempt=attempt.id,
        method=attempt.method,
        run=run.id,
        rung=rung,
        round=run.round + 1,
    )
    live.spawn(send(live, run, attempt))
