"""Scenes and rehearsals for these tests to be about."""

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import configuration
from domain.organisation import Organisation
from domain.people import Method
from rehearsal.opening import Cast
from rehearsal.play import play
from rehearsal.record import Fate, PageLine, Rehearsed, RungLine, Scene
from settings import STARTER_CONFIG

NIGHT = datetime(2026, 12, 24, 2, 0, tzinfo=UTC)
"""Three in the morning in Berlin."""


@cache
def organisation(path: Path = STARTER_CONFIG) -> Organisation:
    return configuration.load(path)


def a_scene(**more: object) -> Scene:
    given: dict[str, object] = {
        "services": ("checkout",),
        "severity": "P0",
        "at": NIGHT,
        "length": timedelta(minutes=20),
    }
    return Scene.model_validate(given | more)


async def shown(scene: Scene, path: Path = STARTER_CONFIG) -> Rehearsed:
    return await play(Cast(organisation(path)), scene, lambda passed: None)


def a_page(
    after: timedelta, person: str = "alice", *, method: Method = "call", fate: Fate = "no answer"
) -> PageLine:
    rings = method == "call"
    return PageLine(
        at=NIGHT + after,
        after=after,
        run=1,
        run_for="nobody has the incident",
        rung="primary",
        round=1,
        person=person,
        name=person.title(),
        method=method,
        fate=fate,
        ends=NIGHT + after + timedelta(seconds=25) if rings else None,
        why="nobody has the incident",
    )


def a_rehearsed(*pages: PageLine, **more: object) -> Rehearsed:
    scene = a_scene()
    rung = RungLine(
        at=NIGHT, ends=NIGHT + timedelta(minutes=5), run=1, run_for="why", rung="primary", round=1
    )
    given: dict[str, object] = {
        "scene": scene,
        "time_zone": "Europe/Berlin",
        "title": "P0 of checkout",
        "pages": pages,
        "rungs": (rung,),
        "events": (),
        "ends": scene.at + scene.length,
    }
    return Rehearsed.model_validate(given | more)
