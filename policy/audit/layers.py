"""Layers that say nothing, or wake people at the wrong end of the world (spec 2.1)."""

from collections.abc import Iterator
from datetime import timedelta

from domain.base import zone
from domain.finding import Finding, Place
from domain.oncall import Schedule
from policy.audit.facts import Facts, warning
from policy.calendar import place_of
from policy.oncall import layer_shifts, shifts

FAR = timedelta(hours=2)
"""Clocks further apart than this show another part of the day."""


def layers(facts: Facts) -> Iterator[Finding]:
    """What is wrong with single layers of the schedules that ladders ask."""
    for name, schedule in facts.schedules.items():
        for number, layer in enumerate(schedule.layers):
            place: Place = ("schedules", name, "layers", number)
            today = facts.now.astimezone(zone(layer.time_zone)).date()
            if layer.ends and layer.ends < today:
                message = f"layer {layer.name} of {name} ended on {layer.ends}"
                yield warning("ended-layer", (*place, "ends"), message, "take it out, or let it go on")
            elif _covered(facts, schedule, number):
                message = f"layer {layer.name} of {name} never counts: later layers hold whenever it does"
                mend = "put it after them, give them `hours`, or take it out"
                yield warning("covered-layer", place, message, mend)
            yield from _under_another_sun(facts, name, number)


def _covered(facts: Facts, schedule: Schedule, number: int) -> bool:
    """Whether a layer has something to say, and never gets a word in."""
    layer = schedule.layers[number]
    if number == len(schedule.layers) - 1 or not facts.readable(schedule.id):
        return False
    if any(shift.layer == layer.name for shift in facts.shifts(schedule.id)):
        return False
    says = layer_shifts(schedule, layer, facts.now, facts.until, facts.feeds)
    counts = shifts(schedule, facts.now, facts.until, (), facts.feeds)
    return bool(says) and all(shift.layer != layer.name for shift in counts)


def _under_another_sun(facts: Facts, schedule: str, number: int) -> Iterator[Finding]:
    entry = facts.organisation.schedules[schedule].layers[number]
    if not entry.follow_the_sun:
        return
    there = facts.schedules[schedule].layers[number].time_zone
    for index, person in enumerate(entry.people):
        region = facts.organisation.people[person].region if person in facts.organisation.people else None
        if region is None:
            continue
        here = place_of(facts.organisation, region).time_zone
        apart = abs(_offset(facts, here) - _offset(facts, there))
        if min(apart, timedelta(days=1) - apart) > FAR:
            yield warning(
                "wrong-sun",
                ("schedules", schedule, "layers", number, "people", index),
                f"{facts.name(person)} lives by {here}, and this layer follows the sun of {there}",
                "move the person to the layer of their own region",
            )


def _offset(facts: Facts, time_zone: str) -> timedelta:
    return facts.now.astimezone(zone(time_zone)).utcoffset() or timedelta(0)
