"""Outgoing calls and messages by Twilio, with its official client.

Twilio has no idempotency key for a call: a request whose answer is lost may have been taken. Such an
outcome is reported as `unknown`, never retried here.
"""

import asyncio
import math
from collections.abc import Awaitable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from aiohttp import ClientConnectorError, ClientError
from twilio.base.exceptions import TwilioRestException
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.rest import Client

from domain.jobs import Found, HangUp, LeaveMessage, LookUp, PlaceCall, Placed, SendSms, Told
from integrations import twiml
from integrations.twilio_inbound import callback_url, word_of

REQUEST_TIMEOUT = 12.0
"""Seconds for one request: below the activity's limit, which tells a slow carrier from a dead worker."""

CLOCK_SLACK = timedelta(seconds=2)
"""Twilio tells times in whole seconds, by its own clock."""

RATE_LIMITED = 20429

AnswerT = TypeVar("AnswerT")


class TwilioCarrier:
    """One Twilio account. Make it inside a running event loop, and close it."""

    def __init__(
        self, *, account_sid: str, auth_token: str, from_number: str, public_url: str, api_url: str | None
    ) -> None:
        self._http = AsyncTwilioHttpClient()
        self._client = Client(account_sid, auth_token, http_client=self._http)
        if api_url:
            self._client.api.base_url = api_url
        self._from = from_number
        self._public_url = public_url

    async def close(self) -> None:
        """Let go of the connections."""
        await self._http.close()

    async def call(self, work: PlaceCall) -> Placed:
        """Place a call; its words are fetched from us when it is answered, while Twilio finds out
        beside it whether a person or a machine listens (spec 4.2)."""
        return await _placed(
            self._client.calls.create_async(
                to=work.to,
                from_=self._from,
                url=callback_url(self._public_url, "voice", work.page),
                timeout=math.ceil(work.ring_for.total_seconds()),
                status_callback=callback_url(self._public_url, "status", work.page),
                status_callback_event=["ringing", "answered", "completed"],
                machine_detection="DetectMessageEnd",
                async_amd="true",
                async_amd_status_callback=callback_url(self._public_url, "amd", work.page),
            )
        )

    async def text(self, work: SendSms) -> Placed:
        """Send a message."""
        return await _placed(
            self._client.messages.create_async(
                to=work.to,
                from_=self._from,
                body=work.text,
                status_callback=callback_url(self._public_url, "sms-status", work.page),
            )
        )

    async def tell(self, to: str, text: str) -> Told:
        """Send a message that pages nobody: what becomes of it is not asked for."""
        return await _told(self._client.messages.create_async(to=to, from_=self._from, body=text))

    async def look_up(self, work: LookUp) -> Found:
        """Find a page at the carrier by its id or, where that is not known, among all that went to this
        number since it was tried and belongs to no other page."""
        pages: Any = self._client.calls if work.method == "call" else self._client.messages
        try:
            if work.carrier_id:
                page = await _within(pages(work.carrier_id).fetch_async())
                return Found(checked=True, carrier_id=page.sid, word=word_of(page.status))
            day = work.since.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
            since = {"start_time_after" if work.method == "call" else "date_sent_after": day}
            listed = await _within(pages.list_async(to=work.to, from_=self._from, limit=50, **since))
        except TwilioRestException as error:
            return Found(checked=error.status == 404)
        except (ClientError, TimeoutError, OSError):
            return Found(checked=False)
        fresh = [
            page
            for page in listed
            if page.sid not in work.known and _created(page) >= work.since - CLOCK_SLACK
        ]
        if not fresh:
            return Found(checked=True)
        latest = max(fresh, key=_created)
        return Found(checked=True, carrier_id=latest.sid, word=word_of(latest.status))

    async def hang_up(self, work: HangUp) -> Told:
        """End a call, whether it rings or is talking."""
        return await _told(self._client.calls(work.carrier_id).update_async(status="completed"))

    async def leave_message(self, work: LeaveMessage) -> Told:
        """Replace what a call says by this text and the end of the call."""
        said = twiml.goodbye(work.text)
        return await _told(self._client.calls(work.carrier_id).update_async(twiml=said))


async def _within(request: Awaitable[AnswerT]) -> AnswerT:
    return await asyncio.wait_for(request, REQUEST_TIMEOUT)


async def _placed(request: Awaitable[Any]) -> Placed:
    try:
        page = await _within(request)
    except TwilioRestException as error:
        said = f"{error.code}: {error.msg}"
        if error.status == 429 or error.code == RATE_LIMITED:
            return Placed(result="unavailable", detail=said)
        # A server's error may come after it has taken the call.
        return Placed(result="rejected" if error.status < 500 else "unknown", detail=said)
    except ClientConnectorError as error:
        return Placed(result="unavailable", detail=f"the carrier cannot be reached: {error}")
    except (ClientError, TimeoutError, OSError) as error:
        return Placed(
            result="unknown", detail=f"the carrier's answer was lost: {error or type(error).__name__}"
        )
    return Placed(result="accepted", carrier_id=page.sid)


async def _told(request: Awaitable[Any]) -> Told:
    try:
        await _within(request)
    except TwilioRestException as error:
        return Told(done=False, detail=f"{error.code}: {error.msg}")
    except (ClientError, TimeoutError, OSError) as error:
        return Told(done=False, detail=str(error) or type(error).__name__)
    return Told(done=True)


def _created(page: Any) -> datetime:
    created: datetime = page.date_created
    return created if created.tzinfo else created.replace(tzinfo=UTC)
