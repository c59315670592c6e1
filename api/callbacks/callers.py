"""Whose phone it is, and which pages a call speaks of."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from api.deps import Parts
from domain.organisation import Organisation
from domain.people import PersonRef

FALLBACK = "fallback"

DATABASE_SECONDS = 0.5
"""How long somebody on the phone may wait for the database. Without it a call speaks of its own page."""

AnswerT = TypeVar("AnswerT")

log = structlog.get_logger()


def person_of(number: str, organisation: Organisation) -> PersonRef | None:
    """The person of the organisation with this number (E.164), or the channel that a ladder falls back on."""
    for person, entry in organisation.people.items():
        if entry.phone == number:
            return PersonRef(id=person, name=entry.name)
    last_resorts = {ladder.fallback for ladder in organisation.ladders.values()}
    for name, channel in organisation.channels.items():
        if channel.sms == number and name in last_resorts:
            return PersonRef(id=FALLBACK, name=channel.name)
    return None


async def quickly(parts: Parts, query: Callable[[Engine], AnswerT]) -> AnswerT | None:
    """What the database knows of pages; None if it does not answer while somebody waits."""
    try:
        asked = asyncio.to_thread(query, parts.past._engine)
        return await asyncio.wait_for(asked, DATABASE_SECONDS)
    except (SQLAlchemyError, TimeoutError) as fault:
        log.warning("what else a call is about is not known", error=str(fault) or "no answer in time")
        return None
