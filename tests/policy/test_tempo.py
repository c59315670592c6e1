"""The same policy with shorter waits."""

from datetime import timedelta

import configuration
from policy.tempo import SHORTEST, compressed
from settings import EXAMPLE_CONFIG, STARTER_CONFIG

SLOW = configuration.load(STARTER_CONFIG)


def test_every_wait_is_divided_and_none_becomes_too_short() -> None:
    quick = compressed(SLOW, 60)
    assert quick.response.checkpoint_every == timedelta(seconds=15)
    assert quick.timing.ring_for == SHORTEST
    assert quick.severities["P0"].war_room_after == timedelta(0)


def test_what_follows_the_resolution_can_have_a_tempo_of_its_own() -> None:
    quick = compressed(SLOW, 60, aftermath=86_400)
    assert quick.postmortems.action_review_after == timedelta(seconds=30)
    assert quick.postmortems.final_within == timedelta(seconds=5)
    assert quick.severities["P0"].published_within == SHORTEST
    assert quick.severities["P0"].ack_window == timedelta(seconds=5)


def test_who_is_paged_in_which_order_stays_as_it_is() -> None:
    quick = compressed(SLOW, 60, aftermath=86_400)
    assert (quick.people["ben"].phone, quick.ladders) == (SLOW.people["ben"].phone, SLOW.ladders)


def test_who_is_on_call_does_not_change_hands_faster() -> None:
    whole = configuration.load(EXAMPLE_CONFIG)
    quick = compressed(whole, 75)
    assert (quick.schedules, quick.rest) == (whole.schedules, whole.rest)
    assert quick.timing.ring_for < whole.timing.ring_for
