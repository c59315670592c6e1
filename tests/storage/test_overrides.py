"""Overrides in both databases: nothing is lost, nothing is done twice, and the past stays what it was."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from domain.oncall import Override
from domain.people import PersonRef
from storage import overrides

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
ALICE, BEN = PersonRef(id="alice", name="Alice Moreau"), PersonRef(id="ben", name="Ben Okafor")


def an_override(begins: datetime = NOW, ends: datetime = NOW + 8 * HOUR, **more: object) -> Override:
    given = {"id": 0, "schedule": "primary", "person": "ben", "reason": "swap", "by": ALICE, "made_at": NOW}
    return Override.model_validate(given | {"begins": begins, "ends": ends} | more)


def test_2_1_an_override_is_kept_whole_with_a_number_of_its_own(engine: Engine) -> None:
    wanted = an_override(reason="a\x00 dentist")
    first, second = overrides.add(engine, wanted, "a"), overrides.add(engine, wanted, "b")
    assert first == wanted.model_copy(update={"id": first.id, "reason": "a dentist"})
    assert second.id > first.id > 0
    assert overrides.find(engine, first.id) == first
    assert overrides.find(engine, 4711) is None


def test_the_same_key_stores_one_override(engine: Engine) -> None:
    first = overrides.add(engine, an_override(), "a")
    assert overrides.add(engine, an_override(person="chiara"), "a") == first
    assert overrides.made(engine, "a") == first
    assert overrides.made(engine, "b") is None
    assert overrides.upcoming(engine, NOW) == (first,)


def test_the_same_key_at_once_stores_one_override(engine: Engine) -> None:
    overrides.upcoming(engine, NOW)  # The tables are there before the race begins.
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda _: overrides.add(engine, an_override(), "a").id, range(16)))
    assert len(made) == 1
    assert len(overrides.upcoming(engine, NOW)) == 1


def test_2_1_an_override_expires(engine: Engine) -> None:
    stored = overrides.add(engine, an_override(), "a")
    assert overrides.upcoming(engine, stored.begins - HOUR) == (stored,)
    assert overrides.upcoming(engine, stored.ends - HOUR) == (stored,)
    assert overrides.upcoming(engine, stored.ends) == ()


def test_overrides_are_found_by_the_time_in_which_they_hold(engine: Engine) -> None:
    early = overrides.add(engine, an_override(NOW, NOW + HOUR), "a")
    late = overrides.add(engine, an_override(NOW + 2 * HOUR, NOW + 3 * HOUR), "b")
    assert overrides.between(engine, NOW, NOW + 3 * HOUR) == (early, late)
    assert overrides.between(engine, NOW + HOUR, NOW + 2 * HOUR) == ()
    assert overrides.between(engine, NOW + HOUR / 2, NOW + 2 * HOUR) == (early,)


def test_a_cancelled_override_that_had_not_begun_never_held(engine: Engine) -> None:
    stored = overrides.add(engine, an_override(NOW + HOUR), "a")
    cancelled = overrides.cancel(engine, stored.id, BEN, NOW)
    assert cancelled is not None
    assert cancelled.ends == stored.begins
    assert overrides.upcoming(engine, NOW) == ()
    assert overrides.between(engine, NOW, NOW + 9 * HOUR) == ()


def test_a_cancelled_override_that_held_keeps_what_is_past(engine: Engine) -> None:
    stored = overrides.add(engine, an_override(), "a")
    at = NOW + 2 * HOUR
    cut = stored.model_copy(update={"ends": at})
    assert overrides.cancel(engine, stored.id, BEN, at) == cut
    assert overrides.upcoming(engine, at) == ()
    assert overrides.between(engine, NOW, NOW + 8 * HOUR) == (cut,)


def test_the_first_cancellation_counts(engine: Engine) -> None:
    stored = overrides.add(engine, an_override(), "a")
    first = overrides.cancel(engine, stored.id, BEN, NOW + HOUR)
    assert overrides.cancel(engine, stored.id, ALICE, NOW + 2 * HOUR) == first
    assert overrides.cancel(engine, 4711, BEN, NOW) is None


def test_what_is_over_is_not_cancelled(engine: Engine) -> None:
    stored = overrides.add(engine, an_override(), "a")
    assert overrides.cancel(engine, stored.id, BEN, stored.ends) == stored
