"""How a rehearsed incident opens: by the alert of its scene, with whoever is on call then."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from domain.alert import Alert
from domain.incident import IncidentState
from domain.oncall import Feed, Override
from domain.organisation import Organisation
from policy import opening
from policy.oncall import on_call, schedule_of
from rehearsal.answers import Answers, read
from rehearsal.record import Scene

NONCE, CODE = "abcde", "12345"
"""What is random in life, and alike in each rehearsal."""


@dataclass(frozen=True)
class Cast:
    """An organisation, and what else decides who is on call: overrides, and calendars by name."""

    organisation: Organisation
    overrides: Sequence[Override] = ()
    feeds: Mapping[str, Feed] = field(default_factory=dict)

    def on_call(self, schedules: Iterable[str], at: datetime) -> dict[str, str | None]:
        """Who is on call by these schedules. One that is not there is left out."""
        return {
            name: on_call(schedule_of(self.organisation, name), at, self.overrides, self.feeds).person
            for name in schedules
            if name in self.organisation.schedules
        }


def opened(cast: Cast, scene: Scene) -> IncidentState:
    """The incident as its alert opens it. The severity is the scene's, whatever the organisation's own rules
    would make of the alert."""
    plain = cast.organisation.model_copy(update={"classification": ()})
    schedules = opening.schedules_for(plain, scene.services)
    return opening.open_incident(alert_of(scene), plain, NONCE, CODE, cast.on_call(schedules, scene.at))


def answers_of(cast: Cast, scene: Scene) -> Answers:
    """Who answers in this scene.

    Raises:
        ValueError: its words name nobody whom this organisation knows.
    """
    people = {person: entry.name for person, entry in cast.organisation.people.items()}
    rungs = {rung.name: rung.people for rung in opened(cast, scene).snapshot.ladder.rungs}
    return read(scene.answers, people, rungs, scene.seed)


def alert_of(scene: Scene) -> Alert:
    """What a monitoring system would have sent."""
    return Alert(
        source="rehearsal",
        fingerprint="rehearsal",
        service=scene.services[0],
        also=scene.services[1:],
        name="Rehearsal",
        title="Rehearsal",
        severity=scene.severity,
        starts_at=scene.at,
        received_at=scene.at,
    )
