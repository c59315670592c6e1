"""Who is paged next, how, and when (spec 3.2, 3.3, 3.6).

`due` looks at one climb of the ladder and says what is to be done at this moment and when to look
again. It keeps nothing: the climb's own record is all it needs, so a restart changes nothing.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from domain.base import Deadline
from domain.due import Action, Climb, Due, GiveUp, LeaveWords, Look, Try, Withdraw
from domain.ladder import Attempt, AttemptState, LadderRun, Outcome, Rung
from domain.people import NotificationRule, Person
from domain.severity import Severity
from domain.snapshot import Snapshot
from policy.attempts import CAME_TO_NOTHING, TO_BE_TRIED_AGAIN
from policy.calendar import in_working_time, working
from policy.standing import reached


class _Agenda:
    """What is due, being gathered."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.actions: list[Action] = []
        self._later: list[tuple[Deadline, Action]] = []

    def at(self, moment: datetime, name: str, action: Action) -> None:
        """Do it if its moment has come, else remember the moment."""
        if moment <= self.now:
            self.actions.append(action)
        else:
            self._later.append((Deadline(name=name, at=moment), action))

    def next(self, *, of_people: bool = False) -> Deadline | None:
        """The first of the moments to come; of those only that people wait for, if asked so."""
        deadlines = [
            deadline for deadline, action in self._later if not (of_people and isinstance(action, Look))
        ]
        return min(deadlines, key=lambda deadline: deadline.at, default=None)


FALLBACK = -1
"""The rung of those pages that tell the fallback that nobody answers."""


def due(run: LadderRun | None, severity: Severity, snapshot: Snapshot, now: datetime) -> Due:
    """What paging owes at this moment."""
    agenda = _Agenda(now)
    if run is None:
        return Due()
    _watch(run, snapshot, agenda)
    if run.ended_at:
        agenda.actions.extend(_withdrawals(run))
    else:
        agenda.actions.extend(LeaveWords(attempt.id) for attempt in run.attempts if _machine_waits(attempt))
        climb_at, climb = _climb(run, severity, snapshot, now)
        agenda.at(climb_at, f"ack window: {_names(run, snapshot)}", climb)
        if climb_at > now:
            _tries_of_round(run, severity, snapshot, agenda)
    return Due(tuple(agenda.actions), agenda.next(), agenda.next(of_people=True))


def ack_window_ends(run: LadderRun, severity: Severity, snapshot: Snapshot) -> datetime:
    """When the present rung has had its time: counted from the first notification that left, and at
    the latest from a fixed while after the rung began, should nothing leave (spec 3.2)."""
    latest = run.rung_began_at + snapshot.timing.window_starts_within
    here = (a.left_at for a in run.attempts if (a.round, a.rung) == (run.round, run.rung) and a.left_at)
    return min([latest, *here]) + severity.ack_window


def rules_for(person: Person, severity: Severity) -> list[tuple[int, NotificationRule]]:
    """The person's rules that may be used for this severity, each with its number."""
    return [(number, rule) for number, rule in enumerate(person.rules) if rule.method in severity.methods]


def kept(run: LadderRun, new: Attempt) -> list[Attempt]:
    """The attempts worth remembering beside a new one: this round's and the last one's, calls that may still
    ring, and of those that the carrier failed only the latest. A night of paging must not outgrow the state,
    and calls end by themselves."""
    place = (new.round, new.rung, new.person, new.rule)
    return [
        attempt
        for attempt in run.attempts
        if (attempt.round >= new.round - 1 or (attempt.method == "call" and not attempt.over))
        and not (attempt.over and (attempt.round, attempt.rung, attempt.person, attempt.rule) == place)
    ]


def rungs_of(run: LadderRun, snapshot: Snapshot) -> tuple[Rung, ...]:
    """The rungs that this run climbs: its own, or the whole ladder."""
    return run.rungs or snapshot.ladder.rungs


def _people(run: LadderRun, snapshot: Snapshot, rung: int) -> list[Person]:
    return [snapshot.people[person] for person in rungs_of(run, snapshot)[rung].people]


def _names(run: LadderRun, snapshot: Snapshot) -> str:
    here = ", ".join(person.name for person in _people(run, snapshot, run.rung))
    return here or f"{rungs_of(run, snapshot)[run.rung].name}, where nobody is on call"


def above(run: LadderRun, severity: Severity, snapshot: Snapshot) -> int | None:
    """The next rung that this severity reaches; None on the last one."""
    return next((rung for rung in reached(rungs_of(run, snapshot), severity) if rung > run.rung), None)


def _last_try(run: LadderRun, rung: int, person: Person, rule: int) -> Attempt | None:
    """The latest attempt of the present round by this rule."""
    place = (run.round, rung, person.id, rule)
    return next((a for a in reversed(run.attempts) if (a.round, a.rung, a.person, a.rule) == place), None)


def _tries_of_round(run: LadderRun, severity: Severity, snapshot: Snapshot, agenda: _Agenda) -> None:
    """On the present rung every rule in its turn. On the rungs below it, and for the fallback, only
    what the carrier failed, again, for as long as nobody has acknowledged."""
    for person in _people(run, snapshot, run.rung):
        _try_in_turn(run, person, severity, snapshot, agenda)
    below = [(rung, person) for rung in range(run.rung) for person in _people(run, snapshot, rung)]
    fallback = snapshot.people.get(snapshot.ladder.fallback or "")
    for rung, person in [*below, *([(FALLBACK, fallback)] if fallback else [])]:
        for number, _rule in enumerate(person.rules):
            _try_again(run, rung, person, number, snapshot, agenda)


