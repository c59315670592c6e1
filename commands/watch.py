"""One incident, live: on a terminal a picture whose countdowns run, elsewhere one line for each entry."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.text import Text

from commands import show
from commands.client import Client, refusal
from commands.screen import section
from commands.styles import MISSING, QUIET
from commands.told import Told
from commands.words import cleaned, when
from domain.incident import IncidentReport, Status
from domain.timeline import Entry

SILENCE = 60.0
"""Seconds without a word, not even a comment, after which the line counts as broken."""
PAUSES = (0.5, 1, 2, 5)
"""Seconds between the tries to connect again; the last one stays."""
FEWEST_ENTRIES = 4
FRAMES_PER_SECOND = 2


@dataclass(frozen=True)
class Event:
    """One server-sent event."""

    name: str
    id: str
    data: Any


def follow(client: Client, incident: str, *, as_json: bool) -> None:
    """Show the incident until it is closed, or somebody leaves. A broken line is taken up where it broke.

    Raises:
        Told: the API does not answer at first, or refuses.
    """
    screen = Screen(Console(highlight=False), as_json)
    try:
        with screen.live():
            _follow(client, incident, screen)
    except KeyboardInterrupt:
        pass
    screen.leave()


def _follow(client: Client, incident: str, screen: "Screen") -> None:
    last, broken = "", 0
    while not screen.closed:
        try:
            for event in _events(client, incident, last):
                last, broken = event.id or last, 0
                screen.take(event)
        except httpx.TransportError as fault:
            if screen.report is None:
                raise _told(client, fault) from None
        if screen.closed:
            return
        screen.broken()
        time.sleep(PAUSES[min(broken, len(PAUSES) - 1)])
        broken += 1


def _told(client: Client, fault: Exception) -> Told:
    from commands.client import unreachable

    return unreachable(client.settings, fault)


def _events(client: Client, incident: str, last: str) -> Iterator[Event]:
    path = f"/api/v1/incidents/{incident}/stream"
    headers = {"Accept": "text/event-stream"} | ({"Last-Event-ID": last} if last else {})
    timeout = httpx.Timeout(SILENCE, connect=5)
    with client.http.stream("GET", path, headers=headers, timeout=timeout) as answer:
        if answer.status_code >= 500 and last:
            return
        if not answer.is_success:
            answer.read()
            raise refusal(answer, client.settings)
        yield from parsed(answer.iter_lines())


def parsed(lines: Iterator[str]) -> Iterator[Event]:
    """Server-sent events out of their lines; comments say nothing."""
    fields: dict[str, str] = {}
    for line in lines:
        if not line:
            if "data" in fields:
                yield Event(fields.get("event", ""), fields.get("id", ""), json.loads(fields["data"]))
            fields = {}
            continue
        name, _colon, value = line.partition(":")
        value = value.removeprefix(" ")
        fields[name] = f"{fields[name]}\n{value}" if name == "data" and name in fields else value


class Screen:
    """What a person watches."""

    def __init__(self, console: Console, as_json: bool) -> None:
        self._console = console
        self._json = as_json
        self._drawn = console.is_terminal and not as_json
        self._entries: list[Entry] = []
        self._away = False
        self.report: IncidentReport | None = None

    def live(self) -> Any:
        """The picture, as long as it is shown; without a terminal nothing is drawn twice."""
        if not self._drawn:
            return nullcontext()
        return Live(
            get_renderable=self._draw,
            console=self._console,
            screen=True,
            refresh_per_second=FRAMES_PER_SECOND,
        )

    @property
    def closed(self) -> bool:
        """Whether nothing more can come."""
        return self.report is not None and self.report.status is Status.CLOSED

    def take(self, event: Event) -> None:
        """An event has come."""
        self._away = False
        if self._json:
            print(json.dumps({"event": event.name, "id": event.id, "data": event.data}), flush=True)
        if event.name == "incident":
            first = self.report is None
            self.report = IncidentReport.model_validate(cleaned(event.data))
            if first and not (self._drawn or self._json):
                report = self.report
                print(f"{report.id}: {report.severity} {report.status.value}, {report.title}", flush=True)
        elif event.name == "timeline":
            entry = Entry.model_validate(cleaned(event.data))
            self._entries.append(entry)
            if not (self._drawn or self._json):
                print(f"{when(entry.at, datetime.now(UTC))}  {' '.join(entry.text.split())}", flush=True)

    def broken(self) -> None:
        """The line broke, and is taken up again."""
        if not self._away and not self._drawn:
            print("The line to Midwatch broke; trying again.", file=sys.stderr, flush=True)
        self._away = True

    def leave(self) -> None:
        """The last word, which stays on the terminal."""
        if self._drawn and self.report:
            report = self.report
            self._console.print(f"{report.id}: {report.severity} {report.status.value}, {report.title}")

    def _draw(self) -> RenderableType:
        if self.report is None:
            return Text("Connecting …", style=QUIET)
        now = datetime.now(UTC)
        foot = Text(f"{when(now, now)}  ·  Ctrl-C leaves", QUIET, no_wrap=True, overflow="ellipsis")
        if self._away:
            foot = Text("The line to Midwatch broke; trying again  ·  Ctrl-C leaves", MISSING, no_wrap=True)
        head = show.header(self.report, now)
        room = self._console.height - self._lines(head) - self._lines(foot) - 1
        kept, left_out = [], 0
        for part in show.sections(self.report, now):
            tall = self._lines(part)
            if tall <= room - FEWEST_ENTRIES - 2:
                kept.append(part)
                room -= tall
            else:
                left_out += 1
        if left_out:
            foot.append(f"  ·  {left_out} more sections: `midwatch incident show`")
        return Group(head, *kept, self._timeline(room, now), foot)

    def _timeline(self, room: int, now: datetime) -> RenderableType:
        """As many of the last entries as there is room for."""
        entries: list[Entry] = []
        tall = 2
        for entry in reversed(self._entries):
            tall += self._lines(show.timeline([entry], now))
            if tall > room:
                break
            entries.insert(0, entry)
        return section("Timeline", show.timeline(entries, now))

    def _lines(self, part: RenderableType) -> int:
        return len(self._console.render_lines(part))
