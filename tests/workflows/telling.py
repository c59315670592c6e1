"""The telling of a story to a real incident, in which a minute is a few milliseconds."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from temporalio.client import Client, WorkflowHandle, WorkflowUpdateFailedError

import configuration
from domain.acts import Act, Acting, AddService, SetSeverity, TakeRole
from domain.incident import IncidentNow, IncidentReport, Said
from domain.ladder import Rung
from domain.messages import Answer, AttachAlert, CarrierEvent, Done, Escalate, Page, Resolve
from domain.organisation import Organisation
from domain.people import NotificationRule, PersonRef
from domain.roles import Role
from domain.snapshot import Service
from domain.timeline import Entry
from settings import STARTER_CONFIG
from tests.make import an_alert
from tests.workflows.crew import start
from tests.workflows.held_line import Asked, HeldLine
from tests.workflows.stories import Alerts, Answers, Does, Grades, Line, Place, Step, Story, Waits, Words

_numbers = count(1)

PEOPLE = [
    PersonRef(id=person, name=entry.name)
    for person, entry in configuration.load(STARTER_CONFIG).people.items()
]


def hasty_organisation() -> Organisation:
    """The starter, in which a rung has a tenth of a second and its last is for the two worst severities."""
    whole = configuration.load(STARTER_CONFIG)
    soon = {name: timedelta(milliseconds=ms) for name, ms in HASTE.items()}
    first, second, top = whole.ladders["storefront"].rungs
    rungs = (first, second, top.model_copy(update={"severities": ("P0", "P1")}))
    graded = {
        name: entry.model_copy(
            update={
                "ack_window": timedelta(milliseconds=120),
                "rises_after": timedelta(milliseconds=700) if name == "P1" else None,
                "respond": "at once" if name == "P2" else entry.respond,
            }
        )
        for name, entry in whole.severities.items()
    }
    return whole.model_copy(
        update={
            "timing": whole.timing.model_copy(update=soon),
            "response": whole.response.model_copy(update={"classify_within": timedelta(milliseconds=300)}),
            "severities": graded,
            "notify": (
                NotificationRule(method="call"),
                NotificationRule(method="sms", after=timedelta(milliseconds=60)),
            ),
            "ladders": {"storefront": whole.ladders["storefront"].model_copy(update={"rungs": rungs})},
        }
    )


HASTE = {
    "ring_for": 50,
    "next_method_within": 40,
    "window_starts_within": 60,
    "retry_after": 40,
    "trace_after": 40,
    "silent_after": 50,
    "reopen_after": 100,
}
"""The figures of paging, in milliseconds."""

ORGANISATION = hasty_organisation()


class Telling:
    """An incident, and everything that is said to it."""

    def __init__(self, client: Client, world: HeldLine, story: Story) -> None:
        self.client, self.world, self.story = client, world, story
        self.first = an_alert(name=f"Rule{next(_numbers)}", severity=story.claim)
        self.said: list[Answer] = []
        self.grades: dict[str, str] = {}
        self.released: list[tuple[int, int]] = []
        self.handle: WorkflowHandle[Any, Any]
        self.id = ""

    async def begin(self) -> None:
        """The first alert comes."""
        self.id = f"checkout.{self.first.name.lower()}.abcde"
        self.world.begin(self.id, self.story.verdicts)
        self.handle = await start(self.client, self.first, ORGANISATION)

    async def end(self) -> None:
        """It is over, whatever it came to."""
        self.world.free.set()
        await self.handle.terminate()

    async def report(self) -> IncidentReport:
        """The incident as it is now."""
        now: IncidentNow = await self.handle.query("now", result_type=IncidentNow)
        return now.report

    async def timeline(self) -> list[Entry]:
        """All that was ever written down."""
        now: IncidentNow = await self.handle.query("now", result_type=IncidentNow)
        stored = list(self.world.entries)
        last = stored[-1].sequence if stored else 0
        return stored + [entry for entry in now.pending if entry.sequence > last]

    async def tell(self, step: Step) -> None:
        """Say it, as the API does."""
        match step:
            case Alerts():
                await self.alert(step)
            case Words():
                await self.words(step)
            case Answers():
                await self.answer(self.make(step), step.verb, step.by)
            case Does():
                await self.do(step)
            case Grades(who=who, severity=severity, data_loss=lost):
                await self.grade(PEOPLE[who], severity, data_loss=lost)
            case Waits(milliseconds=milliseconds):
                await asyncio.sleep(milliseconds / 1000)
            case Line(held=held):
                await self.hold() if held else await self.release()

    async def hold(self) -> None:
        """The line takes no more calls; one waits at its end, the others in their queue."""
        self.world.free.clear()

    async def release(self) -> None:
        """The line is free. What had come to an end by now must not come out of the queue."""
        ladder = (await self.report()).ladder
        if ladder and self.world.waiting:
            first_open = ladder.run + bool(ladder.ended_at)
            self.released.append((len(self.world.asked), first_open))
        self.world.free.set()

    async def alert(self, step: Alerts) -> None:
        """An alert comes."""
        now = datetime.now(UTC)
        match step.news:
            case "again":
                alert = self.first.model_copy(update={"received_at": now})
            case "resolved":
                alert = self.first.model_copy(
                    update={"status": "resolved", "ends_at": now, "received_at": now}
                )
            case "further":
                alert = an_alert(name=self.first.name, fingerprint=f"f{next(_numbers)}", severity=step.claim)
        await self.handle.signal("attach_alert", AttachAlert(alert=alert))

    async def words(self, step: Words) -> None:
        """The carrier speaks of a page that it has, or did not begin: what it says ends is over there."""
        asked = self.page(step.of)
        page = asked.page if asked else Page(incident_id=self.id, run=99, attempt=99)
        event = CarrierEvent(
            page=self.astray(page, step.of),
            word=step.word,
            carrier_id=asked.carrier_id if asked else "nobody's",
            at=datetime.now(UTC),
        )
        if asked and event.page == asked.page and step.word not in ("queued", "ringing"):
            asked.rings = False
        for _time in range(step.times):
            await self.handle.signal("carrier_event", event)

    def page(self, of: Place) -> Asked | None:
        """A page of which the carrier may speak."""
        taken = [asked for asked in self.world.asked if asked.taken]
        if not taken or of == "none":
            return None
        return taken[0] if of == "oldest" else taken[-1]

    def astray(self, page: Page, of: Place) -> Page:
        """The page as it is named by whoever errs or lies."""
        match of:
            case "forged run":
                return page.model_copy(update={"run": page.run + 1})
            case "earlier run":
                return page.model_copy(update={"run": page.run - 1})
            case "forged attempt":
                return page.model_copy(update={"attempt": page.attempt + 50})
            case "other incident":
                return page.model_copy(update={"incident_id": "checkout.other.abcde"})
            case _:
                return page

    def make(self, step: Answers) -> Answer:
        """What somebody says, or said before."""
        if step.again and self.said:
            return self.said[-1]
        asked = self.page(step.of)
        page = self.astray(asked.page, step.of) if asked else None
        if asked and page == asked.page:
            asked.rings = False  # Whoever presses a key has taken the call.
        return self.an_answer(
            PEOPLE[step.who],
            page=page,
            at=datetime.now(UTC) - timedelta(milliseconds=200 * step.late),
        )

    def an_answer(self, by: PersonRef, page: Page | None = None, at: datetime | None = None) -> Answer:
        """What somebody says for the first time."""
        answer = Answer(
            source_id=f"said-{next(_numbers)}",
            incident_id=self.id,
            by=by,
            via="phone" if page else "SMS",
            at=at or datetime.now(UTC),
            page=page,
        )
        self.said.append(answer)
        return answer

    async def answer(self, answer: Answer, verb: str, by: str) -> Said | None:
        """Say it; what came of it, if that is known at once."""
        if by == "update" and verb == "acknowledge":
            return await self.update("acknowledge", answer)
        await self.handle.signal(verb, answer)
        return None

    async def do(self, step: Does) -> None:
        """Do it, unless it cannot be done now."""
        by, source, now = PEOPLE[step.who], f"does-{next(_numbers)}", datetime.now(UTC)
        match step.what:
            case "escalate":
                await self.update("escalate", Escalate(source_id=source, incident_id=self.id, by=by))
            case "resolve":
                over = Resolve(source_id=source, incident_id=self.id, by=by, resolution="Rolled back")
                await self.update("resolve", over)
            case "takes command":
                await self.act(by, TakeRole(role=Role.COMMANDER), now)
            case "takes tech lead":
                await self.act(by, TakeRole(role=Role.TECH_LEAD), now)
            case "adds a service":
                service = Service(id="catalogue", name="Product catalogue", ladder="storefront")
                await self.act(
                    by, AddService(service=service, rungs=(Rung(name="other", people=("dev",)),)), now
                )

    async def grade(self, by: PersonRef, severity: str, *, data_loss: bool = False) -> Said | None:
        """Say how bad it is, for a reason that is told from every other."""
        reason = f"reason {next(_numbers)}"
        self.grades[reason] = severity
        act = SetSeverity(severity=None if data_loss else severity, reason=reason, data_loss=data_loss)
        return await self.act(by, act, datetime.now(UTC))

    async def act(self, by: PersonRef, act: Act, at: datetime) -> Said | None:
        """Do one of the acts."""
        acting = {
            "source_id": f"acts-{next(_numbers)}",
            "incident_id": self.id,
            "by": by,
            "at": at,
            "act": act,
        }
        return await self.update("act", Acting.model_validate(acting))

    async def update(self, name: str, message: Any) -> Said | None:
        """Ask for it; None if it is refused."""
        with suppress(WorkflowUpdateFailedError):
            done: Done = await self.handle.execute_update(name, message, result_type=Done)
            return done.said
        return None
