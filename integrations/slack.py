"""Slack's Web API, with its official client. Nothing is tried twice here: whoever calls decides that."""

import asyncio
from collections.abc import Awaitable, Sequence
from datetime import timedelta
from typing import Any

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

Blocks = Sequence[dict[str, Any]]

REQUEST_SECONDS = 5
"""How long one method may take."""

PAGES, PAGE = 20, 200
"""How far a listing is read: pages, and entries on each."""

EVENT = "midwatch_post"

_NOT_ITS_FAULT = frozenset(
    {
        "internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org",
        "not_authed", "invalid_auth", "account_inactive", "token_revoked", "token_expired", "missing_scope",
        "no_permission", "org_login_required", "ekm_access_denied", "accesslimited", "access_denied",
        "two_factor_setup_required", "team_access_not_granted",
    }
)  # fmt: skip
"""Errors that say nothing about what was asked: Slack as a whole does not work for us, or not now."""


class SlackAway(Exception):
    """Slack does not do it now. `refused`: it certainly has not been done; otherwise it may have been."""

    def __init__(self, detail: str, *, retry_after: timedelta | None = None, refused: bool = False) -> None:
        super().__init__(detail)
        self.retry_after = retry_after
        self.refused = refused


class SlackRefusal(Exception):
    """Slack will never do this. `error` is its own word for why."""

    def __init__(self, error: str, detail: str = "") -> None:
        super().__init__(f"{error}: {detail}" if detail else error)
        self.error = error


class Slack:
    """One workspace.

    Every method raises `SlackAway` or `SlackRefusal`.
    """

    def __init__(self, *, token: str, api_url: str | None) -> None:
        base_url = f"{api_url}/" if api_url else AsyncWebClient.BASE_URL
        self._client = AsyncWebClient(
            token=token, base_url=base_url, timeout=REQUEST_SECONDS, retry_handlers=[]
        )
        self._direct = api_url is not None
        if self._direct:
            # Whoever names an address means it; the environment's proxy leads to Slack itself.
            self._client.proxy = None
        self._bot: str | None = None

    async def bot(self) -> str:
        """Our own user id."""
        if self._bot is None:
            self._bot = str((await _done(self._client.auth_test()))["user_id"])
        return self._bot

    async def create(self, name: str) -> dict[str, Any]:
        """A new public channel with us in it; refused as `name_taken`."""
        return _channel(await _done(self._client.conversations_create(name=name)))

    async def named(self, name: str) -> dict[str, Any] | None:
        """The channel of this name, archived or not, if we can see one. Slack can only list them all."""
        cursor = ""
        for _ in range(PAGES):
            answer = await _done(
                self._client.conversations_list(
                    types="public_channel,private_channel", limit=PAGE, cursor=cursor or None
                )
            )
            for channel in answer["channels"]:
                if channel["name"] == name:
                    return dict(channel)
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return None
        return None

    async def join(self, channel: str) -> None:
        """Become a member."""
        await _done(self._client.conversations_join(channel=channel))

    async def purpose(self, channel: str) -> str:
        """What a channel says that it is for."""
        return str(
            _channel(await _done(self._client.conversations_info(channel=channel)))["purpose"]["value"]
        )

    async def set_purpose(self, channel: str, purpose: str) -> None:
        """Say what a channel is for."""
        await _done(self._client.conversations_setPurpose(channel=channel, purpose=purpose[:250]))

    async def set_topic(self, channel: str, topic: str) -> None:
        """The line at a channel's head."""
        await _done(self._client.conversations_setTopic(channel=channel, topic=topic[:250]))

    async def invite(self, channel: str, users: Sequence[str]) -> None:
        """Bring people in; those who are there stay."""
        try:
            await _done(self._client.conversations_invite(channel=channel, users=list(users), force=True))
        except SlackRefusal as refusal:
            if refusal.error != "already_in_channel":
                raise

    async def archive(self, channel: str) -> None:
        """Close a channel; it can still be read."""
        try:
            await _done(self._client.conversations_archive(channel=channel))
        except SlackRefusal as refusal:
            if refusal.error != "already_archived":
                raise

    async def post(
        self, channel: str, text: str, blocks: Blocks | None = None, *, incident: str = "", number: int = 0
    ) -> str:
        """Post a message; its timestamp, by which it is known. It bears incident and number, by which it can
        be found again."""
        payload = {"incident": incident, "number": number}
        metadata = {"event_type": EVENT, "event_payload": payload} if incident else None
        answer = await _done(
            self._client.chat_postMessage(
                channel=channel, text=text, blocks=blocks, metadata=metadata, unfurl_links=False
            )
        )
        return str(answer["ts"])

    async def edit(self, channel: str, ts: str, text: str, blocks: Blocks) -> None:
        """Change one of our messages in its place."""
        await _done(self._client.chat_update(channel=channel, ts=ts, text=text, blocks=blocks))

    async def posted(self, channel: str, incident: str, since: float) -> dict[int, str]:
        """The timestamps of an incident's messages in a channel, by their numbers. `since` is seconds of the
        epoch."""
        found: dict[int, str] = {}
        cursor = ""
        for _ in range(PAGES):
            answer = await _done(
                self._client.conversations_history(
                    channel=channel,
                    oldest=f"{since:.6f}",
                    limit=PAGE,
                    cursor=cursor or None,
                    include_all_metadata=True,
                )
            )
            for message in answer["messages"]:
                metadata = message.get("metadata") or {}
                payload = metadata.get("event_payload") or {}
                if metadata.get("event_type") == EVENT and payload.get("incident") == incident:
                    found[int(payload.get("number", 0))] = str(message["ts"])
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                break
        return found

    async def permalink(self, channel: str, ts: str) -> str:
        """The address of a message, for people."""
        return str((await _done(self._client.chat_getPermalink(channel=channel, message_ts=ts)))["permalink"])

    async def pin(self, channel: str, ts: str) -> None:
        """Pin a message to its channel."""
        try:
            await _done(self._client.pins_add(channel=channel, timestamp=ts))
        except SlackRefusal as refusal:
            if refusal.error != "already_pinned":
                raise

    async def bookmark(self, channel: str, title: str, url: str) -> None:
        """Put a link at a channel's head. Doing it twice puts it there twice."""
        await _done(self._client.bookmarks_add(channel_id=channel, title=title, type="link", link=url))

    async def user_by_email(self, email: str) -> str | None:
        """Somebody's user id; None if nobody here has that address."""
        try:
            answer = await _done(self._client.users_lookupByEmail(email=email))
        except SlackRefusal as refusal:
            if refusal.error == "users_not_found":
                return None
            raise
        return str(answer["user"]["id"])

    async def email_of(self, user: str) -> str | None:
        """Somebody's address; None if they have none, or are nobody."""
        try:
            answer = await _done(self._client.users_info(user=user))
        except SlackRefusal as refusal:
            if refusal.error in ("user_not_found", "user_not_visible"):
                return None
            raise
        return str((answer["user"].get("profile") or {}).get("email") or "") or None

    async def direct(self, user: str) -> str:
        """The channel of direct messages with somebody."""
        return str(_channel(await _done(self._client.conversations_open(users=[user])))["id"])

    async def whisper(self, channel: str, user: str, text: str) -> None:
        """Show a message to one member of a channel."""
        await _done(self._client.chat_postEphemeral(channel=channel, user=user, text=text))

    async def open_modal(self, trigger: str, view: dict[str, Any]) -> None:
        """Open a modal before whoever gave the trigger, within three seconds of it."""
        await _done(self._client.views_open(trigger_id=trigger, view=view))

    async def respond(self, url: str, body: dict[str, Any]) -> None:
        """Answer later to a click or a command."""
        webhook = AsyncWebhookClient(url, timeout=REQUEST_SECONDS, retry_handlers=[])
        if self._direct:
            webhook.proxy = None
        try:
            async with asyncio.timeout(REQUEST_SECONDS):
                answer = await webhook.send_dict(body)
        except (ClientError, TimeoutError, OSError) as error:
            raise SlackAway(f"Slack does not answer: {str(error) or type(error).__name__}") from error
        if answer.status_code != 200:
            raise SlackAway(f"Slack does not take the answer: {answer.status_code}", refused=True)


