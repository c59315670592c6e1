"""HTTP from the carrier to the application: signed as Twilio signs, mishandled at the carrier's whim."""

import asyncio
import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any
from urllib.parse import urldefrag, urlencode, urlsplit

import aiohttp
from yarl import URL

from .models import CallbackMischief, CallbackName
from .records import Delivery, now

_PATIENCE = aiohttp.ClientTimeout(total=15, connect=5)


def signature(auth_token: bytes, url: str, posted: dict[str, str]) -> str:
    """The X-Twilio-Signature of a request: over its full URL and its posted parameters, sorted by name."""
    text = url + "".join(name + posted[name] for name in sorted(posted))
    return base64.b64encode(hmac.new(auth_token, text.encode(), hashlib.sha1).digest()).decode()


class Unreachable(Exception):
    """No HTTP answer came."""


class TooSlow(Unreachable):
    """No HTTP answer came in time."""


@dataclass(frozen=True)
class HttpAnswer:
    """What the application answered."""

    status: int
    content_type: str
    body: bytes


class Webhooks:
    """Makes the requests and keeps the tasks that do."""

    def __init__(self, auth_token: str) -> None:
        self._auth_token = auth_token.encode()
        self._session: aiohttp.ClientSession | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Call once, inside the running loop."""
        connector = aiohttp.TCPConnector(limit=0)
        self._session = aiohttp.ClientSession(connector=connector, timeout=_PATIENCE)

    async def close(self) -> None:
        """Stops all deliveries and closes the connections."""
        self.stop()
        if self._session is not None:
            await self._session.close()

    def stop(self) -> None:
        """Ends every task begun with `start`."""
        for task in self._tasks:
            task.cancel()

    def start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Runs `work` as a task that is kept until it is done."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def request(self, method: str, url: str, parameters: dict[str, str], token: str) -> HttpAnswer:
        """One signed request; `token` tells the receiver which requests are the same one sent again.

        Raises:
            Unreachable: if the connection fails or no answer comes within 15 seconds.
        """
        # Twilio keeps what follows a # to itself: it holds connection options.
        url = urldefrag(url).url
        if method == "GET" and parameters:
            url += ("&" if urlsplit(url).query else "?") + urlencode(parameters)
        posted = {} if method == "GET" else parameters
        headers = {
            "X-Twilio-Signature": signature(self._auth_token, url, posted),
            "I-Twilio-Idempotency-Token": token,
            "User-Agent": "TwilioProxy/1.1",
            "Accept": "*/*",
        }
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded; charset=UTF-8"
        body = urlencode(posted).encode() if method == "POST" else None
        return await self.send(method, url, headers, body)

    async def send(
        self,
        method: str,
        url: str,
        headers: dict[str, str],
        body: bytes | None,
        patience: aiohttp.ClientTimeout = _PATIENCE,
    ) -> HttpAnswer:
        """One request, exactly as given.

        Raises:
            TooSlow: if no answer comes within `patience`.
            Unreachable: if the connection fails.
        """
        assert self._session is not None
        try:
            # encoded=True: a URL changed on its way out would not match its signature.
            async with self._session.request(
                method,
                URL(url, encoded=True),
                data=body,
                headers=headers,
                allow_redirects=method == "GET",
                timeout=patience,
            ) as answer:
                return HttpAnswer(answer.status, answer.content_type, await answer.read())
        except TimeoutError as error:
            raise TooSlow(f"{type(error).__name__}: {error}") from None
        except (aiohttp.ClientError, ValueError) as error:
            raise Unreachable(f"{type(error).__name__}: {error}") from None


@dataclass(frozen=True)
class Callback:
    """A status to be told. `last` marks the final one of its call or message."""

    name: CallbackName
    status: str
    url: str
    method: str
    parameters: dict[str, str]
    last: bool = False


class Courier:
    """Delivers the callbacks of one call or message, in their order unless the mischief says otherwise.

    Nothing is sent again after a failure: a status callback that got lost stays lost.
    """

    def __init__(
        self,
        webhooks: Webhooks,
        mischief: CallbackMischief,
        deliveries: list[Delivery],
        *,
        on_change: Callable[[], None],
        on_refusal: Callable[[Callback, int], None],
    ) -> None:
        self._webhooks = webhooks
        self._mischief = mischief
        self._deliveries = deliveries
        self._on_change = on_change
        self._on_refusal = on_refusal
        self._held: Callback | None = None
        self._in_order = asyncio.Lock()

    def send(self, callback: Callback) -> None:
        """Delivers in the background."""
        if callback.name in self._mischief.drop:
            self._note(callback).dropped = True
            return
        if not self._mischief.reorder:
            self._launch(callback)
        elif self._held is None and not callback.last:
            self._held = callback
        else:
            held, self._held = self._held, None
            self._launch(callback)
            if held is not None:
                self._launch(held)

    def _launch(self, callback: Callback) -> None:
        due = asyncio.get_running_loop().time() + self._mischief.delay
        self._webhooks.start(self._deliver(callback, due))

    async def _deliver(self, callback: Callback, due: float) -> None:
        async with self._in_order:
            await asyncio.sleep(max(0.0, due - asyncio.get_running_loop().time()))
            token = secrets.token_hex(16)
            for _ in range(self._mischief.times):
                delivery = self._note(callback)
                try:
                    answer = await self._webhooks.request(
                        callback.method, callback.url, callback.parameters, token
                    )
                    delivery.http_status = answer.status
                    if answer.status >= 400:
                        self._on_refusal(callback, answer.status)
                except Unreachable as error:
                    delivery.error = str(error)
                self._on_change()

    def _note(self, callback: Callback) -> Delivery:
        delivery = Delivery(event=callback.name, url=callback.url, status=callback.status, sent_at=now())
        self._deliveries.append(delivery)
        return delivery
