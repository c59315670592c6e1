"""The room: it opens once Slack is back, the roles are filled, the public hears of it."""

from domain.response import Audience
from domain.roles import Role
from drill.facts import PublicPage
from drill.scenario import MANAGER, PRESSES_ONE, PRIMARY, SILENT, TEAM_LEAD
from drill.stage import Stage


async def tell_the_public(stage: Stage) -> None:
    """The communications lead approves and publishes the acknowledgement that lies ready."""
    stage.act(f"{stage.name(MANAGER)} leads communications, and acknowledges on the status page.")
    report = await stage.do(MANAGER, "role", role=Role.COMMUNICATIONS_LEAD)
    draft = next(update.number for update in report.updates if update.audience is Audience.PUBLIC)
    await publish(stage, draft, "investigating")


async def publish(stage: Stage, number: int, phase: str, *, in_slack: bool = False) -> None:
    """An update is approved, published, and seen where the public looks."""
    for verb in ("approve", "publish"):
        if in_slack:
            await stage.press(MANAGER, verb, str(number))
        else:
            await stage.do(MANAGER, verb, number=number)

    def shows(page: PublicPage) -> bool:
        return any(one.incident_updates[0].status == phase for one in page.incidents) or (
            phase == "resolved" and not page.incidents
        )

    await stage.public_page(f"says {phase}", shows)


async def gather(stage: Stage) -> None:
    """The room opens with its card; the team lead takes a role by its button."""
    await stage.until("the room is open", lambda report: report.channels.card is not None)
    stage.act(f"The room is open. {stage.name(TEAM_LEAD)} takes tech lead there, by a button.")
    await stage.press(TEAM_LEAD, "role", Role.TECH_LEAD)
    await stage.until("there is a tech lead", lambda report: Role.TECH_LEAD in report.roles)
    await stage.phone(PRIMARY, PRESSES_ONE)


async def scribe_is_found(stage: Stage) -> None:
    """Nobody takes the last role, until somebody is paged for it."""
    stage.act("Nobody is scribe: people are paged for it, and the primary has woken up by now.")
    await stage.until("there is a scribe", lambda report: Role.SCRIBE in report.roles)
    await stage.phone(PRIMARY, SILENT)
