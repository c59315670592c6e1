"""The public's doors. They need no token, no Temporal, and no database once it has been read."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from fastapi import APIRouter, Request, Response

from api.deps import PastDep
from api.errors import RETRY_AFTER, DatabaseAway
from api.past import Past
from api.status import pages
from api.status.answers import answer
from api.status.board import DAYS, Board, board
from api.status.lastgood import Copy, LastGood
from api.status.statuspage import ANSWERS, Answer, Statuspage
from rota import Rota
from settings import Settings

_READS = ["GET", "HEAD"]


def router(settings: Settings, rota: Rota) -> APIRouter:
    """The page at `/status`, and its JSON beneath `/api/v2`."""
    made = APIRouter(include_in_schema=False)
    doors = _Doors(settings.public_url, rota)
    made.add_api_route("/status", doors.page, methods=_READS)
    made.add_api_route("/status/incidents/{public_id}", doors.incident, methods=_READS)
    for name, told in ANSWERS.items():
        made.add_api_route(f"/api/v2/{name}.json", doors.json(told), methods=_READS)
    return made


class _Doors:
    """What all of them share: the last good copy."""

    def __init__(self, public_url: str, rota: Rota) -> None:
        self._url = public_url
        self._rota = rota
        self._last_good = LastGood()

    async def page(self, request: Request, past: PastDep) -> Response:
        """Everything: components, open incidents, and those of the last days."""
        try:
            copy = await self._copy(past)
        except DatabaseAway:
            return self._unknown(request)
        return _html(request, pages.status(self._board(copy), copy, datetime.now(UTC)))

    async def incident(self, public_id: str, request: Request, past: PastDep) -> Response:
        """One incident, however old."""
        try:
            copy = await self._copy(past)
            known = next((one for one in copy.incidents if one.id == public_id), None)
            age = copy.age if known and copy.away else None
            found = known or await past.publication(public_id)
        except DatabaseAway:
            return self._unknown(request)
        if found is None:
            said = pages.message(
                self._name, "No such incident", "Nothing was ever published at this address."
            )
            return _html(request, said, 404)
        return _html(request, pages.incident(self._board(copy), found, age))

    def json(self, told: Callable[[Statuspage], Answer]) -> Callable[..., Awaitable[Response]]:
        """A door that tells this."""

        async def door(request: Request, past: PastDep) -> Response:
            page = Statuspage(self._board(await self._copy(past)), self._url)
            # Any page in a browser may read what everybody may read.
            anybody = {"Access-Control-Allow-Origin": "*"}
            return answer(request, told(page).model_dump_json(), "application/json", anybody)

        return door

    @property
    def _name(self) -> str:
        return self._rota.organisation.status_page.title

    def _board(self, copy: Copy) -> Board:
        return board(self._rota.organisation, copy.incidents)

    async def _copy(self, past: Past) -> Copy:
        since = datetime.now(UTC) - timedelta(days=DAYS)
        return await self._last_good.copy(lambda: past.published(since))

    def _unknown(self, request: Request) -> Response:
        said = pages.message(
            self._name,
            "We cannot tell at the moment",
            "The state of our services cannot be read right now. Please look again in a minute.",
        )
        return _html(request, said, 503)


def _html(request: Request, body: str, status: int = 200) -> Response:
    headers = pages.HEADERS | ({"Retry-After": str(RETRY_AFTER)} if status == 503 else {})
    return answer(request, body, "text/html", headers, status)
