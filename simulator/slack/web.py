"""Slack's Web API, and the addresses at which the application answers later."""

import asyncio
import hmac
import json
import time
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response

from ..records import now
from . import answers, chat, conversations, users, views
from .arguments import Arguments
from .errors import RateLimited, SlackError, answer_slack_error
from .models import SlackMood
from .records import RequestRecord
from .service import TheSlack
from .workspace import Workspace

router = APIRouter(prefix="/slack")
METHODS = {**conversations.METHODS, **chat.METHODS, **users.METHODS, **views.METHODS}
_URL_LASTS = 30 * 60
_URL_USES = 5


@router.api_route("/api/{method}", methods=["GET", "POST"])
async def call(method: str, request: Request, slack: TheSlack) -> Response:
    """One method of the Web API."""
    workspace = slack.workspace
    workspace.public_url = str(request.base_url).rstrip("/")

    def done(arguments: Arguments) -> dict[str, Any]:
        _authenticate(request, arguments, workspace)
        if method not in METHODS:
            raise SlackError("unknown_method", req_method=method)
        return {"ok": True, **METHODS[method](workspace, arguments)}

    return await _moodily(method, request, workspace, lambda arguments: JSONResponse(done(arguments)))


@router.post("/response/{token}")
async def respond(token: str, request: Request, slack: TheSlack) -> Response:
    """A later answer to a click or a command: five times, within half an hour."""
    workspace = slack.workspace

    def done(arguments: Arguments) -> Response:
        to = workspace.response_urls.get(token)
        if to is None or time.monotonic() - to.given_at > _URL_LASTS:
            return JSONResponse({"ok": False, "error": "expired_url"}, status_code=404)
        if to.uses >= _URL_USES:
            return JSONResponse({"ok": False, "error": "used_url"}, status_code=404)
        answers.answer(workspace, to, arguments.given)
        to.uses += 1
        return PlainTextResponse("ok")

    return await _moodily("response_url", request, workspace, done)


async def _moodily(method: str, request: Request, workspace: Workspace, done: Any) -> Response:
    mood = workspace.take_mood(method)
    record = RequestRecord(
        n=0, direction="in", path=request.url.path, body=(await request.body()).decode(), at=now()
    )
    workspace.record(record)
    if mood.hang:
        await asyncio.sleep(mood.hang)
        if await request.is_disconnected():
            record.error = "given_up"
            return Response(status_code=503)
    try:
        arguments = await Arguments.of(request)
        record.body = json.dumps({name: value for name, value in arguments.given.items() if name != "token"})
        answer = _refusal(mood) or done(arguments)
    except SlackError as error:
        record.error = error.error
        answer = await answer_slack_error(request, error)
    record.status, record.answer = answer.status_code, bytes(answer.body).decode()
    if mood.lose_answers:
        record.status = None
        request.app.state.connections.cut(request.client)
    return answer


def _refusal(mood: SlackMood) -> Response | None:
    if mood.rate_limit:
        raise RateLimited(mood.retry_after)
    if mood.error:
        raise SlackError(mood.error)
    if mood.fail_with:
        return HTMLResponse("<html><body>Slack is out of order.</body></html>", status_code=mood.fail_with)
    return None


def _authenticate(request: Request, arguments: Arguments, workspace: Workspace) -> None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    given = token if scheme == "Bearer" else arguments.text("token")
    if not given:
        raise SlackError("not_authed")
    if not hmac.compare_digest(given.encode(), workspace.settings.token.encode()):
        raise SlackError("invalid_auth")
