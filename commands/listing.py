"""Incidents and action items, in lists."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from commands.show_afterwards import items
from commands.styles import severity_style, status_style
from commands.words import countdown, span, when
from domain.base import Deadline
from domain.incident import IncidentReport
from domain.postmortem import ActionItem, ListedItem


def incident_list(incidents: Sequence[IncidentReport], everything: bool = False) -> RenderableType:
    """The incidents, the worst first and, of the same severity, the latest."""
    if not incidents:
        return Text("There is no incident." if everything else "No incident is open.", style="green")
    now = datetime.now(UTC)
    ordered = sorted(incidents, key=lambda one: (one.rank, -one.opened_at.timestamp()))
    parts: list[RenderableType] = []
    for one in ordered:
        parts += [*_block(one, now), Text("")]
    return Group(*parts[:-1])


def _block(one: IncidentReport, now: datetime) -> Iterable[Text]:
    first = Text.assemble(
        (f" {one.severity} ", severity_style(one.rank)),
        " ",
        (one.status.value.upper(), status_style(one.status)),
        f"  {one.title}",
    )
    if one.drill:
        first.append("  DRILL", style="bold cyan")
    yield first
    age = f"closed {when(one.closed_at, now)}" if one.closed_at else f"for {span(now - one.opened_at)}"
    commander = one.commander.name if one.commander else "nobody has it"
    yield Text.assemble(
        f"    {age}  ·  ", (commander, "" if one.commander else "bold red"), f"  ·  {one.service_name}"
    )
    if deadline := next_deadline(one):
        yield Text(
            f"    {deadline.name} {countdown(deadline.at, now)} ({when(deadline.at, now)})", style="yellow"
        )
    yield Text(f"    {one.reply_code}  {one.id}", style="dim")


def next_deadline(one: IncidentReport) -> Deadline | None:
    """What is due first, of the incident or of what follows it."""
    following = one.postmortem.deadlines if one.postmortem else ()
    return one.next_deadline or min(following, key=lambda deadline: deadline.at, default=None)


def action_list(told: Any) -> RenderableType:
    """Action items of all incidents, those due first at the front."""
    found = [ListedItem.model_validate(one) for one in told["items"]]
    if not found:
        return Text("There is no such action item.", style="green")
    now = datetime.now(UTC)
    parts: list[RenderableType] = []
    for incident in dict.fromkeys(one.incident_id for one in found):
        own = [one for one in found if one.incident_id == incident]
        parts += [Text(""), Text(own[0].title, style="bold"), Text(incident, style="dim")]
        parts.append(items([one.item for one in own], now))
    return Group(*parts[1:])


def own_items(told: Any) -> RenderableType:
    """The action items of one incident."""
    found = [ActionItem.model_validate(one) for one in told]
    return items(found, datetime.now(UTC)) if found else Text("It has no action items.")
