"""What is known of the organisation follows its files, its database and its calendars, and outlives them."""

import asyncio
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

import configuration
from domain.oncall import Override
from domain.people import PersonRef
from rota import Rota
from rota.configured import Configured
from settings import STARTER_CONFIG
from stack.ports import free_port
from storage import overrides
from storage.engine import make_engine
from tests.eventually import eventually
from tests.rota.calendars import a_calendar, an_event
from tests.rota.conftest import CalendarServer, configured, running
from tests.storage.conftest import postgres_server, postgres_url

__all__ = ["postgres_server", "postgres_url"]

HOUR = timedelta(hours=1)
DEV = PersonRef(id="dev", name="Dev Raman")
WEEK_OF_BEN = datetime(2026, 1, 13, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgres"])
def either_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    url = f"sqlite:///{tmp_path / 'either.db'}"
    engine = make_engine(request.getfixturevalue("postgres_url") if request.param == "postgres" else url)
    yield engine
    engine.dispose()


def write(config_path: Path, text: str) -> None:
    (config_path / "midwatch.yaml").write_text(text, encoding="utf-8")


def an_override(person: str = "dev", begins: timedelta = -HOUR, ends: timedelta = HOUR) -> Override:
    now = datetime.now(UTC)
    return Override(
        id=0,
        schedule="primary",
        person=person,
        begins=now + begins,
        ends=now + ends,
        by=DEV,
        made_at=now,
    )


def around_now(summary: str) -> bytes:
    now = datetime.now(UTC).replace(microsecond=0)
    return a_calendar(an_event(summary, dtstart=now - HOUR, dtend=now + HOUR)).encode()


def second(rota: Rota) -> str | None:
    return rota.on_call(["secondary"], datetime.now(UTC))["secondary"]


# The configuration


async def test_a_change_of_the_files_is_taken_without_a_restart(
    config_path: Path, engine: Engine, data_dir: Path
) -> None:
    async with running(Rota(config_path, engine, data_dir)) as rota:
        assert rota.on_call(["primary"], WEEK_OF_BEN) == {"primary": "ben"}
        before = rota.standing.loaded_at
        write(config_path, configured().replace("[alice, ben]", "[alice, dev]"))

        async def taken() -> bool:
            return rota.on_call(["primary"], WEEK_OF_BEN) == {"primary": "dev"}

        await eventually(taken, what="the change is taken")
        assert rota.organisation.schedules["primary"].layers[0].people == ("alice", "dev")
        assert rota.standing.loaded_at > before


async def test_a_bad_change_is_refused_and_the_last_good_one_stays_until_it_is_mended(
    config_path: Path, engine: Engine, data_dir: Path
) -> None:
    async with running(Rota(config_path, engine, data_dir)) as rota:
        good = rota.organisation
        write(config_path, configured().replace("[alice, ben]", "[alice, nobody-we-know]"))

        async def refused() -> bool:
            return rota.standing.refused_at is not None

        await eventually(refused, what="the change is refused")
        [fault] = rota.standing.faults
        assert "midwatch.yaml:" in fault
        assert "nobody-we-know" in fault
        assert rota.organisation is good
        assert rota.on_call(["primary"], WEEK_OF_BEN) == {"primary": "ben"}
        write(config_path, configured().replace("[alice, ben]", "[alice, chiara]"))

        async def mended() -> bool:
            return rota.standing.refused_at is None

        await eventually(mended, what="the mended change is taken")
        assert rota.standing.faults == ()
        assert rota.on_call(["primary"], WEEK_OF_BEN) == {"primary": "chiara"}


async def test_a_further_file_is_a_change_and_so_is_one_that_is_gone(
    config_path: Path, engine: Engine, data_dir: Path
) -> None:
    async with running(Rota(config_path, engine, data_dir)) as rota:
        further = config_path / "people" / "erin.yaml"
        further.parent.mkdir()
        further.write_text('people: {erin: {name: Erin Sato, phone: "+12025550107"}}', encoding="utf-8")

        async def joined() -> bool:
            return "erin" in rota.organisation.people

        await eventually(joined, what="Erin is known")
        further.unlink()

        async def left() -> bool:
            return "erin" not in rota.organisation.people

        await eventually(left, what="Erin is gone")


async def test_half_of_a_change_is_not_taken(config_path: Path, data_dir: Path) -> None:
    last = config_path / "z.yaml"
    last.write_text("chat: {announcements: before}", encoding="utf-8")
    configured_now = Configured(config_path, data_dir)
    # A reader of this file has the others behind it, and waits until it is written.
    last.unlink()
    os.mkfifo(last)
    looking = asyncio.create_task(asyncio.to_thread(configured_now.look))
    with await asyncio.to_thread(last.open, "w") as pipe:
        write(config_path, configured().replace("[alice, ben]", "[alice, dev]"))
        pipe.write("chat: {announcements: after}")
    assert await looking is False
    assert configured_now.organisation.chat.announcements == "before"
    last.unlink()
    last.write_text("chat: {announcements: after}", encoding="utf-8")
    assert configured_now.look() is True
    assert configured_now.organisation.schedules["primary"].layers[0].people == ("alice", "dev")


def test_a_process_that_starts_while_the_files_are_broken_goes_by_the_last_good_ones(
    config_path: Path, engine: Engine, data_dir: Path
) -> None:
    before = Rota(config_path, engine, data_dir)
    write(config_path, "people: [")
    after = Rota(config_path, engine, data_dir)
    assert after.organisation == before.organisation
    assert after.standing.remembered
    assert after.standing.refused_at
    assert "midwatch.yaml:" in after.standing.faults[0]
    assert after.standing.loaded_at == before.standing.loaded_at
    assert after.on_call(["primary"], WEEK_OF_BEN) == {"primary": "ben"}


async def test_what_was_remembered_gives_way_to_mended_files(
    config_path: Path, engine: Engine, data_dir: Path
) -> None:
    Rota(config_path, engine, data_dir)
    write(config_path, "people: [")
    async with running(Rota(config_path, engine, data_dir)) as rota:
        write(config_path, configured())

        async def mended() -> bool:
            return not rota.standing.remembered and not rota.standing.faults

        await eventually(mended, what="the files hold again")


def test_without_files_or_a_copy_from_before_there_is_no_rota(
    config_path: Path, engine: Engine, data_dir: Path, tmp_path: Path
) -> None:
    write(config_path, "people: [")
    with pytest.raises(configuration.Faults):
        Rota(config_path, engine, data_dir)
    Rota(STARTER_CONFIG, engine, data_dir)
    # That of another organisation is no help.
    with pytest.raises(configuration.Faults):
        Rota(config_path, engine, data_dir)
    (data_dir / "configuration.json").write_text("{}", encoding="utf-8")
    with pytest.raises(configuration.Faults):
        Rota(config_path, engine, data_dir)


def test_what_is_kept_is_for_this_account_alone(config_path: Path, engine: Engine, data_dir: Path) -> None:
    Rota(config_path, engine, data_dir)
    [file] = data_dir.iterdir()
    assert file.stat().st_mode & 0o077 == 0


def test_a_data_directory_that_cannot_be_written_costs_only_the_copy(
    config_path: Path, engine: Engine, tmp_path: Path
) -> None:
    (tmp_path / "data").write_text("a file where the directory should be", encoding="utf-8")
    rota = Rota(config_path, engine, tmp_path / "data")
    assert rota.on_call(["primary"], WEEK_OF_BEN) == {"primary": "ben"}


def test_what_the_caller_has_read_is_not_read_again(
    config_path: Path, engine: Engine, data_dir: Path
) -> None:
    organisation = configuration.load(STARTER_CONFIG)
    assert Rota(config_path, engine, data_dir, organisation=organisation).organisation is organisation


# Overrides


async def test_2_1_an_override_holds_as_soon_as_it_was_asked_for(
    config_path: Path, either_engine: Engine, data_dir: Path
) -> None:
    rota = Rota(config_path, either_engine, data_dir)
    now = datetime.now(UTC)
    stored = overrides.add(either_engine, an_override(), "a")
    await rota.refresh()
    assert list(rota.overrides) == [stored]
    assert rota.on_call(["primary", "secondary"], now)["primary"] == "dev"
    assert rota.shift("primary", now).override == stored.id
    overrides.cancel(either_engine, stored.id, DEV, now)
    await rota.refresh()
    assert list(rota.overrides) == []
    assert rota.on_call(["primary"], now + HOUR / 2)["primary"] != "dev"


async def test_2_1_an_override_made_elsewhere_holds_soon(
    config_path: Path, engine: Engine, data_dir: Path
) -> None:
    async with running(Rota(config_path, engine, data_dir)) as rota:
        overrides.add(engine, an_override(), "a")

        async def known() -> bool:
            return rota.on_call(["primary"], datetime.now(UTC)) == {"primary": "dev"}

        await eventually(known, what="the override is known")


async def test_2_1_an_override_that_is_over_is_still_seen_where_it_was(
    config_path: Path, engine: Engine, data_dir: Path
) -> None:
    overrides.add(engine, an_override(begins=-3 * HOUR, ends=-2 * HOUR), "a")
    rota = Rota(config_path, engine, data_dir)
    await rota.refresh()
    now = datetime.now(UTC)
    assert rota.overrides == ()
    assert "dev" in [shift.person for shift in rota.shifts("primary", now - 4 * HOUR, now)]


async def test_without_a_database_what_was_known_last_holds_through_a_restart(
    config_path: Path, engine: Engine, data_dir: Path
) -> None:
    overrides.add(engine, an_override(), "a")
    before = Rota(config_path, engine, data_dir)
    await before.refresh()
    away = make_engine(f"postgresql://nobody:none@127.0.0.1:{free_port(None)}/none")
    after = Rota(config_path, away, data_dir)
    await after.refresh()
    assert after.overrides == before.overrides
    assert after.on_call(["primary"], datetime.now(UTC)) == {"primary": "dev"}
    away.dispose()


# Calendars


async def test_2_1_a_calendar_says_who_is_on_call_and_its_changes_follow(
    config_path: Path, engine: Engine, data_dir: Path, calendar_server: CalendarServer
) -> None:
    write(config_path, configured("url: env:MIDWATCH_CALENDAR_SWAPS"))
    calendar_server.body = around_now("Ben Okafor")
    environ = {"MIDWATCH_CALENDAR_SWAPS": calendar_server.url}
    async with running(Rota(config_path, engine, data_dir, environ=environ)) as rota:

        async def ben() -> bool:
            return second(rota) == "ben"

        await eventually(ben, what="the calendar is known")
        calendar_server.body = around_now("Dev Raman")

        async def dev() -> bool:
            return second(rota) == "dev"

        await eventually(dev, what="the change is known")
        assert rota.feeds["swaps"].fault == ""
        assert rota.shift("secondary", datetime.now(UTC)).layer == "layer 2"


async def test_2_1_a_calendar_that_fails_says_so_and_what_it_said_last_holds(
    config_path: Path, engine: Engine, data_dir: Path, calendar_server: CalendarServer
) -> None:
    write(config_path, configured(f"url: {calendar_server.url}"))
    calendar_server.body = around_now("Ben Okafor")
    async with running(Rota(config_path, engine, data_dir)) as rota:

        async def ben() -> bool:
            return second(rota) == "ben"

        await eventually(ben, what="the calendar is known")
        calendar_server.status = 500

        async def faulty() -> bool:
            return "500" in rota.feeds["swaps"].fault

        await eventually(faulty, what="the fault is known")
        known = rota.feeds["swaps"].fetched_at
        assert known is not None
        calendar_server.status, calendar_server.body = 200, b"<html>Sign in</html>"

        async def unreadable() -> bool:
            return "is no calendar" in rota.feeds["swaps"].fault

        await eventually(unreadable, what="the page is no calendar")
        assert second(rota) == "ben"
        assert rota.feeds["swaps"].fetched_at == known
        calendar_server.body = around_now("Dev Raman")

        async def dev() -> bool:
            return second(rota) == "dev" and not rota.feeds["swaps"].fault

        await eventually(dev, what="the calendar is back")


async def test_2_1_a_calendar_is_known_after_a_restart_without_a_network(
    config_path: Path, engine: Engine, data_dir: Path, calendar_server: CalendarServer
) -> None:
    write(config_path, configured(f"url: {calendar_server.url}"))
    calendar_server.body = around_now("Ben Okafor")
    async with running(Rota(config_path, engine, data_dir)) as rota:

        async def kept() -> bool:
            return second(rota) == "ben" and (data_dir / "calendars" / "swaps.json").exists()

        await eventually(kept, what="the calendar is known")
    calendar_server.status = 503
    after = Rota(config_path, engine, data_dir)
    assert second(after) == "ben"
    assert after.feeds["swaps"].fetched_at == rota.feeds["swaps"].fetched_at


async def test_a_calendar_with_another_address_is_fetched_there_at_once(
    config_path: Path, engine: Engine, data_dir: Path, calendar_server: CalendarServer
) -> None:
    seldom = configured(f"url: {calendar_server.url}").replace("refresh: 1s", "refresh: 1h")
    write(config_path, seldom)
    calendar_server.body = around_now("Ben Okafor")
    async with running(Rota(config_path, engine, data_dir)) as rota:

        async def ben() -> bool:
            return second(rota) == "ben"

        await eventually(ben, what="the calendar is known")
        calendar_server.body = around_now("Dev Raman")
        write(config_path, seldom.replace("oncall.ics", "other.ics"))

        async def dev() -> bool:
            return second(rota) == "dev"

        await eventually(dev, what="the other calendar is known")


async def test_a_calendar_is_read_anew_for_people_who_came_later(
    config_path: Path, engine: Engine, data_dir: Path
) -> None:
    (config_path / "swaps.ics").write_bytes(around_now("Erin Sato"))
    async with running(Rota(config_path, engine, data_dir)) as rota:

        async def unknown() -> bool:
            return rota.feeds["swaps"].unknown == ("Erin Sato",)

        await eventually(unknown, what="the stranger is told of")
        assert second(rota) == "chiara"
        erin = configured().replace(
            "people:\n", 'people:\n  erin: {name: Erin Sato, phone: "+12025550107"}\n', 1
        )
        write(config_path, erin.replace("refresh: 1s", "refresh: 1h"))

        async def known() -> bool:
            return second(rota) == "erin"

        await eventually(known, what="Erin is known")


async def test_2_1_two_schedules_read_a_calendar_each_by_its_own_clock(
    config_path: Path, engine: Engine, data_dir: Path
) -> None:
    today = datetime.now(UTC).date() + timedelta(days=2)
    text = a_calendar(an_event("Dev Raman", dtstart=today, dtend=None))
    (config_path / "swaps.ics").write_text(text, encoding="utf-8")
    further = """
  far:
    name: Far away
    region: india
    layers: [{calendar: swaps}]
regions:
  india: {name: India, time_zone: Asia/Kolkata}
"""
    write(config_path, configured().replace("integrations:", further.strip("\n") + "\nintegrations:"))
    async with running(Rota(config_path, engine, data_dir)) as rota:

        async def read() -> bool:
            return bool(rota.feeds["swaps"].shifts)

        await eventually(read, what="the calendar is read")
    midnight = datetime(today.year, today.month, today.day, tzinfo=UTC)
    assert rota.on_call(["secondary", "far"], midnight - 4 * HOUR) == {"secondary": "chiara", "far": "dev"}
    assert rota.on_call(["secondary", "far"], midnight + 20 * HOUR) == {"secondary": "dev", "far": None}


# Questions


def test_who_is_on_call_by_a_schedule_that_is_not_there_is_nobody(
    config_path: Path, engine: Engine, data_dir: Path
) -> None:
    rota, now = Rota(config_path, engine, data_dir), datetime.now(UTC)
    assert rota.on_call(["gone"], now) == {"gone": None}
    assert rota.shift("gone", now).person is None
    [shift] = rota.shifts("gone", now, now + HOUR)
    assert (shift.person, shift.begins, shift.ends) == (None, now, now + HOUR)


def test_a_question_that_cannot_be_answered_raises_nothing(
    config_path: Path, engine: Engine, data_dir: Path
) -> None:
    rota = Rota(config_path, engine, data_dir)
    assert rota.on_call(["primary"], datetime.max.replace(tzinfo=UTC)) == {"primary": None}


async def test_three_schedules_are_answered_within_a_millisecond(
    config_path: Path, engine: Engine, data_dir: Path
) -> None:
    for number in range(50):
        overrides.add(
            engine, an_override(begins=number * 24 * HOUR, ends=(number * 24 + 8) * HOUR), str(number)
        )
    rota, now = Rota(config_path, engine, data_dir), datetime.now(UTC)
    await rota.refresh()
    took = []
    for _ in range(100):
        before = time.perf_counter()
        rota.on_call(["primary", "secondary", "primary"], now)
        took.append(time.perf_counter() - before)
    assert sorted(took)[10] < 0.001


def test_a_question_does_not_touch_the_disk(config_path: Path, engine: Engine, data_dir: Path) -> None:
    rota = Rota(config_path, engine, data_dir)
    os.rename(config_path, config_path.with_name("elsewhere"))
    assert rota.on_call(["primary"], WEEK_OF_BEN) == {"primary": "ben"}
