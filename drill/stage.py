"""Where the story is played: the doors, the screen, and what is noted on the way."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

import httpx

from domain.incident import IncidentReport
from domain.organisation import Organisation
from domain.timeline import Entry
from drill.doors import Api, Press, StoryStuck, World
from drill.facts import Notes, PublicPage, Refusal
from drill.screen import Screen

PATIENCE_SECONDS = 40.0
"""Within which everything that is waited for has to come, on a busy machine too."""

LOOK_SECONDS = 0.2

FoundT = TypeVar("FoundT")


@dataclass
class Stage:
    """One performance of the story. `followed`: the incident is told by postmortem and review now."""

    organisation: Organisation
    api: Api
    world: World
    screen: Screen
    notes: Notes
    incident: str = ""
    followed: bool = False

    async def look(self) -> IncidentReport | None:
        """The incident as it is now."""
        report = await (self.api.followed if self.followed else self.api.report)(self.incident)
        if report:
            self.note(report)
        return report

    def note(self, report: IncidentReport) -> None:
        """Remember the status, and show the incident as it is."""
        known = self.notes.statuses
        if not known or known[-1] is not report.status:
            known.append(report.status)
        self.screen.report(report)

    async def until(self, what: str, happened: Callable[[IncidentReport], bool]) -> IncidentReport:
        """Wait until the incident is like this.

        Raises:
            StoryStuck: it did not become so in time.
        """

        async def report() -> IncidentReport | None:
            found = await self.look()
            return found if found and happened(found) else None

        return await self.eventually(what, report)

    async def eventually(self, what: str, look: Callable[[], Awaitable[FoundT | None]]) -> FoundT:
        """Wait until something is found.

        Raises:
            StoryStuck: it was not found in time.
        """
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while (found := await look()) is None:
                    await asyncio.sleep(LOOK_SECONDS)
                return found
        except TimeoutError:
            raise StoryStuck(f"waited {PATIENCE_SECONDS:.0f} s in vain until {what}") from None

    async def moment(self, at: datetime) -> None:
        """Wait for a moment that was agreed upon."""
        await asyncio.sleep(max(0.0, (at - datetime.now(UTC)).total_seconds()))

    async def do(self, by: str, verb: str, **fields: Any) -> IncidentReport:
        """Somebody does something by the API.

        Raises:
            StoryStuck: it was refused.
        """
        report = await self.api.do(self.incident, verb, by, **fields)
        self.note(report)
        return report

    async def refused(self, name: str, by: str, verb: str, **fields: Any) -> None:
        """Somebody tries what must be refused."""
        outcome = await self.api.attempt(self.incident, verb, by, **fields)
        self.notes.refusals[name] = outcome if isinstance(outcome, Refusal) else None

    async def phone(self, person: str, behaviour: dict[str, Any]) -> None:
        """How somebody's phone is answered from now on."""
        entry = self.organisation.people[person]
        await self.world.phone(entry.phone, entry.name, behaviour)

    async def press(self, person: str, action: str, value: str = "") -> None:
        """Somebody presses a button in the room, once it is there."""
        room = (await self.api.report(self.incident)).channels.room
        if room is None:
            raise StoryStuck(f"there is no room in which to press {action!r}")

        async def button() -> Press | None:
            return await self.world.button(room, action, value)

        found = await self.eventually(f"the room has a button for {action} {value}", button)
        await self.world.press(self.email(person), found)

    async def public_page(self, what: str, shows: Callable[[PublicPage], bool]) -> None:
        """Wait until the status page says something, and keep it as it is then."""

        async def page() -> PublicPage | None:
            found = await self.api.public_page()
            return found if shows(found) else None

        self.notes.pages.append(await self.eventually(f"the status page {what}", page))

    async def show(self) -> None:
        """Let the screen follow the incident's live stream for as long as it lasts."""
        with suppress(httpx.HTTPError):
            async for kind, data in self.api.stream(self.incident):
                if kind == "timeline":
                    self.screen.entry(Entry.model_validate(data))
                elif kind == "incident" and not self.followed:
                    self.screen.report(IncidentReport.model_validate(data))

    def act(self, text: str) -> None:
        """What the story does next."""
        self.screen.act(text)

    def name(self, person: str) -> str:
        """What somebody is called."""
        return self.organisation.people[person].name

    def email(self, person: str) -> str:
        """By which Slack knows somebody."""
        return self.organisation.people[person].email or ""