async def _done(request: Awaitable[Any]) -> dict[str, Any]:
    try:
        async with asyncio.timeout(REQUEST_SECONDS):
            answer = await request
    except SlackApiError as error:
        raise _fault(error.response) from error
    except (ClientError, TimeoutError, OSError) as error:
        raise SlackAway(f"Slack does not answer: {str(error) or type(error).__name__}") from error
    return dict(answer.data)


def _fault(response: Any) -> SlackAway | SlackRefusal:
    """What an answer other than success means."""
    status = int(getattr(response, "status_code", 0) or getattr(response, "status", 0))
    data = getattr(response, "data", None)
    told = data if isinstance(data, dict) else {}
    error = str(told.get("error") or "")
    if status == 429 or error in ("ratelimited", "rate_limited"):
        return SlackAway("Slack asks for patience", retry_after=_patience(response), refused=True)
    if not error or status >= 500:
        return SlackAway(f"Slack is out of order (HTTP {status})")
    if error in _NOT_ITS_FAULT:
        needed = told.get("needed")
        return SlackAway(f"Slack says {error}" + (f" ({needed} is needed)" if needed else ""))
    messages = (told.get("response_metadata") or {}).get("messages") or []
    return SlackRefusal(error, "; ".join(map(str, messages))[:300])


def _patience(response: Any) -> timedelta:
    headers = {name.lower(): value for name, value in dict(getattr(response, "headers", None) or {}).items()}
    try:
        return timedelta(seconds=min(max(float(headers.get("retry-after", 1)), 1), 300))
    except ValueError:
        return timedelta(seconds=1)


def _channel(answer: dict[str, Any]) -> dict[str, Any]:
    return dict(answer["channel"])
