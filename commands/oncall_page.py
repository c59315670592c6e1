"""On-call, drawn from what the API tells of it."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from typing import Any

from pydantic import BaseModel
from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from commands.screen import rows, section
from commands.styles import MISSING, QUIET, WAITS
from commands.words import span
from domain.base import Duration, Instant, zone
from domain.people import PersonRef

DAY = timedelta(days=1)
CELLS = 8
"""Of a day in a drawn week: each is three hours."""
COLOURS = ("cyan", "green", "yellow", "magenta", "blue", "bright_cyan", "bright_green", "bright_magenta")
FULL, STANDS_IN, EMPTY = "█", "▓", "·"


class Named(BaseModel):
    """A schedule, a service or a team."""

    id: str
    name: str


class Stretch(BaseModel):
    """Somebody, or nobody, is on call for a while."""

    person: PersonRef | None
    begins: Instant
    ends: Instant
    override: int | None = None
    why: str = ""


class ScheduleNow(BaseModel):
    """Who is on call by a schedule."""

    schedule: Named
    time_zone: str
    person: PersonRef | None
    until: Instant
    why: str
    next: Stretch | None = None


class OnRung(BaseModel):
    """Somebody on a rung."""

    person: PersonRef
    schedule: Named | None = None


class Rung(BaseModel):
    """A rung of a ladder."""

    name: str
    people: list[OnRung]
    unfilled: list[Named]
    severities: list[str]


class ServiceNow(BaseModel):
    """The ladder of a service."""

    service: Named
    rungs: list[Rung]


class OnCallNow(BaseModel):
    """Who is on call."""

    at: Instant
    time_zone: str
    schedules: list[ScheduleNow]
    services: list[ServiceNow]


class OverrideNow(BaseModel):
    """An override."""

    id: int
    schedule: Named
    person: PersonRef
    begins: Instant
    ends: Instant
    reason: str
    by: PersonRef


class FeedNow(BaseModel):
    """A calendar."""

    name: str
    age: Duration | None
    stale: bool
    fault: str


class ScheduleDetail(BaseModel):
    """A schedule over a time."""

    name: str
    time_zone: str
    begins: Instant
    ends: Instant
    feed_url: str
    shifts: list[Stretch]
    overrides: list[OverrideNow]
    feeds: list[FeedNow]
    complete: bool


def now_drawn(told: Any, asked_for_a_moment: bool, asked_for_a_service: bool) -> RenderableType:
    """Who is on call: by each schedule, or rung by rung where a service was named or nothing else tells."""
    page = OnCallNow.model_validate(told)
    parts: list[RenderableType] = []
    if asked_for_a_moment:
        parts.append(Text(f"At {spoken(page.at, page.time_zone)}:", style="bold"))
    if page.schedules:
        parts.append(_by_schedule(page.schedules))
    elif not page.services:
        parts.append(Text("There are no schedules in the configuration.", style=WAITS))
    if asked_for_a_service or not page.schedules:
        parts += [section(f"{one.service.name}, rung by rung", _ladder(one)) for one in page.services]
    return Group(*parts)


def _by_schedule(schedules: Sequence[ScheduleNow]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style=QUIET)
    table.add_column("schedule", overflow="fold")
    table.add_column("on call", no_wrap=True)
    table.add_column("until", no_wrap=True)
    table.add_column("why", overflow="fold")
    table.add_column("next", overflow="fold")
    for one in schedules:
        following = Text("nobody else within reach", style=QUIET)
        if one.next:
            following = _who(one.next.person, "")
        why = one.why.rpartition(", until ")[0] or one.why  # The table has a column for that.
        table.add_row(
            one.schedule.name, _who(one.person, "bold"), spoken(one.until, one.time_zone), why, following
        )
    return table


def _ladder(one: ServiceNow) -> Table:
    table = rows("name", "name", "text", "text")
    for number, rung in enumerate(one.rungs, start=1):
        people = Text(", ").join(
            Text.assemble((on.person.name, "bold"), (f" ({on.schedule.name})" if on.schedule else "", QUIET))
            for on in rung.people
        )
        people = people if rung.people else Text("nobody: the next rung is paged", style=MISSING)
        for schedule in rung.unfilled:
            people.append(f"; nobody by {schedule.name}" if rung.people else "", style=MISSING)
        table.add_row("", str(number), rung.name, people, Text(" ".join(rung.severities), style=QUIET))
    return table


def overrides_drawn(told: Any, schedules: Any) -> RenderableType:
    """The overrides that hold, and those to come, each in its schedule's zone."""
    found = [OverrideNow.model_validate(one) for one in told["overrides"]]
    zones = {one["id"]: str(one["time_zone"]) for one in schedules}
    if not found:
        return Text("Nobody stands in, now or later.", style="green")
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style=QUIET)
    for name in ("", "schedule", "who", "from", "to", "why"):
        table.add_column(name, overflow="fold", no_wrap=name == "")
    for one in found:
        where = zones.get(one.schedule.id, "UTC")
        why = f"{one.reason} (by {one.by.name})" if one.reason else f"by {one.by.name}"
        holds = "bold" if one.begins <= datetime.now(UTC) else ""
        who = Text(one.person.name, style=holds)
        moments = (spoken(at, where) for at in (one.begins, one.ends))
        table.add_row(str(one.id), one.schedule.name, who, *moments, why)
    return table


