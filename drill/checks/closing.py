"""The end of the incident, and the whole of its record (spec 1.7, 6.7, 9.1)."""

from domain.incident import Status
from domain.timeline import Kind
from drill import scenario
from drill.checks.base import Check, demand, one, there
from drill.facts import Facts

CONDITIONS = ("fix is deployed", "metrics recover", "status page", "postmortem")
"""What closing waits for, as the refusal names it."""


def closing(facts: Facts) -> str:
    """It could not be closed until the fix, the metrics, the status page and the owner were there"""
    refusal = there(facts.notes.refusals.get("close"), "refusal to close")
    named = [condition for condition in CONDITIONS if condition in refusal.detail]
    closed = one(facts.of(Kind.WAR_ROOM, "closes"), "closing of the room")
    met = [
        *facts.of(Kind.STATUS, ": the fix is deployed"),
        *facts.of(Kind.STATUS, ": the metrics recover"),
        *facts.of(Kind.UPDATE, "(public, resolved)"),
        *facts.of(Kind.STATUS, "writes the postmortem."),
    ]
    before = [entry for entry in met if refusal.at < entry.at and entry.sequence < closed.sequence]
    kept = named == list(CONDITIONS) and len(before) == len(CONDITIONS)
    return demand(kept, f"{len(named)} were named, {len(before)} met before the room closed")


def archived(facts: Facts) -> str:
    """The room and the status channel were put away"""
    ours = [facts.report.channels.room, facts.report.channels.status]
    channels = [there(facts.channels.get(known or ""), "channel") for known in ours]
    return demand(
        all(channel.is_archived for channel in channels),
        ", ".join(f"#{channel.name}" for channel in channels),
    )


def life(facts: Facts) -> str:
    """The incident lived its whole life, each status in its turn"""
    seen = facts.notes.statuses
    stuck = f"; {facts.notes.stuck}" if facts.notes.stuck else ""
    return demand(seen == list(Status) and not stuck, f"{', '.join(seen)}{stuck}")


def without_fault(facts: Facts) -> str:
    """No duty failed"""
    kept = bool(facts.entries) and not facts.report.faults
    return demand(kept, f"faults: {facts.report.faults or 'none'}")


def timeline(facts: Facts) -> str:
    """The timeline is whole: every entry stored once, none missing, the aftermath's too"""
    numbers = [entry.sequence for entry in facts.entries]
    whole = numbers == list(range(1, len(numbers) + 1))
    return demand(whole and bool(facts.of(Kind.CLOSED)), f"{len(numbers)} entries")


def documented(facts: Facts) -> str:
    """The incident document tells the whole story"""
    text = facts.text(facts.report.document)
    rows = sum(line.startswith("| ") and line[2:4].isdigit() for line in text.splitlines())
    names = [person.name for person in facts.organisation.people.values()]
    parts = (*names, scenario.CAUSE, scenario.RESOLUTION, "Checkpoint 1 was missed", scenario.END)
    lacking = [part for part in parts if part not in text]
    return demand(
        not lacking and rows > 50, f"{rows} lines of timeline" + f", without {lacking}" * bool(lacking)
    )


CHECKS: tuple[Check, ...] = (closing, archived, life, without_fault, timeline, documented)
