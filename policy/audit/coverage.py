"""Hours in which nobody would be paged (spec 2.2)."""

from collections.abc import Iterator
from datetime import datetime

from domain.base import zone
from domain.finding import Finding, Place
from domain.ladder import Rung
from policy.audit.facts import Climbed, Facts, error, times

Gaps = list[tuple[datetime, datetime]]


def coverage(facts: Facts) -> Iterator[Finding]:
    """Rungs on which nobody is: never, or for some hours."""
    told: set[tuple[str, ...]] = set()
    alone = {each.rung.schedules[0] for each in _rungs(facts) if len(each.rung.schedules) == 1}
    for each in _rungs(facts):
        schedules = each.rung.schedules
        if not schedules or schedules in told:
            continue
        told.add(schedules)
        if len(schedules) > 1 and alone.intersection(schedules):
            continue  # Whatever they leave open together, each of them leaves open by itself.
        gaps = _gaps(facts, schedules) if all(map(facts.readable, schedules)) else []
        if gaps:
            place: Place = ("schedules", schedules[0]) if len(schedules) == 1 else each.place
            yield error("uncovered-hours", place, _said(facts, schedules, gaps), _mend(facts, schedules))
    yield from _nobody(facts)


def _rungs(facts: Facts) -> Iterator[Climbed]:
    return (each for climb in facts.climbs for each in climb)


def _gaps(facts: Facts, schedules: tuple[str, ...]) -> Gaps:
    """When nobody is on call by any of these."""
    gaps: Gaps = []
    for span in facts.spans(Rung(name="", people=(), schedules=schedules)):
        if span.people:
            continue
        if gaps and gaps[-1][1] == span.begins:
            gaps[-1] = gaps[-1][0], span.ends
        else:
            gaps.append((span.begins, span.ends))
    return gaps


def _said(facts: Facts, schedules: tuple[str, ...], gaps: Gaps) -> str:
    names = " or ".join(schedules)
    if gaps == [(facts.now, facts.until)]:
        return f"nobody is on call by {names} at any time of the next 90 days"
    return f"nobody is on call by {names} {times(gaps, facts.zone_of(schedules[0]))}"


def _mend(facts: Facts, schedules: tuple[str, ...]) -> str:
    layers = [layer for name in schedules for layer in facts.schedules[name].layers]
    today = {layer.time_zone: facts.now.astimezone(zone(layer.time_zone)).date() for layer in layers}
    if all(layer.ends and layer.ends < today[layer.time_zone] for layer in layers):
        return "all of its layers have ended; add one that goes on"
    if all(layer.hours for layer in layers):
        return "add a first layer without `hours` or `follow_the_sun`, that holds whenever no other does"
    return "add a layer for these hours"


def _nobody(facts: Facts) -> Iterator[Finding]:
    """Rungs that name nobody at all, for none of the services that climb them."""
    rungs = facts.organisation.ladders
    found: dict[Place, list[Climbed]] = {}
    for each in _rungs(facts):
        found.setdefault(each.place, []).append(each)
    for place, climbed in found.items():
        entry = rungs[climbed[0].ladder].rungs[climbed[0].number]
        if entry.team or any(each.rung.always or each.rung.schedules for each in climbed):
            continue  # A position that a team does not fill keeps the configuration from being used at all.
        yield error(
            "empty-rung",
            place,
            f"nobody is on rung {climbed[0].number + 1} ({entry.name}) for any service: none needs another",
            "name people or schedules, or take the rung out",
        )
