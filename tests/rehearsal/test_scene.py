"""What is typed becomes a scene, or is refused with everything that is wrong with it."""

from datetime import UTC, datetime, timedelta

import pytest

from rehearsal.record import Scene
from rehearsal.scene import Asked, BadScene, read_scene
from settings import EXAMPLE_CONFIG
from tests.rehearsal.made import organisation


def asked(**more: object) -> Scene:
    given: dict[str, object] = {
        "services": ("checkout",),
        "severity": "P0",
        "at": "2026-07-01 03:00",
        "length": "2h",
    }
    return read_scene(organisation(EXAMPLE_CONFIG), Asked.model_validate(given | more))


def test_a_moment_without_a_zone_is_meant_by_the_services_clock() -> None:
    assert asked().at == datetime(2026, 7, 1, 1, 0, tzinfo=UTC)  # Berlin
    assert asked(services=("payments",)).at == datetime(2026, 7, 1, 7, 0, tzinfo=UTC)  # New York


def test_a_moment_with_a_zone_is_that_moment() -> None:
    assert asked(at="2026-07-01T03:00+00:00").at == datetime(2026, 7, 1, 3, 0, tzinfo=UTC)


def test_lengths_are_read_as_everywhere() -> None:
    scene = asked(length="1h30m", resolve_after="40m")
    assert (scene.length, scene.resolve_after) == (timedelta(minutes=90), timedelta(minutes=40))


def test_a_rehearsal_of_more_than_two_weeks_is_refused() -> None:
    with pytest.raises(BadScene, match="two weeks are the most"):
        asked(length="400d")


def test_a_service_named_twice_is_one() -> None:
    assert asked(services=("checkout", "payments", "checkout")).services == ("checkout", "payments")


def test_everything_that_is_wrong_is_said_at_once_with_what_is_possible() -> None:
    with pytest.raises(BadScene) as refused:
        asked(services=("chekout",), severity="SEV1", at="soon", length="0s", resolve_after="never")
    said = refused.value.faults
    assert len(said) == 5
    assert "checkout, catalogue" in said[0]
    assert "P0, P1, P2, P3" in said[1]
    assert "2026-12-24 03:00" in said[2]
    assert said[3].startswith("--for")
    assert said[4].startswith("--resolve-after")


def test_what_is_left_out_is_the_default_service_at_its_worst() -> None:
    scene = asked(services=(), severity=None)
    assert (scene.services, scene.severity) == (("checkout",), "P0")
