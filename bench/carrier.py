"""What the simulated carrier has taken, asked so that the asking weighs next to nothing."""

from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp

from domain.ids import IncidentId
from settings import Settings


class Carrier:
    """The simulator, seen from outside."""

    def __init__(self, settings: Settings, session: aiohttp.ClientSession) -> None:
        account = settings.twilio_account_sid
        self._base = settings.simulator_url or ""
        self._calls = f"{self._base}/2010-04-01/Accounts/{account}/Calls.json"
        login = aiohttp.encode_basic_auth(account, settings.twilio_auth_token.get_secret_value())
        self._headers = {"Authorization": login}
        self._session = session

    async def has(self, number: int) -> bool:
        """Whether it has taken so many calls. The list of a thousand would be megabytes, and making it
        would hold up the next call; with one call to a page there is a page of that number, or none."""
        query = {"PageSize": "1", "Page": str(number - 1)}
        async with self._session.get(self._calls, params=query, headers=self._headers) as answer:
            answer.raise_for_status()
            return bool((await answer.json())["calls"])

    async def taken(self) -> list[tuple[str, datetime]]:
        """Each call: the key of the alert that it is for, and when its request came in."""
        calls = await self._list("calls")
        return [
            (key_of(call["parameters"]["Url"]), datetime.fromisoformat(call["created_at"])) for call in calls
        ]

    async def texts(self) -> int:
        """How many messages it has taken."""
        return len(await self._list("messages"))

    async def reset(self) -> None:
        """Let it forget everything, so that nothing rings on."""
        async with self._session.post(f"{self._base}/control/reset") as answer:
            answer.raise_for_status()

    async def _list(self, what: str) -> list[dict[str, Any]]:
        async with self._session.get(f"{self._base}/control/{what}") as answer:
            answer.raise_for_status()
            listed: list[dict[str, Any]] = await answer.json()
            return listed


def key_of(url: str) -> str:
    """The key of the alert, from the address at which the carrier would ask what to say."""
    return IncidentId.parse(parse_qs(urlsplit(url).query)["incident"][0]).key
