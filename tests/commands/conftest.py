"""The command line as people call it: another process, against a whole running system."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

import configuration
from settings import STARTER_CONFIG
from stack.stack import Stack
from tests.eventually import eventually
from tests.whole.conftest import town_settings
from tests.whole.town import Town
from workflows.search_attributes import TYPES

MIDWATCH = Path(sys.executable).with_name("midwatch")
AT_ONCE = timedelta(seconds=2)
"""How soon the meeting of a postmortem may be held in these tests, and how long its draft is commented on."""


@dataclass(frozen=True)
class Done:
    """What a command came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed, as JSON."""
        return json.loads(self.out)


class CommandLine:
    """Somebody at a shell, without a terminal."""

    def __init__(self, town: Town) -> None:
        self.environ = {
            "PATH": os.environ["PATH"],
            "MIDWATCH_URL": town.stack.api_url,
            "MIDWATCH_API_TOKEN": town.stack.settings.api_token.get_secret_value(),
            "MIDWATCH_AS": "alice",
        }

    async def begin(self, *words: str, **environ: str) -> asyncio.subprocess.Process:
        """Begin a command. An empty variable takes away one that is set here."""
        return await asyncio.create_subprocess_exec(
            MIDWATCH,
            *words,
            env=self.environ | environ,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )

    async def run(self, *words: str, **environ: str) -> Done:
        """Run a command to its end."""
        process = await self.begin(*words, **environ)
        out, err = await process.communicate()
        return Done(process.returncode or 0, out.decode(), err.decode())

    async def says(self, *words: str) -> str:
        """What a command says that does what it should."""
        done = await self.run(*words)
        assert done.code == 0, f"{words}: {done.err}"
        return done.out

    async def refuses(self, *words: str, **environ: str) -> str:
        """What a command says that is refused."""
        done = await self.run(*words, **environ)
        assert done.code == 1, f"{words}: {done}"
        assert not done.out
        return done.err


@pytest.fixture(scope="session")
async def the_town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """The example organisation with its true windows, but for the postmortem's."""
    settings, _quick = town_settings(tmp_path_factory.mktemp("town"))
    patient = configuration.load(STARTER_CONFIG)
    hasty = patient.postmortems.model_copy(update={"meeting_after": AT_ONCE, "review_for": AT_ONCE})
    organisation = patient.model_copy(update={"postmortems": hasty})
    settings.config_path.write_text(yaml.safe_dump(organisation.model_dump(mode="json")), encoding="utf-8")
    async with Stack(settings, search_attributes=TYPES) as stack:
        town = Town(stack, organisation)
        yield town
        await town.close()


@pytest.fixture
async def town(the_town: Town) -> AsyncIterator[Town]:
    """Nobody answers the phone. What is opened here is minor, and closed in the end, so that none is open."""
    await the_town.everybody()
    yield the_town
    for incident in the_town.opened:
        await the_town.say(incident, "resolve", resolution="The test is over")
        await the_town.say(incident, "close")
        await the_town.until(incident, lambda report: report.closed_at)
    the_town.opened.clear()


@pytest.fixture
def cli(town: Town) -> CommandLine:
    return CommandLine(town)


@pytest.fixture
def minor(town: Town) -> Callable[..., Any]:
    """Opens an incident that wakes nobody; its id, once the list has it."""

    async def opened(**more: Any) -> str:
        incident = await town.alert(severity="P3", **more)

        async def listed() -> bool:
            answer = await town.api.get("/api/v1/incidents", params={"status": "detected"})
            return incident in {one["id"] for one in answer.json()["incidents"]}

        await eventually(listed, what=f"{incident} in the list")
        return incident

    return opened
