"""`/midwatch`, and the words after it: short answers that only the one who asks sees."""

import html
import re
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from fastapi import APIRouter
from pydantic import BaseModel, ValidationError

from api.callbacks.slack import deeds
from api.callbacks.slack.desk import STRANGER, Desk, DeskDep
from api.callbacks.slack.genuine import SlackFormDep
from api.callbacks.slack.modals import modal_for
from api.errors import Refused
from domain import acts
from domain.ids import IncidentId
from domain.incident import IncidentReport
from domain.people import PersonRef
from domain.roles import Role
from integrations.slack import SlackAway, SlackRefusal
from policy import cards
from policy.cards_blocks import escaped

router = APIRouter()
log = structlog.get_logger()

HELP = (
    "In an incident's room, or with its reply code at the end:\n"
    "/midwatch · the living report, with buttons\n"
    "/midwatch list · open incidents\n"
    "/midwatch ack · take it\n"
    "/midwatch status · how it stands\n"
    "/midwatch checkpoint · answer the four questions\n"
    "/midwatch decide <what> because <why> · log a decision\n"
    "/midwatch role <role> · take a role\n"
    "/midwatch severity <name> · say how bad it is\n"
    "/midwatch resolve · the harm is over"
)
LATER = "One moment: the answer takes longer than usual and comes here."
AWAY = "Midwatch cannot reach its incidents at the moment. Try again in a minute."
MODAL_OPENED = "Fill in the window that has opened."

_CODE = re.compile(r"(?:^|\s)(\d{5})$")


class Told(BaseModel):
    """An answer that only the one who asked sees."""

    response_type: str = "ephemeral"
    text: str
    blocks: list[dict[str, Any]] | None = None


class Asked(BaseModel):
    """One command, taken apart. `source_id` is the same when Slack delivers it twice."""

    by: PersonRef
    word: str
    rest: str
    code: str | None
    channel: str
    trigger: str
    source_id: str


@router.post("/commands", summary="Somebody typed /midwatch", response_model_exclude_none=True)
async def commands(form: SlackFormDep, desk: DeskDep) -> Told:
    """Done at once or, where that takes longer than Slack waits, told later."""
    task, done = await desk.within(_told(desk, form))
    if done:
        return task.result()

    async def afterwards() -> None:
        told = (await task).model_dump(exclude_none=True)
        try:
            await desk.slack.respond(form.get("response_url", ""), told)
        except (SlackAway, SlackRefusal) as fault:
            log.warning("slack did not take a word", reason=str(fault))

    desk.later(afterwards())
    return Told(text=LATER)


async def _told(desk: Desk, form: dict[str, str]) -> Told:
    user = form.get("user_id", "")
    try:
        by = await desk.person(user)
    except (SlackAway, SlackRefusal):
        return Told(text="Slack does not tell who you are at the moment. Try again.")
    if by is None:
        log.warning("a stranger typed a command", user=user)
        return Told(text=STRANGER)
    text = html.unescape(form.get("text", "")).strip()
    found = _CODE.search(text)
    words = text[: found.start()].strip() if found else text
    word, _, rest = words.partition(" ")
    asked = Asked(
        by=by,
        word=word.lower(),
        rest=rest.strip(),
        code=found.group(1) if found else None,
        channel=form.get("channel_id", ""),
        trigger=form.get("trigger_id", ""),
        source_id=deeds.source(form.get("trigger_id", ""), user, text),
    )
    log.info("command", word=asked.word if asked.word in _WORDS else "?", by=by.id)
    try:
        return await _WORDS.get(asked.word, _help)(desk, asked)
    except Refused as fault:
        log.warning("a command found no answer", reason=fault.detail)
        return Told(text=AWAY)


async def _help(_desk: Desk, asked: Asked) -> Told:
    unknown = f"I do not know {asked.word!r}.\n" if asked.word not in ("", "help") else ""
    return Told(text=escaped(f"{unknown}{HELP}"))


async def _list(desk: Desk, _asked: Asked) -> Told:
    found = await _open(desk)
    lines = [f"{report.reply_code} · {cards.summary(report)}" for report in found]
    return Told(text=escaped("\n".join(lines) or "No incident is open."))


