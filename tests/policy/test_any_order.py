"""What holds of any ladder, and of any severity, whatever happens in whatever order (spec 1.2 to 1.5, 3.1 to
3.3, 3.6)."""

import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

import configuration
from domain.alert import Alert
from domain.due import Climb, Due, Look, Try, Withdraw
from domain.incident import IncidentState, Status
from domain.ladder import AttemptState
from domain.organisation import Organisation
from policy import ladder, respond, severity
from policy.attempts import TO_BE_TRIED_AGAIN
from policy.classification import classify
from policy.opening import open_incident
from settings import STARTER_CONFIG
from tests.make import an_alert
from tests.policy.conftest import NOON
from tests.policy.nights import RULES, Moment, Night, nights, went
from tests.policy.performing import settle


@cache
def organisation(pack: str) -> Organisation:
    """The starter, with one pack or the other."""
    text = STARTER_CONFIG.read_text(encoding="utf-8").replace("pack: p\n", f"pack: {pack}\n")
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "midwatch.yaml"
        file.write_text(text, encoding="utf-8")
        return configuration.load(file)


MANY = settings(max_examples=200)


def climbs(moment: Moment) -> list[Climb]:
    return [action for action in moment.due.actions if isinstance(action, Climb)]


def tries(due: Due) -> list[Try]:
    return [action for action in due.actions if isinstance(action, Try)]


@MANY
@given(night=nights())
def test_3_2_a_climb_goes_to_the_next_rung_that_the_severity_reaches_and_skips_nobody(night: Night) -> None:
    for moment in went(night):
        for climb in climbs(moment):
            present, target, height = moment.run.rung, climb.rung, len(night.rungs)
            wraps = target <= present
            above = range(present + 1, target + height * wraps)
            skipped = [
                n % height for n in above if n % height in night.reached and night.rungs[n % height].people
            ]
            assert target in night.reached, f"from {present} to {target}, of {night.reached}"
            assert not skipped, f"from {present} to {target}, past {skipped}"
            assert climb.round == moment.run.round + wraps


@MANY
@given(night=nights())
def test_3_2_paging_never_stops_while_nobody_has_acknowledged(night: Night) -> None:
    longest = timedelta(seconds=night.window) + RULES.timing.window_starts_within
    for moment in went(night):
        if moment.due.actions:
            continue
        assert moment.due.deadline, "nothing is due, now or ever"
        assert moment.now < moment.due.deadline.at <= moment.now + longest


@MANY
@given(night=nights())
def test_3_2_a_rung_is_left_by_itself_only_after_everybody_on_it_was_tried(night: Night) -> None:
    for moment in went(night):
        for _climb in climbs(moment):
            run = moment.run
            tried = {a.person for a in run.attempts if (a.round, a.rung) == (run.round, run.rung)}
            owed = {
                person
                for person in night.rungs[run.rung].people
                if any(rule.after.total_seconds() < night.window for rule in night.usable(person)[:1])
            }
            assert run.climb_now or owed <= tried, f"rung {run.rung} is left without {owed - tried}"


@MANY
@given(night=nights())
def test_3_2_nobody_is_paged_but_by_a_method_of_the_severity_and_twice_only_if_the_carrier_failed(
    night: Night,
) -> None:
    for moment in went(night):
        run = moment.run
        for action in tries(moment.due):
            if action.rung == ladder.FALLBACK:
                continue
            method = action.person.rules[action.rule].method
            place = (run.round, action.rung, action.person.id, action.rule)
            before = [a for a in run.attempts if (a.round, a.rung, a.person, a.rule) == place]
            assert action.person.id in night.rungs[action.rung].people
            assert action.rung in night.reached
            assert action.rung <= run.rung
            assert action.rung == run.rung or before, "a rung that was left is not begun anew"
            assert method in night.methods
            assert not before or before[-1].outcome in TO_BE_TRIED_AGAIN, f"again after {before[-1].outcome}"


