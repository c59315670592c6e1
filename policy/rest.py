"""Rest after a bad night (spec 2.4): what a night was like, who is offered whose duty, and what is said."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from domain.base import spell_duration
from domain.base import zone as zone_of
from domain.entries import RegionEntry, RestEntry
from domain.oncall import Shift
from domain.rest import Night, Reply, RestOffer
from domain.snapshot import WorkingTime
from domain.timeline import Entry, Kind
from policy.calendar import next_business_day

HOUR = timedelta(hours=1)

NOT_DONE = frozenset({Kind.ALERT, Kind.RUN, Kind.RUNG, Kind.PAGE, Kind.CARRIER, Kind.ASKED, Kind.FAULT})
"""What befalls people, or the incident: entries that name somebody who did nothing."""


def working_day(at: datetime, working: WorkingTime) -> tuple[datetime, datetime] | None:
    """The working day, from begin to end, that begins within the hour of `at`; None if none does."""
    hour = at.replace(minute=0, second=0, microsecond=0)
    begins = next_business_day(hour - datetime.resolution, working)
    if begins >= hour + HOUR:
        return None
    zone = zone_of(working.time_zone)
    ends = datetime.combine(begins.astimezone(zone).date(), working.ends, tzinfo=zone)
    return begins, ends.astimezone(at.tzinfo)


def night_before(at: datetime, place: RegionEntry) -> tuple[datetime, datetime]:
    """The latest night to have begun by `at`: from the end of working hours to their next begin, whichever
    days are worked on. What happened on Friday evening tires nobody on Monday."""
    zone, hours = zone_of(place.time_zone), place.working_hours
    local = at.astimezone(zone)
    day = local.date() if local.time() >= hours.ends else local.date() - timedelta(days=1)
    begins = datetime.combine(day, hours.ends, tzinfo=zone)
    ends = datetime.combine(day + timedelta(days=1), hours.begins, tzinfo=zone)
    return begins.astimezone(at.tzinfo), ends.astimezone(at.tzinfo)


def night_of(
    person: str, begins: datetime, ends: datetime, timelines: Mapping[str, Sequence[Entry]]
) -> Night:
    """What somebody had to do in a night, by the `timelines` of incidents.

    However many methods a round of the ladder tries, it is one page. Work at several incidents at once counts
    once.
    """
    pages = {
        (incident, entry.data.get("run"), entry.data.get("round"))
        for incident, entries in timelines.items()
        for entry in entries
        if entry.kind is Kind.PAGE and entry.person == person and begins <= entry.at < ends
    }
    spells = (
        (max(since, begins), min(until, ends))
        for entries in timelines.values()
        for since, until in work_of(person, [entry for entry in entries if entry.at < ends])
    )
    return Night(begins=begins, ends=ends, pages=len(pages), work=_together(spells))


def work_of(person: str, entries: Iterable[Entry]) -> list[tuple[datetime, datetime]]:
    """When somebody worked on an incident: from taking it until it is mitigated, resolved or handed over.
    While it is none of these, until the last thing that they did: what is left for the morning is no work."""
    since: datetime | None = None
    last: datetime | None = None
    leads: str | None = None
    found: list[tuple[datetime, datetime]] = []
    for entry in entries:
        mine = entry.person == person and entry.kind not in NOT_DONE
        handed_over = entry.kind is Kind.COMMANDER and leads == person != entry.person
        leads = entry.person if entry.kind is Kind.COMMANDER else leads
        if since is not None and (handed_over or _is_end(entry)):
            found.append((since, entry.at))
            since = None
        elif mine and (since is not None or _takes(entry)):
            since, last = since or entry.at, entry.at
    if since is not None and last is not None:
        found.append((since, last))
    return found


def _takes(entry: Entry) -> bool:
    return entry.kind is Kind.COMMANDER or (entry.kind is Kind.ACKNOWLEDGED and not entry.data.get("late"))


def _is_end(entry: Entry) -> bool:
    worked = entry.kind is Kind.MITIGATION and entry.data.get("state") == "worked"
    return worked or entry.kind in (Kind.RESOLVED, Kind.CLOSED)


def _together(spells: Iterable[tuple[datetime, datetime]]) -> timedelta:
    """How long the spells are, all in all."""
    total, reached = timedelta(0), None
    for begins, ends in sorted(spells):
        fresh = max(begins, reached) if reached else begins
        if ends > fresh:
            total += ends - fresh
            reached = ends
    return total


def bad(night: Night, rest: RestEntry) -> bool:
    """Whether a night was a bad one."""
    return night.pages >= rest.pages or night.work >= rest.work


def is_offered(
    primary: str | None, secondary: str | None, nights: Mapping[str, Night], rest: RestEntry
) -> bool:
    """Whether the duty of the primary is offered to the secondary: somebody else, whose night was better."""
    if primary is None or secondary is None or primary == secondary:
        return False
    return bad(nights[primary], rest) and not bad(nights[secondary], rest)


def refusal(
    offer: RestOffer, reply: Reply, by: str, shift: Shift, names: Mapping[str, str], now: datetime
) -> str | None:
    """Why an offer cannot be answered like this; None if it can. What was answered so already can be again.

    `shift` is who is on call by the schedule now, or when the day begins.
    """
    if by != offer.to:
        return f"It was offered to {names.get(offer.to, offer.to)}. Make an override instead."
    if now >= offer.ends:
        return "The day is over, so there is nothing left to take over."
    if reply == offer.answer:
        return None
    if offer.answer == "accepted":
        return "You have taken it already. Cancel the override instead."
    if reply == "accepted" and shift.person != offer.person:
        who = names.get(shift.person or "", "nobody")
        return f"The duty is not {names.get(offer.person, offer.person)}'s any more: {who} has it."
    return None


def told_to_second(offer: RestOffer, names: Mapping[str, str], schedule: str, zone: str) -> str:
    """What somebody hears to whom a duty is offered."""
    who = names.get(offer.person, offer.person)
    return (
        f"{who} had {_how_bad(offer)} last night. Will you take over {schedule} today, "
        f"{_hours(offer, zone)}, so that {who} can rest?"
    )


def told_to_first(offer: RestOffer, names: Mapping[str, str], schedule: str, zone: str) -> str:
    """What somebody hears whose duty was offered."""
    return (
        f"You had {_how_bad(offer)} last night. {schedule} today, {_hours(offer, zone)}, was offered to "
        f"{names.get(offer.to, offer.to)}. Until they take it you are on call."
    )


def taken(offer: RestOffer, names: Mapping[str, str], schedule: str, until: datetime, zone: str) -> str:
    """What is said once the duty has changed hands."""
    local = until.astimezone(zone_of(zone))
    who = names.get(offer.person, offer.person)
    return f"You are on call by {schedule} until {local:%H:%M %Z}. {who} can rest."


DECLINED = "Noted: not today."


def _how_bad(offer: RestOffer) -> str:
    minutes = timedelta(minutes=offer.work // timedelta(minutes=1))
    parts = [f"{offer.pages} page{'' if offer.pages == 1 else 's'}"] if offer.pages else []
    parts += [f"{spell_duration(minutes)} of work"] if minutes else []
    return " and ".join(parts)


def _hours(offer: RestOffer, zone: str) -> str:
    begins, ends = (at.astimezone(zone_of(zone)) for at in (offer.begins, offer.ends))
    return f"{begins:%H:%M} to {ends:%H:%M %Z}"
