"""What Midwatch goes by: where it was loaded from, what was refused, what is wrong with it, and how it hangs
together (spec 12.2)."""

import asyncio
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from fastapi import APIRouter, Request

import configuration
from api.deps import PartsDep
from api.v1 import configuration_models as told
from api.v1 import models
from configuration.source import read
from domain.finding import Finding, Place
from domain.oncall import Override
from domain.organisation import Organisation
from domain.people import PersonRef
from policy.audit import audit
from rota import Rota

router = APIRouter()

HOLD = timedelta(minutes=10)
"""Findings look months ahead: so long they hold, if nothing was changed."""

_SAID = re.compile(r"(?P<file>.+?):(?P<line>\d+): (?P<message>.*)", re.DOTALL)


@dataclass(frozen=True)
class _Judged:
    """What was found, and in what."""

    organisation: Organisation
    overrides: tuple[Override, ...]
    refused: bool
    at: datetime
    findings: tuple[told.Found, ...]

    def holds(self, rota: Rota, now: datetime) -> bool:
        same = self.organisation is rota.organisation and self.overrides == rota.overrides
        return same and self.refused == _refused(rota) and now - self.at < HOLD


def _refused(rota: Rota) -> bool:
    """Whether the files are not what is in force."""
    return bool(rota.standing.refused_at or rota.standing.faults)


@router.get(
    "",
    summary="Tell how the configuration stands",
    response_model=told.ConfigurationNow,
    responses=models.example(told.SAMPLE),
)
async def standing(request: Request, parts: PartsDep) -> told.ConfigurationNow:
    """What is in force and since when, the change that was refused, and everything a human would be sorry
    about at night, each with its file, its line and what to do."""
    rota, now = parts.rota, datetime.now(UTC)
    known: _Judged | None = getattr(request.app.state, "judged", None)
    if known is None or not known.holds(rota, now):
        known = await asyncio.to_thread(_judge, rota, now)
        request.app.state.judged = known
    stands = rota.standing
    return told.ConfigurationNow(
        path=str(stands.path),
        loaded_at=stands.loaded_at,
        refused_at=stands.refused_at,
        refusals=[_refusal(fault, stands.path) for fault in stands.faults],
        checked_at=known.at,
        findings=list(known.findings),
        organisation=_drawn(known.organisation),
    )


def _judge(rota: Rota, now: datetime) -> _Judged:
    organisation, overrides, refused = rota.organisation, rota.overrides, _refused(rota)
    findings = audit(organisation, now, overrides=overrides, feeds=rota.feeds)
    # The lines of files that are not in force would lead astray.
    spot = _no_spot if refused else _spots(rota.standing.path)
    return _Judged(
        organisation, overrides, refused, now, tuple(_found(finding, spot) for finding in findings)
    )


def _found(finding: Finding, spot: Callable[[Place], told.Spot | None]) -> told.Found:
    return told.Found(
        rule=finding.rule,
        level=finding.level,
        place=list(finding.place),
        spot=spot(finding.place),
        message=finding.message,
        mend=finding.mend,
    )


def _spots(path: Path) -> Callable[[Place], told.Spot | None]:
    """Where values stand in these files."""
    try:
        source = read(path)
    except configuration.Faults:  # They were changed a moment ago, and will be refused in the next.
        return _no_spot

    def spot(place: Place) -> told.Spot | None:
        found = source.spot(place)
        return told.Spot(file=_shown(found.file, path), line=found.line)

    return spot


def _no_spot(_place: Place) -> None:
    return None


def _shown(file: Path, path: Path) -> str:
    return str(file.relative_to(path)) if path.is_dir() and file.is_relative_to(path) else file.name


def _refusal(fault: str, path: Path) -> told.Refusal:
    said = _SAID.fullmatch(fault)
    if said is None:
        return told.Refusal(message=fault)
    spot = told.Spot(file=_shown(Path(said["file"]), path), line=int(said["line"]))
    return told.Refusal(spot=spot, message=said["message"])


def _drawn(organisation: Organisation) -> told.Drawn:
    def person(name: str | None) -> PersonRef | None:
        entry = organisation.people.get(name) if name else None
        return PersonRef(id=name, name=entry.name) if name and entry else None

    def persons(names: Iterable[str]) -> list[PersonRef]:
        return [found for name in names if (found := person(name))]

    return told.Drawn(
        pack=organisation.pack,
        people=len(organisation.people),
        regions=[region.name for region in organisation.regions.values()],
        schedules=[
            told.ScheduleDrawn(id=name, name=entry.name) for name, entry in organisation.schedules.items()
        ],
        teams=[
            told.TeamDrawn(
                id=name,
                name=team.name,
                region=organisation.regions[team.region].name if team.region else None,
                members=persons(team.members),
                lead=person(team.lead),
                manager=person(team.manager),
                primary=team.primary,
                secondary=team.secondary,
            )
            for name, team in organisation.teams.items()
        ],
        services=[
            told.ServiceDrawn(
                id=name,
                name=service.name,
                team=service.team,
                ladder=service.ladder,
                depends_on=list(service.depends_on),
                runbook=service.runbook,
                automated_response=service.automated_response is not None,
            )
            for name, service in organisation.services.items()
        ],
        ladders=[
            told.LadderDrawn(
                id=name,
                rungs=[
                    told.RungDrawn(
                        name=rung.name,
                        people=persons(rung.people),
                        schedules=list(rung.schedules),
                        team=list(rung.team),
                        dependent_services=rung.dependent_services,
                        severities=list(rung.severities),
                    )
                    for rung in ladder.rungs
                ],
                repeats=ladder.repeats,
                fallback=organisation.channels[ladder.fallback].name
                if ladder.fallback in organisation.channels
                else None,
            )
            for name, ladder in organisation.ladders.items()
        ],
    )
