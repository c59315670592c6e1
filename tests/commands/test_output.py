"""What is printed: whole lines in a file, the API's own JSON for machines, what is new while one watches."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

from domain.incident import IncidentReport
from tests.commands.conftest import CommandLine
from tests.whole.town import Town

LONG = "The gateway of the second payment provider refuses every card with a code that nobody has seen"


async def test_json_is_what_the_api_answers(town: Town, cli: CommandLine, minor: Callable[..., Any]) -> None:
    incident = await minor()
    shown = IncidentReport.model_validate((await cli.run("incident", "show", incident, "--json")).json)
    assert shown.id == incident
    listed = (await cli.run("incident", "list", "--json")).json
    assert incident in {one["id"] for one in listed["incidents"]}
    acknowledged = (await cli.run("incident", "ack", incident, "--json")).json
    assert acknowledged["said"]["accepted"]
    assert acknowledged["report"]["commander"]["id"] == "alice"
    timeline = (await cli.run("incident", "show", incident, "--timeline", "--json")).json
    assert timeline["entries"][0]["kind"] == "opened"
    assert "items" in (await cli.run("action", "list", "--json")).json


async def test_a_file_or_a_pipe_gets_whole_lines(cli: CommandLine, minor: Callable[..., Any]) -> None:
    incident = await minor(title=LONG)
    for words in (("incident", "list"), ("incident", "show", incident)):
        assert LONG in await cli.says(*words)


async def test_a_title_cannot_steer_the_terminal(cli: CommandLine, minor: Callable[..., Any]) -> None:
    incident = await minor(title="Payments \x1b[2Jfail")
    assert "\x1b" not in await cli.says("incident", "show", incident)


async def test_watching_shows_what_is_new_until_the_end(
    town: Town, cli: CommandLine, minor: Callable[..., Any]
) -> None:
    incident = await minor()
    watching = await cli.begin("incident", "watch", incident)
    assert watching.stdout
    await _until(watching.stdout, "incident opened on Checkout")
    await cli.says("incident", "hypothesis", incident, "A certificate has expired")
    await _until(watching.stdout, "A certificate has expired")
    await town.say(incident, "resolve", resolution="A new certificate")
    await town.say(incident, "close")
    async with asyncio.timeout(20):
        await watching.stdout.read()
        assert await watching.wait() == 0


async def test_a_broken_line_is_taken_up_where_it_broke(
    town: Town, cli: CommandLine, minor: Callable[..., Any]
) -> None:
    incident = await minor()
    watching = await cli.begin("incident", "watch", incident)
    assert watching.stdout
    assert watching.stderr
    await _until(watching.stdout, "incident opened on Checkout")
    await town.stack.kill("api")
    await _until(watching.stderr, "trying again")
    await town.stack.start("api")
    await cli.says("incident", "hypothesis", incident, "A certificate has expired")
    seen = await _until(watching.stdout, "A certificate has expired")
    assert "incident opened" not in seen
    watching.terminate()
    await watching.wait()


async def test_machines_can_follow_too(town: Town, cli: CommandLine, minor: Callable[..., Any]) -> None:
    incident = await minor()
    watching = await cli.begin("incident", "watch", incident, "--json")
    assert watching.stdout
    first = json.loads(await watching.stdout.readline())
    assert first["event"] == "incident"
    assert first["data"]["id"] == incident
    told = await _until(watching.stdout, '"event": "timeline"')
    entry = json.loads(told.splitlines()[-1])
    assert entry["id"] == "1"
    assert entry["data"]["kind"] == "opened"
    watching.terminate()
    await watching.wait()


async def _until(lines: asyncio.StreamReader, text: str) -> str:
    """Read until a line has this in it; all that was read."""
    seen = ""
    async with asyncio.timeout(20):
        while text not in seen:
            line = (await lines.readline()).decode()
            assert line, f"it ended without {text!r}"
            seen += line
    return seen