def schedule_drawn(told: Any) -> RenderableType:
    """A schedule, week by week: a row for each person on call in it, a bar for each of their days."""
    page = ScheduleDetail.model_validate(told)
    people = list(dict.fromkeys(shift.person.id for shift in page.shifts if shift.person))
    colours = {person: COLOURS[number % len(COLOURS)] for number, person in enumerate(people)}
    parts: list[RenderableType] = [Text(f"{page.name}, {page.time_zone}", style="bold")]
    here = zone(page.time_zone)
    first = page.begins.astimezone(here).date()
    weeks = -((first - page.ends.astimezone(here).date()) // (7 * DAY))
    width = max(8, *(cell_len(shift.person.name) for shift in page.shifts if shift.person))
    for week in range(weeks):
        midnights = [
            datetime.combine(first + (7 * week + day) * DAY, time(), tzinfo=here).astimezone(UTC)
            for day in range(8)
        ]
        parts += [Text(""), *_week(page, midnights, width, colours)]
    parts += _beneath(page)
    return Group(*parts)


def _week(
    page: ScheduleDetail, midnights: Sequence[datetime], width: int, colours: dict[str, str]
) -> Iterator[Text]:
    here = zone(page.time_zone)
    days = [at.astimezone(here) for at in midnights[:-1]]
    names = [f"{day:%a %-d%b}" if day.day == 1 else f"{day:%a %-d}" for day in days]
    header = [f"{days[0]:%b %Y}".ljust(width + 2), *(name.ljust(CELLS + 1) for name in names)]
    yield Text("".join(header).rstrip(), style=QUIET, no_wrap=True, overflow="crop")
    held = [one for one in page.shifts if one.ends > midnights[0] and one.begins < midnights[-1]]
    for person in dict.fromkeys(one.person.id if one.person else None for one in held):
        mine = [one for one in held if (one.person.id if one.person else None) == person]
        name = mine[0].person.name if mine[0].person else "nobody"
        style = colours[person] if person else MISSING
        line = Text(name + " " * (width + 2 - cell_len(name)), style=style, no_wrap=True, overflow="crop")
        for begins, ends in pairwise(midnights):
            for cell in range(CELLS):
                # A day is as long as it is: where the clocks change, its cells are, too.
                part = (ends - begins) / CELLS
                line.append(*_cell(mine, begins + cell * part, begins + (cell + 1) * part, style))
            line.append(" ")
        yield line


def _cell(mine: Sequence[Stretch], begins: datetime, ends: datetime, style: str) -> tuple[str, str]:
    within = [one for one in mine if one.begins < ends and one.ends > begins]
    if not within:
        return EMPTY, QUIET
    return (STANDS_IN if any(one.override for one in within) else FULL), style


def _beneath(page: ScheduleDetail) -> Iterator[RenderableType]:
    gaps = [one for one in page.shifts if one.person is None]
    if gaps:
        lines = rows("text")
        for gap in gaps[:10]:
            times = f"{spoken(gap.begins, page.time_zone)} to {spoken(gap.ends, page.time_zone)}"
            lines.add_row("", Text(times, style=MISSING))
        if len(gaps) > 10:
            lines.add_row("", Text(f"and {len(gaps) - 10} times more", style=MISSING))
        yield section("Nobody is on call", lines, MISSING)
    if page.overrides:
        lines = rows("name", "name", "text")
        for one in page.overrides:
            times = f"{spoken(one.begins, page.time_zone)} to {spoken(one.ends, page.time_zone)}"
            lines.add_row("", f"{one.id}  {one.person.name}", times, one.reason)
        yield section(f"Overrides, drawn {STANDS_IN}", lines)
    for feed in page.feeds:
        age = f"read {span(feed.age)} ago" if feed.age is not None else "never read"
        fault = f"; the latest attempt: {feed.fault}" if feed.fault else ""
        yield Text(f"\nCalendar {feed.name}: {age}{fault}", style=WAITS if feed.stale else QUIET)
    if not page.complete:
        yield Text("\nThe database is away: overrides that are over may be missing.", style=WAITS)
    yield Text(f"\nFor calendar programs: {page.feed_url}", style=QUIET, overflow="fold")


def _who(person: PersonRef | None, style: str) -> Text:
    return Text(person.name, style=style) if person else Text("nobody", style=MISSING)


def spoken(at: datetime, time_zone: str) -> str:
    """A moment by the clock of whoever is on call, its zone, and the year if it is another."""
    local = at.astimezone(zone(time_zone))
    year = "" if local.year == datetime.now(local.tzinfo).year else f" {local.year}"
    return f"{local:%a %-d %b}{year} {local:%H:%M %Z}"
