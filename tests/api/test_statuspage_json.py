"""The JSON is what tools that read Atlassian Statuspage expect, to the letter (spec 8.3).

The shapes are written from the documentation that every Statuspage has at `/api`, and from what such pages
answer; they know every key, and refuse a missing and an additional one.
"""

import re
from datetime import timedelta
from typing import Annotated, Any, Literal

import pytest
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from domain.response import ComponentState, Phase
from tests.api.test_status_page import Visited, visited
from tests.published import told

__all__ = ["visited"]

MAJOR, DEGRADED = ComponentState.MAJOR_OUTAGE, ComponentState.DEGRADED


def _moment(text: str) -> str:
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", text), text
    return text


Moment = Annotated[str, AfterValidator(_moment)]
Id = Annotated[str, Field(pattern=r"^[a-z0-9]{12}$")]
State = Literal["operational", "degraded_performance", "partial_outage", "major_outage", "under_maintenance"]
Impact = Literal["none", "minor", "major", "critical"]


class Exact(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class PageShape(Exact):
    id: Id
    name: str
    url: Annotated[str, Field(pattern=r"^https?://")]
    time_zone: str
    updated_at: Moment


class StatusShape(Exact):
    indicator: Impact
    description: str


class ComponentShape(Exact):
    id: Id
    name: str
    status: State
    created_at: Moment
    updated_at: Moment
    position: int
    description: str | None
    showcase: bool
    start_date: str | None
    group_id: Id | None
    page_id: Id
    group: Literal[False]
    only_show_if_degraded: bool


class GroupShape(ComponentShape):
    group: Literal[True]  # type: ignore[assignment]  # a group is a component that says so
    components: list[Id]


class AffectedShape(Exact):
    code: Id
    name: str
    old_status: State
    new_status: State


class UpdateShape(Exact):
    id: Id
    status: Literal["investigating", "identified", "monitoring", "resolved", "postmortem"]
    body: str
    incident_id: Id
    created_at: Moment
    updated_at: Moment
    display_at: Moment
    affected_components: list[AffectedShape] | None
    deliver_notifications: bool
    custom_tweet: str | None
    tweet_id: int | None


class IncidentShape(Exact):
    id: Id
    name: str
    status: Literal["investigating", "identified", "monitoring", "resolved", "postmortem"]
    created_at: Moment
    updated_at: Moment
    monitoring_at: Moment | None
    resolved_at: Moment | None
    impact: Impact
    shortlink: Annotated[str, Field(pattern=r"^https?://")]
    started_at: Moment
    page_id: Id
    incident_updates: Annotated[list[UpdateShape], Field(min_length=1)]
    components: list[ComponentShape]


class Paged(Exact):
    page: PageShape


class Statuses(Paged):
    status: StatusShape


class Components(Paged):
    components: list[ComponentShape | GroupShape]


class Incidents(Paged):
    incidents: list[IncidentShape]


class Maintenances(Paged):
    scheduled_maintenances: Annotated[list[Any], Field(max_length=0)]


class Summary(Statuses, Components, Incidents, Maintenances):
    pass


SHAPES: dict[str, type[Paged]] = {
    "summary": Summary,
    "status": Statuses,
    "components": Components,
    "incidents": Incidents,
    "incidents/unresolved": Incidents,
    "scheduled-maintenances": Maintenances,
    "scheduled-maintenances/upcoming": Maintenances,
    "scheduled-maintenances/active": Maintenances,
}


@pytest.fixture
async def busy(visited: Visited) -> Visited:
    """One incident that is over and one that is open."""
    await visited.publish(
        told(1, component=DEGRADED, key="before", about="Product pages", ago=timedelta(hours=2)),
        told(2, Phase.RESOLVED, key="before", about="Product pages", ago=timedelta(hours=1)),
        told(1, Phase.INVESTIGATING, DEGRADED, ago=timedelta(minutes=30)),
        told(2, Phase.MONITORING, MAJOR, ago=timedelta(minutes=20)),
        told(3, Phase.IDENTIFIED, text="Not over yet."),
    )
    return visited


async def test_8_3_every_answer_has_exactly_the_known_shape(busy: Visited) -> None:
    for name, shape in SHAPES.items():
        answer = await busy.visitor.get(f"/api/v2/{name}.json")
        assert answer.status_code == 200, name
        shape.model_validate(answer.json())
        assert answer.headers["Access-Control-Allow-Origin"] == "*", name
        assert answer.headers["Content-Type"].startswith("application/json"), name


async def test_8_3_so_it_has_when_nothing_ever_happened(visited: Visited) -> None:
    for name, shape in SHAPES.items():
        shape.model_validate(await visited.json(name))


async def test_the_summary_holds_together(busy: Visited) -> None:
    summary = await busy.json("summary")
    assert summary["status"] == {"indicator": "critical", "description": "Major Service Outage"}
    assert summary["page"]["name"] == "Example Shop status"
    assert summary["page"]["url"] == "https://midwatch.example.com/status"

    group, checkout, products = summary["components"]
    assert (group["name"], group["group"], group["status"]) == ("Shop", True, "major_outage")
    assert group["components"] == [checkout["id"], products["id"]]
    assert checkout["group_id"] == products["group_id"] == group["id"]
    assert [part["position"] for part in summary["components"]] == [1, 1, 2]
    assert (checkout["status"], products["status"]) == ("major_outage", "operational")

    [incident] = summary["incidents"]
    assert (incident["status"], incident["impact"]) == ("identified", "critical")
    assert incident["components"] == [checkout]
    assert incident["monitoring_at"] is not None
    assert incident["resolved_at"] is None
    third, second, first = incident["incident_updates"]
    assert third["body"] == "Not over yet."
    assert incident["started_at"] == incident["created_at"] == first["created_at"]
    assert incident["updated_at"] == third["created_at"] == summary["page"]["updated_at"]
    assert second["affected_components"] == [
        {
            "code": checkout["id"],
            "name": "Checkout",
            "old_status": "degraded_performance",
            "new_status": "major_outage",
        }
    ]


async def test_resolved_incidents_are_in_the_list_and_not_among_the_unresolved(busy: Visited) -> None:
    listed = (await busy.json("incidents"))["incidents"]
    assert [incident["status"] for incident in listed] == ["identified", "resolved"]
    assert (listed[1]["impact"], listed[1]["resolved_at"]) == ("minor", listed[1]["updated_at"])
    assert (await busy.json("incidents/unresolved"))["incidents"] == listed[:1]


async def test_ids_stay_as_they_are(busy: Visited) -> None:
    before = await busy.json("summary")
    await busy.publish(told(4, Phase.RESOLVED, text="Over."))
    after = await busy.json("summary")
    assert after["page"]["id"] == before["page"]["id"]
    assert [part["id"] for part in after["components"]] == [part["id"] for part in before["components"]]
    [incident] = before["incidents"]
    over = (await busy.json("incidents"))["incidents"][0]
    assert over["id"] == incident["id"]
    updates = [update["id"] for update in over["incident_updates"]]
    assert updates[1:] == [update["id"] for update in incident["incident_updates"]]
    assert len(set(updates)) == 4
