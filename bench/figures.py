"""The arithmetic: from instants to figures, and from two sides' figures to ratios. Pure functions."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Name = Literal["p50", "p99", "rate"]

AIMS: Mapping[Name, float] = {"p50": 1.5, "p99": 3.0, "rate": 0.5}
"""Midwatch's figure divided by bare Temporal's: `p50` at most this, `p99` less, the rate at least."""

UNITS: Mapping[Name, str] = {"p50": "ms", "p99": "ms", "rate": "/s"}


@dataclass(frozen=True)
class Sample:
    """What one side did with a number of alerts.

    Attributes:
        latencies: seconds from the moment before an alert was sent until the carrier had its call.
        seconds: from the first alert that was sent to the last call that was taken.
    """

    latencies: tuple[float, ...]
    seconds: float


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
        match self.name:
            case "p50":
                return self.ratio <= aim
            case "p99":
                return self.ratio < aim
            case "rate":
                return self.ratio >= aim


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest of the values that at least `percent` of them do not exceed (the nearest rank).

    Raises:
        ValueError: there are no values.
    """
    if not values:
        raise ValueError("no values, no percentile")
    rank = math.ceil(percent / 100 * len(values))
    return sorted(values)[max(rank, 1) - 1]


def burst(sent: Mapping[str, datetime], taken: Mapping[str, datetime]) -> Sample:
    """The sample of alerts that were sent together, by when each was sent and its call taken."""
    latencies = tuple((taken[key] - at).total_seconds() for key, at in sent.items())
    return Sample(latencies, (max(taken.values()) - min(sent.values())).total_seconds())


def pooled(samples: Sequence[Sample]) -> Sample:
    """Several samples as one, as if they had followed one another without a pause."""
    latencies = tuple(latency for sample in samples for latency in sample.latencies)
    return Sample(latencies, sum(sample.seconds for sample in samples))


def compare(bare: Sample, midwatch: Sample, *, rate: bool) -> Iterator[Figure]:
    """The figures of two samples; `rate` only where the alerts did not wait for one another."""

    def milliseconds(name: Name, percent: float) -> Figure:
        both = (percentile(sample.latencies, percent) * 1000 for sample in (bare, midwatch))
        return Figure(name, *both)

    yield milliseconds("p50", 50)
    yield milliseconds("p99", 99)
    if rate:
        yield Figure("rate", *(len(sample.latencies) / sample.seconds for sample in (bare, midwatch)))
