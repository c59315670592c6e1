"""What the REST resources share: authentication, paging, dates, and the carrier's mood towards creations."""

import asyncio
import base64
import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Annotated, Any, TypeVar
from urllib.parse import urlencode

from fastapi import Depends, Request

from .errors import TwilioError
from .exchange import Exchange
from .models import Carrier
from .records import CallRecord, MessageRecord

VERSION = "2010-04-01"
_MOST_ON_A_PAGE = 1000


def exchange_of(request: Request) -> Exchange:
    """The exchange of this program."""
    exchange = request.app.state.exchange
    assert isinstance(exchange, Exchange)
    return exchange


TheExchange = Annotated[Exchange, Depends(exchange_of)]


async def authenticate(request: Request, account_sid: str) -> None:
    """HTTP basic authentication. Raises TwilioError 20003; 20404 for another account."""
    settings = exchange_of(request).world.settings
    expected = base64.b64encode(f"{settings.account_sid}:{settings.auth_token}".encode()).decode()
    if not hmac.compare_digest(request.headers.get("Authorization", ""), f"Basic {expected}"):
        raise TwilioError(20003)
    if account_sid != settings.account_sid:
        raise TwilioError(20404, request.url.path)


async def carrier_mood(exchange: Exchange) -> Carrier:
    """The carrier's mood for a creation. Raises the TwilioError it fails with, after its delay."""
    mood = exchange.world.take_carrier()
    if mood.fail_with is not None:
        await asyncio.sleep(mood.slow)
        raise TwilioError({429: 20429, 500: 20500, 503: 20503}[mood.fail_with])
    return mood


async def before_answering(request: Request, mood: Carrier) -> None:
    """Delays the answer to a creation that has been done, or breaks the connection instead of giving it."""
    if mood.slow:
        await asyncio.sleep(mood.slow)
    if mood.lose_answers:
        request.app.state.connections.cut(request.client)


def rfc2822(at: datetime | None) -> str | None:
    """A date as Twilio writes it."""
    return None if at is None else format_datetime(at.replace(microsecond=0))


@dataclass(frozen=True)
class Page:
    """Which part of a list is asked for. `token` names the resource that the part begins after."""

    number: int
    size: int
    token: str | None

    @classmethod
    def of(cls, request: Request) -> "Page":
        """Reads Page, PageSize and PageToken. Raises TwilioError 20001."""
        query = request.query_params
        try:
            number, size = int(query.get("Page", 0)), int(query.get("PageSize", 50))
        except ValueError:
            raise TwilioError(20001, "Page") from None
        if number < 0 or size < 1:
            raise TwilioError(20001, "PageSize")
        return cls(number, min(size, _MOST_ON_A_PAGE), query.get("PageToken"))


Item = TypeVar("Item", CallRecord, MessageRecord)


def envelope(
    request: Request, name: str, items: Sequence[Item], resource: Callable[[Item], dict[str, Any]]
) -> dict[str, Any]:
    """A page of `items`, which come newest first, in Twilio's envelope."""
    page = Page.of(request)
    start = page.number * page.size
    if page.token is not None:
        # By the resource and not by the offset: what is created meanwhile must not shift the pages.
        sids = [item.sid for item in items]
        wanted = page.token.removeprefix("PA")
        if wanted not in sids:
            raise TwilioError(20001, "PageToken")
        start = sids.index(wanted) + 1
    shown = items[start : start + page.size]

    def uri(number: int, token: str | None = None) -> str:
        query = {**request.query_params, "PageSize": str(page.size), "Page": str(number)}
        query.pop("PageToken", None)
        if token is not None:
            query["PageToken"] = f"PA{token}"
        return f"{request.url.path}?{urlencode(query)}"

    more = start + page.size < len(items)
    first = page.number * page.size
    return {
        name: [resource(item) for item in shown],
        "first_page_uri": uri(0),
        "next_page_uri": uri(page.number + 1, shown[-1].sid) if more else None,
        "previous_page_uri": uri(page.number - 1) if page.number else None,
        "page": page.number,
        "page_size": page.size,
        "start": first,
        "end": first + max(len(shown) - 1, 0),
        "uri": f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path,
    }


def matches_date(request: Request, name: str, at: datetime) -> bool:
    """Whether `at` fits the filters `name`, `name>`, `name<` (date or instant). Raises TwilioError 20001."""
    moment = at.replace(microsecond=0)
    query = request.query_params
    on, since, until = (query.get(f"{name}{sign}") for sign in ("", ">", "<"))
    # Without a sign it is the whole day, also where the client has made an instant of the date.
    if on is not None and moment.date() != _instant(name, on).date():
        return False
    if since is not None and moment < _instant(name, since):
        return False
    return until is None or moment <= _instant(name, until)


def _instant(name: str, written: str) -> datetime:
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        raise TwilioError(20001, name) from None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
