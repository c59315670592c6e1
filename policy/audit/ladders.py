"""Ladders that climb nowhere, and windows in the wrong order (spec 3.1, 3.2)."""

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

from domain.finding import Finding, Place
from policy.audit.facts import Climbed, Facts, error, times, together, warning
from policy.calendar import place_of


def ladders(facts: Facts) -> Iterator[Finding]:
    """What is wrong with the ladders that services climb, and with how long each rung has."""
    yield from _severities(facts)
    yield from _windows(facts)
    used = dict.fromkeys(entry.ladder for entry in facts.organisation.services.values())
    for name in used:
        if not facts.organisation.ladders[name].fallback:
            yield warning(
                "no-fallback",
                ("ladders", name),
                f"when nobody answers on ladder {name}, nobody hears of that",
                "name a channel as its `fallback`",
            )
    yield from _lonely(facts)
    yield from _again(facts)


def _severities(facts: Facts) -> Iterator[Finding]:
    """A severity that pages, and for which a ladder has no rung."""
    told: set[str] = set()
    for climb in facts.climbs:
        ladder, reach = climb[0].ladder, max(each.rung.up_to_rank for each in climb)
        out = [
            severity.name
            for severity in facts.severities
            if severity.rank > reach and severity.methods and severity.respond != "backlog"
        ]
        if out and ladder not in told:
            told.add(ladder)
            yield error(
                "no-rung-for-severity",
                ("ladders", ladder),
                f"no rung of ladder {ladder} is for {' or '.join(out)}, so nobody would hear of one",
                "let its first rung be for all severities",
            )


def _windows(facts: Facts) -> Iterator[Finding]:
    paging = [severity for severity in facts.severities if severity.methods]
    for worse, milder in pairwise(paging):
        if milder.ack_window < worse.ack_window:
            yield warning(
                "ack-window-order",
                ("severities", milder.name, "ack_window"),
                f"a rung has less time for {milder.name} than for {worse.name}, which is worse",
                f"make it as long as that of {worse.name}, or longer",
            )


def _lonely(facts: Facts) -> Iterator[Finding]:
    """Ladders on which there is but one person."""
    told: set[str] = set()
    for climb in _judged(facts):
        everybody = _everybody(facts, climb)
        if len(everybody) == 1 and climb[0].ladder not in told:
            told.add(climb[0].ladder)
            yield warning(
                "one-person-ladder",
                ("ladders", climb[0].ladder),
                f"nobody but {facts.names(everybody)} is on ladder {climb[0].ladder} for {climb[0].service}, "
                f"also for {facts.severities[0].name}",
                "put somebody else on a further rung",
            )


def _again(facts: Facts) -> Iterator[Finding]:
    """Rungs that page nobody but those whom an earlier one has paged in vain."""
    found: dict[tuple[str, Climbed], list[str]] = {}
    first: dict[tuple[str, Place], tuple[Climbed, Climbed]] = {}
    for climb in _judged(facts):
        if len(_everybody(facts, climb)) < 2:
            continue
        for rule, one, other in _pairs(climb):
            if _same(facts, one, other):
                one, other = first.setdefault((rule, other.place), (one, other))
                found.setdefault((rule, other), []).append(climb[0].service)
    for (rule, other), services in found.items():
        one, _ = first[rule, other.place]
        same = _same(facts, one, other)
        zone = _zone(facts, other.service)
        when = "at all times" if same == [(facts.now, facts.until)] else times(same, zone)
        who = facts.names(sorted(_at(facts, other, same[0][0])))
        back = "ends in whom it began with" if rule == "ends-where-it-began" else "pages nobody new"
        more = f"; also for {facts.listed(services[1:])}" if services[1:] else ""
        yield warning(
            rule,
            other.place,
            f"for {other.service} rung {other.number + 1} ({other.rung.name}) {back}: rung {one.number + 1} "
            f"({one.rung.name}) has paged {who} already, {when}{more}",
            "put somebody else on it, or shift a rotation",
        )


def _judged(facts: Facts) -> Iterator[tuple[Climbed, ...]]:
    for climb in facts.climbs:
        if all(facts.readable(name) for each in climb for name in each.rung.schedules):
            yield climb


def _pairs(climb: tuple[Climbed, ...]) -> Iterator[tuple[str, Climbed, Climbed]]:
    """Rungs that ought not to be the same people's: the first and the last, and those in a row."""
    if len(climb) > 1:
        yield "ends-where-it-began", climb[0], climb[-1]
    if len(climb) > 2:
        yield from (("same-people-again", one, other) for one, other in pairwise(climb))


def _everybody(facts: Facts, climb: tuple[Climbed, ...]) -> set[str]:
    on_call = {p for each in climb for name in each.rung.schedules for p in facts.people_of(name)}
    return on_call.union(*(each.rung.always for each in climb))


def _same(facts: Facts, one: Climbed, other: Climbed) -> list[tuple[datetime, datetime]]:
    """When everybody on the one rung was on the other already."""
    found: list[tuple[datetime, datetime]] = []
    for begins, ends, before, after in together(facts.spans(one.rung), facts.spans(other.rung)):
        if not after or not after <= before:
            continue
        if found and found[-1][1] == begins:
            found[-1] = found[-1][0], ends
        else:
            found.append((begins, ends))
    return found


def _at(facts: Facts, each: Climbed, moment: datetime) -> frozenset[str]:
    return next(span.people for span in facts.spans(each.rung) if span.begins <= moment < span.ends)


def _zone(facts: Facts, service: str) -> str:
    team = facts.organisation.teams.get(facts.organisation.services[service].team or "")
    return place_of(facts.organisation, team.region if team else None).time_zone
