"""What the page's forms let people choose from."""

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from api.auth import require_token
from api.deps import OrganisationDep
from domain.people import PersonRef
from domain.roles import Role

router = APIRouter(dependencies=[Depends(require_token)])


class ServiceChoice(BaseModel):
    """A service."""

    id: str
    name: str


class SeverityChoice(BaseModel):
    """A severity, the worst having rank 1."""

    name: str
    rank: int
    meaning: str


class Choices(BaseModel):
    """The configuration as far as a person can choose from it."""

    people: list[PersonRef]
    services: list[ServiceChoice]
    severities: list[SeverityChoice]
    roles: list[Role]


@router.get("/api/v1/choices")
async def choices(organisation: OrganisationDep) -> Choices:
    """People and services by name, severities by rank."""
    people = [PersonRef(id=id_, name=entry.name) for id_, entry in organisation.people.items()]
    services = [ServiceChoice(id=id_, name=entry.name) for id_, entry in organisation.services.items()]
    severities = [
        SeverityChoice(name=name, rank=entry.rank, meaning=entry.meaning)
        for name, entry in organisation.severities.items()
    ]
    return Choices(
        people=sorted(people, key=lambda one: one.name),
        services=sorted(services, key=lambda one: one.name),
        severities=sorted(severities, key=lambda one: one.rank),
        roles=list(Role),
    )
