"""Who is paged next, how, and when (spec 3.2, 3.3, 3.6), decided without a clock."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.due import Climb, Due, LeaveWords, Look, Try, Withdraw
from domain.ladder import Attempt, AttemptState, LadderRun, Outcome
from domain.snapshot import Snapshot
from policy import ladder
from policy.attempts import CAME_TO_NOTHING, TO_BE_TRIED_AGAIN
from tests.policy.conftest import after, an_attempt


def due(run: LadderRun, snapshot: Snapshot, seconds: float, severity: str = "P0") -> Due:
    return ladder.due(run, snapshot.severity(severity), snapshot, after(seconds))


def left(at: float = 0, **more: Any) -> Attempt:
    return an_attempt(at=at, state="left", reached={"left": after(at)}, carrier_id="CA1", **more)


def over(outcome: Outcome, ended: float, **more: Any) -> Attempt:
    return an_attempt(state="ended", outcome=outcome, ended_at=after(ended), **more)


def tries(found: Due) -> list[tuple[str, str]]:
    return [
        (action.person.id, action.person.rules[action.rule].method)
        for action in found.actions
        if isinstance(action, Try)
    ]


def test_3_2_the_primary_is_called_first_and_at_once(run: LadderRun, snapshot: Snapshot) -> None:
    assert tries(due(run, snapshot, 0)) == [("alice", "call")]


def test_3_2_while_the_phone_rings_the_next_method_waits_for_its_delay(
    run: LadderRun, snapshot: Snapshot
) -> None:
    run.attempts = [left()]
    assert tries(due(run, snapshot, 119)) == []
    assert tries(due(run, snapshot, 120)) == [("alice", "sms")]


@pytest.mark.parametrize("outcome", sorted(CAME_TO_NOTHING))
def test_3_2_whatever_comes_to_nothing_starts_the_next_method_at_once(
    run: LadderRun, snapshot: Snapshot, outcome: Outcome
) -> None:
    run.attempts = [over(outcome, 3)]
    assert ("alice", "sms") in tries(due(run, snapshot, 3))


def test_3_2_a_page_that_cannot_leave_does_not_hold_up_the_next_method(
    run: LadderRun, snapshot: Snapshot
) -> None:
    run.attempts = [an_attempt()]
    assert tries(due(run, snapshot, 4.9)) == []
    assert tries(due(run, snapshot, 5)) == [("alice", "sms")]


def test_3_2_the_window_counts_from_the_first_notification_that_left(
    run: LadderRun, snapshot: Snapshot
) -> None:
    run.attempts = [left(at=20), left(number=2, rule=1, at=130)]
    assert not any(isinstance(action, Climb) for action in due(run, snapshot, 319).actions)
    assert Climb(1, 0, "Alice Moreau did not acknowledge in time") in due(run, snapshot, 320).actions


def test_3_2_the_window_counts_from_a_minute_at_the_latest_if_nothing_leaves(
    run: LadderRun, snapshot: Snapshot
) -> None:
    window = snapshot.severity("P0").ack_window
    assert ladder.ack_window_ends(run, snapshot.severity("P0"), snapshot) == after(60) + window


def test_3_2_a_rung_with_nothing_left_to_try_is_left_at_once(run: LadderRun, snapshot: Snapshot) -> None:
    run.attempts = [over(Outcome.BUSY, 2), over(Outcome.UNDELIVERED, 4, number=2, rule=1)]
    assert due(run, snapshot, 4).actions == (Climb(1, 0, "nothing is left to try for Alice Moreau"),)


def test_3_2_the_last_rung_always_waits_its_window(run: LadderRun, snapshot: Snapshot) -> None:
    run.rung = 2
    run.attempts = [over(Outcome.BUSY, 2, person="dev", rung=2)]
    found = due(run, snapshot, 4)
    assert found.actions == ()
    assert found.deadline is not None
    assert found.deadline.name == "ack window: Dev Raman"


def test_3_2_everybody_on_a_rung_is_paged(run: LadderRun, snapshot: Snapshot) -> None:
    run.rung = 1
    assert tries(due(run, snapshot, 0)) == [("ben", "call"), ("chiara", "call")]


def test_3_2_the_ladder_repeats_and_at_its_end_tells_the_fallback_and_goes_on(
    run: LadderRun, snapshot: Snapshot
) -> None:
    run.rung = 2
    ends = (60 + 300) + 1
    climbs = []
    for round_ in range(5):
        run.round = round_
        climbs += [action for action in due(run, snapshot, ends).actions if isinstance(action, Climb)]
    assert [(climb.rung, climb.round, climb.tell_fallback) for climb in climbs] == [
        (0, 1, False),
        (0, 2, False),
        (0, 3, True),
        (0, 4, True),
        (0, 5, True),
    ]


@pytest.mark.parametrize("outcome", sorted(TO_BE_TRIED_AGAIN))
def test_13_3_what_the_carrier_failed_is_tried_again(
    run: LadderRun, snapshot: Snapshot, outcome: Outcome
) -> None:
    run.attempts = [over(outcome, 3), left(number=2, rule=1, at=3)]
    assert tries(due(run, snapshot, 6.9)) == []
    assert tries(due(run, snapshot, 7)) == [("alice", "call")]


def test_13_3_a_page_of_unknown_fate_is_looked_for_before_it_is_tried_again(
    run: LadderRun, snapshot: Snapshot
) -> None:
    unknown = an_attempt(state="unknown", look_at=after(4), reached={"unknown": after(0)})
    run.attempts = [unknown, left(number=2, rule=1, at=3)]
    assert due(run, snapshot, 3.9).actions == ()
    assert due(run, snapshot, 4).actions == (Look(1),)


def test_12_1_what_is_ahead_for_people_is_a_page_and_not_a_look_at_the_carrier(
    run: LadderRun, snapshot: Snapshot
) -> None:
    run.attempts = [left(look_at=after(30))]
    found = due(run, snapshot, 1)
    assert found.deadline is not None
    assert found.ahead is not None
    assert (found.deadline.at, found.ahead.name) == (after(30), "then sms to Alice Moreau")


def test_13_3_a_rung_already_passed_is_retried_only_where_the_carrier_failed(
    run: LadderRun, snapshot: Snapshot
) -> None:
    run.rung, run.rung_began_at = 1, after(300)
    run.attempts = [over(Outcome.CARRIER_ERROR, 299)]
    assert tries(due(run, snapshot, 303)) == [("ben", "call"), ("chiara", "call"), ("alice", "call")]


def test_3_6_passing_on_climbs_without_waiting(run: LadderRun, snapshot: Snapshot) -> None:
    run.attempts = [left()]
    run.climb_now = "Alice Moreau passed it on"
    assert due(run, snapshot, 2).actions == (Climb(1, 0, "Alice Moreau passed it on"),)


def test_4_2_a_machine_is_spoken_to_once(run: LadderRun, snapshot: Snapshot) -> None:
    run.attempts = [over(Outcome.VOICEMAIL, 2, carrier_id="CA1")]
    assert LeaveWords(1) in due(run, snapshot, 2).actions
    run.put(run.attempts[0].model_copy(update={"message_left": True}))
    assert LeaveWords(1) not in due(run, snapshot, 2).actions


def test_3_3_an_ended_run_pages_nobody_and_takes_back_what_is_outside(
    run: LadderRun, snapshot: Snapshot
) -> None:
    run.attempts = [
        an_attempt(1),
        left(number=2),
        an_attempt(3, state="ringing", carrier_id="CA3"),
        an_attempt(4, state="answered", carrier_id="CA4"),
        an_attempt(5, rule=1, state="delivered", carrier_id="SM5"),
        over(Outcome.ACKNOWLEDGED, 5, number=6),
    ]
    run.ended_at = after(5)
    assert due(run, snapshot, 5).actions == (Withdraw(1), Withdraw(2), Withdraw(3))
    assert due(run, snapshot, 100_000).actions == due(run, snapshot, 5).actions


def test_3_3_what_is_being_taken_back_is_taken_back_once(run: LadderRun, snapshot: Snapshot) -> None:
    run.attempts = [an_attempt(1, withdrawing=True)]
    run.ended_at = after(5)
    assert due(run, snapshot, 5) == Due()


def test_3_1_a_severity_that_only_writes_never_calls(run: LadderRun, snapshot: Snapshot) -> None:
    found = due(run, snapshot, 0, severity="P2")
    assert tries(found) == [("alice", "sms")], "the message, at once: there is no call that it could wait for"


OUTCOMES = st.sampled_from(sorted(CAME_TO_NOTHING))


@given(st.lists(st.tuples(st.floats(0, 400), st.none() | OUTCOMES), max_size=40))
def test_3_2_a_night_of_any_outcomes_never_stops_paging(events: list[tuple[float, Outcome | None]]) -> None:
    """However calls end, the ladder always has a next moment, and following it always gets further."""
    snapshot = _snapshot()
    run = LadderRun(id=1, began_at=after(0), rung=0, rung_began_at=after(0))
    now, number = after(0), 0
    for delay, outcome in [*events, *[(1_000.0, None)] * 12]:
        before = (run.round, run.rung)
        for _settling in range(50):
            found = ladder.due(run, snapshot.severity("P0"), snapshot, now)
            if not found.actions:
                break
            for action in found.actions:
                match action:
                    case Try():
                        number += 1
                        method = action.person.rules[action.rule].method
                        attempt = an_attempt(
                            number,
                            person=action.person.id,
                            rule=action.rule,
                            rung=action.rung,
                            round=run.round,
                        ).model_copy(update={"requested_at": now, "method": method})
                        ended = {
                            "state": AttemptState.ENDED,
                            "outcome": outcome,
                            "ended_at": now,
                            "message_left": True,
                        }
                        sent = {"state": AttemptState.LEFT, "reached": {AttemptState.LEFT: now}}
                        run.attempts = [
                            *ladder.kept(run, attempt),
                            attempt.model_copy(update=ended if outcome else sent),
                        ]
                    case Climb():
                        run.rung, run.round, run.rung_began_at = action.rung, action.round, now
            if outcome in TO_BE_TRIED_AGAIN:
                break
        assert found.actions or found.deadline, "nothing is due, now or ever"
        assert (run.round, run.rung) >= before
        assert len(run.attempts) <= 24
        now += timedelta(seconds=delay)
    assert run.round >= 1


def _snapshot() -> Snapshot:
    import configuration
    from policy.opening import snapshot_for
    from tests.policy.conftest import EXAMPLE, NOON

    return snapshot_for(configuration.load(EXAMPLE), ["checkout"], NOON)
