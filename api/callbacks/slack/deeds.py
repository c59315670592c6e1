"""What is done to an incident from chat, and what came of it, in words."""

import asyncio
import hashlib
from datetime import UTC, datetime
from typing import Literal, NamedTuple

from api.callbacks.slack.desk import Desk
from api.errors import DatabaseAway, NobodyWorks, Refused, TemporalAway, UnknownIncident
from domain.acts import Acting, AnyAct
from domain.base import Thing
from domain.messages import Answer, Escalate, Page, Resolve
from domain.people import Person, PersonRef
from domain.rest import Reply
from policy import words
from policy.opening import person_of

TRY_FOR_SECONDS = 8.0
"""How long an answer that cannot be stored is tried again."""

VIA = "Slack"

OVER = "This incident is over."
NO_OFFER = "There is no such offer."
UNCONFIRMED = (
    "Nothing confirms it at the moment. It may still be done: look at the card before you try again."
)
NOT_STORED = "It could NOT be stored. Try again in a minute, or tell a colleague."


class Outcome(NamedTuple):
    """What came of it. `accepted`: it was done. `settled`: the pressed post has served its purpose."""

    accepted: bool
    text: str
    settled: bool = False


def source(*parts: str) -> str:
    """The id of one interaction: the same when Slack delivers it twice."""
    return f"slack:{hashlib.sha256('|'.join(parts).encode()).hexdigest()[:32]}"


async def act(desk: Desk, incident_id: str, by: PersonRef, what: AnyAct, source_id: str) -> Outcome:
    """Do one of the things that people do (update `act`)."""
    named = [by.id, getattr(getattr(what, "person", None), "id", "")]
    message = Acting(
        source_id=source_id,
        incident_id=incident_id,
        by=by,
        via=VIA,
        at=datetime.now(UTC),
        act=what,
        contacts=_contacts(desk, *named),
    )
    return await _updated(desk, incident_id, "act", message, source_id)


async def escalate(desk: Desk, incident_id: str, by: PersonRef, source_id: str) -> Outcome:
    """Page the next rung now."""
    message = Escalate(source_id=source_id, incident_id=incident_id, by=by)
    return await _updated(desk, incident_id, "escalate", message, source_id)


async def resolve(desk: Desk, message: Resolve) -> Outcome:
    """The harm is over."""
    return await _updated(desk, message.incident_id, "resolve", message, message.source_id)


async def answer(
    desk: Desk,
    incident_id: str,
    by: PersonRef,
    signal: Literal["acknowledge", "pass_on"],
    source_id: str,
    page: Page | None = None,
) -> Outcome:
    """Take the incident, or pass it on, by the button of a page where it is one's. It is stored, and counts,
    also while nothing can confirm it."""
    incidents, loop = desk.parts.incidents, asyncio.get_running_loop()
    message = Answer(
        source_id=source_id,
        incident_id=incident_id,
        by=by,
        via=VIA,
        at=datetime.now(UTC),
        page=page,
        contacts=_contacts(desk, by.id),
    )
    deadline = loop.time() + TRY_FOR_SECONDS
    while True:
        try:
            stored = await incidents.signal(incident_id, signal, message)
            break
        except UnknownIncident:
            return Outcome(False, OVER, settled=page is not None)
        except TemporalAway:
            if loop.time() > deadline:
                return Outcome(False, NOT_STORED)
        await asyncio.sleep(0.5)
    if not stored:
        return Outcome(False, OVER, settled=page is not None)
    try:
        said = await incidents.answer_to(incident_id, source_id)
        if said is None:
            brief = words.briefing((await incidents.now(incident_id)).report)
            return Outcome(False, words.over(brief), settled=page is not None)
        return Outcome(said.accepted, said.text, settled=page is not None)
    except UnknownIncident:
        return Outcome(False, OVER, settled=page is not None)
    except Refused:
        return Outcome(True, words.REPLY_STORED)


async def answer_offer(desk: Desk, number: str, by: PersonRef, reply: Reply) -> Outcome:
    """Take over the duty of somebody who had a bad night, or leave it (spec 2.4)."""
    if not number.isdecimal():
        return Outcome(False, NO_OFFER)
    try:
        came_to = await desk.rest_offers.answer(int(number), reply, by)
    except DatabaseAway:
        return Outcome(False, NOT_STORED)
    except Refused as refusal:
        return Outcome(False, refusal.detail)
    return Outcome(True, came_to.said, settled=reply == "accepted")


async def _updated(desk: Desk, incident_id: str, name: str, message: Thing, source_id: str) -> Outcome:
    try:
        done = await desk.parts.incidents.update(incident_id, name, message, source_id)
    except NobodyWorks:
        return Outcome(False, UNCONFIRMED)
    except TemporalAway:
        return Outcome(False, NOT_STORED)
    except UnknownIncident:
        return Outcome(False, OVER)
    except Refused as refusal:
        return Outcome(False, refusal.detail)
    return Outcome(done.said.accepted, done.said.text)


def _contacts(desk: Desk, *people: str) -> tuple[Person, ...]:
    organisation = desk.parts.organisation
    return tuple(
        person_of(organisation, person) for person in dict.fromkeys(people) if person in organisation.people
    )
