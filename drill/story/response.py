"""The response: what people think, decide and do; how bad it is; and the checkpoints."""

from domain.incident import IncidentReport
from domain.response import Audience
from drill import scenario
from drill.scenario import MANAGER, PRESSES_ONE, SECONDARY, SILENT, TEAM_LEAD
from drill.stage import Stage
from drill.story.room import publish


async def think(stage: Stage) -> None:
    """A hypothesis, a decision, an announced command; and the first full update."""
    stage.act("A hypothesis, a decision, a command that is announced before it runs.")
    await stage.do(TEAM_LEAD, "hypothesis", text=scenario.HYPOTHESIS, confidence="medium")
    await stage.do(SECONDARY, "decision", text=scenario.DECISION, reason=scenario.DECISION_REASON)
    await stage.do(TEAM_LEAD, "announce", kind="command", text=scenario.COMMAND)
    stage.act(f"{stage.name(MANAGER)} publishes the first full update, by buttons in Slack.")
    await publish(stage, await drafted(stage, "identified"), "identified", in_slack=True)


async def drafted(stage: Stage, phase: str) -> int:
    """An update for the public, filled from the incident's state; its number."""
    report = await stage.do(MANAGER, "draft", audience=Audience.PUBLIC, phase=phase)
    return max(update.number for update in report.updates if update.audience is Audience.PUBLIC)


async def falls_and_rises(stage: Stage) -> None:
    """The severity falls, and nobody is paged; it rises, and the commander is phoned at once."""
    stage.act("It looks better: the severity falls, and nobody is paged for that.")
    await stage.phone(SECONDARY, PRESSES_ONE)
    await stage.do(SECONDARY, "severity", severity="P1", reason=scenario.FALLS_BECAUSE)
    await stage.until("the decision's result is asked for", lambda report: bool(report.decisions[0].asked_at))
    await stage.do(SECONDARY, "decision", number=1, result=scenario.DECISION_RESULT)
    stage.act("It is worse after all: the severity rises, and the commander is phoned at once.")
    await stage.do(TEAM_LEAD, "severity", severity="P0", reason=scenario.RISES_BECAUSE)
    await stage.until("the commander has heard of the rise", _rise_is_heard)
    await stage.phone(SECONDARY, SILENT)


def _rise_is_heard(report: IncidentReport) -> bool:
    return (
        report.ladder is not None and report.ladder.purpose == "rise" and report.ladder.ended_at is not None
    )


async def mitigate(stage: Stage) -> None:
    """The release is rolled back, and the harm ends."""
    stage.act("The release is rolled back; the harm ends.")
    await stage.do(TEAM_LEAD, "mitigate", text=scenario.MITIGATION)
    await stage.do(TEAM_LEAD, "announce", number=1)
    await stage.do(TEAM_LEAD, "hypothesis", number=1, state="confirmed", confidence="high")
    await stage.do(TEAM_LEAD, "mitigate", number=1, state="worked")
    await publish(stage, await drafted(stage, "monitoring"), "monitoring")


async def checkpoints(stage: Stage) -> None:
    """The first checkpoint is missed, the second answered in Slack, the third early."""
    stage.act("Nobody answers checkpoint 1: it is asked again, phoned for, and missed.")
    await stage.until("checkpoint 1 is missed", lambda report: report.checkpoints[0].missed)
    stage.act(f"{stage.name(SECONDARY)} answers checkpoint 2 in Slack.")
    known, following = scenario.CHECKPOINTS[2]
    await stage.press(SECONDARY, "checkpoint", "2")
    email = stage.email(SECONDARY)
    view = await stage.eventually("the four questions are open", lambda: stage.world.modal(email))
    await stage.world.send(email, view, known=known, next_step=following, status_page_current="yes")
    await stage.until("checkpoint 3 is planned", lambda report: len(report.checkpoints) > 2)
    stage.act(f"{stage.name(SECONDARY)} answers checkpoint 3 before it is due.")
    known, following = scenario.CHECKPOINTS[3]
    answer = {"known": known, "next_step": following, "status_page_current": True}
    await stage.do(SECONDARY, "checkpoint", number=3, **answer)
