"""How a rehearsal speaks of time, of pages and of how it ended, alike in the table and in the drawing."""

from datetime import datetime, timedelta

from domain.base import spell_duration, zone
from rehearsal.record import PageLine, Rehearsed


def since(length: timedelta) -> str:
    """A length of time as a stopwatch shows it: `5:00`, `1:05:00`."""
    minutes, seconds = divmod(round(length.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def clock(moment: datetime, rehearsed: Rehearsed) -> str:
    """A moment by the service's clock, with the day where it is another than the first."""
    place = zone(rehearsed.time_zone)
    local, first = moment.astimezone(place), rehearsed.scene.at.astimezone(place)
    return f"{local:%H:%M:%S}" if local.date() == first.date() else f"{local:%a %d %b %H:%M:%S}"


def heading(rehearsed: Rehearsed) -> str:
    """What was rehearsed."""
    scene = rehearsed.scene
    begins = scene.at.astimezone(zone(rehearsed.time_zone))
    return f"{rehearsed.title}, {begins:%a %d %b %Y %H:%M %Z}, for {spell_duration(scene.length)}"


def pattern(rehearsed: Rehearsed) -> str:
    """Who was to answer."""
    scene = rehearsed.scene
    chance = f" (seed {scene.seed})" if "%" in scene.answers else ""
    return f"answers: {scene.answers}{chance}"


def outcome(rehearsed: Rehearsed) -> str:
    """Who took it and when, or that nobody did."""
    if rehearsed.taken_by and rehearsed.taken_after is not None:
        return f"{rehearsed.taken_by} takes it after {since(rehearsed.taken_after)}"
    if not rehearsed.pages:
        return "Nobody is paged"
    return "Nobody takes it"


def count(rehearsed: Rehearsed) -> str:
    """How many pages there were, and whose."""
    tally: dict[str, int] = {}
    for page in rehearsed.pages:
        tally[page.name] = tally.get(page.name, 0) + 1
    whose = ", ".join(f"{name} {number}" for name, number in tally.items())
    return f"{len(rehearsed.pages)} pages: {whose}" if whose else "no pages"


def fate(page: PageLine) -> str:
    """What became of a page."""
    if page.fate == "acknowledged" and page.ends:
        return f"acknowledged after {since(page.ends - page.at)}"
    return page.fate


def rung(page: PageLine) -> str:
    """Where on the ladder, and the round from the second on."""
    return f"{page.rung} · round {page.round}" if page.round > 1 else page.rung
