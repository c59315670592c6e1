"""What the public sees, over real HTTP. Temporal is away in all of it: nobody needs it here (spec 7.4)."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from sqlalchemy import Engine, make_url
from temporalio.testing import ActivityEnvironment

from activities.status_page import StatusPageActivities
from api.status import pages
from api.status.board import DAYS
from domain.jobs import PublishUpdate
from domain.organisation import Organisation
from domain.response import ComponentState, Phase
from storage.engine import make_engine
from tests.api.conftest import House, house
from tests.eventually import eventually
from tests.published import told

DEGRADED, PARTIAL, MAJOR = ComponentState.DEGRADED, ComponentState.PARTIAL_OUTAGE, ComponentState.MAJOR_OUTAGE


class Visited:
    """A status page, one who reads it without a token, and one who writes it as the worker does."""

    def __init__(self, built: House, engine: Engine, visitor: httpx.AsyncClient) -> None:
        self.visitor = visitor
        self._built, self._engine = built, engine

    async def publish(self, *updates: PublishUpdate) -> None:
        for work in updates:
            ActivityEnvironment().run(StatusPageActivities(self._engine).publish_update, work)
        shown = updates[-1].update.text

        async def arrived() -> bool:
            return shown in (await self.visitor.get("/api/v2/incidents.json")).text

        await eventually(arrived, what=f"{shown!r} on the page")

    async def json(self, name: str) -> Any:
        answer = await self.visitor.get(f"/api/v2/{name}.json")
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def page(self, path: str = "/status") -> str:
        answer = await self.visitor.get(path)
        assert answer.status_code == 200, answer.text
        return answer.text


async def _visited(place: Path, organisation: Organisation, **more: str) -> AsyncIterator[Visited]:
    async with house(place, organisation, None, **more) as built:
        engine = make_engine(built.settings.database_url.get_secret_value())
        async with httpx.AsyncClient(base_url=built.http.base_url, trust_env=False, timeout=20) as visitor:
            yield Visited(built, engine, visitor)
        engine.dispose()


@pytest.fixture
async def visited(tmp_path: Path, organisation: Organisation) -> AsyncIterator[Visited]:
    async for one in _visited(tmp_path, organisation):
        yield one


@pytest.fixture
async def on_postgres(
    tmp_path: Path, organisation: Organisation, postgres_url: str
) -> AsyncIterator[Visited]:
    async for one in _visited(tmp_path, organisation, MIDWATCH_DATABASE_URL=postgres_url):
        yield one


def words(html: str) -> str:
    """What is read, without markup, style and script."""
    bare = re.sub(r"<(style|script).*?</\1>|<[^>]*>", " ", html, flags=re.DOTALL)
    return re.sub(r"\s+", " ", bare)


async def test_a_quiet_day_says_that_all_is_well(visited: Visited) -> None:
    said = words(await visited.page())
    for expected in ("Example Shop status", "All systems operational", "Shop", "Checkout", "Product pages"):
        assert expected in said
    assert "Open incidents" not in said
    assert said.count("No incidents.") == DAYS


async def test_8_1_an_incident_is_shown_with_its_updates_newest_first(visited: Visited) -> None:
    await visited.publish(
        told(1, Phase.INVESTIGATING, PARTIAL, ago=timedelta(minutes=20)),
        told(2, Phase.IDENTIFIED, MAJOR, ago=timedelta(minutes=5)),
    )
    html = await visited.page()
    said = words(html)
    assert "Major service outage" in said
    assert said.index("Checkout: service disruption") < said.index("part 2.") < said.index("part 1.")
    assert re.search(r"Checkout Major outage .*Product pages Operational", said)
    assert re.search(r"Identified \d+ \w{3} \d{4}, \d\d:\d\d UTC", said)
    [link] = set(re.findall(r'href="(/status/incidents/\w+)"', html))
    alone = words(await visited.page(link))
    assert alone.index("part 2.") < alone.index("part 1.")


async def test_a_resolved_incident_moves_to_its_day(visited: Visited) -> None:
    long_ago = timedelta(days=DAYS + 1)
    await visited.publish(
        told(1, Phase.RESOLVED, key="old", text="Over long ago.", ago=long_ago),
        told(1, Phase.INVESTIGATING, MAJOR, ago=timedelta(hours=1)),
        told(2, Phase.RESOLVED, text="Over now."),
    )
    said = words(await visited.page())
    assert "All systems operational" in said
    assert "Open incidents" not in said
    assert said.index("Past incidents") < said.index("Over now.")
    # It is no longer on the page, and its own page remains.
    assert "Over long ago." not in said
    old = (await visited.json("incidents"))["incidents"][-1]
    assert "Over long ago." in await visited.page(httpx.URL(old["shortlink"]).path)


async def test_nothing_internal_is_on_any_page(visited: Visited) -> None:
    await visited.publish(told(1, component=MAJOR, text="Payments are failing."))
    [incident] = (await visited.json("incidents"))["incidents"]
    pages_of = ["/status", f"/status/incidents/{incident['id']}", "/api/v2/summary.json"]
    for path in pages_of:
        shown = await visited.page(path)
        for internal in ("Payments fail<", 'Payments fail"', "Nobody can pay", "errors", "k3f9a", "Alice"):
            assert internal not in shown, path


async def test_a_text_is_shown_as_text(visited: Visited) -> None:
    await visited.publish(told(1, text="<script>alert(1)</script> & more"))
    answer = await visited.visitor.get("/status")
    assert "&lt;script&gt;alert(1)" in answer.text
    assert "<script>alert" not in answer.text
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


async def test_an_incident_about_no_component_is_shown_all_the_same(visited: Visited) -> None:
    await visited.publish(told(1, component=PARTIAL, about=None))
    said = words(await visited.page())
    assert "Partial system outage" in said
    assert " Service disruption" in said
    assert (await visited.json("status"))["status"]["indicator"] == "major"


async def test_a_component_is_as_bad_as_the_worst_incident_about_it(visited: Visited) -> None:
    await visited.publish(
        told(1, component=MAJOR, key="first", ago=timedelta(minutes=9)),
        told(1, component=DEGRADED, key="second", ago=timedelta(minutes=6)),
        told(2, Phase.RESOLVED, key="first", text="The first is over."),
    )
    checkout = next(c for c in (await visited.json("components"))["components"] if c["name"] == "Checkout")
    assert checkout["status"] == "degraded_performance"


async def test_11_1_a_drill_is_marked_and_changes_no_component(visited: Visited) -> None:
    await visited.publish(told(1, component=MAJOR, drill=True))
    summary = await visited.json("summary")
    assert summary["incidents"][0]["name"].startswith("Drill: ")
    assert summary["status"]["indicator"] == "none"
    assert {component["status"] for component in summary["components"]} == {"operational"}


@pytest.mark.parametrize("path", ["/status", "/api/v2/summary.json"])
async def test_who_has_the_page_already_is_told_so(visited: Visited, path: str) -> None:
    first = await visited.visitor.get(path)
    assert re.search(r"max-age=\d{1,2}\b", first.headers["Cache-Control"])
    tag = first.headers["ETag"]
    for held in (tag, f'"other", W/{tag}', "*"):
        again = await visited.visitor.get(path, headers={"If-None-Match": held})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    await visited.publish(told(1, component=MAJOR))
    changed = await visited.visitor.get(path, headers={"If-None-Match": tag})
    assert (changed.status_code, changed.headers["ETag"] == tag) == (200, False)


async def test_an_address_at_which_nothing_was_published_says_so(visited: Visited) -> None:
    answer = await visited.visitor.get("/status/incidents/nothing")
    assert (answer.status_code, "No such incident" in answer.text) == (404, True)
    assert answer.headers["Cache-Control"] == "no-store"


async def test_monitors_may_ask_for_the_headers_alone(visited: Visited) -> None:
    answer = await visited.visitor.head("/status")
    assert (answer.status_code, answer.content) == (200, b"")


async def test_without_its_database_the_last_good_copy_is_shown_with_its_age(
    on_postgres: Visited, postgres_server: str, postgres_url: str
) -> None:
    await on_postgres.publish(told(1, component=MAJOR, text="We look into it."))
    await on_postgres.page()
    name = make_url(postgres_url).database
    with psycopg.connect(postgres_server, autocommit=True) as server:
        server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false".encode())
        server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])

        async def noticed() -> str | None:
            said = words(await on_postgres.page())
            return said if "This is what we knew" in said else None

        said = await eventually(noticed)
        assert re.search(r"This is what we knew \d+ seconds? ago", said)
        assert "We look into it." in said
        assert (await on_postgres.json("status"))["status"]["indicator"] == "critical"
        server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true".encode())

    async def recovered() -> bool:
        return "This is what we knew" not in await on_postgres.page()

    await eventually(recovered)


async def test_a_page_that_never_could_be_read_claims_nothing(alone: House) -> None:
    for path in ("/status", "/status/incidents/any"):
        answer = await alone.http.get(path)
        assert answer.status_code == 503
        assert "cannot tell at the moment" in words(answer.text)
        assert "perational" not in words(answer.text)
        assert int(answer.headers["Retry-After"]) > 0
    answer = await alone.http.get("/api/v2/summary.json")
    assert (answer.status_code, answer.json()["error"]) == (503, "database_unavailable")


def test_an_age_is_said_in_its_largest_unit() -> None:
    ages = (timedelta(), timedelta(seconds=1), timedelta(seconds=119), timedelta(hours=49))
    assert [pages.ago(age) for age in ages] == ["0 seconds", "1 second", "1 minute", "49 hours"]
