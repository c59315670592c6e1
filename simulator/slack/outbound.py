"""Requests from Slack to the application: signed, kept, and events among them sent again when not taken."""

import asyncio
import hashlib
import hmac
import json
import secrets
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import aiohttp

from ..callbacks import TooSlow, Unreachable, Webhooks
from ..records import now
from .records import RequestRecord
from .workspace import APP_ID, BOT, TEAM, Workspace

_FORM = "application/x-www-form-urlencoded"
# Slack waits three seconds, whatever it sent.
_PATIENCE = aiohttp.ClientTimeout(total=3)
# Slack's own are at once, a minute and five minutes.
_RETRY_AFTER = (0.2, 0.5, 1.0)


def signature(signing_secret: str, timestamp: str, body: bytes) -> str:
    """The X-Slack-Signature of a request (version v0)."""
    signed = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(signing_secret.encode(), signed, hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class Taken:
    """What came of a request. `error` is None if it was answered with 2xx in time."""

    record: RequestRecord
    body: bytes = b""
    content_type: str = ""
    error: str | None = None


class Outbound:
    """Makes the requests."""

    def __init__(self, workspace: Workspace, webhooks: Webhooks) -> None:
        self._workspace = workspace
        self._webhooks = webhooks

    async def interaction(self, payload: dict[str, Any]) -> Taken:
        """Something that a person did with a button or a modal."""
        body = urlencode({"payload": json.dumps(payload)}).encode()
        return await self._send("/interactivity", body, _FORM)

    async def command(self, parameters: dict[str, str]) -> Taken:
        """A slash command."""
        return await self._send("/commands", urlencode(parameters).encode(), _FORM)

    async def verify_url(self) -> tuple[Taken, bool]:
        """Asks the application to give a challenge back, and says whether it did."""
        challenge = secrets.token_urlsafe(32)
        asked = {"token": "verification", "challenge": challenge, "type": "url_verification"}
        taken = await self._send("/events", json.dumps(asked).encode(), "application/json")
        answer = taken.body.decode(errors="replace").strip()
        if taken.content_type == "application/json":
            try:
                answer = json.loads(answer)["challenge"]
            except (ValueError, KeyError, TypeError):
                answer = ""
        return taken, taken.error is None and answer == challenge

    def event(self, event: dict[str, Any]) -> None:
        """Tells of an event in the background, up to three times more until it is answered with 2xx."""
        told = {
            "token": "verification",
            "team_id": TEAM["id"],
            "api_app_id": APP_ID,
            "event": event,
            "type": "event_callback",
            "event_id": "Ev" + secrets.token_hex(5).upper(),
            "event_time": int(time.time()),
            "authorizations": [{"team_id": TEAM["id"], "user_id": BOT.id, "is_bot": True}],
            "is_ext_shared_channel": False,
        }
        self._webhooks.start(self._tell(json.dumps(told).encode()))

    async def _tell(self, body: bytes) -> None:
        taken = await self._send("/events", body, "application/json")
        for number, pause in enumerate(_RETRY_AFTER, start=1):
            if taken.error is None:
                return
            await asyncio.sleep(pause)
            reason = {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": taken.error}
            taken = await self._send("/events", body, "application/json", **reason)

    async def replay(self, record: RequestRecord) -> RequestRecord:
        """Sends the very same bytes with the very same headers again; what is answered has no effect."""
        body = record.body.encode()
        return (await self._post(record.path, body, record.headers, replay_of=record.n)).record

    async def _send(self, path: str, body: bytes, content_type: str, **more: str) -> Taken:
        timestamp = str(int(time.time()))
        headers = {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "Accept": "application/json,*/*",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(self._workspace.settings.signing_secret, timestamp, body),
            **more,
        }
        return await self._post(path, body, headers)

    async def _post(
        self, path: str, body: bytes, headers: dict[str, str], replay_of: int | None = None
    ) -> Taken:
        record = self._workspace.record(
            RequestRecord(
                n=0,
                direction="out",
                path=path,
                headers=headers,
                body=body.decode(),
                at=now(),
                replay_of=replay_of,
            )
        )
        try:
            answer = await self._webhooks.send(
                "POST", self._workspace.settings.url + path, headers, body, _PATIENCE
            )
        except TooSlow:
            record.error = "http_timeout"
            return Taken(record, error=record.error)
        except Unreachable:
            record.error = "connection_failed"
            return Taken(record, error=record.error)
        record.status, record.answer = answer.status, answer.body.decode(errors="replace")
        if not 200 <= answer.status < 300:
            record.error = "http_error"
        return Taken(record, answer.body, answer.content_type, record.error)
