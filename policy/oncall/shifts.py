"""Who is on call by a schedule: at a moment, and over a time (spec 2.1)."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from domain.base import zone
from domain.oncall import Feed, Layer, Override, Schedule, Shift
from policy.oncall.pieces import Piece, of_layer, of_overrides, topmost

REACHES = tuple(timedelta(days=days) for days in (1, 8, 35, 366))
"""How far to look for the ends of a stretch. An alert waits for this, and most stretches are short."""

NO_FEEDS: Mapping[str, Feed] = {}


def on_call(
    schedule: Schedule, at: datetime, overrides: Iterable[Override] = (), feeds: Mapping[str, Feed] = NO_FEEDS
) -> Shift:
    """Who is on call at a moment, and the whole stretch around it; `person` is None where nobody is. What
    goes on for more than a year in either direction is cut there."""
    at, overrides = at.astimezone(UTC), _of(schedule, overrides)
    for reach in REACHES:
        begins, ends = at - reach, at + reach
        found = next(
            piece
            for piece in _pieces(schedule, begins, ends, overrides, feeds)
            if piece.begins <= at < piece.ends
        )
        if begins < found.begins and found.ends < ends:
            break
    return _shift(schedule, found, ends)


def shifts(
    schedule: Schedule,
    begins: datetime,
    ends: datetime,
    overrides: Iterable[Override] = (),
    feeds: Mapping[str, Feed] = NO_FEEDS,
) -> tuple[Shift, ...]:
    """Everything from `begins` until just before `ends`, without a gap: stretches in which nobody is on call
    are there too. Neighbours differ in their person, layer or override."""
    begins, ends = begins.astimezone(UTC), ends.astimezone(UTC)
    if begins >= ends:
        return ()
    pieces = _pieces(schedule, begins, ends, _of(schedule, overrides), feeds)
    return tuple(_shift(schedule, piece, ends) for piece in pieces)


def layer_shifts(
    schedule: Schedule,
    layer: Layer,
    begins: datetime,
    ends: datetime,
    feeds: Mapping[str, Feed] = NO_FEEDS,
) -> tuple[Shift, ...]:
    """What one layer of the schedule says by itself from `begins` until just before `ends`, only where it
    names somebody."""
    begins, ends = begins.astimezone(UTC), ends.astimezone(UTC)
    pieces = topmost(list(of_layer(layer, begins, ends, feeds)))
    return tuple(_shift(schedule, piece, ends) for piece in pieces)


def _pieces(
    schedule: Schedule,
    begins: datetime,
    ends: datetime,
    overrides: Iterable[Override],
    feeds: Mapping[str, Feed],
) -> list[Piece]:
    pieces = [Piece(begins, ends, None, "", None, "nobody is on call")]
    for layer in schedule.layers:
        pieces.extend(of_layer(layer, begins, ends, feeds))
    pieces.extend(of_overrides(overrides, begins, ends))
    return topmost(pieces)


def _of(schedule: Schedule, overrides: Iterable[Override]) -> tuple[Override, ...]:
    return tuple(override for override in overrides if override.schedule == schedule.id)


def _shift(schedule: Schedule, piece: Piece, known_until: datetime) -> Shift:
    why = piece.reason
    if piece.ends < known_until:  # Else it may only be where we stopped looking.
        why += f", until {_spoken(piece.ends, schedule.time_zone)}"
    return Shift(
        schedule=schedule.id,
        person=piece.person,
        begins=piece.begins,
        ends=piece.ends,
        layer=piece.layer,
        override=piece.override,
        why=why,
    )


def _spoken(moment: datetime, time_zone: str) -> str:
    there = moment.astimezone(zone(time_zone))
    name = there.tzname() or ""
    # Many zones have no letters, only their distance from UTC.
    return f"{there:%a %d %b %H:%M} {name if name.isalpha() else f'UTC{name}'}"
