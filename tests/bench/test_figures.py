"""The arithmetic of the bench."""

from datetime import UTC, datetime, timedelta

import pytest

from bench.figures import Figure, Name, Sample, burst, compare, percentile, pooled

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("percent", "expected"), [(0, 1), (1, 1), (50, 50), (50.5, 51), (99, 99), (99.1, 100), (100, 100)]
)
def test_a_percentile_is_the_value_of_its_rank(percent: float, expected: float) -> None:
    assert percentile([float(value) for value in range(100, 0, -1)], percent) == expected


def test_one_value_is_every_percentile_and_none_is_no_percentile() -> None:
    assert percentile([7.0], 50) == percentile([7.0], 99) == 7.0
    with pytest.raises(ValueError, match="no values"):
        percentile([], 50)


def test_a_burst_lasts_from_its_first_alert_to_its_last_call_in_whatever_order_they_were_taken() -> None:
    sent = {"a": NOON, "b": NOON + timedelta(seconds=1)}
    taken = {"b": NOON + timedelta(seconds=2), "a": NOON + timedelta(seconds=5)}
    assert burst(sent, taken) == Sample((5.0, 1.0), 5.0)


def test_bursts_are_pooled_without_the_pauses_between_them() -> None:
    assert pooled([Sample((1.0,), 2.0), Sample((3.0, 4.0), 5.0)]) == Sample((1.0, 3.0, 4.0), 7.0)


def test_both_sides_are_told_in_milliseconds_and_incidents_a_second() -> None:
    bare, midwatch = Sample((0.01, 0.02, 0.03), 1.5), Sample((0.02, 0.03, 0.09), 3.0)
    latencies = [Figure("p50", 20.0, 30.0), Figure("p99", 30.0, 90.0)]
    assert list(compare(bare, midwatch, rate=True)) == [*latencies, Figure("rate", 2.0, 1.0)]
    assert list(compare(bare, midwatch, rate=False)) == latencies


@pytest.mark.parametrize(
    ("name", "midwatch", "ratio", "met"),
    [
        ("p50", 15.0, 1.5, True),
        ("p50", 16.0, 1.6, False),
        ("p99", 29.9, 2.99, True),
        ("p99", 30.0, 3.0, False),
        ("rate", 5.0, 0.5, True),
        ("rate", 4.0, 0.4, False),
    ],
)
def test_a_latency_aims_low_and_a_rate_aims_high(
    name: Name, midwatch: float, ratio: float, met: bool
) -> None:
    figure = Figure(name, 10.0, midwatch)
    assert figure.ratio == pytest.approx(ratio)
    assert figure.met is met
