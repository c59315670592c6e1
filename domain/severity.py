"""How bad it is: four ranks, whatever an organisation calls them (spec 1.1)."""

from domain.base import Duration, Thing
from domain.people import Method


class Severity(Thing):
    """One severity of the policy pack.

    `rank` runs from 1, the worst, to 4. `ack_window` is how long a rung has before the next is paged.
    `methods` are the ways in which this severity may page; none means that nobody is woken for it.
    `labels` are what monitoring systems call it.
    """

    name: str
    rank: int
    meaning: str
    ack_window: Duration
    methods: tuple[Method, ...]
    labels: tuple[str, ...] = ()
