"""What the carrier's words make of an attempt (spec 3.7, 4.2), in any order and number."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.jobs import Found, Placed
from domain.ladder import AttemptState, Outcome
from domain.messages import CarrierEvent, CarrierWord, Page
from domain.snapshot import Snapshot, Timing
from policy import attempts
from tests.policy.conftest import after, an_attempt


def word(said: CarrierWord, at: datetime, carrier_id: str = "CA1") -> CarrierEvent:
    page = Page(incident_id="checkout.x.abcde", run=1, attempt=1)
    return CarrierEvent(page=page, word=said, carrier_id=carrier_id, at=at)


@pytest.fixture
def timing(snapshot: Snapshot) -> Timing:
    return snapshot.timing


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ("busy", Outcome.BUSY),
        ("no-answer", Outcome.NO_ANSWER),
        ("failed", Outcome.FAILED),
        ("machine", Outcome.VOICEMAIL),
        ("completed", Outcome.HUNG_UP),
        ("unclear", Outcome.UNCLEAR),
        ("canceled", Outcome.WITHDRAWN),
        ("undelivered", Outcome.UNDELIVERED),
    ],
)
def test_3_7_each_end_of_a_page_is_recorded_as_what_it_was(
    timing: Timing, said: CarrierWord, outcome: Outcome
) -> None:
    ended = attempts.after_event(an_attempt(), word(said, after(3)), timing, after(3))
    assert (ended.outcome, ended.ended_at, ended.carrier_id) == (outcome, after(3), "CA1")


WORDS = st.sampled_from(
    [
        "queued",
        "initiated",
        "ringing",
        "answered",
        "human",
        "machine",
        "unclear",
        "completed",
        "busy",
        "no-answer",
    ]
)


@given(st.lists(WORDS, max_size=12), st.integers(0, 11))
def test_3_7_repeated_words_change_nothing(words: list[CarrierWord], again: int) -> None:
    timing = _timing()
    once = an_attempt()
    for number, said in enumerate(words):
        once = attempts.after_event(once, word(said, after(number)), timing, after(number))
    twice = once
    for said in words[: again + 1]:
        twice = attempts.after_event(twice, word(said, after(20)), timing, after(20))
    assert (twice.state, twice.outcome, twice.ended_at) == (once.state, once.outcome, once.ended_at)


@given(st.permutations(["initiated", "ringing", "answered", "machine", "completed"]))
def test_3_7_whatever_the_order_an_attempt_goes_only_forward(words: list[CarrierWord]) -> None:
    timing, order = _timing(), list(AttemptState)
    attempt = an_attempt()
    for number, said in enumerate(words):
        further = attempts.after_event(attempt, word(said, after(number)), timing, after(number))
        assert order.index(further.state) >= order.index(attempt.state)
        assert not attempt.over or further == attempt
        attempt = further
    assert attempt.over


def test_3_7_words_of_another_call_change_nothing(timing: Timing) -> None:
    known = an_attempt(carrier_id="CA1", state="ringing")
    assert attempts.after_event(known, word("busy", after(2), carrier_id="CA2"), timing, after(2)) == known


def test_a_word_from_a_clock_that_is_wrong_ends_no_window_early(timing: Timing) -> None:
    heard = attempts.after_event(an_attempt(at=10), word("initiated", after(-600)), timing, after(11))
    assert heard.left_at == after(10)


def test_13_3_a_refused_page_can_be_tried_again_and_a_rejected_one_cannot(timing: Timing) -> None:
    refused = attempts.after_placed(an_attempt(), Placed(result="unavailable"), timing, after(1))
    rejected = attempts.after_placed(an_attempt(), Placed(result="rejected"), timing, after(1))
    assert refused.outcome in attempts.TO_BE_TRIED_AGAIN
    assert rejected.outcome not in attempts.TO_BE_TRIED_AGAIN


def test_13_3_a_lost_answer_is_not_taken_for_a_failure(timing: Timing) -> None:
    unknown = attempts.after_placed(an_attempt(), Placed(result="unknown"), timing, after(1))
    assert (unknown.state, unknown.outcome, unknown.look_at) == (AttemptState.UNKNOWN, None, after(5))


def test_13_3_the_carriers_own_word_settles_a_lost_answer(timing: Timing) -> None:
    unknown = attempts.after_placed(an_attempt(), Placed(result="unknown"), timing, after(1))
    heard = attempts.after_event(unknown, word("ringing", after(2)), timing, after(2))
    assert (heard.state, heard.carrier_id) == (AttemptState.RINGING, "CA1")


def test_13_3_a_callback_before_the_answer_is_not_undone_by_a_lost_answer(timing: Timing) -> None:
    heard = attempts.after_event(an_attempt(), word("ringing", after(1)), timing, after(1))
    assert attempts.after_placed(heard, Placed(result="unknown"), timing, after(2)) == heard


def test_13_3_no_trace_at_the_carrier_means_it_never_left(timing: Timing) -> None:
    unknown = attempts.after_placed(an_attempt(), Placed(result="unknown"), timing, after(1))
    lost = attempts.after_look(unknown, Found(checked=True), timing, after(5))
    assert lost.outcome is Outcome.LOST


def test_13_3_a_carrier_that_cannot_say_is_asked_once_more_then_the_page_is_sent_again(
    timing: Timing,
) -> None:
    unknown = attempts.after_placed(an_attempt(), Placed(result="unknown"), timing, after(1))
    asked = attempts.after_look(unknown, Found(checked=False), timing, after(5))
    assert asked.outcome is None
    assert attempts.after_look(asked, Found(checked=False), timing, after(9)).outcome is Outcome.LOST


def test_13_3_a_trace_at_the_carrier_is_adopted(timing: Timing) -> None:
    unknown = attempts.after_placed(an_attempt(), Placed(result="unknown"), timing, after(1))
    found = attempts.after_look(unknown, Found(checked=True, carrier_id="CA9", word="busy"), timing, after(5))
    assert (found.carrier_id, found.outcome) == ("CA9", Outcome.BUSY)


def _timing() -> Timing:
    from tests.policy.test_ladder import _snapshot

    return _snapshot().timing
