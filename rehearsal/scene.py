"""From what somebody typed to a scene that can be rehearsed, or to what is wrong with it."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from domain.base import Thing, parse_duration, zone
from domain.organisation import Organisation
from policy.calendar import place_of
from rehearsal.record import Scene

LONGEST = timedelta(days=14)


class BadScene(Exception):
    """What cannot be rehearsed, with everything that is wrong with it."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


class Asked(Thing):
    """A scene as somebody typed it.

    Attributes:
        services: none: the one that takes what names no service.
        severity: None: the worst.
        at: like `2026-12-24 03:00`, by the first service's clock unless it bears a zone; None: now.
        length: how long is rehearsed, like `2h`.
        answers: who answers, and when: `nobody`, `secondary after 3m`, `ben after 2m by sms`, `70%`.
        seed: for what is left to chance.
        resolve_after: how long after the start the harm is over, like `40m`; None: not within the rehearsal.
    """

    services: tuple[str, ...] = ()
    severity: str | None = None
    at: str | None = None
    length: str = "2h"
    answers: str = "nobody"
    seed: int = 1
    resolve_after: str | None = None


def read_scene(organisation: Organisation, asked: Asked) -> Scene:
    """The scene that is meant.

    Raises:
        BadScene: it names what the organisation does not have, or a time that is none.
    """
    services = asked.services or (organisation.default_service,)
    worst = min(organisation.severities, key=lambda name: organisation.severities[name].rank)
    severity = asked.severity or worst
    faults = [*_unknown("service", services, organisation.services)]
    faults += _unknown("severity", [severity], organisation.severities)
    known = next((service for service in services if service in organisation.services), None)
    begins = _moment(asked.at, service_zone(organisation, known), faults)
    lasts = _length("--for", asked.length, faults)
    resolved = _length("--resolve-after", asked.resolve_after, faults) if asked.resolve_after else None
    if faults:
        raise BadScene(faults)
    return Scene(
        services=tuple(dict.fromkeys(services)),
        severity=severity,
        at=begins,
        length=lasts,
        answers=asked.answers,
        seed=asked.seed,
        resolve_after=resolved,
    )


def service_zone(organisation: Organisation, service: str | None) -> str:
    """The time zone of whoever owns the service."""
    team = organisation.teams.get(organisation.services[service].team or "") if service else None
    return place_of(organisation, team.region if team else None).time_zone


def _unknown(kind: str, names: Iterable[str], known: Iterable[str]) -> list[str]:
    return [
        f"no {kind} is called {name!r}; there are: {_listed(known)}" for name in names if name not in known
    ]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)


def _moment(text: str | None, zone_name: str, faults: list[str]) -> datetime:
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    if text is None:
        return now
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        faults.append(f'{text!r} is no moment; write --at like "2026-12-24 03:00"')
        return now
    local = moment if moment.tzinfo else moment.replace(tzinfo=zone(zone_name))
    return local.astimezone(UTC).replace(microsecond=0)


def _length(option: str, text: str, faults: list[str]) -> timedelta:
    try:
        length = parse_duration(text)
    except ValueError as fault:
        faults.append(f"{option}: {fault}")
        return timedelta(0)
    if not isinstance(length, timedelta) or length <= timedelta(0):
        faults.append(f"{option}: {text!r} is no length of time; write it like 40m or 2h")
        return timedelta(0)
    if length > LONGEST:
        faults.append(f"{option}: {text!r} is too long to rehearse; two weeks are the most")
    return length
