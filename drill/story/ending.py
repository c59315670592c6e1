"""The ending: resolved, and the room closes once everything is there that closing waits for."""

from contextlib import suppress

from domain.incident import IncidentReport, Status
from domain.response import Audience, Phase
from drill import scenario
from drill.doors import StoryStuck
from drill.facts import Channel
from drill.scenario import PRIMARY, SECONDARY, TEAM_LEAD
from drill.stage import Stage
from drill.story.room import publish


async def resolve(stage: Stage) -> None:
    """The commander resolves it. It cannot be closed yet."""
    stage.act(f"{stage.name(SECONDARY)} resolves it, with the cause.")
    await stage.do(SECONDARY, "resolve", resolution=scenario.RESOLUTION, cause=scenario.CAUSE)
    await stage.refused("close", SECONDARY, "close")


async def meet_conditions(stage: Stage) -> None:
    """One after the other: the fix, the metrics, the public, and last the postmortem's owner."""
    stage.act("What closing waits for, one after the other.")
    await stage.press(TEAM_LEAD, "confirm-fix")
    await stage.do(PRIMARY, "confirm", metrics_recovering=True)
    report = await stage.until("the last update is drafted", lambda report: _last_draft(report) is not None)
    await publish(stage, _last_draft(report) or 0, "resolved")
    await stage.press(TEAM_LEAD, "own-postmortem")


def _last_draft(report: IncidentReport) -> int | None:
    fit = (
        update.number
        for update in report.updates
        if update.audience is Audience.PUBLIC and update.phase is Phase.RESOLVED and not update.published_at
    )
    return next(fit, None)


async def room_closes(stage: Stage) -> None:
    """The room closes, its channel is put away (the checks will tell), and the postmortem begins."""
    report = await stage.until("the room is closed", lambda report: report.status is Status.IN_REVIEW)
    stage.act("The room closes. A postmortem is owed.")
    room = report.channels.room or ""

    async def archived() -> Channel | None:
        channel = (await stage.world.channels()).get(room)
        return channel if channel and channel.is_archived else None

    with suppress(StoryStuck):
        await stage.eventually("the channel is archived", archived)