async def _bare(desk: Desk, asked: Asked) -> Told:
    if asked.code or await desk.incident_in(asked.channel):
        return await _status(desk, asked)
    listed = await _list(desk, asked)
    return Told(text=f"{listed.text}\n\n{escaped(HELP)}")


async def _status(desk: Desk, asked: Asked) -> Told:
    return await _with_incident(desk, asked, _report_of)


async def _report_of(desk: Desk, _asked: Asked, incident_id: str) -> Told:
    report = (await desk.parts.incidents.read(incident_id)).now.report
    return Told(text=escaped(cards.summary(report)), blocks=cards.card(report, desk.status_page))


async def _ack(desk: Desk, asked: Asked) -> Told:
    if asked.rest:
        return Told(text=escaped(f"No open incident has the code {asked.rest}."))

    async def take(desk: Desk, asked: Asked, incident_id: str) -> Told:
        came_to = await deeds.answer(desk, incident_id, asked.by, "acknowledge", asked.source_id)
        return Told(text=escaped(came_to.text))

    return await _with_incident(desk, asked, take)


def _act_or_modal(action: str, read: Callable[[str], acts.AnyAct | None]) -> "Word":
    """A word that does what is written after it, or opens the modal where nothing is."""

    async def word(desk: Desk, asked: Asked) -> Told:
        return await _with_incident(desk, asked, done)

    async def done(desk: Desk, asked: Asked, incident_id: str) -> Told:
        try:
            what = read(asked.rest) if asked.rest else None
        except ValidationError as fault:
            return Told(text=escaped(str(fault.errors()[0]["msg"])))
        except ValueError as fault:
            return Told(text=escaped(str(fault)))
        if what is not None:
            came_to = await deeds.act(desk, incident_id, asked.by, what, asked.source_id)
            return Told(text=escaped(came_to.text))
        view = await modal_for(desk, action, incident_id, "", asked.by)
        opened = view is not None and await desk.open_modal(asked.trigger, view, asked.channel)
        return Told(text=MODAL_OPENED if opened else "Slack did not open the window. Try again.")

    return word


def _decision(rest: str) -> acts.AnyAct:
    what, _, why = rest.partition(" because ")
    return acts.Decide(text=what.strip(), reason=why.strip())


def _role(rest: str) -> acts.AnyAct:
    name = rest.lower().replace("-", " ")
    if name not in list(Role):
        raise ValueError(f"There is no role {rest!r}. There are: {', '.join(Role)}.")
    return acts.TakeRole(role=Role(name))


async def _with_incident(desk: Desk, asked: Asked, work: "Work") -> Told:
    """Do it to the incident of the code, of the room, or to the only one that is open."""
    if asked.code is None and (here := await desk.incident_in(asked.channel)):
        return await work(desk, asked, here)
    found = await _open(desk, asked.code)
    if len(found) == 1:
        return await work(desk, asked, found[0].id)
    if asked.code:
        return Told(text=f"No open incident has the code {asked.code}.")
    if not found:
        return Told(text="No incident is open.")
    lines = [f"{report.reply_code} · {cards.summary(report)}" for report in found]
    return Told(text=escaped("Which one? Put its code at the end.\n" + "\n".join(lines)))


async def _open(desk: Desk, code: str | None = None) -> list[IncidentReport]:
    """The open incidents, or the one with this code."""
    query = "ExecutionStatus = 'Running'" + (f" AND MidwatchReplyCode = '{code}'" if code else "")
    found = await desk.parts.incidents.find(query)
    # Search may tell of one incident twice while it is being continued.
    return list({str(IncidentId.parse(report.id)): report for report in found}.values())


Word = Callable[[Desk, Asked], Awaitable[Told]]
Work = Callable[[Desk, Asked, str], Awaitable[Told]]

_WORDS: dict[str, Word] = {
    "": _bare,
    "help": _help,
    "list": _list,
    "ack": _ack,
    "status": _status,
    "checkpoint": _act_or_modal("checkpoint", lambda _rest: None),
    "decide": _act_or_modal("decision", _decision),
    "role": _act_or_modal("role", _role),
    "severity": _act_or_modal("severity", lambda rest: acts.SetSeverity(severity=rest.split()[0])),
    "resolve": _act_or_modal("resolve", lambda _rest: None),
}
