"""What is told of on-call, made of the configuration, the overrides and the calendars (spec 2.1)."""

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from api.v1 import oncall_models as models
from api.v1.oncall_models import Named
from domain.ladder import Rung
from domain.oncall import Feed, Override, Schedule, Shift
from domain.organisation import Organisation
from domain.people import PersonRef
from policy.oncall import layer_shifts, on_call, schedule_of, shifts
from policy.roster import OnCall, rungs_for, schedules_of, staffed
from rota import Rota
from settings import Settings

MOST_STEPS = 14
"""Stretches of one person that are followed to the end of their duty."""


KEY_LETTERS = 32


def feed_key(subject: str, settings: Settings) -> str:
    """What opens one feed, and nothing else. Another token makes other keys."""
    token = settings.api_token.get_secret_value().encode()
    return hmac.new(token, subject.encode(), hashlib.sha256).hexdigest()[:KEY_LETTERS]


def feed_url(subject: str, settings: Settings) -> str:
    """The address of a feed for calendar programs."""
    return f"{settings.public_url}/api/v1/{subject}?key={feed_key(subject, settings)}"


@dataclass(frozen=True)
class View:
    """All that is known of on-call at one moment.

    Attributes:
        rota: who is asked, so that what is told is what pages go by; None where it does not reach so far
            back, or is not what is asked about.
        complete: false where overrides that are over may be missing.
    """

    organisation: Organisation
    overrides: Sequence[Override]
    feeds: Mapping[str, Feed]
    rota: Rota | None
    complete: bool = True

    def schedule(self, name: str) -> Schedule:
        """The schedule of this name."""
        return schedule_of(self.organisation, name)

    def shift(self, schedule: Schedule, at: datetime) -> Shift:
        """Who is on call at a moment, and the whole stretch around it."""
        if self.rota:
            return self.rota.shift(schedule.id, at)
        return on_call(schedule, at, self.overrides, self.feeds)

    def shifts(self, schedule: Schedule, begins: datetime, ends: datetime) -> tuple[Shift, ...]:
        """Everything from `begins` until just before `ends`."""
        if self.rota:
            return self.rota.shifts(schedule.id, begins, ends)
        return shifts(schedule, begins, ends, self.overrides, self.feeds)

    def answer(
        self, at: datetime, time_zone: str, schedules: Iterable[str], services: Iterable[str]
    ) -> models.OnCallNow:
        """Who is on call at a moment by these schedules, and on the ladders of these services."""
        ladders = {service: rungs_for(self.organisation, [service]) for service in services}
        lines = {name: self._schedule_now(self.schedule(name), at) for name in schedules}
        asked = {name for rungs in ladders.values() for name in schedules_of(rungs)} - set(lines)
        by_schedule: dict[str, str | None] = {
            name: line.person.id if line.person else None for name, line in lines.items()
        }
        by_schedule |= {name: self.shift(self.schedule(name), at).person for name in asked}
        return models.OnCallNow(
            at=at,
            time_zone=time_zone,
            schedules=list(lines.values()),
            services=[self._service_now(service, by_schedule, ladder) for service, ladder in ladders.items()],
        )

    def _schedule_now(self, schedule: Schedule, at: datetime) -> models.ScheduleNow:
        shift = first = last = self.shift(schedule, at)
        following: Shift | None = None
        for _ in range(MOST_STEPS):
            following = self.shift(schedule, last.ends)
            if following.person != shift.person:
                break
            last, following = following, None
        for _ in range(MOST_STEPS):
            earlier = self.shift(schedule, first.begins - datetime.resolution)
            if earlier.person != shift.person:
                break
            first = earlier
        return models.ScheduleNow(
            schedule=Named(id=schedule.id, name=schedule.name),
            time_zone=schedule.time_zone,
            person=self.person(shift.person),
            since=first.begins,
            until=last.ends,
            layer=shift.layer,
            override=shift.override,
            why=shift.why,
            next=self.stretch(following) if following else None,
        )

    def _service_now(self, service: str, on_call: OnCall, rungs: Sequence[Rung]) -> models.ServiceNow:
        organisation = self.organisation
        entry = organisation.services[service]
        team = organisation.teams.get(entry.team or "")
        return models.ServiceNow(
            service=Named(id=service, name=entry.name),
            team=Named(id=entry.team, name=team.name) if entry.team and team else None,
            ladder=entry.ladder,
            rungs=[self._rung_now(rung, on_call) for rung in staffed(rungs, on_call)],
        )

    def _rung_now(self, rung: Rung, on_call: OnCall) -> models.RungNow:
        people = []
        for person in rung.people:
            by = next((name for name in rung.schedules if on_call.get(name) == person), None)
            schedule = self.named(by) if by else None
            people.append(models.OnRung(person=self.ref(person), schedule=schedule))
        severities = self.organisation.severities.items()
        return models.RungNow(
            name=rung.name,
            people=people,
            schedules=[self.named(name) for name in rung.schedules],
            unfilled=[self.named(name) for name in rung.schedules if on_call.get(name) is None],
            severities=[name for name, entry in severities if entry.rank <= rung.up_to_rank],
        )

    def layer(self, schedule: Schedule, number: int, begins: datetime, ends: datetime) -> models.LayerShifts:
        """One layer of a schedule, and what it says by itself."""
        layer = schedule.layers[number]
        found = layer_shifts(schedule, layer, begins, ends, self.feeds)
        return models.LayerShifts(
            name=layer.name,
            time_zone=layer.time_zone,
            people=[self.ref(person) for person in layer.people],
            calendar=layer.calendar,
            every=None if layer.calendar else layer.every,
            shifts=[self.stretch(shift) for shift in found],
        )

    def feed(self, name: str, now: datetime) -> models.FeedNow:
        """A calendar, and how old what we have of it is."""
        feed = self.feeds.get(name, Feed(name=name))
        entry = self.organisation.integrations.calendars.get(name)
        age = timedelta(seconds=int((now - feed.fetched_at).total_seconds())) if feed.fetched_at else None
        return models.FeedNow(
            name=name,
            fetched_at=feed.fetched_at,
            age=age,
            stale=age is None or (entry is not None and age > entry.stale_after),
            fault=feed.fault,
            unknown=list(feed.unknown),
        )

    def override(self, override: Override) -> models.OverrideNow:
        """An override, with names."""
        return models.OverrideNow(
            schedule=self.named(override.schedule),
            person=self.ref(override.person),
            **override.model_dump(include={"id", "begins", "ends", "reason", "made_at"}),
            by=override.by,
        )

    def stretch(self, shift: Shift) -> models.Stretch:
        """A shift, with names."""
        given = shift.model_dump(exclude={"schedule", "person"})
        return models.Stretch(person=self.person(shift.person), **given)

    def named(self, schedule: str) -> Named:
        """A schedule, also one that the configuration does not have any more."""
        entry = self.organisation.schedules.get(schedule)
        return Named(id=schedule, name=entry.name if entry else schedule)

    def person(self, person: str | None) -> PersonRef | None:
        """Somebody, or nobody."""
        return None if person is None else self.ref(person)

    def ref(self, person: str) -> PersonRef:
        """Somebody, also one whom the configuration does not have any more."""
        entry = self.organisation.people.get(person)
        return PersonRef(id=person, name=entry.name if entry else person)
