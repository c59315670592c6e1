"""Whose phone it is."""

from domain.organisation import Organisation
from domain.people import PersonRef

FALLBACK = "fallback"


def person_of(number: str, organisation: Organisation) -> PersonRef | None:
    """The person of the organisation with this number (E.164), or the phone of last resort."""
    for person, entry in organisation.people.items():
        if entry.phone == number:
            return PersonRef(id=person, name=entry.name)
    for ladder in organisation.ladders.values():
        if ladder.fallback and ladder.fallback.phone == number:
            return PersonRef(id=FALLBACK, name=ladder.fallback.name)
    return None
