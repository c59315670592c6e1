"""What the API tells of the configuration (spec 12.2), and an example of it."""

from typing import Any

from pydantic import BaseModel, Field

from domain.base import Instant
from domain.entries import Position
from domain.finding import Level
from domain.people import PersonRef


class Spot(BaseModel):
    """Where something stands in the files; the file as seen from the configuration's directory."""

    file: str
    line: int


class Refusal(BaseModel):
    """A fault for which the latest change was refused."""

    spot: Spot | None = None
    message: str


class Found(BaseModel):
    """Something to mend in the configuration that is in force."""

    rule: str
    level: Level
    place: list[str | int] = Field(description="the value that it is about", examples=[["people", "alice"]])
    spot: Spot | None = Field(description="null while the files are not the ones in force")
    message: str
    mend: str


class TeamDrawn(BaseModel):
    """A team. `primary` and `secondary` are schedules."""

    id: str
    name: str
    region: str | None = None
    members: list[PersonRef]
    lead: PersonRef | None = None
    manager: PersonRef | None = None
    primary: str | None = None
    secondary: str | None = None


class ServiceDrawn(BaseModel):
    """A service, who owns it, and what it needs."""

    id: str
    name: str
    team: str | None = None
    ladder: str
    depends_on: list[str]
    runbook: str | None = None
    automated_response: bool = Field(description="whether something is tried before anybody is paged")


class RungDrawn(BaseModel):
    """Whom a rung names; `severities` is empty where all climb so far."""

    name: str
    people: list[PersonRef]
    schedules: list[str]
    team: list[Position]
    dependent_services: bool
    severities: list[str]


class LadderDrawn(BaseModel):
    """A ladder, and the channel that is told when nobody on it answers."""

    id: str
    rungs: list[RungDrawn]
    repeats: int
    fallback: str | None = None


class ScheduleDrawn(BaseModel):
    """A schedule by its name."""

    id: str
    name: str


class Drawn(BaseModel):
    """The organisation, as far as it can be drawn."""

    pack: str
    people: int
    regions: list[str]
    schedules: list[ScheduleDrawn]
    teams: list[TeamDrawn]
    services: list[ServiceDrawn]
    ladders: list[LadderDrawn]


class ConfigurationNow(BaseModel):
    """What Midwatch goes by, and everything that is wrong with it."""

    path: str
    loaded_at: Instant = Field(description="since when this configuration is in force")
    refused_at: Instant | None = Field(
        description="when a later change was refused; null: the files are what is in force"
    )
    refusals: list[Refusal]
    checked_at: Instant = Field(description="when the findings were made")
    findings: list[Found]
    organisation: Drawn


SAMPLE: dict[str, Any] = {
    "path": "/etc/midwatch",
    "loaded_at": "2026-03-02T10:00:00Z",
    "refused_at": None,
    "refusals": [],
    "checked_at": "2026-03-02T10:01:00Z",
    "findings": [
        {
            "rule": "service-without-runbook",
            "level": "warning",
            "place": ["services", "checkout"],
            "spot": {"file": "services.yaml", "line": 3},
            "message": "checkout has no runbook",
            "mend": "give it `runbook`",
        }
    ],
    "organisation": {
        "pack": "p",
        "people": 12,
        "regions": ["Europe"],
        "schedules": [{"id": "storefront-primary", "name": "Storefront primary"}],
        "teams": [
            {
                "id": "storefront",
                "name": "Storefront",
                "members": [{"id": "alice", "name": "Alice Moreau"}],
                "primary": "storefront-primary",
            }
        ],
        "services": [
            {
                "id": "checkout",
                "name": "Checkout",
                "team": "storefront",
                "ladder": "storefront",
                "depends_on": [],
                "automated_response": False,
            }
        ],
        "ladders": [
            {
                "id": "storefront",
                "rungs": [
                    {
                        "name": "primary",
                        "people": [],
                        "schedules": [],
                        "team": ["primary"],
                        "dependent_services": False,
                        "severities": [],
                    }
                ],
                "repeats": 2,
            }
        ],
    },
}
