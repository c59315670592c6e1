"""What requests that do something have in common: a key, a person, and what came of it."""

import hashlib
from collections.abc import AsyncIterator, Mapping
from typing import Annotated
from uuid import uuid4

from fastapi import Depends, Header, Response
from pydantic import BaseModel

from api import errors
from api.deps import IncidentsDep
from api.errors import Away, FieldFault, Invalid
from api.v1.models import Outcome
from domain.base import Thing
from domain.organisation import Organisation
from domain.people import PersonRef
from policy.grouping import shortened

_HEADER = "Idempotency-Key"


async def _source_id(
    response: Response,
    given: Annotated[
        str | None,
        Header(
            alias=_HEADER,
            min_length=1,
            max_length=200,
            description="A request repeated with the same key is done once. Without one, a key is made.",
        ),
    ] = None,
) -> AsyncIterator[str]:
    """What identifies the request. It is told with the answer, above all when there is none yet."""
    key = given or uuid4().hex
    response.headers[_HEADER] = key
    try:
        yield key
    except Away as fault:
        fault.headers = {**fault.headers, _HEADER: key}
        raise


SourceId = Annotated[str, Depends(_source_id)]
VERB_ERRORS = errors.responses(400, 404, 409, 503)


async def update(incidents: IncidentsDep, incident_id: str, verb: str, message: Thing, key: str) -> Outcome:
    """Have it done, and tell what came of it."""
    done = await incidents.update(incident_id, verb, message, key)
    return Outcome(said=done.said, report=done.report)


def message_id(source_id: str, verb: str, given: BaseModel) -> str:
    """The id of the message. The verb and what was given are part of it: a client that reuses its key for
    something else must not be told what came of the first."""
    content = hashlib.sha256(given.model_dump_json().encode()).hexdigest()[:12]
    return f"api:{source_id}:{verb}:{content}"


def person_ref(claimed: str, organisation: Organisation, path: str = "by") -> PersonRef:
    """The person of the configuration with this id.

    Raises:
        Invalid: there is none, with those there are.
    """
    if entry := organisation.people.get(claimed):
        return PersonRef(id=claimed, name=entry.name)
    raise Invalid([unknown(path, claimed, organisation.people)])


def unknown(path: str, claimed: str, known: Mapping[str, object]) -> FieldFault:
    """A name that the configuration does not have."""
    names = ", ".join(sorted(known))
    return FieldFault(path=path, message=f"{shortened(claimed, 60)!r} is not known; known are {names}")
