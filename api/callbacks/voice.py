"""A call that was answered: what is said, and what the person answers (spec 4.1, 4.2).

A call may speak of several incidents (spec 4.4). Which they are is settled when it is picked up, and what
the person answers then goes to each of them; `all` in the address says that they were told so.
"""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum

import structlog
from fastapi import APIRouter

from api.callbacks.callers import person_of, quickly
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
from storage import pages

router = APIRouter()
log = structlog.get_logger()

BRIEFING_SECONDS = 1.5
"""How long somebody who has just picked up may hear nothing."""
MOST_TRIES = 10
"""Times an answer that cannot be stored is tried again while the person stays on the line."""
MOST_TOLD = 5
"""Incidents that one call tells of; of more it says how many there are."""


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
    """One answer. It comes from the carrier or, while it is being tried again, from our own address.

    `told` is of how many incidents the call spoke, 0 where it is about its own alone.
    """

    digits: str | None
    speech: str | None
    confidence: float | None
    asked: int
    tries: int
    told: int
    at: datetime


def _heard(form: FormDep, query: QueryDep) -> _Heard:
    said = form if form.get("Digits") or form.get("SpeechResult") else query
    return _Heard(
        digits=said.get("Digits") or None,
        speech=said.get("SpeechResult") or None,
        confidence=_number(said.get("Confidence")),
        asked=int(_number(query.get("asked")) or 1),
        tries=int(_number(query.get("tries")) or 0),
        told=int(_number(query.get("all")) or 0),
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
    now = datetime.now(UTC)
    carried = await quickly(parts, lambda engine: pages.picked_up(engine, page, now))
    if carried:
        return await _brief_together(page, tuple(log.page for log in carried), asked, parts)
    try:
        report = await _report(page, parts)
    except UnknownIncident:
        return twiml.goodbye(words.STALE)
    except Refused:
        return _question(page, asked, 0, parts, words.UNREADABLE, words.MENU)
    brief = words.briefing(report)
    if _is_over(page, report):
        return twiml.goodbye(words.over(brief))
    return _question(page, asked, 0, parts, words.spoken(brief), words.MENU)


async def _brief_together(page: Page, carried: tuple[Page, ...], asked: int, parts: Parts) -> str:
    """Only what still wants the person is told, and counted as far as it can be looked at in time."""
    looked = await asyncio.gather(*(_wanted(one, parts) for one in carried[:MOST_TOLD]))
    count = sum(wanted for wanted, _ in looked) + len(carried[MOST_TOLD:])
    reports = sorted((report for _, report in looked if report), key=lambda report: report.rank)
    briefs = [words.briefing(report) for report in reports]
    if count == 0:
        return twiml.goodbye(words.STALE)
    if count == 1:
        said = words.spoken(briefs[0]) if briefs else words.UNREADABLE
        return _question(page, asked, 1, parts, said, words.MENU)
    return _question(page, asked, count, parts, words.spoken_together(briefs, count), words.MENU_TOGETHER)


async def _wanted(page: Page, parts: Parts) -> tuple[bool, IncidentReport | None]:
    """Whether the page's incident still wants the person, and the incident, if it can be read."""
    try:
        report = await _report(page, parts)
    except UnknownIncident:
        return False, None
    except Refused:
        return True, None
    over = _is_over(page, report)
    return not over, None if over else report


def _is_over(page: Page, report: IncidentReport) -> bool:
    # What Temporal remembers by itself has no ladder: then nothing says that the page is over.
    return bool(report.ladder and (report.ladder.run != page.run or report.ladder.ended_at))


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


def _question(page: Page, asked: int, told: int, parts: Parts, *said: str) -> str:
    url = _address(page, asked, told, parts)
    return twiml.question(*said, answer_url=url, hints=SPEECH_HINTS)


def _address(page: Page, asked: int, told: int, parts: Parts, **more: str) -> str:
    """Where the answer comes to."""
    together = {"all": str(told)} if told else {}
    return callback_url(parts.settings.public_url, "answer", page, asked=str(asked), **together, **more)


async def _answered_for(page: Page, heard: _Heard, parts: Parts) -> tuple[tuple[Page, ...], bool]:
    """The pages that an answer is for, and whether these are all: only the database knows the others."""
    if not heard.told:
        return (page,), True
    told = await quickly(parts, lambda engine: pages.spoken_of(engine, page))
    if told is None:
        return (page,), False
    return tuple(log.page for log in told) or (page,), True


async def _unclear(page: Page, form: FormDep, heard: _Heard, parts: Parts) -> str:
    """Asked again, once; never an acknowledgement."""
    if heard.asked < 2:
        again = words.ASK_AGAIN_TOGETHER if heard.told > 1 else words.ASK_AGAIN
        return _question(page, 2, heard.told, parts, again)
    for one in (await _answered_for(page, heard, parts))[0]:
        event = CarrierEvent(
            page=one,
            word="unclear",
            carrier_id=form.get("CallSid", ""),
            at=heard.at,
            heard=heard.speech or heard.digits or "",
            confidence=heard.confidence,
        )
        try:
            await parts.incidents.signal(one.incident_id, "carrier_event", event)
        except Refused as fault:
            log.warning("not told", incident=one.incident_id, attempt=one.attempt, reason=fault.detail)
    return twiml.goodbye(words.NOT_UNDERSTOOD)


class _Fate(Enum):
    """What came of an answer for one incident."""

    DONE = "it counts"
    OVER = "it was not needed any more"
    UNSURE = "it is stored, and nothing can confirm it"
    NOT_STORED = "it is not stored"


async def _tell(page: Page, form: FormDep, heard: _Heard, meaning: Meaning, parts: Parts) -> str:
    answered, all_known = await _answered_for(page, heard, parts)
    told = await asyncio.gather(*(_tell_one(one, page, form, heard, meaning, parts) for one in answered))
    fates = [fate for fate, _ in told]
    if _Fate.NOT_STORED in fates or not all_known:
        return _try_again(page, heard, parts)
    if len(told) == 1:
        return twiml.goodbye(told[0][1])
    done, over, unsure = (fates.count(fate) for fate in (_Fate.DONE, _Fate.OVER, _Fate.UNSURE))
    took = meaning is Meaning.ACKNOWLEDGE
    return twiml.goodbye(words.answered_together(done, over, unsure, took=took))


async def _tell_one(
    page: Page, call: Page, form: FormDep, heard: _Heard, meaning: Meaning, parts: Parts
) -> tuple[_Fate, str]:
    """What came of the answer for one page of the call, also in words."""
    number = form.get("To", "")
    source_id = f"{form.get('CallSid', '')}:{heard.asked}"
    if page != call:
        source_id += f":{page.incident_id}"
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
            return _Fate.OVER, words.STALE
    except UnknownIncident:
        return _Fate.OVER, words.STALE
    except Refused as fault:
        log.warning("not stored", incident=page.incident_id, tries=heard.tries, reason=fault.detail)
        return _Fate.NOT_STORED, ""
    return await _what_came_of_it(page, source_id, meaning, parts)


async def _what_came_of_it(page: Page, source_id: str, meaning: Meaning, parts: Parts) -> tuple[_Fate, str]:
    try:
        said = await parts.incidents.answer_to(page.incident_id, source_id)
        if said:
            return _Fate.DONE if said.accepted else _Fate.OVER, said.text
        return _Fate.OVER, words.over(words.briefing((await parts.incidents.now(page.incident_id)).report))
    except UnknownIncident:
        return _Fate.OVER, words.STALE
    except Refused:
        return _Fate.UNSURE, words.STORED if meaning is Meaning.ACKNOWLEDGE else words.PASS_STORED


def _try_again(page: Page, heard: _Heard, parts: Parts) -> str:
    """The same answer, given at the same moment, once more: the person need not do anything for it."""
    if heard.tries >= MOST_TRIES:
        return twiml.goodbye(words.NOT_STORED)
    same = {"Digits": heard.digits, "SpeechResult": heard.speech}
    if heard.confidence is not None:
        same["Confidence"] = str(heard.confidence)
    url = _address(
        page,
        heard.asked,
        heard.told,
        parts,
        tries=str(heard.tries + 1),
        at=heard.at.isoformat(),
        **{name: value for name, value in same.items() if value},
    )
    return twiml.hold(words.STORING, url)
