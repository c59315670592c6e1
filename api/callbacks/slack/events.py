"""What happens in Slack: of all of it, only that somebody speaks to us."""

import json
from typing import Any

import structlog
from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from api.callbacks.slack.commands import HELP
from api.callbacks.slack.desk import Desk, DeskDep
from api.callbacks.slack.genuine import BodyDep
from api.errors import FieldFault, Invalid

router = APIRouter()
log = structlog.get_logger()


@router.post("/events", summary="Something happened in Slack", response_model=None)
async def events(body: BodyDep, desk: DeskDep) -> Response:
    """The challenge goes back; whoever mentions us gets help, once."""
    try:
        told = json.loads(body)
        kind = told["type"]
    except (ValueError, KeyError, TypeError):
        raise Invalid([FieldFault(path="type", message="this is no event")]) from None
    if kind == "url_verification":
        return JSONResponse({"challenge": str(told.get("challenge") or "")})
    event: dict[str, Any] = told.get("event") or {}
    if (
        kind == "event_callback"
        and event.get("type") == "app_mention"
        and desk.is_new(str(told.get("event_id") or ""))
    ):
        desk.later(_help(desk, event))
    return Response()


async def _help(desk: Desk, event: dict[str, Any]) -> None:
    log.info("mentioned in chat")
    await desk.tell(str(event.get("user") or ""), str(event.get("channel") or ""), HELP)
