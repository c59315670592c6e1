"""What the API takes and tells of on-call (spec 2.1), and its examples."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field

from api.ingest.fields import Text
from domain.base import Duration, Instant
from domain.people import PersonRef

LocalMoment = Annotated[
    datetime,
    Field(
        description="a moment; one without a zone is meant in the schedule's", examples=["2026-12-24T03:00"]
    ),
]


class Named(BaseModel):
    """Something of the configuration, with the name that people know it by."""

    id: str
    name: str


class Stretch(BaseModel):
    """A stretch of time in which one person, or nobody, is on call, and why."""

    person: PersonRef | None = Field(description="null: nobody is on call")
    begins: Instant
    ends: Instant
    layer: str = Field("", description="the layer that says so, unless an override does")
    override: int | None = Field(None, description="the number of the override that says so")
    why: str = Field("", description="the same in a sentence")


class ScheduleNow(BaseModel):
    """Who is on call by a schedule at the moment that was asked for."""

    schedule: Named
    time_zone: str
    person: PersonRef | None = Field(description="null: nobody is on call")
    since: Instant = Field(description="when this person's duty began")
    until: Instant = Field(description="when it passes to somebody else, or ends")
    layer: str = ""
    override: int | None = None
    why: str = ""
    next: Stretch | None = Field(None, description="who follows; nobody, where a gap does")


class OnRung(BaseModel):
    """Somebody on a rung: on call by a schedule of it, or named there themselves."""

    person: PersonRef
    schedule: Named | None = Field(None, description="null: the rung names them, whoever is on call")


class RungNow(BaseModel):
    """A rung of a ladder, with everybody who would be paged."""

    name: str
    people: list[OnRung] = Field(description="empty: nobody would be paged, and the next rung is")
    schedules: list[Named] = Field(description="those that the rung asks")
    unfilled: list[Named] = Field(description="those of them by which nobody is on call")
    severities: list[str] = Field(description="the severities that climb so far")


class ServiceNow(BaseModel):
    """The ladder that is climbed when a service breaks, rung by rung."""

    service: Named
    team: Named | None = None
    ladder: str
    rungs: list[RungNow]


class OnCallNow(BaseModel):
    """Who is on call at a moment. `time_zone` is the one in which a moment without a zone was read."""

    at: Instant
    time_zone: str
    schedules: list[ScheduleNow]
    services: list[ServiceNow]


class ScheduleLine(BaseModel):
    """A schedule in the list of all."""

    id: str
    name: str
    time_zone: str
    people: list[PersonRef] = Field(description="everybody in its rotations, in their order")
    calendars: list[str] = Field(description="the feeds that it reads")
    feed_url: str = Field(description="its shifts as an iCal feed; the key in it opens nothing else")


class LayerShifts(BaseModel):
    """A layer of a schedule, and what it says by itself."""

    name: str
    time_zone: str
    people: list[PersonRef]
    calendar: str | None = None
    every: Duration | None = Field(None, description="how long a turn is; null where a calendar says")
    shifts: list[Stretch]


class PersonShift(Stretch):
    """A stretch in which the person who was asked for is on call by this schedule."""

    schedule: Named


class PersonOnCall(BaseModel):
    """When somebody is on call from `begins` until just before `ends`, by whatever schedule."""

    person: PersonRef
    begins: Instant
    ends: Instant
    feed_url: str = Field(description="the same as an iCal feed; the key in it opens nothing else")
    shifts: list[PersonShift]


class OverrideNow(BaseModel):
    """An override as it holds now: one that was cancelled while it held ends then."""

    id: int
    schedule: Named
    person: PersonRef
    begins: Instant
    ends: Instant
    reason: str
    by: PersonRef
    made_at: Instant


class FeedNow(BaseModel):
    """A calendar that a schedule reads."""

    name: str
    fetched_at: Instant | None = Field(description="when it was last read well; null: never")
    age: Duration | None = Field(description="how long ago that was")
    stale: bool = Field(description="older than the configuration allows, or never read")
    fault: str = Field("", description="why the latest attempt came to nothing")
    unknown: list[str] = Field(description="entries that name nobody of the configuration")


class ScheduleDetail(BaseModel):
    """A schedule from `begins` until just before `ends`: the final shifts, without a gap between them, what
    each layer says, and what changes it."""

    id: str
    name: str
    time_zone: str
    begins: Instant
    ends: Instant
    feed_url: str
    shifts: list[Stretch]
    layers: list[LayerShifts]
    overrides: list[OverrideNow]
    feeds: list[FeedNow]
    complete: bool = Field(
        description="false: the database is away, and overrides that are over may be missing"
    )


class OverrideList(BaseModel):
    """The overrides of all schedules that hold or will, in order of begin."""

    overrides: list[OverrideNow]


class MakeOverride(BaseModel):
    """Somebody stands in for whoever would be on call."""

    person: str = Field(description="who stands in: a person of the configuration")
    begins: LocalMoment
    ends: LocalMoment
    reason: Text = Field("", max_length=500)
    by: str = Field(description="who arranges it: a person of the configuration")
    despite_rest: bool = Field(
        False, description="although the person would be on call longer than is allowed"
    )


class OverrideOutcome(BaseModel):
    """What came of it, in words, and the override as it holds now."""

    said: str
    override: OverrideNow


_ALICE, _BEN = {"id": "alice", "name": "Alice Moreau"}, {"id": "ben", "name": "Ben Okafor"}
_SCHEDULE = {"id": "storefront-primary", "name": "Storefront primary"}
_HERE = {**_SCHEDULE, "time_zone": "Europe/Berlin"}
_FEED_URL = "https://midwatch.example.com/api/v1/schedules/storefront-primary.ics?key=0b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9"
_SHIFT = {
    "person": _BEN,
    "begins": "2026-03-09T08:00:00Z",
    "ends": "2026-03-16T08:00:00Z",
    "layer": "weekly",
    "why": "turn 12 of weekly, until Mon 09:00 CET",
}
_OVERRIDE = {
    "id": 12,
    "schedule": _SCHEDULE,
    "person": _BEN,
    "begins": "2026-03-04T17:00:00Z",
    "ends": "2026-03-05T08:00:00Z",
    "reason": "Alice is at a concert",
    "by": _ALICE,
    "made_at": "2026-03-02T10:00:00Z",
}

ON_CALL_SAMPLE: dict[str, Any] = {
    "at": "2026-03-04T02:00:00Z",
    "time_zone": "Europe/Berlin",
    "schedules": [
        {
            "schedule": _SCHEDULE,
            "time_zone": "Europe/Berlin",
            "person": _ALICE,
            "since": "2026-03-02T08:00:00Z",
            "until": "2026-03-09T08:00:00Z",
            "layer": "weekly",
            "why": "turn 11 of weekly, until Mon 09:00 CET",
            "next": _SHIFT,
        }
    ],
    "services": [
        {
            "service": {"id": "checkout", "name": "Checkout"},
            "team": {"id": "storefront", "name": "Storefront"},
            "ladder": "storefront",
            "rungs": [
                {
                    "name": "primary",
                    "people": [{"person": _ALICE, "schedule": _SCHEDULE}],
                    "schedules": [_SCHEDULE],
                    "unfilled": [],
                    "severities": ["P0", "P1", "P2", "P3"],
                }
            ],
        }
    ],
}
PERSON_SAMPLE: dict[str, Any] = {
    "person": _BEN,
    "begins": "2026-03-04T02:00:00Z",
    "ends": "2026-04-01T02:00:00Z",
    "feed_url": "https://midwatch.example.com/api/v1/people/ben/on-call.ics?key=2a4c6e8f0b1d3f5a7c9e1b3d5f7a9c1e",
    "shifts": [{**_SHIFT, "schedule": _SCHEDULE}],
}
SCHEDULES_SAMPLE: list[dict[str, Any]] = [
    {**_HERE, "people": [_ALICE, _BEN], "calendars": [], "feed_url": _FEED_URL}
]
DETAIL_SAMPLE: dict[str, Any] = {
    **_HERE,
    "begins": "2026-03-09T08:00:00Z",
    "ends": "2026-03-16T08:00:00Z",
    "feed_url": _FEED_URL,
    "shifts": [_SHIFT],
    "layers": [
        {
            "name": "weekly",
            "time_zone": "Europe/Berlin",
            "people": [_ALICE, _BEN],
            "calendar": None,
            "every": "7d",
            "shifts": [_SHIFT],
        }
    ],
    "overrides": [],
    "feeds": [],
    "complete": True,
}
OVERRIDES_SAMPLE: dict[str, Any] = {"overrides": [_OVERRIDE]}
MAKE_SAMPLE: dict[str, Any] = {
    "person": "ben",
    "begins": "2026-03-04T18:00",
    "ends": "2026-03-05T09:00",
    "reason": "Alice is at a concert",
    "by": "alice",
}
OUTCOME_SAMPLE: dict[str, Any] = {
    "said": "Ben Okafor is on call by Storefront primary from Wed 4 Mar 18:00 CET to Thu 5 Mar 09:00 CET, "
    "by override 12.",
    "override": _OVERRIDE,
}

REST_SAMPLE: dict[str, Any] = {
    "error": "rest_refused",
    "detail": "Ben Okafor would be on call for 9 days on end, from Mon 2 Mar 09:00 to Wed 11 Mar 09:00; "
    "at most 7 days are allowed (despite_rest makes it all the same)",
}
UNKNOWN_SAMPLE: dict[str, Any] = {
    "error": "unknown_schedule",
    "detail": "there is no schedule 'shop'; known are storefront-primary, storefront-secondary",
}
