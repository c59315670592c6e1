"""An organisation's own configuration: the whole of what its files say."""

from datetime import date

from pydantic import Field

from domain.entries import (
    ChannelEntry,
    ChatEntry,
    ClassificationEntry,
    IntegrationsEntry,
    LadderEntry,
    PersonEntry,
    RegionEntry,
    RestEntry,
    ScheduleEntry,
    ServiceEntry,
    SeverityEntry,
    StatusPageEntry,
    TeamEntry,
    WorkingHours,
)
from domain.fields import Name, Strict, TimeZone
from domain.people import NotificationRule
from domain.snapshot import Limits, Postmortems, Response, Timing


class Organisation(Strict):
    """The whole configuration: a policy pack with the organisation's changes, people, services, ladders.

    `unclassified` is the severity of an incident that nobody has classified; `default_service` takes
    the alerts that name no service we know, because an alert that nobody receives is worse than one
    that reaches the wrong team. `time_zone`, `working_hours`, `holidays` and `days_off` hold where no region
    says otherwise. `bridge` is the link of the call in which a war room meets, with `{incident}` for the
    incident's id.
    """

    pack: str
    unclassified: str
    severities: dict[str, SeverityEntry] = Field(min_length=1)
    timing: Timing
    response: Response
    postmortems: Postmortems
    limits: Limits
    rest: RestEntry
    classification: tuple[ClassificationEntry, ...] = ()
    time_zone: TimeZone = "UTC"
    working_hours: WorkingHours = WorkingHours()
    holidays: str | None = Field(default=None, pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")
    days_off: tuple[date, ...] = ()
    regions: dict[Name, RegionEntry] = Field(default_factory=dict)
    bridge: str | None = Field(default=None, pattern=r"^https?://")
    status_page: StatusPageEntry = StatusPageEntry()
    chat: ChatEntry = ChatEntry()
    channels: dict[Name, ChannelEntry] = Field(default_factory=dict)
    notify: tuple[NotificationRule, ...] = Field(min_length=1)
    default_service: str
    people: dict[Name, PersonEntry] = Field(min_length=1)
    teams: dict[Name, TeamEntry] = Field(default_factory=dict)
    services: dict[Name, ServiceEntry] = Field(min_length=1)
    schedules: dict[Name, ScheduleEntry] = Field(default_factory=dict)
    ladders: dict[Name, LadderEntry] = Field(min_length=1)
    integrations: IntegrationsEntry = IntegrationsEntry()
