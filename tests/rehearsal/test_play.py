"""What is rehearsed is what the real workflow does, on whole seconds, and each time alike."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from temporalio.client import WorkflowHandle
from temporalio.testing import TimeSkipper

from rehearsal.opening import Cast
from rehearsal.play import play_on
from rehearsal.record import Rehearsed
from rehearsal.server import skipping_server
from settings import EXAMPLE_CONFIG
from tests.rehearsal.made import a_scene, organisation, shown

MINUTE = timedelta(minutes=1)


def pages(rehearsed: Rehearsed) -> list[tuple[float, str, str]]:
    """When in seconds, who, how."""
    return [(page.after.total_seconds(), page.person, page.method) for page in rehearsed.pages]


@pytest.mark.timeout(90)
async def test_11_2_a_p0_that_nobody_answers_shows_the_whole_climb_to_the_fallback_and_its_repeats() -> None:
    rehearsed = await shown(a_scene(length=62 * MINUTE))
    assert rehearsed.taken_by is None
    first_round = [
        (0, "alice", "call"),
        (25, "alice", "sms"),
        (300, "ben", "call"),
        (300, "chiara", "call"),
        (325, "ben", "sms"),
        (325, "chiara", "sms"),
        (600, "dev", "call"),
    ]
    assert pages(rehearsed)[: len(first_round)] == first_round
    begun = [(rung.at - rehearsed.scene.at, rung.rung, rung.round) for rung in rehearsed.rungs]
    names = ["primary", "secondary", "manager"]
    assert begun == [(5 * MINUTE * n, names[n % 3], n // 3 + 1) for n in range(13)]
    fallback = [page for page in rehearsed.pages if page.person == "fallback"]
    assert [page.after for page in fallback] == [45 * MINUTE, 60 * MINUTE]
    assert all(page.at.microsecond == 0 for page in rehearsed.pages)
    assert all(before.at <= after.at for before, after in pairwise(rehearsed.pages))
    assert {page.fate for page in rehearsed.pages if page.method == "call"} == {"no answer"}
    assert any("war room opens" in event.text for event in rehearsed.events)


async def test_the_secondary_who_answers_after_three_minutes_ends_the_climb() -> None:
    rehearsed = await shown(a_scene(answers="secondary after 3m", length=14 * MINUTE))
    assert (rehearsed.taken_by, rehearsed.taken_after) == ("Ben Okafor", 8 * MINUTE)
    taken = next(page for page in rehearsed.pages if page.fate == "acknowledged")
    assert (taken.person, taken.method, taken.ends) == ("ben", "sms", rehearsed.scene.at + 8 * MINUTE)
    # The manager, whose turn would have come at 10:00, sleeps on.
    assert "dev" not in {page.person for page in rehearsed.pages}
    assert any("Ben Okafor is incident commander" in event.text for event in rehearsed.events)


async def test_two_rehearsals_by_chance_are_alike_to_the_byte() -> None:
    scene = a_scene(answers="70%", seed=11, length=30 * MINUTE)
    first, second = await shown(scene), await shown(scene)
    assert first.model_dump_json() == second.model_dump_json()
    assert first.pages


@pytest.mark.timeout(90)
async def test_two_rehearsals_of_many_things_at_once_are_alike_to_the_byte() -> None:
    scene = a_scene(answers="ben after 2m", length=50 * MINUTE)
    first, second = await shown(scene), await shown(scene)
    assert first.model_dump_json() == second.model_dump_json()
    assert len({page.run for page in first.pages}) > 3


async def test_2_1_a_shift_that_ends_while_the_ladder_is_climbed_hands_over() -> None:
    # A Monday morning; the storefront's primary hands over at nine.
    monday = datetime(2026, 12, 28, 7, 50, tzinfo=UTC)
    rehearsed = await shown(a_scene(at=monday, length=22 * MINUTE), EXAMPLE_CONFIG)
    primaries = [page.person for page in rehearsed.pages if page.rung == "primary" and page.method == "call"]
    assert len(primaries) == 2
    assert primaries[0] != primaries[1]


async def test_1_6_what_waits_for_the_next_business_day_is_paged_in_the_morning() -> None:
    friday_night = datetime(2026, 11, 20, 22, 0, tzinfo=UTC)
    rehearsed = await shown(a_scene(severity="P3", at=friday_night, length=timedelta(days=3)))
    first = rehearsed.pages[0]
    # Monday at nine in Berlin: a text message does not wait for a call there is none of.
    assert first.at == datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    assert (first.person, first.method) == ("alice", "sms")


async def test_what_is_over_pages_nobody_any_more() -> None:
    rehearsed = await shown(a_scene(resolve_after=7 * MINUTE, length=20 * MINUTE))
    assert max(page.after for page in rehearsed.pages) < 7 * MINUTE
    assert any(event.kind == "resolved" and event.after == 7 * MINUTE for event in rehearsed.events)


class Overlooks(TimeSkipper):
    """A server that leaps nowhere, and so rings no timer."""

    async def fast_forward(
        self, handle: WorkflowHandle[Any, Any], duration: timedelta | float | None = None, /
    ) -> bool:
        return True


async def test_a_timer_that_the_server_overlooks_rings_all_the_same() -> None:
    scene = a_scene(length=11 * MINUTE)
    async with skipping_server() as server:
        overlooked = await play_on(Overlooks(server.client), Cast(organisation()), scene, lambda passed: None)
    assert overlooked == await shown(scene)


async def test_who_answers_the_call_stops_the_ringing_of_others() -> None:
    rehearsed = await shown(a_scene(answers="ben after 10s by call", length=8 * MINUTE))
    fates = {page.person: page for page in rehearsed.pages if page.rung == "secondary"}
    assert fates["ben"].fate == "acknowledged"
    assert fates["chiara"].fate == "withdrawn"
    assert fates["ben"].ends == fates["chiara"].ends == rehearsed.scene.at + timedelta(minutes=5, seconds=10)


async def test_several_services_are_paged_together() -> None:
    scene = a_scene(services=("checkout", "database"), length=MINUTE)
    alone = await shown(a_scene(length=MINUTE), EXAMPLE_CONFIG)
    both = await shown(scene, EXAMPLE_CONFIG)
    assert {page.person for page in alone.pages} < {page.person for page in both.pages}
