"""A text message that came in (spec 4.3).

While Temporal is away the reply is tried for a while and the person is then told, in so many words, that
it does not count. An error status instead would only reach the carrier's log, and the person would
believe to have the incident.
"""

import asyncio
from datetime import UTC, datetime
from enum import Enum

import structlog
from fastapi import APIRouter

from api.callbacks.callers import person_of
from api.callbacks.genuine import FormDep, TwiML
from api.deps import IncidentsDep, OrganisationDep
from api.errors import Refused, TemporalAway, UnknownIncident
from api.incidents import IncidentGateway
from api.logs import last_digits
from domain.incident import UNRESOLVED, IncidentReport
from domain.messages import Answer
from domain.people import PersonRef
from integrations import twiml
from policy import words
from policy.answers import Meaning, understand_reply

router = APIRouter()
log = structlog.get_logger()

PATIENCE_SECONDS = 5.0
"""How long storing a reply is tried. The carrier hangs up on us after fifteen."""
LAG_SECONDS = 1.5
"""How far Temporal's search may be behind."""


class Concern(Enum):
    """Whether an incident is about a person."""

    NONE = 0
    PAST = 1
    PRESENT = 2


@router.post("/sms", summary="A text message came in", response_class=TwiML)
async def sms(form: FormDep, incidents: IncidentsDep, organisation: OrganisationDep) -> TwiML:
    """Acknowledge or pass on by reply code or, where one incident alone pages this person, without."""
    number = form.get("From", "")
    person = person_of(number, organisation)
    if person is None:
        log.warning("message from an unknown number", number=last_digits(number))
        return TwiML(twiml.reply(words.UNKNOWN_SENDER))
    meaning, code = understand_reply(form.get("Body", ""))
    log.info("reply", number=last_digits(number), meaning=meaning.value, with_code=bool(code))
    deadline = _now() + PATIENCE_SECONDS
    while True:
        try:
            return TwiML(twiml.reply(await _answered(form, person, meaning, code, incidents)))
        except TemporalAway as fault:
            if _now() > deadline:
                log.error("a reply could not be stored", reason=fault.detail)
                return TwiML(twiml.reply(words.REPLY_NOT_STORED))
        await asyncio.sleep(0.5)


async def _answered(
    form: FormDep, person: PersonRef, meaning: Meaning, code: str | None, incidents: IncidentGateway
) -> str:
    if meaning not in (Meaning.ACKNOWLEDGE, Meaning.PASS):
        return words.reply_help(_codes(await _paging(person, incidents)))
    found = await _with_code(code, person, incidents) if code else await _paging(person, incidents)
    if len(found) != 1:
        listed = found or (await _paging(person, incidents, 0) if code else [])
        return words.reply_help(_codes(listed), unknown=code if not found else None)
    incident_id = found[0].id
    message = Answer(
        source_id=form.get("MessageSid", ""),
        incident_id=incident_id,
        by=person,
        via="SMS",
        at=datetime.now(UTC),
        heard=form.get("Body", "")[:200],
    )
    signal = "acknowledge" if meaning is Meaning.ACKNOWLEDGE else "pass_on"
    if not await incidents.signal(incident_id, signal, message):
        return words.reply_help({}, unknown=code)
    try:
        said = await incidents.answer_to(incident_id, message.source_id)
        if said is None:
            return words.over(words.briefing((await incidents.now(incident_id)).report))
        return f"{found[0].title}: {said.text}"
    except Refused:
        return words.REPLY_STORED


async def _with_code(code: str, person: PersonRef, incidents: IncidentGateway) -> list[IncidentReport]:
    """The open incident with this code. Should two have it, the one that pages this person."""
    deadline = _now() + LAG_SECONDS
    while True:
        found = await incidents.find(f"MidwatchReplyCode = '{code}' AND ExecutionStatus = 'Running'")
        if found or _now() > deadline:
            return found if len(found) < 2 else await _concerning(person, found, incidents)
        await asyncio.sleep(0.2)


async def _paging(
    person: PersonRef, incidents: IncidentGateway, within: float = LAG_SECONDS
) -> list[IncidentReport]:
    """The open, unresolved incidents that have paged this person."""
    states = ", ".join(f"'{status.value}'" for status in UNRESOLVED)
    deadline = _now() + within
    while True:
        found = await incidents.find(f"MidwatchStatus IN ({states}) AND ExecutionStatus = 'Running'")
        concerned = await _concerning(person, found, incidents)
        if concerned or _now() > deadline:
            return concerned
        await asyncio.sleep(0.2)


async def _concerning(
    person: PersonRef, found: list[IncidentReport], incidents: IncidentGateway
) -> list[IncidentReport]:
    """Those that page this person now; where none does, those that have. What is acknowledged needs no
    answer, but a reply that the carrier delivers twice has one coming."""

    async def concerns(report: IncidentReport) -> Concern:
        try:
            ladder = (await incidents.now(report.id)).report.ladder
        except UnknownIncident:
            return Concern.NONE
        except Refused:
            return Concern.PRESENT  # Where no worker can tell, it may.
        if ladder is None or not any(attempt.person == person.id for attempt in ladder.attempts):
            return Concern.NONE
        return Concern.PAST if ladder.ended_at else Concern.PRESENT

    concerned = list(zip(found, await asyncio.gather(*map(concerns, found)), strict=True))
    present = [report for report, concern in concerned if concern is Concern.PRESENT]
    return present or [report for report, concern in concerned if concern is Concern.PAST]


def _codes(found: list[IncidentReport]) -> dict[str, str]:
    return {report.reply_code: report.title for report in found}


def _now() -> float:
    return asyncio.get_running_loop().time()
