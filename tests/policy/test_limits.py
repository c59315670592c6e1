"""Nobody is flooded, and the worst is never held back (spec 4.4)."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.jobs import Placed
from domain.ladder import Outcome
from domain.messages import Page
from domain.pages import PageLog
from domain.people import Method
from domain.snapshot import Limit, Limits, Snapshot
from policy import attempts, words
from policy.limits import WORST, Go, Hold, Ride, decide
from tests.policy.conftest import NOON, after, an_attempt

ALICE, BEN = "+12025550101", "+12025550102"
LIMITS = Limits(
    calls=Limit(most=2, within=timedelta(minutes=10)), messages=Limit(most=3, within=timedelta(minutes=10))
)
RING_FOR = timedelta(seconds=25)


def a_page(incident: int, at: datetime = NOON, **more: object) -> PageLog:
    """A call to Alice that just left, for the incident of that number, at the second severity."""
    method = more.get("method", "call")
    given: dict[str, object] = {
        "id": incident,
        "page": Page(incident_id=f"checkout.x{incident}.abcde", run=1, attempt=1),
        "person": "alice",
        "number": ALICE,
        "method": method,
        "rank": 2,
        "requested_at": at,
        "rings_until": at + RING_FOR if method == "call" else None,
        "result": "accepted",
        "carrier_id": f"CA{incident}",
    }
    return PageLog.model_validate(given | more)


def over(page: PageLog) -> PageLog:
    return page.model_copy(update={"over_at": page.requested_at})


def two_calls() -> list[PageLog]:
    return [over(a_page(1, after(0))), over(a_page(2, after(60)))]


def test_4_4_what_is_within_the_limit_leaves() -> None:
    assert decide([], a_page(1), LIMITS, NOON) == Go()


def test_4_4_a_call_over_the_limit_is_held_and_says_until_when() -> None:
    now = after(120)
    held = decide(two_calls(), a_page(3, now), LIMITS, now)
    assert held == Hold(after(600), "2 calls within 10m; again from 12:10 UTC")
    again = after(600)
    assert isinstance(decide(two_calls(), a_page(3, again), LIMITS, again), Go)


def test_4_4_the_worst_severity_is_never_held_back() -> None:
    now = after(120)
    assert decide(two_calls(), a_page(3, now, rank=WORST), LIMITS, now) == Go()


def test_4_4_the_worst_severity_calls_by_itself_and_takes_nobody_along() -> None:
    now = after(5)
    assert decide([a_page(1)], a_page(2, now, rank=WORST), LIMITS, now) == Go()
    assert isinstance(decide([a_page(1, rank=WORST)], a_page(2, now), LIMITS, now), Go)


def test_4_4_calls_and_messages_have_limits_of_their_own_and_so_has_each_number() -> None:
    now = after(120)
    assert isinstance(decide(two_calls(), a_page(3, now, method="sms"), LIMITS, now), Go)
    assert isinstance(decide(two_calls(), a_page(3, now, number=BEN), LIMITS, now), Go)


def test_4_4_another_incident_rides_on_a_call_that_still_rings_or_is_being_placed() -> None:
    now = after(5)
    for result in ("accepted", None):
        ringing = a_page(1, result=result)
        assert decide([ringing], a_page(2, now), LIMITS, now) == Ride(ringing)


def test_4_4_a_ride_is_no_call_of_its_own_so_the_limit_does_not_count_it() -> None:
    ringing = a_page(1)
    riders = [a_page(number, rides_on=1) for number in range(2, 9)]
    now = after(20)
    assert decide([ringing, *riders], a_page(9, now), LIMITS, now) == Ride(ringing)
    later = after(60)
    gone = [over(page) for page in (ringing, *riders)]
    assert isinstance(decide(gone, a_page(9, later), LIMITS, later), Go)


def test_4_4_nobody_rides_on_a_call_that_is_over_picked_up_refused_or_of_their_own_incident() -> None:
    now = after(5)
    own = a_page(2, id=1)
    for lost in (
        over(a_page(1)),
        a_page(1, answered_at=after(3)),
        a_page(1, result="rejected"),
        a_page(1, result="unknown"),
        a_page(1, number=BEN),
        a_page(1, rings_until=now),
        own,
    ):
        assert isinstance(decide([lost], a_page(2, now), LIMITS, now), Go), lost


def test_4_4_a_call_that_only_its_riders_need_any_more_still_takes_others_along() -> None:
    now = after(5)
    acknowledged, rider = over(a_page(1)), a_page(2, rides_on=1)
    assert decide([acknowledged, rider], a_page(3, now), LIMITS, now) == Ride(acknowledged)
    assert isinstance(decide([acknowledged, over(rider)], a_page(3, now), LIMITS, now), Go)


def test_4_4_what_never_reached_the_person_does_not_count() -> None:
    for result in ("rejected", "unavailable", "held"):
        vain = [over(a_page(number, result=result)) for number in range(1, 5)]
        assert isinstance(decide(vain, a_page(9), LIMITS, NOON), Go), result
    unsure = [over(a_page(number, result="unknown")) for number in (1, 2)]
    assert isinstance(decide(unsure, a_page(9), LIMITS, NOON), Hold)


def test_4_4_the_last_message_for_a_while_knows_it_and_how_many_others_there_are() -> None:
    sent = [a_page(number, after(number), method="sms") for number in (1, 2)]
    called = [a_page(number, after(3), rides_on=1) for number in (4, 5, 6)]
    last = decide([*sent, *called], a_page(3, after(9), method="sms"), LIMITS, after(9))
    assert last == Go(quiet_until=after(601), others=5)
    assert words.last_message("Pay.", after(601), 5) == (
        "Pay. 5 other incidents paged you too. No more messages to you before 12:10 UTC."
    )
    assert words.last_message("Pay.", after(601), 0) == "Pay. No more messages to you before 12:10 UTC."


def test_4_4_of_two_hundred_incidents_at_once_one_call_and_few_messages_leave() -> None:
    log: list[PageLog] = []
    for number in range(1, 201):
        for method in ("call", "sms"):
            new = a_page(number, after(number / 10), id=len(log) + 1, method=method)
            match decide(log, new, LIMITS, new.requested_at):
                case Ride(on=call):
                    new = new.model_copy(update={"rides_on": call.id})
                case Hold():
                    new = over(new).model_copy(update={"result": "held"})
            log.append(new)
    assert sum(page.method == "call" and page.rides_on is None for page in log) == 1
    assert sum(page.method == "sms" and page.result == "accepted" for page in log) == LIMITS.messages.most


def test_3_7_a_page_that_is_held_back_is_recorded_so_and_has_come_to_nothing(snapshot: Snapshot) -> None:
    placed = Placed(result="held", detail="6 calls within 10m; again from 03:12 UTC")
    held = attempts.after_placed(an_attempt(), placed, snapshot.timing, NOON)
    assert (held.outcome, held.ended_at, held.detail) == (Outcome.HELD, NOON, placed.detail)
    assert Outcome.HELD in attempts.CAME_TO_NOTHING, "the next method starts at once"
    assert Outcome.HELD not in attempts.TO_BE_TRIED_AGAIN


def test_4_4_a_call_tells_several_in_a_sentence_each_and_of_the_rest_how_many() -> None:
    briefs = [
        words.Briefing("P1", "Payments fail", owner="Ben Okafor"),
        words.Briefing("P1", "Mails are late", drill=True),
    ]
    assert words.spoken_together(briefs, 9) == (
        "Midwatch. You have 9 incidents. P 1: Payments fail. Ben Okafor has it. "
        "Drill. P 1: Mails are late. And 7 more."
    )
    assert words.spoken_together([], 2) == f"Midwatch. You have 2 incidents. {words.UNREADABLE_TOGETHER}"
    assert "more" not in words.spoken_together(briefs, 2)


def test_4_4_who_answers_for_several_hears_for_how_many_it_counts() -> None:
    assert words.answered_together(5, 0, 0, took=True) == "All 5 are acknowledged."
    assert words.answered_together(1, 2, 0, took=False) == "1 is passed on. 2 no longer needed you."
    assert words.answered_together(0, 0, 3, took=True) == (
        "Your answer for 3 is stored, but I cannot confirm it at the moment."
    )


def test_4_2_a_machine_hears_how_many_more_there_are() -> None:
    assert words.with_others("Paged.", 1) == "Paged. You are paged for 1 more incident."
    assert words.with_others("Paged.", 4) == "Paged. You are paged for 4 more incidents."


PAGES = st.lists(
    st.tuples(
        st.integers(0, 400),  # seconds since the one before
        st.sampled_from([1, 2, 2, 2, 3]),
        st.sampled_from(["call", "sms"]),
        st.sampled_from([ALICE, BEN]),
        st.integers(1, 4),  # incident
        st.integers(0, 40),  # seconds until its call is over
    ),
    max_size=60,
)


@given(PAGES, st.integers(1, 4), st.integers(1, 4))
def test_4_4_by_any_sequence_of_pages_no_number_gets_more_than_its_limit_except_by_the_worst(
    wanted: list[tuple[int, int, Method, str, int, int]], most_calls: int, most_messages: int
) -> None:
    within = timedelta(minutes=10)
    limits = Limits(
        calls=Limit(most=most_calls, within=within), messages=Limit(most=most_messages, within=within)
    )
    log: list[PageLog] = []
    left: list[PageLog] = []
    now = NOON
    for number, (pause, rank, method, to, incident, lasts) in enumerate(wanted, start=1):
        now += timedelta(seconds=pause)
        seen = [p.model_copy(update={"over_at": None}) if p.over_at and p.over_at > now else p for p in log]
        new = a_page(incident, now, id=number, rank=rank, method=method, number=to)
        match decide(seen, new, limits, now):
            case Go():
                left.append(new)
                log.append(new.model_copy(update={"over_at": now + timedelta(seconds=lasts)}))
            case Ride(on=call):
                assert (call.number, call.rank > WORST, rank > WORST) == (to, True, True)
                log.append(new.model_copy(update={"rides_on": call.id, "carrier_id": call.carrier_id}))
            case Hold(until=until):
                assert rank > WORST
                assert now < until <= now + within
                log.append(new.model_copy(update={"result": "held", "over_at": now}))
    for page in left:
        if page.rank == WORST:
            continue
        most = limits.calls.most if page.method == "call" else limits.messages.most
        window = [
            other
            for other in left
            if (other.number, other.method) == (page.number, page.method)
            and page.requested_at - within < other.requested_at <= page.requested_at
            and other.id <= page.id
        ]
        assert len(window) <= most
