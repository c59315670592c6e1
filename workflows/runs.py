"""Ladder runs: each begins for a reason, and ends for good (spec 3.3). There is one at a time."""

from domain.ladder import AttemptState, LadderRun, Purpose, Rung
from domain.people import PersonRef
from domain.roles import Role
from domain.timeline import Kind
from policy import ladder, report
from policy.standing import passed_over
from workflows.live_incident import LiveIncident
from workflows.paging import note_level, perform
from workflows.sending import look_and_take_back


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
        state.ringing.end(now, None, why)
    if state.run:
        # Whatever the last run still has outside is taken back before it is forgotten.
        for action in ladder.due(state.run, state.grade, state.snapshot, now).actions:
            perform(live, state.run, action)
        for attempt in state.run.attempts:
            if attempt.state is AttemptState.UNKNOWN:
                live.spawn(look_and_take_back(live, state.run, attempt.id))
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
    note_level(live, state.run)
    name = report.rung_name(state.run, state.snapshot)
    live.log(
        Kind.RUN, f"Ladder run {state.run.id} begins at {name}: {why}.", run=state.run.id, rung=name, why=why
    )


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
        run.end(live.now(), by, f"{about} is taken care of")


def call_all(live: LiveIncident, *, why: str, rung: int) -> None:
    """Page everybody up to this rung at once, and with them the active owner (spec 1.4, 1.5, 3.5)."""
    state = live.state
    rungs, owner = list(state.snapshot.ladder.rungs), state.commander
    lower = [each for each in rungs[: rung + 1] if not passed_over(each, state.grade)]
    below = [person for each in lower for person in each.people]
    owners = [owner.id] if owner and owner.id in state.snapshot.people else []
    name = f"everybody up to {rungs[rung].name}" if below != list(rungs[rung].people) else rungs[rung].name
    rungs[rung] = rungs[rung].model_copy(
        update={"name": name, "people": tuple(dict.fromkeys([*owners, *below]))}
    )
    state.level_raised_at = live.now()
    asks = f"It is a {state.severity} now. Please join." if owner else ""
    begin_run(live, why=why, rung=rung, rungs=tuple(rungs), purpose="rise" if owner else "take", asks=asks)
