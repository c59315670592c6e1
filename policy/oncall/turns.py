"""Whose turn it is in a rotation (spec 2.1)."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from domain.base import zone
from domain.oncall import Layer
from policy.oncall.wall import FOR_EVER, first_shown, shown


class Turn(NamedTuple):
    """From when until when it is somebody's turn, and which one it is."""

    begins: datetime
    ends: datetime
    person: str
    reason: str


def turns(layer: Layer, begins: datetime, ends: datetime) -> Iterator[Turn]:
    """The turns of a rotation in this time, whole and in order. Before the first handoff it is nobody's turn.
    Turns that follow each other and are the same person's are one. Where a clock went back just before, the
    first turn may be over already."""
    people = layer.people
    if not people or layer.starts is None:
        return
    first = datetime.combine(layer.starts, layer.handoff)
    clock = zone(layer.time_zone)

    def handoff(number: int) -> datetime:
        try:
            return first_shown(first + number * layer.every, clock)
        except OverflowError:
            return FOR_EVER

    def person(number: int) -> str:
        return people[number % len(people)]

    if len(set(people)) == 1:
        yield Turn(handoff(0), FOR_EVER, people[0], f"the only one of {layer.name}")
        return

    number = max((shown(begins, clock) - first) // layer.every, 0)
    while number and person(number - 1) == person(number):
        number -= 1
    began = handoff(number)
    while began < ends:
        last = number
        while person(last + 1) == person(number):
            last += 1
        ended = handoff(last + 1)
        yield Turn(began, ended, person(number), _reason(layer, number + 1, last + 1))
        number, began = last + 1, ended


def _reason(layer: Layer, first: int, last: int) -> str:
    # Not "week 46": people would take it for the calendar's.
    which = f"turn {first}" if first == last else f"turns {first} to {last}"
    return f"{which} of {layer.name}"
