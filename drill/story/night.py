"""The night: the checkout breaks while Slack is away, and people are phoned until somebody has it."""

import secrets
from contextlib import suppress
from datetime import UTC, datetime

from domain.incident import Status
from drill.doors import StoryStuck
from drill.facts import Contact
from drill.scenario import PHONES, SECONDARY, alert
from drill.stage import Stage

PAGED = "Midwatch paged you"
"""What a message on a machine begins with."""


async def breaks(stage: Stage) -> None:
    """Slack goes down, and then the checkout."""
    for person, behaviour in PHONES.items():
        await stage.phone(person, behaviour)
    await stage.world.slack_mood(fail_with=503)
    stage.act("Slack is down. The checkout breaks: Alertmanager sends its alert.")
    stage.notes.alerted_at = datetime.now(UTC)
    stage.incident = await stage.api.alert(alert(secrets.token_hex(2), stage.notes.alerted_at))


async def somebody_wakes(stage: Stage) -> None:
    """The primary sleeps; the secondary's machine answers, then the secondary, by SMS. Slack comes back."""

    async def called() -> Contact | None:
        number = stage.organisation.people[SECONDARY].phone
        return next((call for call in await stage.world.calls() if call.to == number), None)

    await stage.eventually("the secondary is called", called)
    await stage.world.slack_mood()
    stage.notes.slack_down = (stage.notes.alerted_at, datetime.now(UTC))
    stage.act("The secondary is called. Slack is back.")
    await stage.until("somebody acknowledges", lambda report: report.status is Status.TRIAGED)


async def voicemail_is_left(stage: Stage) -> None:
    """The machine's message is recorded to its end. What was not left, the checks will tell."""

    async def left() -> Contact | None:
        return next((call for call in await stage.world.calls() if PAGED in (call.voicemail or "")), None)

    with suppress(StoryStuck):
        await stage.eventually("the machine has its message", left)
