"""What the public is told can be read again, on both databases, and nothing sets it back."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

from domain.jobs import PublishUpdate
from domain.response import Audience, ComponentState, Phase
from storage import public
from storage.public import PublicIncident
from tests import published

OPENED = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)
DEGRADED, PARTIAL, MAJOR = ComponentState.DEGRADED, ComponentState.PARTIAL_OUTAGE, ComponentState.MAJOR_OUTAGE
OPERATIONAL = ComponentState.OPERATIONAL


def told(
    number: int,
    phase: Phase = Phase.INVESTIGATING,
    component: ComponentState | None = None,
    *,
    minute: int | None = None,
    **more: Any,
) -> PublishUpdate:
    """An update, published as many minutes after the opening as its number says, unless told otherwise."""
    at = OPENED + timedelta(minutes=number if minute is None else minute)
    return published.told(number, phase, component, at=at, **more)


def only(engine: Engine) -> PublicIncident:
    [found] = public.incidents(engine, since=OPENED)
    return found


def test_what_was_published_is_read_again_newest_first(engine: Engine) -> None:
    public.publish(engine, told(1, Phase.INVESTIGATING, PARTIAL))
    public.publish(engine, told(2, Phase.IDENTIFIED, MAJOR))
    public.publish(engine, told(3, Phase.MONITORING, DEGRADED))
    found = only(engine)
    assert [(update.text, update.before, update.after) for update in found.updates] == [
        ("What we say, part 3.", MAJOR, DEGRADED),
        ("What we say, part 2.", PARTIAL, MAJOR),
        ("What we say, part 1.", OPERATIONAL, PARTIAL),
    ]
    assert (found.component, found.phase, found.state, found.worst) == (
        "Checkout",
        Phase.MONITORING,
        DEGRADED,
        MAJOR,
    )
    moments = (found.started_at, found.monitoring_at, found.updated_at, found.resolved_at)
    first, third = OPENED + timedelta(minutes=1), OPENED + timedelta(minutes=3)
    assert moments == (first, third, third, None)


def test_publishing_an_update_twice_changes_nothing(engine: Engine) -> None:
    public.publish(engine, told(1, component=PARTIAL))
    before = only(engine)
    public.publish(engine, told(1, component=PARTIAL))
    public.publish(engine, told(1, Phase.RESOLVED, text="something else"))
    assert only(engine) == before


def test_an_update_that_comes_late_sets_nothing_back(engine: Engine) -> None:
    public.publish(engine, told(2, Phase.RESOLVED))
    public.publish(engine, told(1, Phase.INVESTIGATING, MAJOR))
    found = only(engine)
    assert (found.phase, found.state, found.worst) == (Phase.RESOLVED, OPERATIONAL, MAJOR)
    assert found.started_at == OPENED + timedelta(minutes=1)
    assert found.resolved_at == OPENED + timedelta(minutes=2)
    # Also the row by which lists are filtered knows it.
    assert public.incidents(engine, since=OPENED + timedelta(minutes=3)) == (found,)


def test_the_moment_of_publication_counts_and_not_the_number_of_the_draft(engine: Engine) -> None:
    public.publish(engine, told(1, Phase.MONITORING, minute=20))
    public.publish(engine, told(2, Phase.IDENTIFIED, minute=10))
    assert only(engine).phase is Phase.MONITORING


def test_a_state_that_no_update_names_is_what_it_was_and_not_operational(engine: Engine) -> None:
    public.publish(engine, told(1))
    assert only(engine).state is DEGRADED
    public.publish(engine, told(2, component=MAJOR))
    public.publish(engine, told(3, Phase.IDENTIFIED))
    assert only(engine).state is MAJOR
    public.publish(engine, told(4, Phase.RESOLVED))
    assert only(engine).state is OPERATIONAL


def test_an_incident_that_comes_back_is_open_again(engine: Engine) -> None:
    public.publish(engine, told(1, Phase.RESOLVED))
    public.publish(engine, told(2, Phase.INVESTIGATING))
    found = only(engine)
    assert (found.open, found.resolved_at, found.state) == (True, None, DEGRADED)


def test_the_ids_are_our_own_and_stay(engine: Engine) -> None:
    public.publish(engine, told(1))
    [first] = [only(engine)]
    public.publish(engine, told(2))
    found = only(engine)
    assert found.id == first.id
    assert found.updates[1].id == first.updates[0].id != found.updates[0].id
    assert public.incident(engine, found.id) == found
    assert public.incident(engine, "checkout.errors.k3f9a") is None


def test_nothing_internal_is_kept(engine: Engine) -> None:
    public.publish(engine, told(1))
    kept = only(engine).model_dump_json()
    for internal in ("errors", "k3f9a", "Payments fail", "Nobody can pay", "Alice", "ben", "P0"):
        assert internal not in kept


def test_an_internal_update_is_refused(engine: Engine) -> None:
    with pytest.raises(ValueError, match="internal"):
        public.publish(engine, told(1, audience=Audience.INTERNAL))
    assert public.incidents(engine, since=OPENED) == ()


def test_open_and_recent_incidents_are_read_and_the_latest_in_any_case(engine: Engine) -> None:
    for n in range(public.AT_LEAST + 3):
        public.publish(engine, told(n, Phase.RESOLVED if n else Phase.MONITORING, key=f"k{n}"))
    found = public.incidents(engine, since=OPENED + timedelta(days=1))
    # The one that is open, although it is the oldest, and the latest fifty; not the two between.
    assert len(found) == public.AT_LEAST + 1
    assert [incident.open for incident in found[-2:]] == [False, True]
    assert found[0].started_at == OPENED + timedelta(minutes=public.AT_LEAST + 2)
    assert len(public.incidents(engine, since=OPENED)) == public.AT_LEAST + 3


def test_a_text_that_postgres_cannot_hold_is_published_without_it(engine: Engine) -> None:
    public.publish(engine, told(1, text="a\x00b", about="Check\x00out"))
    found = only(engine)
    assert (found.updates[0].text, found.component) == ("ab", "Checkout")


def test_two_updates_at_once_agree_on_what_was_last(engine: Engine) -> None:
    rounds = 12
    for n in range(rounds):
        public.publish(engine, told(0, key=f"k{n}"))
        together = threading.Barrier(2)

        def publish(work: PublishUpdate, together: threading.Barrier = together) -> None:
            together.wait(10)
            public.publish(engine, work)

        pair = [told(1, key=f"k{n}"), told(2, Phase.RESOLVED, key=f"k{n}")]
        threads = [threading.Thread(target=publish, args=(work,)) for work in pair]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    with engine.connect() as connection:
        kept = connection.execute(text("SELECT resolved_at IS NOT NULL FROM public_incident")).scalars().all()
    assert list(map(bool, kept)) == [True] * rounds
    assert [len(incident.updates) for incident in public.incidents(engine, since=OPENED)] == [3] * rounds


def test_the_id_of_a_name_never_changes() -> None:
    assert len({public.stable_id(kind, name) for kind in ("group", "component") for name in "ab"}) == 4
    assert public.stable_id("component", "Checkout") == "9xcrqbidjjsl"
