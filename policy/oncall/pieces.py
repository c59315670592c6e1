"""What each layer and each override says by itself, and which of them counts (spec 2.1)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from heapq import heappop, heappush
from itertools import pairwise
from typing import NamedTuple

from domain.base import zone
from domain.oncall import Feed, Layer, Override
from policy.oncall.hours import windows
from policy.oncall.turns import Turn, turns
from policy.oncall.wall import first_shown


class Piece(NamedTuple):
    """That somebody, or nobody, is on call for a while, and who says so. Its times are in UTC itself: in any
    other zone, a moment that clocks show twice equals nothing."""

    begins: datetime
    ends: datetime
    person: str | None
    layer: str
    override: int | None
    reason: str


def of_layer(layer: Layer, begins: datetime, ends: datetime, feeds: Mapping[str, Feed]) -> Iterator[Piece]:
    """What a layer says, cut to this time, in order of begin. What it says later counts first: the entries of
    a calendar may overlap. A calendar that we do not have says nothing."""
    begins, ends = _while_it_holds(layer, begins, ends)
    if begins >= ends:
        return
    said = (
        turns(layer, begins, ends)
        if layer.calendar is None
        else _entries(layer.calendar, feeds, begins, ends)
    )
    held = windows(layer.hours, layer.time_zone, begins, ends)
    passed = 0
    for turn in said:
        while passed < len(held) and held[passed][1] <= turn.begins:
            passed += 1
        for number in range(passed, len(held)):
            opens, closes = held[number]
            if opens >= turn.ends:
                break
            yield Piece(
                max(opens, turn.begins), min(closes, turn.ends), turn.person, layer.name, None, turn.reason
            )


def of_overrides(overrides: Iterable[Override], begins: datetime, ends: datetime) -> Iterator[Piece]:
    """What the overrides of one schedule say, cut to this time, the later made after the earlier."""
    for override in sorted(overrides, key=lambda override: (override.made_at, override.id)):
        since = max(override.begins.astimezone(UTC), begins)
        until = min(override.ends.astimezone(UTC), ends)
        if since < until:
            reason = f"override by {override.by.name or override.by.id}"
            reason += f": {override.reason}" if override.reason else ""
            yield Piece(since, until, override.person, "", override.id, reason)


def topmost(pieces: Sequence[Piece]) -> list[Piece]:
    """At each moment the last of the pieces that has something to say, in order of time. Neighbours that say
    the same are one."""
    coming = sorted(range(len(pieces)), key=lambda number: pieces[number].begins, reverse=True)
    cuts = sorted({piece.begins for piece in pieces} | {piece.ends for piece in pieces})
    holding: list[int] = []
    found: list[Piece] = []
    for begins, ends in pairwise(cuts):
        while coming and pieces[coming[-1]].begins <= begins:
            heappush(holding, -coming.pop())
        while holding and pieces[-holding[0]].ends <= begins:
            heappop(holding)
        if not holding:
            continue
        top = pieces[-holding[0]]
        if found and found[-1].ends == begins and found[-1][2:5] == top[2:5]:
            begins, top = found[-1].begins, found.pop()
        found.append(Piece(begins, ends, *top[2:]))
    return found


def _while_it_holds(layer: Layer, begins: datetime, ends: datetime) -> tuple[datetime, datetime]:
    """This time, cut to the days on which a layer holds by the clocks of its zone."""
    clock = zone(layer.time_zone)
    if layer.starts:
        begins = max(begins, first_shown(datetime.combine(layer.starts, time()), clock))
    if layer.ends and layer.ends < date.max:
        ends = min(ends, first_shown(datetime.combine(layer.ends + timedelta(days=1), time()), clock))
    return begins, ends


def _entries(calendar: str, feeds: Mapping[str, Feed], begins: datetime, ends: datetime) -> Iterator[Turn]:
    """What a calendar says about this time: whole entries, in order of begin."""
    feed = feeds.get(calendar)
    for entry in feed.shifts if feed else ():
        if entry.person is not None and entry.begins < ends and entry.ends > begins:
            since, until = entry.begins.astimezone(UTC), entry.ends.astimezone(UTC)
            yield Turn(since, until, entry.person, f"calendar {calendar}")
