"""The example organisation with its teams, regions and schedules, as a running system, and what a test asks
of it beside the town's own doors."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import yaml

import configuration
import settings as environment
from domain.organisation import Organisation
from domain.people import NotificationRule
from domain.snapshot import Limit, Limits
from policy.tempo import compressed
from settings import EXAMPLE_CONFIG, Settings
from stack.ports import free_port
from stack.stack import Stack, slack_id
from tests.eventually import eventually
from tests.whole.conftest import ACK_WINDOW
from tests.whole.town import Town
from workflows.search_attributes import TYPES

PROMPT = timedelta(seconds=5)
"""How soon the next method, or the next rung, has to follow (spec 3.2)."""

HOUR = timedelta(hours=1)

GENEROUS = Limits(calls=Limit(most=1000, within=HOUR), messages=Limit(most=1000, within=HOUR))
"""A dozen incidents in a minute are the tests' own doing."""


def example() -> Organisation:
    """The example organisation with quick ack windows. Everything that is not paging keeps its time, so that
    nobody is called meanwhile for a role or a checkpoint."""
    slow = configuration.load(EXAMPLE_CONFIG)
    quick = compressed(slow, timedelta(minutes=5) / ACK_WINDOW)
    severities = {
        name: entry.model_copy(update={"ack_window": quick.severities[name].ack_window})
        for name, entry in slow.severities.items()
    }
    # A message within a test can only come from a call that came to nothing.
    calls_first = (
        NotificationRule(method="call"),
        NotificationRule(method="sms", after=timedelta(minutes=5)),
    )
    people = {name: entry.model_copy(update={"notify": None}) for name, entry in slow.people.items()}
    return slow.model_copy(
        update={
            "severities": severities,
            "timing": quick.timing,
            "limits": GENEROUS,
            "notify": calls_first,
            "people": people,
        }
    )


def write(file: Path, organisation: Organisation | dict[str, Any]) -> str:
    """Put this into the configuration's file, whole or not at all; the text."""
    content = organisation.model_dump(mode="json") if isinstance(organisation, Organisation) else organisation
    text = yaml.safe_dump(content, sort_keys=False)
    draft = file.with_suffix(".new")
    draft.write_text(text, encoding="utf-8")
    draft.replace(file)
    return text


def shop_settings(place: Path, organisation: Organisation, **more: str) -> Settings:
    """Settings of a stack of its own with this organisation in one file, on free ports."""
    config = place / "midwatch.yaml"
    write(config, organisation)
    given = {
        "MIDWATCH_CONFIG": str(config),
        "MIDWATCH_DATA_DIR": str(place / "data"),
        "MIDWATCH_API_PORT": str(free_port(None)),
        "MIDWATCH_SIMULATOR_PORT": str(free_port(None)),
        "MIDWATCH_PHONE_CALLS_PER_SECOND": "50",
    }
    return environment.load(given | more)


@asynccontextmanager
async def running(settings: Settings, organisation: Organisation) -> AsyncIterator["Shop"]:
    """The whole system with this organisation."""
    async with Stack(settings, search_attributes=TYPES) as stack:
        shop = Shop(stack, organisation)
        try:
            yield shop
        finally:
            await shop.close()