@MANY
@given(night=nights())
def test_3_3_an_ended_run_pages_nobody_at_whatever_moment_it_ended_and_takes_back_what_rings(
    night: Night,
) -> None:
    rules, grade = night.snapshot, night.severity
    for moment in went(night):
        run = moment.run
        run.end(moment.now, None, "acknowledged")
        ended = ladder.due(run, grade, rules, moment.now)
        assert {type(action) for action in ended.actions} <= {Withdraw, Look}
        outside = {
            a.id
            for a in run.attempts
            if a.state is AttemptState.QUEUED or (a.method == "call" and a.state is AttemptState.LEFT)
        }
        withdrawn = {action.attempt for action in ended.actions if isinstance(action, Withdraw)}
        assert outside <= withdrawn, f"attempts {outside - withdrawn} go on"
        run.attempts = [a.model_copy(update={"withdrawing": True}) for a in run.attempts]
        for hours in (0, 1, 100):
            later = ladder.due(run, grade, rules, moment.now + timedelta(hours=hours))
            assert not later.actions, "what is taken back is taken back once"


@MANY
@given(night=nights())
def test_3_6_whoever_passes_it_on_sends_it_up_at_that_moment(night: Night) -> None:
    for moment in went(night):
        if moment.run.climb_now:
            assert climbs(moment), f"{moment.due} although it was passed on"


@MANY
@given(night=nights(), customer=st.booleans(), lost=st.booleans())
def test_3_1_the_first_climb_begins_on_a_rung_that_the_severity_reaches(
    night: Night, customer: bool, lost: bool
) -> None:
    state = open_incident(an_alert(at=NOON), organisation("p"), "abcde", "12345").model_copy(
        update={"snapshot": night.snapshot, "by_customer": customer, "data_loss": lost}
    )
    rung, _why = respond.first_rung(state)
    assert rung in night.reached, f"rung {rung} of {night.reached}"


@dataclass(frozen=True)
class Told:
    """An alert: what it claims, and whether data may be lost."""

    label: str | None
    data_loss: bool


@dataclass(frozen=True)
class Passes:
    """Minutes in which nobody says anything."""

    minutes: float


@dataclass(frozen=True)
class Becomes:
    """The incident comes to be here in its life."""

    status: Status


@dataclass(frozen=True)
class Says:
    """A person says how bad it is, by its place in the pack, the worst first."""

    place: int


LABELS = st.none() | st.sampled_from(["critical", "error", "warning", "info", "P0", "SEV4", "nonsense", ""])
EVENTS = st.one_of(
    st.builds(Told, LABELS, st.booleans()),
    st.builds(Passes, st.sampled_from([0.0, 1.0, 9.9, 10.0, 30.0, 60.0, 600.0])),
    st.builds(Becomes, st.sampled_from([Status.TRIAGED, Status.RESPONDING, Status.MITIGATED])),
    st.builds(Says, st.integers(0, 3)),
)


@MANY
@given(opened=LABELS, events=st.lists(EVENTS, max_size=25), pack=st.sampled_from(["p", "sev"]))
def test_1_5_severity_never_falls_but_by_a_person(
    opened: str | None, events: list[object], pack: str
) -> None:
    state = open_incident(an_alert(at=NOON, severity=opened), organisation(pack), "abcde", "12345")
    now = NOON
    for event in events:
        before = state.grade
        match event:
            case Told(label=label, data_loss=lost):
                _hear(state, an_alert(at=now, severity=label, data_loss=lost), now)
            case Passes(minutes=minutes):
                now += timedelta(minutes=minutes)
            case Becomes(status=status):
                state.status = status
            case Says(place=place):
                state.severity, state.severity_since = state.snapshot.severities[place].name, now
                state.classified = True
                before = state.grade
        settle(state, now, (severity.owed,))
        assert state.grade.rank <= before.rank, f"{event} made a {state.severity} of a {before.name}"


def _hear(state: IncidentState, alert: Alert, now: datetime) -> None:
    """An alert joins."""
    claim = classify(alert, state.snapshot.classification, state.snapshot.severities)
    state.classified |= claim is not None
    if worse := severity.risen(claim, state):
        state.severity, state.severity_since = worse.name, now
