"""The parts of an organisation's configuration, as its files say them. `domain.organisation` is the whole."""

from datetime import date, time, timedelta
from typing import Literal, Self

from pydantic import ConfigDict, Field, HttpUrl, model_validator

from domain.base import Duration
from domain.fields import ClockTime, EmailAddress, Name, PhoneNumber, Strict, TimeZone
from domain.oncall import Hours, Weekday
from domain.people import NotificationRule
from domain.severity import SeverityRules

Position = Literal["primary", "secondary", "lead", "manager"]
"""What somebody is to a team: on call first or second by its schedules, or always its lead or manager."""

WORKING_DAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri")


class WorkingHours(Strict):
    """When people work, by the clock on their wall."""

    days: tuple[Weekday, ...] = Field(default=WORKING_DAYS, min_length=1)
    begins: ClockTime = time(9)
    ends: ClockTime = time(17)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ends <= self.begins:
            raise ValueError("the working day ends before it begins")
        return self


class RegionEntry(Strict):
    """A part of the world in which people work: its clock, its hours, its holidays.

    Attributes:
        holidays: a country by its ISO code, with a subdivision after a hyphen: `DE`, `DE-BE`, `US-CA`.
        days_off: days on which nobody works besides.
    """

    name: str = Field(min_length=1)
    time_zone: TimeZone
    working_hours: WorkingHours = WorkingHours()
    holidays: str | None = Field(default=None, pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")
    days_off: tuple[date, ...] = ()


class PersonEntry(Strict):
    """Somebody who can be paged. Without rules of their own the pack's `notify` holds. `phone_verified` is
    the day on which a page last proved to reach this number (spec 2.2)."""

    name: str = Field(min_length=1)
    phone: PhoneNumber
    email: EmailAddress | None = None
    region: str | None = None
    phone_verified: date | None = None
    notify: tuple[NotificationRule, ...] | None = Field(default=None, min_length=1)


class TeamEntry(Strict):
    """Those who own services. `primary` and `secondary` are schedules, `lead` and `manager` are people."""

    name: str = Field(min_length=1)
    members: tuple[str, ...] = Field(min_length=1)
    region: str | None = None
    lead: str | None = None
    manager: str | None = None
    primary: str | None = None
    secondary: str | None = None


class AutomatedResponseEntry(Strict):
    """Level 0 of the ladder: a webhook that restarts, scales or breaks a circuit, and how long its alert may
    take to resolve before people are paged (spec 3.1)."""

    url: HttpUrl
    within: Duration = timedelta(minutes=2)


class ServiceEntry(Strict):
    """Something that can break, the team that owns it, and the ladder that is climbed when it does.

    Attributes:
        depends_on: services that it needs.
        component: what customers know it as on the status page; without one it is not shown there.
    """

    name: str = Field(min_length=1)
    ladder: str
    team: str | None = None
    depends_on: tuple[str, ...] = ()
    runbook: str | None = None
    component: str | None = Field(default=None, min_length=1)
    group: str | None = Field(default=None, min_length=1)
    automated_response: AutomatedResponseEntry | None = None


class LayerEntry(Strict):
    """One rotation of a schedule, or a calendar in place of one. Later layers count before earlier ones.

    Attributes:
        people: in their order; each has `every` so long, from `starts` at the time `handoff` on.
        calendar: a feed of `integrations.calendars` that says who is on call.
        region: whose clock and working hours count; without one the schedule's.
        follow_the_sun: only in the region's working hours and two hours beyond, on all days (spec 2.1).
        hours: only in these.
    """

    name: str = Field(default="", max_length=60)
    people: tuple[str, ...] = ()
    calendar: str | None = None
    starts: date | None = None
    handoff: ClockTime = time(9)
    every: Duration = timedelta(weeks=1)
    ends: date | None = None
    region: str | None = None
    follow_the_sun: bool = False
    hours: tuple[Hours, ...] = ()

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if bool(self.people) == bool(self.calendar):
            raise ValueError("a layer has either people or a calendar")
        if self.people and self.starts is None:
            raise ValueError("`starts` is missing: the day on which the first of the people begins")
        if self.every < timedelta(hours=1) or self.every % timedelta(minutes=1):
            raise ValueError("`every` has to be an hour or more, in whole minutes")
        if self.follow_the_sun and self.hours:
            raise ValueError("`follow_the_sun` says the hours already; leave out `hours`")
        return self


class ScheduleEntry(Strict):
    """Who is on call, and when (spec 2.1)."""

    name: str = Field(min_length=1)
    region: str | None = None
    layers: tuple[LayerEntry, ...] = Field(min_length=1)


class CalendarEntry(Strict):
    """An iCal feed that says who is on call: `url`, or `file` beside the configuration. A secret address
    comes from the environment: `env:MIDWATCH_CALENDAR_NAME`. Entries name people by id, name or address,
    in the summary or among the attendees; times without a zone are meant in the schedule's."""

    url: str | None = Field(default=None, pattern=r"^(https?://|env:MIDWATCH_CALENDAR_[A-Z0-9_]+$)")
    file: str | None = None
    refresh: Duration = timedelta(minutes=15)
    stale_after: Duration = timedelta(days=1)

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if bool(self.url) == bool(self.file):
            raise ValueError("a calendar has either a url or a file")
        return self


class IntegrationsEntry(Strict):
    """Other systems that are read."""

    calendars: dict[Name, CalendarEntry] = Field(default_factory=dict)


class ChannelEntry(Strict):
    """Where something is told that is nobody's in particular: a duty phone, a channel in chat."""

    name: str = Field(min_length=1)
    sms: PhoneNumber | None = None
    slack: str | None = Field(default=None, pattern=r"^[a-z0-9_-]{1,80}$")

    @model_validator(mode="after")
    def _somewhere(self) -> Self:
        if not (self.sms or self.slack):
            raise ValueError("a channel needs `sms` or `slack`")
        return self


class RungEntry(Strict):
    """Who is paged together. At least one of these says whom.

    Attributes:
        people: by themselves.
        schedules: whoever is on call by these.
        team: by their position in the team that owns the service.
        dependent_services: whoever is on call first for the services that it needs, and that need it.
        severities: only these come so far; all, if none is named.
    """

    name: str = Field(min_length=1)
    people: tuple[str, ...] = ()
    schedules: tuple[str, ...] = ()
    team: tuple[Position, ...] = ()
    dependent_services: bool = False
    severities: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        if not (self.people or self.schedules or self.team or self.dependent_services):
            raise ValueError("nobody is named; give people, schedules, team or dependent_services")
        return self


class LadderEntry(Strict):
    """Rungs in the order in which they are paged. The channel `fallback` is told when nobody answers (spec
    3.2)."""

    rungs: tuple[RungEntry, ...] = Field(min_length=1)
    repeats: int = Field(default=2, ge=0, le=20)
    fallback: str | None = None


class ClassificationEntry(Strict):
    """How bad an alert is: the first rule counts all of whose patterns fit, before what the alert claims.

    Attributes:
        when: regular expressions that have to fit the whole of a label, or of `service`, `name`, `source`.
    """

    when: dict[str, str] = Field(min_length=1)
    severity: str | None = None
    data_loss: bool = False

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.severity or self.data_loss):
            raise ValueError("a rule needs a severity or data_loss")
        return self


class RestEntry(Strict):
    """The rest that people are given (spec 2.2, 2.4).

    Attributes:
        most_days: days on end that somebody may be on call.
        most_weeks_per_quarter: the same, counted in weeks over a quarter of a year.
        fewest_people: a rotation of fewer is pointed out.
        pages: so many in a night, or work for `work` so long, make it a bad one.
    """

    most_days: int = Field(ge=1)
    most_weeks_per_quarter: int = Field(ge=1)
    fewest_people: int = Field(ge=1)
    pages: int = Field(ge=1)
    work: Duration


class StatusPageEntry(Strict):
    """The public status page."""

    title: str = Field(default="Status", min_length=1)


class ChatEntry(Strict):
    """Where incidents are talked about. `announcements` is the channel in which war rooms are announced."""

    announcements: str = Field(default="incidents", pattern=r"^[a-z0-9_-]{1,80}$")


class SeverityEntry(SeverityRules):
    """One severity of a pack (spec 1.1)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rank: int = Field(ge=1, le=4)

    @model_validator(mode="after")
    def _window_is_long_enough(self) -> Self:
        if self.ack_window.total_seconds() < 2:
            raise ValueError("ack_window is shorter than 2s, in which nobody can answer a phone")
        return self
