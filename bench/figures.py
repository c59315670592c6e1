"""The arithmetic: from instants to figures, and from two sides' figures to ratios. Pure functions."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Name = Literal["p50", "p99", "rate"]

AIMS: Mapping[Name, float] = {"p50": 1.5, "p99": 3.0, "rate": 0.5}
"""Midwatch's figure divided by bare Temporal's: at most so much for a latency, at least for the rate."""

UNITS: Mapping[Name, str] = {"p50": "ms", "p99": "ms", "rate": "/s"}


@dataclass(frozen=True)
class Sample:
    """What one side did with a number of alerts.

    Attributes:
        latencies: seconds from the moment before an alert was sent until the carrier had its call.
        seconds: from the first alert that was sent to the last call that was taken, pauses left out; None
            where the alerts came one at a time, which says nothing about a rate.
    """

    latencies: tuple[float, ...]
    seconds: float | None = None


@dataclass(frozen=True)
class Figure:
    """One figure of both sides: milliseconds for `p50` and `p99`, incidents per second for `rate`."""

    name: Name
    bare: float
    midwatch: float

    @property
    def ratio(self) -> float:
        """Midwatch's divided by bare Temporal's."""
        return self.midwatch / self.bare

    @property
    def met(self) -> bool:
        """Whether the aim is reached."""
        aim = AIMS[self.name]
        return self.ratio >= aim if self.name == "rate" else self.ratio <= aim


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest of the values that at least `percent` of them do not exceed (the nearest rank).

    Raises:
        ValueError: there are no values.
    """
    if not values:
        raise ValueError("no values, no percentile")
    rank = math.ceil(percent / 100 * len(values))
    return sorted(values)[max(rank, 1) - 1]


def pooled(samples: Sequence[Sample]) -> Sample:
    """Several turns as one, as if they had followed one another without a pause."""
    spans = [sample.seconds for sample in samples if sample.seconds is not None]
    return Sample(
        tuple(latency for sample in samples for latency in sample.latencies), sum(spans) if spans else None
    )


def burst(sent: Mapping[str, datetime], taken: Mapping[str, datetime]) -> Sample:
    """The sample of alerts that were sent at once, by when each was sent and its call taken."""
    latencies = tuple((taken[key] - at).total_seconds() for key, at in sent.items())
    return Sample(latencies, (max(taken.values()) - min(sent.values())).total_seconds())


def compare(bare: Sample, midwatch: Sample) -> Iterator[Figure]:
    """Every figure that these samples give."""
    for name, percent in (("p50", 50), ("p99", 99)):
        yield Figure(
            "p50" if name == "p50" else "p99",
            percentile(bare.latencies, percent) * 1000,
            percentile(midwatch.latencies, percent) * 1000,
        )
    if bare.seconds and midwatch.seconds:
        yield Figure("rate", len(bare.latencies) / bare.seconds, len(midwatch.latencies) / midwatch.seconds)
