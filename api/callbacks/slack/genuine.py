"""The body of a request that Slack signed."""

from typing import Annotated
from urllib.parse import parse_qsl

import structlog
from fastapi import Depends, Request

from api.deps import PartsDep
from api.errors import Forged, Refused
from integrations import slack_inbound

log = structlog.get_logger()


class ChatOff(Refused):
    """There is no Slack here."""

    status, code = 404, "slack_off"


async def _genuine_body(request: Request, parts: PartsDep) -> bytes:
    """The body, if Slack signed it lately."""
    secret = parts.settings.slack_signing_secret
    if secret is None:
        raise ChatOff("Slack is off: set SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET")
    body = await request.body()
    if not slack_inbound.is_genuine(secret.get_secret_value(), body, request.headers):
        log.warning("forged callback refused", path=request.url.path)
        raise Forged("the signature is not Slack's, or it is too old")
    return body


BodyDep = Annotated[bytes, Depends(_genuine_body)]


def _form(body: BodyDep) -> dict[str, str]:
    """The form of such a request."""
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


SlackFormDep = Annotated[dict[str, str], Depends(_form)]
