"""Calendars that are old or say what nobody understands, and overrides of strangers (spec 2.1)."""

from collections.abc import Iterator
from datetime import timedelta

from domain.base import spell_duration
from domain.finding import Finding, Place
from policy.audit.facts import Facts, error, warning

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def feeds(facts: Facts) -> Iterator[Finding]:
    """What is wrong with what is told to us while we run: calendars and overrides."""
    for name, entry in facts.organisation.integrations.calendars.items():
        feed = facts.feeds.get(name)
        if feed is None:
            continue  # Nobody has looked, so nobody knows.
        place: Place = ("integrations", "calendars", name)
        if feed.fetched_at is None:
            message = f"calendar {name} was never read{f': {feed.fault}' if feed.fault else ''}"
            # A file is here or nowhere; an address may only be out of reach from where we look.
            level = error if entry.file else warning
            yield level("unread-feed", place, message, "mend its address, or name people in its place")
            continue
        age = facts.now - feed.fetched_at
        if age > entry.stale_after:
            why = f": {feed.fault}" if feed.fault else ""
            exact = HOUR if age > HOUR else MINUTE
            message = f"calendar {name} was last read {spell_duration(age // exact * exact)} ago{why}"
            yield warning("stale-feed", place, message, "mend its address, or whatever keeps it from us")
        if feed.unknown:
            shown = ", ".join(repr(entry) for entry in feed.unknown[:3])
            more = f" and {len(feed.unknown) - 3} more" if len(feed.unknown) > 3 else ""
            message = f"calendar {name} has entries that name nobody we know: {shown}{more}"
            yield warning("unknown-in-feed", place, message, "write a person's id, name or email in them")
    for override in facts.overrides:
        known = override.person in facts.organisation.people
        if override.schedule in facts.organisation.schedules and override.ends > facts.now and not known:
            message = f"override {override.id} puts {override.person!r} on call, whom the configuration lacks"
            mend = f"cancel it, or add {override.person!r} to `people`"
            yield error("stranger-on-call", ("schedules", override.schedule), message, mend)
