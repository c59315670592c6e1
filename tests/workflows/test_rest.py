"""Each hour, where a working day begins after a bad night, its duty is offered to the secondary (spec
2.4)."""

from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count, pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import Engine
from temporalio.client import Client
from temporalio.worker import Worker

import configuration
from activities.rest import RestActivities
from domain.jobs import WriteTimeline
from domain.messages import WORK_QUEUE
from domain.rest import RestOffer
from domain.timeline import Entry, Kind
from integrations.twilio import TwilioCarrier
from rota import Rota
from settings import STARTER_CONFIG
from storage import rest, timeline
from storage.engine import make_engine
from tests.chat.conftest import Workspace, _workspace, workspace
from tests.eventually import eventually
from tests.sandbox import STRICT_SANDBOX
from tests.storage.test_timeline import a_report
from workflows.rest import REST, Rested, RestWorkflow, on_the_hour

__all__ = ["_workspace", "workspace"]

WEEK = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
TURNS = {"first": "alice", "second": "ben"}

_numbers = count(1)


def this_hour() -> datetime:
    return datetime.now(UTC).replace(minute=0, second=0, microsecond=0)


def the_organisation(place: Path) -> Path:
    """A team whose day begins in this hour, and one of the same people whose day begins in the next: so it
    does not matter should the hour turn while a test runs. In either case there is one offer."""
    content = yaml.safe_load(STARTER_CONFIG.read_text(encoding="utf-8"))
    begins = {"now": this_hour(), "soon": this_hour() + timedelta(hours=1)}
    content["regions"] = {
        name: {
            "name": name,
            "time_zone": "UTC",
            "working_hours": {"days": WEEK, "begins": f"{at:%H:%M}", "ends": "23:59"},
        }
        for name, at in begins.items()
    }
    content["schedules"] = {
        name: {"name": f"Storefront {name}", "layers": [{"people": [person], "starts": "2026-01-05"}]}
        for name, person in TURNS.items()
    }
    team = {"name": "Storefront", "members": ["alice", "ben"], "primary": "first", "secondary": "second"}
    content["teams"] = {name: team | {"region": name} for name in begins}
    file = place / "midwatch.yaml"
    file.write_text(yaml.safe_dump(content), encoding="utf-8")
    return file


@dataclass
class Night:
    """A night, and the hour after it."""

    client: Client
    engine: Engine
    workspace: Workspace

    def paged(self, person: str, times: int, *, drill: bool = False) -> None:
        """Somebody was paged so often, for an incident each, shortly before either day began."""
        for _ in range(times):
            for begins in (this_hour(), this_hour() + timedelta(hours=1)):
                number = next(_numbers)
                page = Entry(
                    sequence=1,
                    at=begins - timedelta(seconds=20),
                    kind=Kind.PAGE,
                    text="Calling.",
                    person=person,
                    data={"run": 1, "round": 1},
                )
                report = a_report(f"night{number}").model_copy(
                    update={"drill": drill, "opened_at": page.at, "resolved_at": page.at}
                )
                timeline.write(self.engine, WriteTimeline(report=report, entries=(page,)))

    async def hour(self) -> Rested:
        return await self.client.execute_workflow(
            RestWorkflow.run,
            id=f"rest-{next(_numbers)}-{datetime.now(UTC).timestamp()}",
            task_queue=WORK_QUEUE,
        )

    def offers(self) -> tuple[RestOffer, ...]:
        return rest.offers(self.engine, datetime.now(UTC))

    async def texts(self, number: str) -> list[str]:
        found = (await self.workspace.http.get("/control/messages")).json()
        return [message["body"] for message in found if message["to"] == number]

    async def posts(self) -> list[dict[str, Any]]:
        """What was said directly to anybody in chat."""
        direct = [c for c in (await self.workspace.channels()).values() if c["kind"] == "im"]
        return [message for channel in direct for message in await self.workspace.said(channel["id"])]


ALICE, BEN = "+12025550101", "+12025550102"


