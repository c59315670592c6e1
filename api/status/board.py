"""What the status page says, as data: components in groups, incidents, and one word for all (spec 8.1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from domain.organisation import Organisation
from domain.response import ComponentState
from storage.public import PublicIncident, stable_id, worst

Indicator = Literal["none", "minor", "major", "critical"]

DAYS = 14
"""How many days of incidents the page shows, today among them."""

INDICATORS: dict[ComponentState, Indicator] = {
    ComponentState.OPERATIONAL: "none",
    ComponentState.DEGRADED: "minor",
    ComponentState.PARTIAL_OUTAGE: "major",
    ComponentState.MAJOR_OUTAGE: "critical",
}
DESCRIPTIONS: dict[Indicator, str] = {
    "none": "All Systems Operational",
    "minor": "Partially Degraded Service",
    "major": "Partial System Outage",
    "critical": "Major Service Outage",
}


@dataclass(frozen=True)
class Component:
    """What customers know a service as. `changed_at` is empty while nothing is known to have happened."""

    id: str
    name: str
    state: ComponentState
    changed_at: datetime | None


@dataclass(frozen=True)
class Group:
    """Components that stand together; those without a group have one without a name."""

    id: str
    name: str | None
    components: tuple[Component, ...]

    @property
    def state(self) -> ComponentState:
        """The worst of its components'."""
        return worst(component.state for component in self.components)


@dataclass(frozen=True)
class Day:
    """What was resolved on a day, by UTC."""

    date: date
    incidents: tuple[PublicIncident, ...]


@dataclass(frozen=True)
class Board:
    """Everything on the page. `incidents` are all that are known of, the latest first."""

    title: str
    groups: tuple[Group, ...]
    incidents: tuple[PublicIncident, ...]

    @property
    def unresolved(self) -> tuple[PublicIncident, ...]:
        """The incidents that are open."""
        return tuple(incident for incident in self.incidents if incident.open)

    @property
    def indicator(self) -> Indicator:
        """How it all is: as bad as the worst component, or an open incident that is about none of them."""
        return INDICATORS[worst(incident.state for incident in self.unresolved if not incident.drill)]

    @property
    def description(self) -> str:
        """The same in words."""
        return DESCRIPTIONS[self.indicator]

    @property
    def updated_at(self) -> datetime | None:
        """When the public was last told anything."""
        return max((incident.updated_at for incident in self.incidents), default=None)

    def days(self, now: datetime) -> tuple[Day, ...]:
        """The last days, today first, with what was resolved on each."""
        today = now.astimezone(UTC).date()
        resolved = [(incident.resolved_at, incident) for incident in self.incidents]
        return tuple(
            Day(day, tuple(incident for at, incident in resolved if at and at.date() == day))
            for day in (today - timedelta(days=n) for n in range(DAYS))
        )


def board(organisation: Organisation, incidents: Sequence[PublicIncident]) -> Board:
    """The page of this organisation with these incidents. Components and groups stand in the order in which
    the configuration first names them; several services may be one component."""
    groups: dict[str | None, dict[str, Component]] = {}
    seen: set[str] = set()
    for service in organisation.services.values():
        if service.component and service.component not in seen:
            seen.add(service.component)
            placed = groups.setdefault(service.group, {})
            placed[service.component] = _component(service.component, incidents)
    return Board(
        title=organisation.status_page.title,
        groups=tuple(
            Group(stable_id("group", name or ""), name, tuple(components.values()))
            for name, components in groups.items()
        ),
        incidents=tuple(incidents),
    )


def title(incident: PublicIncident) -> str:
    """What the public knows it as: its own title may tell what is nobody else's business."""
    about = f"{incident.component}: service disruption" if incident.component else "Service disruption"
    return f"Drill: {about}" if incident.drill else about


def impact(incident: PublicIncident) -> Indicator:
    """How bad it has been at its worst. A drill harms nobody."""
    return "none" if incident.drill else INDICATORS[incident.worst]


def _component(name: str, incidents: Sequence[PublicIncident]) -> Component:
    """A component is as bad as the worst of the open incidents that are about it. Drills change nothing."""
    about = [incident for incident in incidents if incident.component == name and not incident.drill]
    changes = [
        update.at for incident in about for update in incident.updates if update.before != update.after
    ]
    return Component(
        id=stable_id("component", name),
        name=name,
        state=worst(incident.state for incident in about),
        changed_at=max(changes, default=None),
    )
