"""The page in the shapes of Atlassian Statuspage's public JSON, version 2, so that tools that read one read
ours (spec 8.3)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated

from pydantic import BaseModel, PlainSerializer

from api.status.board import Board, Component, Group, Indicator, impact, title
from domain.response import ComponentState, Phase
from storage.public import PublicIncident, PublicUpdate, stable_id

SINCE_EVER = datetime(1970, 1, 1, tzinfo=UTC)
"""When a component was made, and last changed if nothing is known to have happened to it. The shapes want a
moment, and one that follows from when we were started would look like news."""

LATEST = 50
"""How many incidents the list of all incidents has at most, as at Statuspage."""


def _spelled(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


Moment = Annotated[datetime, PlainSerializer(_spelled)]


class PageOut(BaseModel):
    """The page itself."""

    id: str
    name: str
    url: str
    time_zone: str = "Etc/UTC"
    updated_at: Moment


class StatusOut(BaseModel):
    """How it all is."""

    indicator: Indicator
    description: str


class ComponentOut(BaseModel):
    """A component, or a group of them."""

    id: str
    name: str
    status: ComponentState
    created_at: Moment = SINCE_EVER
    updated_at: Moment
    position: int
    description: None = None
    showcase: bool = False
    start_date: None = None
    group_id: str | None
    page_id: str
    group: bool
    only_show_if_degraded: bool = False


class GroupOut(ComponentOut):
    """A group, which names the ids of its components."""

    components: list[str]


class AffectedOut(BaseModel):
    """What an update did to a component."""

    code: str
    name: str
    old_status: ComponentState
    new_status: ComponentState


class UpdateOut(BaseModel):
    """One update of an incident."""

    id: str
    status: Phase
    body: str
    incident_id: str
    created_at: Moment
    updated_at: Moment
    display_at: Moment
    affected_components: list[AffectedOut] | None
    deliver_notifications: bool = True
    custom_tweet: None = None
    tweet_id: None = None


class IncidentOut(BaseModel):
    """An incident with its updates, the newest first."""

    id: str
    name: str
    status: Phase
    created_at: Moment
    updated_at: Moment
    monitoring_at: Moment | None
    resolved_at: Moment | None
    impact: Indicator
    shortlink: str
    started_at: Moment
    page_id: str
    incident_updates: list[UpdateOut]
    components: list[ComponentOut]


class Answer(BaseModel):
    """What every answer has."""

    page: PageOut


class StatusAnswer(Answer):
    """How it all is, alone."""

    status: StatusOut


class ComponentsAnswer(Answer):
    """Components and groups; each group before what is in it."""

    components: list[GroupOut | ComponentOut]


class IncidentsAnswer(Answer):
    """Incidents, the latest first."""

    incidents: list[IncidentOut]


class MaintenancesAnswer(Answer):
    """Maintenance windows."""

    scheduled_maintenances: list[IncidentOut] = []


class SummaryAnswer(MaintenancesAnswer, IncidentsAnswer, ComponentsAnswer, StatusAnswer):
    """All of it, with the open incidents."""


class Statuspage:
    """A board, told in these shapes. `public_url` is our address, without a slash at its end."""

    def __init__(self, board: Board, public_url: str) -> None:
        self._board = board
        self._url = f"{public_url}/status"
        self._id = stable_id("page", public_url)

    def summary(self) -> SummaryAnswer:
        """All of it, with the open incidents."""
        return SummaryAnswer(
            page=self._page(),
            status=self._status(),
            components=self._components(),
            incidents=self._incidents(self._board.unresolved),
        )

    def status(self) -> StatusAnswer:
        """How it all is, alone."""
        return StatusAnswer(page=self._page(), status=self._status())

    def components(self) -> ComponentsAnswer:
        """The components."""
        return ComponentsAnswer(page=self._page(), components=self._components())

    def incidents(self) -> IncidentsAnswer:
        """The latest incidents, open and resolved."""
        return IncidentsAnswer(page=self._page(), incidents=self._incidents(self._board.incidents[:LATEST]))

    def unresolved(self) -> IncidentsAnswer:
        """The open incidents."""
        return IncidentsAnswer(page=self._page(), incidents=self._incidents(self._board.unresolved))

    def maintenances(self) -> MaintenancesAnswer:
        """Maintenance windows: we have none."""
        return MaintenancesAnswer(page=self._page())

    def _page(self) -> PageOut:
        changed = self._board.updated_at or SINCE_EVER
        return PageOut(id=self._id, name=self._board.title, url=self._url, updated_at=changed)

    def _status(self) -> StatusOut:
        return StatusOut(indicator=self._board.indicator, description=self._board.description)

    def _components(self) -> list[GroupOut | ComponentOut]:
        told: list[GroupOut | ComponentOut] = []
        for position, group in enumerate(self._board.groups, 1):
            if group.name:
                told.append(self._group(group, group.name, position))
            told += [self._component(component, group, n) for n, component in enumerate(group.components, 1)]
        return told

    def _incidents(self, incidents: Sequence[PublicIncident]) -> list[IncidentOut]:
        about = {
            component.name: self._component(component, group, n)
            for group in self._board.groups
            for n, component in enumerate(group.components, 1)
        }
        return [self._incident(incident, about.get(incident.component or "")) for incident in incidents]

    def _group(self, group: Group, name: str, position: int) -> GroupOut:
        changes = [component.changed_at for component in group.components if component.changed_at]
        return GroupOut(
            id=group.id,
            name=name,
            status=group.state,
            updated_at=max(changes, default=SINCE_EVER),
            position=position,
            group_id=None,
            page_id=self._id,
            group=True,
            components=[component.id for component in group.components],
        )

    def _component(self, component: Component, group: Group, position: int) -> ComponentOut:
        return ComponentOut(
            id=component.id,
            name=component.name,
            status=component.state,
            updated_at=component.changed_at or SINCE_EVER,
            position=position,
            group_id=group.id if group.name else None,
            page_id=self._id,
            group=False,
        )

    def _incident(self, incident: PublicIncident, about: ComponentOut | None) -> IncidentOut:
        return IncidentOut(
            id=incident.id,
            name=title(incident),
            status=incident.phase,
            created_at=incident.started_at,
            updated_at=incident.updated_at,
            monitoring_at=incident.monitoring_at,
            resolved_at=incident.resolved_at,
            impact=impact(incident),
            shortlink=f"{self._url}/incidents/{incident.id}",
            started_at=incident.started_at,
            page_id=self._id,
            incident_updates=[_update(incident, update) for update in incident.updates],
            components=[about] if about else [],
        )


def _update(incident: PublicIncident, update: PublicUpdate) -> UpdateOut:
    affected = None
    if incident.component and not incident.drill:
        affected = [
            AffectedOut(
                code=stable_id("component", incident.component),
                name=incident.component,
                old_status=update.before,
                new_status=update.after,
            )
        ]
    return UpdateOut(
        id=update.id,
        status=update.phase,
        body=update.text,
        incident_id=incident.id,
        created_at=update.at,
        updated_at=update.at,
        display_at=update.at,
        affected_components=affected,
    )


ANSWERS: Mapping[str, Callable[[Statuspage], Answer]] = {
    "summary": Statuspage.summary,
    "status": Statuspage.status,
    "components": Statuspage.components,
    "incidents": Statuspage.incidents,
    "incidents/unresolved": Statuspage.unresolved,
    "scheduled-maintenances": Statuspage.maintenances,
    "scheduled-maintenances/upcoming": Statuspage.maintenances,
    "scheduled-maintenances/active": Statuspage.maintenances,
}
"""What is told beneath `/api/v2`, by its name without `.json`."""
