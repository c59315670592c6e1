"""Whom a ladder pages: from positions and schedules to people, for the services affected (spec 3.1, 3.5)."""

from collections.abc import Iterable, Mapping, Sequence

from domain.entries import LadderEntry, Position, RungEntry
from domain.ladder import Rung
from domain.organisation import Organisation

OnCall = Mapping[str, str | None]
"""Who is on call at a moment, by schedule; None: nobody is."""


def rungs_for(organisation: Organisation, services: Sequence[str]) -> tuple[Rung, ...]:
    """The rungs that are climbed for these services together: the first rungs of all their ladders are one,
    then the second ones, and so on. Nobody is on them yet but those who are named themselves."""
    ladders = [
        [_rung(organisation, service, rung) for rung in _ladder(organisation, service).rungs]
        for service in services
    ]
    return together(*ladders)


def staffed(rungs: Iterable[Rung], on_call: OnCall) -> tuple[Rung, ...]:
    """The rungs with everybody who is on them at the moment of `on_call`."""
    return tuple(
        rung.model_copy(
            update={"people": _once([*rung.always, *(on_call.get(name) for name in rung.schedules)])}
        )
        for rung in rungs
    )


def schedules_of(rungs: Iterable[Rung]) -> tuple[str, ...]:
    """Every schedule that these rungs ask."""
    return _once(schedule for rung in rungs for schedule in rung.schedules)


def neighbours(organisation: Organisation, service: str) -> tuple[str, ...]:
    """The services that this one needs, then those that need it."""
    needs = organisation.services[service].depends_on
    needed_by = (name for name, entry in organisation.services.items() if service in entry.depends_on)
    return _once(name for name in (*needs, *needed_by) if name != service)


def together(*ladders: Sequence[Rung]) -> tuple[Rung, ...]:
    """Several ladders as one: each rung with everybody who is on this rung of any of them."""
    tallest = max(len(ladder) for ladder in ladders)
    return tuple(
        _one([ladder[number] for ladder in ladders if number < len(ladder)]) for number in range(tallest)
    )


def _ladder(organisation: Organisation, service: str) -> LadderEntry:
    return organisation.ladders[organisation.services[service].ladder]


def _rung(organisation: Organisation, service: str, entry: RungEntry) -> Rung:
    always, schedules = _named(organisation, service, entry)
    if entry.dependent_services:
        for neighbour in neighbours(organisation, service):
            first = _ladder(organisation, neighbour).rungs[0]
            more_people, more_schedules = _named(organisation, neighbour, first)
            always, schedules = [*always, *more_people], [*schedules, *more_schedules]
    ranks = [organisation.severities[name].rank for name in entry.severities]
    return Rung(
        name=entry.name,
        people=_once(always),
        always=_once(always),
        schedules=_once(schedules),
        up_to_rank=max(ranks, default=4),
    )


def _named(organisation: Organisation, service: str, entry: RungEntry) -> tuple[list[str], list[str]]:
    """The people and the schedules that a rung of this service's ladder means."""
    team = organisation.teams.get(organisation.services[service].team or "")
    people, schedules = list(entry.people), list(entry.schedules)
    for position in entry.team if team else ():
        found = getattr(team, position)
        if found:
            (schedules if position in ON_CALL else people).append(found)
    return people, schedules


ON_CALL: tuple[Position, ...] = ("primary", "secondary")
"""The positions that a schedule fills."""


def _one(rungs: Sequence[Rung]) -> Rung:
    if len(rungs) == 1:
        return rungs[0]
    always = _once(person for rung in rungs for person in rung.always)
    return Rung(
        name=" + ".join(_once(rung.name for rung in rungs)),
        people=_once(person for rung in rungs for person in rung.people),
        always=always,
        schedules=_once(schedule for rung in rungs for schedule in rung.schedules),
        up_to_rank=max(rung.up_to_rank for rung in rungs),
    )


def _once(names: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name))
