"""Calendars that say who is on call, fetched over HTTP or from a file (spec 2.1)."""

import asyncio
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import httpx

from domain.base import Instant, Thing
from domain.entries import CalendarEntry

LARGEST = 5_000_000
"""Bytes of a calendar; a greater one is refused."""

FETCH_SECONDS = 20.0
"""How long a calendar may take to arrive, whole."""

# httpx writes every address that it asks into the log, and a calendar's address is often its password.
logging.getLogger("httpx").setLevel(logging.WARNING)


class CalendarFault(Exception):
    """Why a calendar could not be fetched or read, in words for people and without its address."""


class Fetched(Thing):
    """A calendar's text as it was fetched last. `source` tells its address from another one, and does not
    give it away; `etag` and `last_modified` are what its server wants to be asked with again."""

    source: str
    text: str
    etag: str | None = None
    last_modified: str | None = None
    fetched_at: Instant


async def fetch(
    entry: CalendarEntry,
    directory: Path,
    environ: Mapping[str, str],
    known: Fetched | None = None,
    *,
    seconds: float = FETCH_SECONDS,
) -> Fetched:
    """Fetch a calendar, or find that `known` still holds.

    Args:
        entry: where it is; a file is looked for in `directory`, a variable in `environ`.
        seconds: how long it may take.

    Raises:
        CalendarFault: there is nothing to be had, or too much.
    """
    address = _address(entry, directory, environ)
    source = sha256(str(address).encode()).hexdigest()
    if isinstance(address, Path):
        text = await asyncio.to_thread(_read_file, address)
        return Fetched(source=source, text=text, fetched_at=datetime.now(UTC))
    known = known if known and known.source == source else None
    try:
        async with asyncio.timeout(seconds):
            return await _get(address, source, known)
    except TimeoutError as error:
        raise CalendarFault(f"no answer within {seconds:g} s") from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        said = str(error).replace(address, "its address") or type(error).__name__
        raise CalendarFault(f"cannot be reached: {said}") from error


def _address(entry: CalendarEntry, directory: Path, environ: Mapping[str, str]) -> str | Path:
    if entry.file:
        return directory / entry.file
    url = entry.url or ""
    if not url.startswith("env:"):
        return url
    variable = url.removeprefix("env:")
    if not environ.get(variable):
        raise CalendarFault(f"the variable {variable}, which holds its address, is not set")
    return environ[variable]


def _read_file(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return _text(file.read(LARGEST + 1))
    except OSError as error:
        raise CalendarFault(f"the file cannot be read: {error.strerror}") from error


async def _get(url: str, source: str, known: Fetched | None) -> Fetched:
    asked = {"If-None-Match": known and known.etag, "If-Modified-Since": known and known.last_modified}
    headers = {"Accept": "text/calendar", "User-Agent": "midwatch"}
    headers |= {name: value for name, value in asked.items() if value}
    # In a thread, because a client reads every certificate of this machine when it is made.
    client = await asyncio.to_thread(httpx.AsyncClient, follow_redirects=True, timeout=None)
    async with client, client.stream("GET", url, headers=headers) as answer:
        now = datetime.now(UTC)
        if known and answer.status_code == httpx.codes.NOT_MODIFIED:
            return known.model_copy(update={"fetched_at": now})
        if answer.status_code != httpx.codes.OK:
            raise CalendarFault(f"its address answered {answer.status_code} {answer.reason_phrase}".strip())
        body = bytearray()
        async for piece in answer.aiter_bytes():
            body += piece
            if len(body) > LARGEST:
                break
        return Fetched(
            source=source,
            text=_text(bytes(body)),
            etag=answer.headers.get("etag"),
            last_modified=answer.headers.get("last-modified"),
            fetched_at=now,
        )


def _text(content: bytes) -> str:
    if len(content) > LARGEST:
        raise CalendarFault(f"larger than {LARGEST // 1_000_000} MB")
    return content.decode("utf-8-sig", errors="replace")