class Shop(Town):
    """A town whose people take turns, and meet in Slack."""

    async def everybody_comes(self) -> None:
        """Everybody has a phone, which nobody answers, and is in Slack."""
        await self.everybody()
        for person in self.organisation.people.values():
            body = {"name": person.name, "email": person.email}
            answer = await self.world.put(f"/control/slack/users/{slack_id(person.email or '')}", json=body)
            answer.raise_for_status()

    async def leave(self) -> None:
        """Close what the test opened; nobody stands in for anybody any more."""
        for override in (await self.get("on-call/overrides"))["overrides"]:
            path = f"/api/v1/schedules/{override['schedule']['id']}/overrides/{override['id']}"
            (await self.api.delete(path, params={"by": "dev"})).raise_for_status()
        await super().leave()

    async def restarted(self) -> None:
        """API and worker crash, and are started again."""
        parts = ("api", "worker")
        await asyncio.gather(*map(self.stack.kill, parts))
        await asyncio.gather(*map(self.stack.start, parts))

    async def get(self, path: str, **query: Any) -> Any:
        """What the API answers."""
        answer = await self.api.get(f"/api/v1/{path}", params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def on_call(self, schedule: str, at: datetime | None = None) -> dict[str, Any]:
        """Who is on call by a schedule, as the API tells it."""
        query = {"schedule": schedule} | ({"at": at.isoformat()} if at else {})
        told = await self.get("on-call", **query)
        found: dict[str, Any] = told["schedules"][0]
        return found

    async def stand_in(self, schedule: str, person: str) -> dict[str, Any]:
        """Have somebody stand in for an hour; the override."""
        now = datetime.now(UTC)
        body = {
            "person": person,
            "begins": now.isoformat(),
            "ends": (now + HOUR).isoformat(),
            "reason": "a concert",
            "by": "chiara",
        }
        answer = await self.api.post(f"/api/v1/schedules/{schedule}/overrides", json=body)
        assert answer.status_code == 200, answer.text
        made: dict[str, Any] = answer.json()["override"]
        return made

    async def alertmanager(self, **labels: str) -> str:
        """Send a new alert as Alertmanager does; the incident that it opened."""
        labels = {"alertname": "HighErrorRate", "service": "checkout"} | labels
        alert = {"status": "firing", "labels": labels, "startsAt": datetime.now(UTC).isoformat()}
        answer = await self.api.post("/ingest/alertmanager", json={"version": "4", "alerts": [alert]})
        assert answer.status_code == 202, answer.text
        incident = str(answer.json()["incidents"][0])
        self.opened.append(incident)
        return incident

    async def called(self, incident: str, *people: str, within: float = 10) -> list[dict[str, Any]]:
        """The first call to each of these, as soon as all of them are there."""
        return [await self.call(incident, person, within=within) for person in people]

    async def phoned(self, incident: str) -> set[str]:
        """Everybody who was called for this incident so far."""
        names = {entry.phone: person for person, entry in self.organisation.people.items()}
        return {names[call["to"]] for call in await self.calls(incident)}

    async def passed(self, moment: datetime) -> None:
        """Let this moment pass."""

        async def over() -> bool:
            return datetime.now(UTC) > moment

        await eventually(over, what=f"{moment}")

    async def direct(self, person: str) -> list[dict[str, Any]]:
        """What was said to somebody in Slack by us, to them alone, oldest first."""
        user = slack_id(self.organisation.people[person].email or "")
        channels = (await self.world.get("/control/slack/channels")).json()
        own = {c["id"] for c in channels if c["kind"] == "im" and user in c["members"]}
        found = (await self.world.get("/control/slack/messages")).json()
        return [m for m in found if m["channel"] in own and m["user"] == "U0MIDWATCH" and not m["subtype"]]

    async def post(self, person: str, button: str, within: float = 10) -> dict[str, Any]:
        """The first post to somebody that has this button, as soon as it is there."""

        async def check() -> dict[str, Any] | None:
            found = [m for m in await self.direct(person) if f"mw:{button}:" in str(m["blocks"])]
            return found[0] if found else None

        return await eventually(check, within=within, what=f"a post with {button} to {person}")

    async def press(self, person: str, post: dict[str, Any], button: str) -> httpx.Response:
        """Somebody presses a button of a post. 409 where it has no such button (any more)."""
        rows = [block["elements"] for block in post["blocks"] if block["type"] == "actions"]
        action = next(
            e["action_id"] for row in rows for e in row if e["action_id"].startswith(f"mw:{button}:")
        )
        user = slack_id(self.organisation.people[person].email or "")
        body = {"channel": post["channel"], "ts": post["ts"], "action_id": action}
        return await self.world.post(f"/control/slack/users/{user}/click", json=body)

    async def without_buttons(self, person: str, post: dict[str, Any], text: str) -> str:
        """What stands in a post, as soon as its buttons are gone and this text is in it."""

        async def check() -> str | None:
            now = next(m for m in await self.direct(person) if m["ts"] == post["ts"])
            blocks = str(now["blocks"])
            return blocks if "mw:" not in blocks and text in blocks else None

        return await eventually(check, what=f"{text!r} in the post to {person}")
