"""A calendar is fetched where it is, no more of it than is needed, and its address stays secret."""

import time
from email.utils import formatdate
from pathlib import Path

import pytest

from domain.entries import CalendarEntry
from integrations.calendars import LARGEST, CalendarFault, Fetched, fetch
from stack.ports import free_port
from tests.rota.calendars import a_calendar, an_event
from tests.rota.conftest import CalendarServer

TEXT = a_calendar(an_event())


async def fetched(
    url: str, known: Fetched | None = None, environ: dict[str, str] | None = None, *, seconds: float = 20
) -> Fetched:
    return await fetch(CalendarEntry(url=url), Path("/nowhere"), environ or {}, known, seconds=seconds)


async def fault(url: str, known: Fetched | None = None, *, seconds: float = 20) -> str:
    with pytest.raises(CalendarFault) as caught:
        await fetched(url, known, seconds=seconds)
    assert "s3cret" not in str(caught.value)
    return str(caught.value)


async def test_a_calendar_is_fetched_by_its_address(calendar_server: CalendarServer) -> None:
    calendar_server.body = TEXT.encode()
    assert (await fetched(calendar_server.url)).text == TEXT


async def test_an_address_is_looked_up_where_secrets_are(calendar_server: CalendarServer) -> None:
    calendar_server.body = TEXT.encode()
    entry = "env:MIDWATCH_CALENDAR_TEAM"
    assert (await fetched(entry, environ={"MIDWATCH_CALENDAR_TEAM": calendar_server.url})).text == TEXT
    assert "MIDWATCH_CALENDAR_TEAM" in await fault(entry)


async def test_what_did_not_change_is_not_sent_again(calendar_server: CalendarServer) -> None:
    calendar_server.body = TEXT.encode()
    calendar_server.headers = {"ETag": '"7"', "Last-Modified": formatdate(usegmt=True)}
    first = await fetched(calendar_server.url)
    calendar_server.body = b"not asked for"
    again = await fetched(calendar_server.url, first)
    assert again.text == TEXT
    assert again.fetched_at > first.fetched_at
    assert calendar_server.asked[1]["if-none-match"] == '"7"'
    assert calendar_server.asked[1]["if-modified-since"] == calendar_server.headers["Last-Modified"]


async def test_another_address_is_not_asked_for_what_the_first_one_had(
    calendar_server: CalendarServer,
) -> None:
    calendar_server.body = TEXT.encode()
    calendar_server.headers = {"ETag": '"7"'}
    first = await fetched(calendar_server.url)
    calendar_server.body = b"another"
    assert (await fetched(f"{calendar_server.url}?of=others", first)).text == "another"
    assert "if-none-match" not in calendar_server.asked[1]


@pytest.mark.parametrize("status", [403, 404, 500, 503])
async def test_a_refusal_is_a_fault(calendar_server: CalendarServer, status: int) -> None:
    calendar_server.status = status
    assert str(status) in await fault(calendar_server.url)


async def test_a_server_that_keeps_silent_is_waited_for_so_long_and_no_longer(
    calendar_server: CalendarServer,
) -> None:
    calendar_server.silent.set()
    before = time.monotonic()
    assert "no answer within 0.3 s" in await fault(calendar_server.url, seconds=0.3)
    assert time.monotonic() - before < 5


async def test_a_server_that_is_not_there_is_a_fault() -> None:
    assert "cannot be reached" in await fault(f"http://127.0.0.1:{free_port(None)}/s3cret.ics")
    assert "cannot be reached" in await fault("http://127.0.0.1:port/s3cret.ics")


async def test_a_calendar_too_large_is_refused(calendar_server: CalendarServer) -> None:
    calendar_server.body = b"x" * (LARGEST + 1)
    assert "larger than 5 MB" in await fault(calendar_server.url)
    calendar_server.body = b"x" * LARGEST
    assert len((await fetched(calendar_server.url)).text) == LARGEST


async def test_a_calendar_may_be_a_file_beside_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "team.ics").write_bytes(b"\xef\xbb\xbf" + TEXT.encode())
    assert (await fetch(CalendarEntry(file="team.ics"), tmp_path, {})).text == TEXT
    with pytest.raises(CalendarFault, match="No such file"):
        await fetch(CalendarEntry(file="gone.ics"), tmp_path, {})


async def test_its_address_is_in_no_log(
    calendar_server: CalendarServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    await fetched(calendar_server.url)
    assert "s3cret" not in caplog.text
