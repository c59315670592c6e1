"""All incidents, live: in which order, how often the database is asked, and what is told while it is away."""

import asyncio
import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event
from temporalio.client import Client

from api.incidents import IncidentGateway
from api.past import Past
from api.v1.models import REPORT_SAMPLE
from api.v1.stream_list import Watch, board
from domain.base import Deadline
from domain.incident import IncidentReport, Status
from domain.organisation import Organisation
from domain.postmortem import PostmortemNow, Stage
from stack.ports import free_port
from storage.engine import make_engine
from tests.api.conftest import House, house, working
from tests.make import a_rota

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def report(name: str, status: Status = Status.RESPONDING, **more: Any) -> IncidentReport:
    """An incident of that name, opened at noon."""
    sample = {key: value for key, value in REPORT_SAMPLE.items() if value is not None or key in REQUIRED}
    fields = sample | {"id": f"checkout.{name}.k3f9a", "title": name, "opened_at": NOON, "status": status}
    return IncidentReport.model_validate(fields | more)


REQUIRED = {name for name, field in IncidentReport.model_fields.items() if field.is_required()}


def due(hours: float) -> Deadline:
    return Deadline(name="draft", at=NOON + timedelta(hours=hours))


def postmortem(*deadlines: Deadline) -> PostmortemNow:
    return PostmortemNow(stage=Stage.DRAFT, owner=None, deadlines=deadlines)


def test_the_worst_is_first_then_the_latest_and_what_is_over_is_beneath() -> None:
    later = NOON + timedelta(hours=1)
    told = board(
        [
            report("mild", rank=3),
            report("old", rank=1),
            report("new", rank=1, opened_at=later),
            report("ended", Status.RESOLVED, rank=2),
            report("reviewed", Status.IN_REVIEW, postmortem=postmortem(due(30), due(20))),
            report("prevented", Status.IN_PREVENTION, next_deadline=due(10)),
            report("settled", Status.IN_PREVENTION, next_deadline=None),
            report("gone", Status.CLOSED, closed_at=NOON),
            report("just gone", Status.CLOSED, closed_at=later),
        ]
    )
    assert [line.title for line in told.open] == ["new", "old", "ended", "mild"]
    assert [line.title for line in told.after] == ["prevented", "reviewed", "settled"]
    assert told.after[1].next_deadline == due(20)
    assert [line.title for line in told.closed] == ["just gone", "gone"]


async def test_many_readers_ask_the_database_no_more_than_one(
    temporal: Client, organisation: Organisation, tmp_path: Path
) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/midwatch.db")
    past = Past(engine)
    await past.prepare()
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    began = time.monotonic()
    watch = Watch(past, IncidentGateway(temporal, a_rota(organisation, tmp_path), past))
    await watch.board()
    alone = len(asked)
    assert alone > 0
    await asyncio.gather(*(watch.board() for _reader in range(50)))
    assert len(asked) <= alone * (1 + int(time.monotonic() - began))
    past.close()


async def first_list(built: House) -> dict[str, Any]:
    """What a new reader is told first."""
    async with built.http.stream("GET", "/api/v1/incidents/stream") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        async for line in answer.aiter_lines():
            if line.startswith("data: "):
                told: dict[str, Any] = json.loads(line.removeprefix("data: "))
                return told
    raise AssertionError("the stream ended")


async def test_an_incident_is_on_the_list_and_its_end_is_told(attended: House) -> None:
    incident = await attended.alert("listed")
    titles: list[tuple[str, str]] = []

    async def follow() -> None:
        async with attended.http.stream("GET", "/api/v1/incidents/stream") as answer:
            async for line in answer.aiter_lines():
                if not line.startswith("data: "):
                    continue
                told = json.loads(line.removeprefix("data: "))
                assert told["away"] is None
                for place in ("open", "after", "closed"):
                    titles.extend((place, one["status"]) for one in told[place] if one["id"] == incident)
                if ("open", "resolved") in titles:
                    return

    following = asyncio.create_task(follow())
    await attended.http.post(f"/api/v1/incidents/{incident}/acknowledge", json={"by": "ben"})
    await attended.http.post(f"/api/v1/incidents/{incident}/resolve", json={"by": "ben", "resolution": "x"})
    await asyncio.wait_for(following, 20)
    await attended.end(incident)


async def test_without_a_database_the_incidents_that_run_are_told_by_temporal(
    temporal: Client, organisation: Organisation, tmp_path: Path
) -> None:
    url = f"postgresql://nobody:none@127.0.0.1:{free_port(None)}/none"
    async with house(tmp_path, organisation, temporal, MIDWATCH_DATABASE_URL=url) as built, working(built):
        incident = await built.alert("unwritten")
        deadline = asyncio.get_running_loop().time() + 20
        while True:
            told = await first_list(built)
            assert told["away"] == "database"
            if [one for one in told["open"] if one["id"] == incident]:
                break
            assert asyncio.get_running_loop().time() < deadline, told
        await built.end(incident)


async def test_the_stream_of_one_incident_says_that_the_database_is_away(
    temporal: Client, organisation: Organisation, tmp_path: Path
) -> None:
    url = f"postgresql://nobody:none@127.0.0.1:{free_port(None)}/none"
    async with house(tmp_path, organisation, temporal, MIDWATCH_DATABASE_URL=url) as built, working(built):
        incident = await built.alert("half-known")

        async def told() -> list[Any]:
            async with built.http.stream("GET", f"/api/v1/incidents/{incident}/stream") as answer:
                lines = answer.aiter_lines()
                async for line in lines:
                    if line == "event: database":
                        return [line, await anext(lines)]
            return []

        assert await asyncio.wait_for(told(), 20) == ["event: database", 'data: {"away": true}']
        await built.end(incident)


async def test_with_neither_it_says_so_and_does_not_fail(alone: House) -> None:
    assert await first_list(alone) == {"open": [], "after": [], "closed": [], "away": "everything"}