def _try_in_turn(
    run: LadderRun, person: Person, severity: Severity, snapshot: Snapshot, agenda: _Agenda
) -> None:
    """Each rule at its delay, or as soon as the one before it came to nothing or cannot leave. Where the
    severity leaves out the first ones, nobody waits for them."""
    sooner: datetime | None = None
    rules = rules_for(person, severity)
    left_out = rules[0][1].after if rules and rules[0][0] > 0 else timedelta(0)
    for number, rule in rules:
        attempt = _last_try(run, run.rung, person, number)
        if attempt is None:
            own = run.rung_began_at + rule.after - left_out
            moment = min(own, sooner) if sooner else own
            agenda.at(moment, f"then {rule.method} to {person.name}", Try(person, run.rung, number))
            return
        _try_again(run, run.rung, person, number, snapshot, agenda)
        sooner = _next_may_start(attempt, snapshot)


def _next_may_start(attempt: Attempt, snapshot: Snapshot) -> datetime | None:
    """When the rule after this attempt may begin before its own delay: at once if the attempt came to
    nothing, soon if it cannot leave; None while it is on its way to an answer."""
    if attempt.outcome in CAME_TO_NOTHING:
        return attempt.ended_at
    if attempt.left_at is None:
        return attempt.requested_at + snapshot.timing.next_method_within
    return None


def _try_again(
    run: LadderRun, rung: int, person: Person, rule: int, snapshot: Snapshot, agenda: _Agenda
) -> None:
    last = _last_try(run, rung, person, rule)
    if last and last.outcome in TO_BE_TRIED_AGAIN and last.ended_at:
        # One that was looked for in vain has waited long enough; a refusing carrier gets its pause.
        moment = last.ended_at if last.looks else last.ended_at + snapshot.timing.retry_after
        agenda.at(moment, f"again: {last.method} to {person.name}", Try(person, rung, rule))


def _watch(run: LadderRun, snapshot: Snapshot, agenda: _Agenda) -> None:
    for attempt in run.attempts:
        if attempt.look_at:
            name = snapshot.people[attempt.person].name
            agenda.at(attempt.look_at, f"carrier's word on {attempt.method} to {name}", Look(attempt.id))


def _machine_waits(attempt: Attempt) -> bool:
    return attempt.outcome is Outcome.VOICEMAIL and not attempt.message_left and not attempt.withdrawing


def _climb(
    run: LadderRun, severity: Severity, snapshot: Snapshot, now: datetime
) -> tuple[datetime, Climb | GiveUp]:
    higher = above(run, severity, snapshot)
    last = higher is None
    if last and run.rounds is not None and run.round + 1 >= run.rounds:
        spent = run.climb_now or _spent(run, severity, snapshot)
        return (now if spent else window_ends(run, severity, snapshot)), GiveUp()
    if run.climb_now:
        moment, why = now, run.climb_now
    elif not last and _spent(run, severity, snapshot):
        moment, why = now, f"nothing is left to try for {_names(run, snapshot)}"
    else:
        moment = window_ends(run, severity, snapshot)
        why = f"{_names(run, snapshot)} did not acknowledge in time"
    if higher is not None:
        return moment, Climb(higher, run.round, why)
    round_ = run.round + 1
    lowest = reached(rungs_of(run, snapshot), severity)[0]
    return moment, Climb(lowest, round_, why, tell_fallback=round_ > snapshot.ladder.repeats)


def window_ends(run: LadderRun, severity: Severity, snapshot: Snapshot) -> datetime:
    """When the ladder goes on by itself: for what can wait for working time never at night (spec 3.1)."""
    ends = ack_window_ends(run, severity, snapshot)
    return ends if severity.respond == "at once" else in_working_time(ends, working(snapshot))


def _spent(run: LadderRun, severity: Severity, snapshot: Snapshot) -> bool:
    """Whether nothing on the present rung can still be answered: then waiting for its window would
    only lengthen the outage. The last rung always waits, or a ladder of dead lines would spin."""
    tries = [
        _last_try(run, run.rung, person, number)
        for person in _people(run, snapshot, run.rung)
        for number, _rule in rules_for(person, severity)
    ]
    return all(attempt and attempt.over and attempt.outcome not in TO_BE_TRIED_AGAIN for attempt in tries)


def _withdrawals(run: LadderRun) -> Iterator[Action]:
    """What an ended run still has outside: queued pages are taken back, ringing calls and those that
    talk to a machine hung up, posts lose their buttons. A call in which somebody listens ends by
    itself, after telling them, and a message that is sent cannot be unsent (spec 3.3)."""
    for attempt in run.attempts:
        queued = attempt.state is AttemptState.QUEUED
        rings = attempt.method == "call" and attempt.state in (AttemptState.LEFT, AttemptState.RINGING)
        asks = attempt.method == "slack" and attempt.state is AttemptState.LEFT
        if (queued or rings or asks or _machine_waits(attempt)) and not attempt.withdrawing:
            yield Withdraw(attempt.id)
