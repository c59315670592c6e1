"""A call that was answered: what is said, and what the person answers (spec 4.1, 4.2)."""

from dataclasses import dataclass
from datetime import UTC, datetime

import structlog
from fastapi import APIRouter

from api.callbacks.callers import person_of
from api.callbacks.genuine import FormDep, PageDep, QueryDep, TwiML
from api.deps import Parts, PartsDep
from api.errors import Refused, UnknownIncident
from domain.incident import IncidentReport
from domain.messages import Answer, CarrierEvent, Page
from domain.people import PersonRef
from integrations import twiml
from integrations.twilio_inbound import callback_url
from policy import words
from policy.answers import SPEECH_HINTS, Meaning, understand_call

router = APIRouter()
log = structlog.get_logger()

BRIEFING_SECONDS = 1.5
"""How long somebody who has just picked up may hear nothing."""
MOST_TRIES = 10
"""Times an answer that cannot be stored is tried again while the person stays on the line."""


@router.post("/voice", summary="A call was answered: what to say", response_class=TwiML)
async def voice(page: PageDep, form: FormDep, parts: PartsDep) -> TwiML:
    """The incident as it is now, and the question; or that the page is over."""
    return TwiML(await _brief(page, 1, parts) if page else twiml.goodbye(words.STALE))


@router.post("/answer", summary="A key was pressed or something said", response_class=TwiML)
async def answer(page: PageDep, form: FormDep, query: QueryDep, parts: PartsDep) -> TwiML:
    """What the person wants, done, and told what came of it."""
    if page is None:
        return TwiML(twiml.goodbye(words.STALE))
    heard = _heard(form, query)
    timing = parts.organisation.timing
    meaning = understand_call(heard.digits, heard.speech, heard.confidence, timing.trust_speech)
    log.info("answered", incident=page.incident_id, attempt=page.attempt, meaning=meaning.value)
    match meaning:
        case Meaning.REPEAT:
            return TwiML(await _brief(page, heard.asked, parts))
        case Meaning.UNCLEAR:
            return TwiML(await _unclear(page, form, heard, parts))
        case _:
            return TwiML(await _tell(page, form, heard, meaning, parts))


@dataclass(frozen=True)
class _Heard:
    """One answer. It comes from the carrier or, while it is being tried again, from our own address."""

    digits: str | None
    speech: str | None
    confidence: float | None
    asked: int
    tries: int
    at: datetime


def _heard(form: FormDep, query: QueryDep) -> _Heard:
    said = form if form.get("Digits") or form.get("SpeechResult") else query
    return _Heard(
        digits=said.get("Digits") or None,
        speech=said.get("SpeechResult") or None,
        confidence=_number(said.get("Confidence")),
        asked=int(_number(query.get("asked")) or 1),
        tries=int(_number(query.get("tries")) or 0),
        at=_moment(query.get("at")),
    )


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if 0 <= number < 1_000 else None


def _moment(text: str | None) -> datetime:
    try:
        at = datetime.fromisoformat(text or "")
    except ValueError:
        return datetime.now(UTC)
    return at if at.tzinfo else datetime.now(UTC)


async def _brief(page: Page, asked: int, parts: Parts) -> str:
    try:
        report = await _report(page, parts)
    except UnknownIncident:
        return twiml.goodbye(words.STALE)
    except Refused:
        return _question(page, asked, parts, words.UNREADABLE, words.MENU)
    brief = words.briefing(report)
    # What Temporal remembers by itself has no ladder: then nothing says that the page is over.
    if report.ladder and (report.ladder.run != page.run or report.ladder.ended_at):
        return twiml.goodbye(words.over(brief))
    return _question(page, asked, parts, words.spoken(brief), words.MENU)


async def _report(page: Page, parts: Parts) -> IncidentReport:
    try:
        return (await parts.incidents.now(page.incident_id, BRIEFING_SECONDS)).report
    except UnknownIncident:
        raise
    except Refused:
        report = await parts.incidents.remembered(page.incident_id, BRIEFING_SECONDS)
        if report is None:
            raise UnknownIncident from None
        return report


def _question(page: Page, asked: int, parts: Parts, *said: str) -> str:
    url = callback_url(parts.settings.public_url, "answer", page, asked=str(asked))
    return twiml.question(*said, answer_url=url, hints=SPEECH_HINTS)


async def _unclear(page: Page, form: FormDep, heard: _Heard, parts: Parts) -> str:
    """Asked again, once; never an acknowledgement."""
    if heard.asked < 2:
        return _question(page, 2, parts, words.ASK_AGAIN)
    event = CarrierEvent(
        page=page,
        word="unclear",
        carrier_id=form.get("CallSid", ""),
        at=heard.at,
        heard=heard.speech or heard.digits or "",
        confidence=heard.confidence,
    )
    try:
        await parts.incidents.signal(page.incident_id, "carrier_event", event)
    except Refused as fault:
        log.warning("not told", incident=page.incident_id, attempt=page.attempt, reason=fault.detail)
    return twiml.goodbye(words.NOT_UNDERSTOOD)


async def _tell(page: Page, form: FormDep, heard: _Heard, meaning: Meaning, parts: Parts) -> str:
    number = form.get("To", "")
    source_id = f"{form.get('CallSid', '')}:{heard.asked}"
    message = Answer(
        source_id=source_id,
        incident_id=page.incident_id,
        by=person_of(number, parts.organisation) or PersonRef(id="", name=number),
        via=f"phone key {heard.digits[:1]}" if heard.digits else "phone speech",
        at=heard.at,
        page=page,
        heard=heard.digits or heard.speech,
        confidence=heard.confidence,
    )
    signal = "acknowledge" if meaning is Meaning.ACKNOWLEDGE else "pass_on"
    try:
        if not await parts.incidents.signal(page.incident_id, signal, message):
            return twiml.goodbye(words.STALE)
    except UnknownIncident:
        return twiml.goodbye(words.STALE)
    except Refused as fault:
        log.warning("not stored", incident=page.incident_id, tries=heard.tries, reason=fault.detail)
        return _try_again(page, heard, parts)
    return twiml.goodbye(await _what_came_of_it(page, source_id, meaning, parts))


async def _what_came_of_it(page: Page, source_id: str, meaning: Meaning, parts: Parts) -> str:
    try:
        said = await parts.incidents.answer_to(page.incident_id, source_id)
        if said:
            return said.text
        return words.over(words.briefing((await parts.incidents.now(page.incident_id)).report))
    except UnknownIncident:
        return words.STALE
    except Refused:
        return words.STORED if meaning is Meaning.ACKNOWLEDGE else words.PASS_STORED


def _try_again(page: Page, heard: _Heard, parts: Parts) -> str:
    """The same answer, given at the same moment, once more: the person need not do anything for it."""
    if heard.tries >= MOST_TRIES:
        return twiml.goodbye(words.NOT_STORED)
    same = {"Digits": heard.digits, "SpeechResult": heard.speech}
    if heard.confidence is not None:
        same["Confidence"] = str(heard.confidence)
    url = callback_url(
        parts.settings.public_url,
        "answer",
        page,
        asked=str(heard.asked),
        tries=str(heard.tries + 1),
        at=heard.at.isoformat(),
        **{name: value for name, value in same.items() if value},
    )
    return twiml.hold(words.STORING, url)
