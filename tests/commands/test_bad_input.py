"""What the command line says when something is wrong: the reason, each fault, what is possible instead."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from stack.ports import free_port
from tests.commands.conftest import CommandLine


async def test_without_somebody_who_acts_those_there_are_are_named(cli: CommandLine) -> None:
    told = await cli.refuses("incident", "declare", "Payments fail", MIDWATCH_AS="")
    assert "--as" in told
    assert "alice, ben, chiara, dev" in told


async def test_an_unknown_person_role_or_severity_is_told_with_those_there_are(
    cli: CommandLine, minor: Callable[..., Any]
) -> None:
    incident = await minor()
    assert "by: 'zed' is not known; known are alice" in await cli.refuses("incident", "ack", "--as", "zed")
    assert "commander, tech-lead" in await cli.refuses("incident", "role", incident, "barista")
    assert "person: 'zed'" in await cli.refuses("incident", "role", incident, "scribe", "--person", "zed")
    assert "there are P0, P1, P2, P3" in await cli.refuses("incident", "severity", incident, "P9")


async def test_every_fault_has_a_line_of_its_own(cli: CommandLine, minor: Callable[..., Any]) -> None:
    told = await cli.refuses("incident", "declare", "x", "--service", "bakery", "--severity", "P9")
    assert [line.partition(":")[0] for line in told.splitlines()] == ["service", "severity"]
    told = await cli.refuses("incident", "checkpoint", await minor())
    assert told.splitlines() == ["--known is needed", "--status-page-current is needed"]


async def test_an_incident_that_could_be_several_is_asked_back(
    cli: CommandLine, minor: Callable[..., Any]
) -> None:
    first, second = await asyncio.gather(minor(key="twin-a"), minor(key="twin-b"))
    unclear = (("incident", "show"), ("incident", "show", "checkout.twin"), ("incident", "ack"))
    for told in await asyncio.gather(*(cli.refuses(*words) for words in unclear)):
        assert first in told
        assert second in told
    assert first in await cli.says("incident", "show", "checkout.twin-a")
    assert first in await cli.refuses("incident", "show", "checkout.triplet")


async def test_what_makes_no_sense_now_is_refused_with_the_reason(
    cli: CommandLine, minor: Callable[..., Any]
) -> None:
    incident = await minor()
    assert "resolve" in await cli.refuses("incident", "close", incident)
    assert "no checkpoint is open" in await cli.refuses(
        "incident", "checkpoint", incident, "--known", "x", "--status-page-current"
    )
    past = ("update", incident, "All is well", "--internal", "--next-update-at", "2020-01-01T10:00Z")
    assert "that is in the past" in await cli.refuses("incident", *past)
    assert "is not a moment" in await cli.refuses("incident", *past[:-1], "soon")
    assert "--public or --internal" in await cli.refuses("incident", "update", incident, "All is well")
    assert "number" in await cli.refuses("incident", "authorise", incident, "first")


async def test_a_single_word_is_an_incident_and_never_written_down(
    cli: CommandLine, minor: Callable[..., Any]
) -> None:
    incident = await minor()
    assert "'48213'" in await cli.refuses("incident", "hypothesis", "48213")
    await cli.says("incident", "hypothesis", incident, "--text", "DNS")
    assert "DNS" in await cli.says("incident", "show", incident)


async def test_a_wrong_token_is_told_with_its_place(cli: CommandLine, tmp_path: Path) -> None:
    told = await cli.refuses("incident", "list", MIDWATCH_API_TOKEN="not-ours")
    assert "not the right one" in told
    assert "MIDWATCH_API_TOKEN" in told
    none = await cli.run("incident", "list", MIDWATCH_API_TOKEN="", MIDWATCH_DATA_DIR=str(tmp_path))
    assert none.code == 2
    assert str(tmp_path / "api-token") in none.err
    assert not list(tmp_path.iterdir())


async def test_an_api_that_is_away_is_told_with_what_was_tried(cli: CommandLine) -> None:
    url = f"http://127.0.0.1:{free_port(None)}"
    for command in ("list", "watch"):
        done = await cli.run("incident", command, MIDWATCH_URL=url)
        assert done.code == 2
        assert url in done.err
        assert "midwatch up" in done.err
        assert "Traceback" not in done.err
