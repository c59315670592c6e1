"""Buttons and modals. Whoever presses hears what came of it; nothing is done for strangers."""

from collections.abc import Coroutine
from typing import Any

import structlog
from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from pydantic import ValidationError

from api.callbacks.slack import deeds
from api.callbacks.slack.deeds import Outcome, source
from api.callbacks.slack.desk import STRANGER, Desk, DeskDep
from api.callbacks.slack.genuine import SlackFormDep
from api.callbacks.slack.modals import modal_for
from api.callbacks.slack.reading import (
    Interaction,
    Meant,
    View,
    act_of_button,
    act_of_modal,
    action_of,
    block_for,
    errors_of,
    inputs_of,
    meant,
    resolve_of_modal,
)
from api.errors import FieldFault, Invalid
from domain.acts import SetSeverity
from domain.people import PersonRef
from integrations.slack import SlackAway, SlackRefusal
from policy import rest_words
from policy.cards_page import page_of

router = APIRouter()
log = structlog.get_logger()

OLD = "This button is of another time and does nothing any more. Look at the incident's card."
WHO = "Slack does not tell who you are at the moment, so nothing was done. Try again."
NO_MODAL = "Slack did not open the window in time. Press again."


@router.post("/interactivity", summary="Somebody pressed a button or sent off a modal", response_model=None)
async def interactivity(form: SlackFormDep, desk: DeskDep) -> Response:
    """A button is answered at once; whoever pressed it hears by a word that only they see. A refused modal
    stays open, and says why."""
    try:
        told = Interaction.model_validate_json(form.get("payload", ""))
    except ValidationError as fault:
        raise Invalid([FieldFault(path="payload", message=str(fault.errors()[0]["msg"]))]) from None
    if told.type == "block_actions":
        await desk.within(_answered(desk, told, _pressed(desk, told)))
    elif told.type == "view_submission" and told.view:
        return await _sent_off(desk, told, told.view)
    return Response()


async def _answered(desk: Desk, told: Interaction, work: Coroutine[Any, Any, Outcome | None]) -> None:
    """Do it, and tell whoever pressed what came of it."""
    came_to = await work
    if came_to is None:
        return
    if came_to.settled and told.response_url and told.message.blocks:
        await desk.settle(told.response_url, told.message.blocks, came_to.text)
    elif told.response_url:
        await desk.reply(told.response_url, came_to.text)
    else:
        await desk.tell(told.user.id, told.channel.id if told.channel else "", came_to.text)


async def _pressed(desk: Desk, told: Interaction) -> Outcome | None:
    pressed = next((one for one in told.actions if one.type == "button"), None)
    action = action_of(pressed.action_id) if pressed else None
    if pressed is None or action is None:
        return None
    about = meant(pressed.value)
    if about is None:
        return Outcome(False, OLD)
    try:
        by = await desk.person(told.user.id)
    except (SlackAway, SlackRefusal):
        return Outcome(False, WHO)
    if by is None:
        log.warning("a stranger pressed a button", action=action, user=told.user.id)
        return Outcome(False, STRANGER)
    log.info("button", action=action, incident=about.incident, by=by.id)
    # A value that is given says all that is needed, except for what has to be written.
    if not (action in ("role", "severity") and about.value):
        view = await modal_for(desk, action, about.incident, about.value, by)
        if view:
            channel = told.channel.id if told.channel else ""
            opened = await desk.open_modal(told.trigger_id, view, channel)
            return None if opened else Outcome(False, NO_MODAL)
    came_to = await _done(desk, action, about, by, source(told.trigger_id, pressed.action_id, told.user.id))
    # Everybody in a channel reads what a settled post says.
    return came_to._replace(text=f"{by.name}: {came_to.text}") if came_to.settled else came_to


async def _done(desk: Desk, action: str, about: Meant, by: PersonRef, source_id: str) -> Outcome:
    """What a button does by itself."""
    match action:
        case "acknowledge":
            page = page_of(about.incident, about.value)
            return await deeds.answer(desk, about.incident, by, "acknowledge", source_id, page)
        case "pass":
            page = page_of(about.incident, about.value)
            return await deeds.answer(desk, about.incident, by, "pass_on", source_id, page)
        case rest_words.TAKE:
            return await deeds.answer_offer(desk, about.value, by, "accepted")
        case rest_words.DECLINE:
            return await deeds.answer_offer(desk, about.value, by, "declined")
        case "escalate":
            return await deeds.escalate(desk, about.incident, by, source_id)
        case "still-yes":
            report = await desk.report(about.incident)
            known = about.value or (report.severity if report else "")
            if not known:
                return Outcome(False, deeds.UNCONFIRMED)
            return await deeds.act(desk, about.incident, by, SetSeverity(severity=known), source_id)
    try:
        what = act_of_button(action, about.value, by)
    except ValueError:
        what = None
    return await deeds.act(desk, about.incident, by, what, source_id) if what else Outcome(False, OLD)


async def _sent_off(desk: Desk, told: Interaction, view: View) -> Response:
    """A modal: closed when it is done, kept open with the reason when it is refused."""
    about, kind = meant(view.private_metadata), action_kind(view.callback_id)
    inputs = inputs_of(view)
    if about is None or kind is None or not inputs:
        return Response()
    task, done = await desk.within(_filled_in(desk, told, view, about, kind, inputs))
    if not done:
        # Slack waits no longer: the modal closes, and the person hears later.
        desk.later(_told_later(desk, told.user.id, about.channel, task))
        return Response()
    errors, text = task.result()
    if errors:
        return JSONResponse({"response_action": "errors", "errors": errors})
    desk.later(desk.tell(told.user.id, about.channel, text))
    return Response()


async def _told_later(desk: Desk, user: str, channel: str, task: Any) -> None:
    errors, text = await task
    await desk.tell(user, channel, "; ".join(errors.values()) or text)


async def _filled_in(
    desk: Desk, told: Interaction, view: View, about: Meant, kind: str, inputs: dict[str, str | list[str]]
) -> tuple[dict[str, str], str]:
    """What is wrong, by block; else what came of it."""
    first = next(iter(inputs))
    try:
        by = await desk.person(told.user.id)
    except (SlackAway, SlackRefusal):
        return {first: WHO}, ""
    if by is None:
        return {first: STRANGER}, ""
    # The same modal with the same words is the same deed, however often it is sent.
    source_id = source(view.id, *(f"{name}={value}" for name, value in sorted(inputs.items())))
    organisation = desk.parts.organisation
    log.info("modal", kind=kind, incident=about.incident, by=by.id)
    try:
        if kind == "resolve":
            message = resolve_of_modal(
                inputs, organisation, source_id=source_id, incident_id=about.incident, by=by
            )
            came_to = await deeds.resolve(desk, message)
        else:
            what = act_of_modal(kind, about.value, inputs, organisation)
            if what is None:
                return {first: OLD}, ""
            came_to = await deeds.act(desk, about.incident, by, what, source_id)
    except ValidationError as fault:
        return errors_of(fault, kind, inputs), ""
    except ValueError:
        return {first: OLD}, ""
    if not came_to.accepted:
        return {block_for(kind, came_to.text, inputs): came_to.text}, ""
    return {}, came_to.text


def action_kind(callback_id: str) -> str | None:
    """`checkpoint` of `mw:checkpoint`; None if it is not ours."""
    prefix, _, kind = callback_id.partition(":")
    return kind if prefix == "mw" and kind else None
