"""Play the story against a running stack, by the same doors that the world uses."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime

import httpx

from domain.organisation import Organisation
from drill.doors import Api, StoryStuck, World
from drill.facts import Facts, Notes
from drill.screen import Screen
from drill.stage import Stage
from drill.story import aftermath, ending, night, response, room
from stack.stack import Stack

ACTS: tuple[Callable[[Stage], Awaitable[None]], ...] = (
    night.somebody_wakes,
    room.tell_the_public,
    room.gather,
    response.think,
    night.voicemail_is_left,
    room.scribe_is_found,
    response.falls_and_rises,
    response.mitigate,
    response.checkpoints,
    ending.resolve,
    ending.meet_conditions,
    ending.room_closes,
    aftermath.write,
    aftermath.publish,
    aftermath.prevent,
    aftermath.review,
    aftermath.write_the_end,
)
"""What follows the alert."""


async def play(stack: Stack, organisation: Organisation, screen: Screen) -> Facts:
    """The whole story, as far as it goes.

    Raises:
        httpx.HTTPError: a door was shut.
    """
    token = stack.settings.api_token.get_secret_value()
    async with Api(stack.api_url, token) as api, World(stack.simulator_url or "") as world:
        stage = Stage(organisation, api, world, screen, Notes(alerted_at=datetime.now(UTC)))
        await night.breaks(stage)
        async with _shown(stage):
            try:
                for act in ACTS:
                    await act(stage)
            except (StoryStuck, httpx.HTTPError) as stuck:
                stage.notes.stuck = str(stuck)
                screen.act(f"The story is stuck: {stuck}")
            return await _facts(stage)


@asynccontextmanager
async def _shown(stage: Stage) -> AsyncIterator[None]:
    watcher = asyncio.create_task(stage.show())
    try:
        yield
    finally:
        watcher.cancel()
        with suppress(asyncio.CancelledError, httpx.HTTPError):
            await watcher


async def _facts(stage: Stage) -> Facts:
    report = await stage.api.report(stage.incident)
    channels = report.channels
    return Facts(
        organisation=stage.organisation,
        notes=stage.notes,
        report=report,
        entries=await stage.api.timeline(stage.incident),
        calls=await stage.world.calls(),
        messages=await stage.world.messages(),
        requests=await stage.world.slack_requests(),
        channels=await stage.world.channels(),
        room=await stage.world.posts(channels.room) if channels.room else [],
        status_channel=await stage.world.posts(channels.status) if channels.status else [],
    )