@pytest.fixture
async def night(client: Client, workspace: Workspace, tmp_path: Path) -> AsyncIterator[Night]:
    engine = make_engine(f"sqlite:///{tmp_path / 'midwatch.db'}")
    carrier = TwilioCarrier(
        account_sid="AC" + "1" * 32,
        auth_token="token",
        from_number="+15005550006",
        public_url="https://midwatch.example.com",
        api_url=workspace.url,
    )
    path = the_organisation(tmp_path)
    rota = Rota(path, engine, tmp_path, organisation=configuration.load(path))
    work = RestActivities(engine, rota, carrier, workspace.chat(), "https://midwatch.example.com")
    async with AsyncExitStack() as undo:
        undo.callback(engine.dispose)
        undo.push_async_callback(carrier.close)
        threads = undo.enter_context(ThreadPoolExecutor(max_workers=2))
        await undo.enter_async_context(
            Worker(
                client,
                task_queue=WORK_QUEUE,
                workflows=[RestWorkflow],
                activities=[work.offer_rest, work.tell_rest_offer],
                activity_executor=threads,
                workflow_runner=STRICT_SANDBOX,
            )
        )
        yield Night(client, engine, workspace)
        await workspace.http.put("/control/carrier", json={})


async def test_2_4_after_two_pages_the_duty_is_offered_to_the_secondary_and_both_are_told_once(
    night: Night,
) -> None:
    night.paged("alice", 2)
    [number] = (await night.hour()).told
    [offer] = night.offers()
    assert (offer.id, offer.schedule, offer.person, offer.to) == (number, "first", "alice", "ben")
    assert (offer.pages >= 2, offer.answer) == (True, None)
    assert offer.told_at
    [asked] = await night.texts(BEN)
    assert "Will you take over Storefront first today" in asked
    assert asked.endswith("https://midwatch.example.com/on-call")
    [told] = await night.texts(ALICE)
    assert "is offered to Ben Okafor" in told
    posts = await night.posts()
    assert len(posts) == 2
    [mine] = [post for post in posts if "Will you take over" in post["text"]]
    rows = [block["elements"] for block in mine["blocks"] if block["type"] == "actions"]
    assert [button["action_id"] for button in rows[0]] == ["mw:rest-take:0", "mw:rest-decline:1"]
    # The same hour again: nobody hears of anything twice.
    assert await night.hour() == Rested(told=(), not_told=())
    assert len(await night.texts(BEN)) == 1


async def test_2_4_a_quiet_night_or_a_drill_offers_nothing(night: Night) -> None:
    night.paged("alice", 2, drill=True)
    assert await night.hour() == Rested(told=(), not_told=())
    assert night.offers() == ()


async def test_2_4_nothing_is_offered_to_a_secondary_whose_night_was_bad_too(night: Night) -> None:
    night.paged("alice", 2)
    night.paged("ben", 2)
    assert await night.hour() == Rested(told=(), not_told=())
    assert await night.texts(BEN) == []


async def test_2_4_whom_nobody_can_tell_now_is_told_in_the_next_hour(night: Night) -> None:
    night.paged("alice", 2)
    await night.workspace.http.put("/control/carrier", json={"fail_with": 503})
    await night.workspace.mood(fail_with=503)
    [number] = (await night.hour()).not_told
    assert night.offers()[0].told_at is None
    await night.workspace.http.put("/control/carrier", json={})
    await night.workspace.mood()
    assert number in (await night.hour()).told
    assert await night.hour() == Rested(told=(), not_told=())


async def test_2_4_it_is_asked_every_hour_on_the_hour(night: Night) -> None:
    night.paged("alice", 2)
    handle = await night.client.create_schedule(f"{REST}-of-the-tests", on_the_hour())

    async def comes() -> list[datetime]:
        return list((await handle.describe()).info.next_action_times)

    times = await eventually(comes)
    assert {(at.minute, at.second) for at in times} == {(0, 0)}
    assert {later - earlier for earlier, later in pairwise(times)} == {timedelta(hours=1)}
    await handle.trigger()

    async def told() -> list[str]:
        return await night.texts(BEN)

    await eventually(told)
    await handle.delete()
