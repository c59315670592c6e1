"""Who can act, by the configuration."""

from fastapi import APIRouter

from api.deps import OrganisationDep
from api.v1 import models
from domain.people import PersonRef

router = APIRouter()


@router.get(
    "",
    summary="List the people of the configuration",
    responses=models.example([{"id": "alice", "name": "Alice Moreau"}]),
)
async def people(organisation: OrganisationDep) -> list[PersonRef]:
    """Whoever may be named as the one who does something, by name."""
    known = (PersonRef(id=person, name=entry.name) for person, entry in organisation.people.items())
    return sorted(known, key=lambda person: person.name)
