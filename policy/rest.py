"""Rest after a bad night (spec 2.4): what a night was like, and who is offered whose duty."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from domain.base import zone as zone_of
from domain.entries import RegionEntry, RestEntry
from domain.oncall import Shift
from domain.organisation import Organisation
from domain.rest import Night, Reply, RestOffer
from domain.snapshot import WorkingTime
from domain.timeline import Entry, Kind
from policy.calendar import next_business_day, place_of, working_time

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


def lived(person: str, begins: datetime, ends: datetime, timelines: Mapping[str, Sequence[Entry]]) -> Night:
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


def due(
    organisation: Organisation, at: datetime, who: Callable[[str, datetime], str | None]
) -> list[RestOffer]:
    """What would be offered within the hour of `at`, had every night been a bad one: for each team whose
    working day begins, the duty of its primary to its secondary, unless nobody is one of them or both are the
    same. `who` is on call by a schedule at a moment."""
    found = []
    for name, team in organisation.teams.items():
        day = working_day(at, working_time(organisation, team.region, at))
        if day is None or team.primary is None or team.secondary is None:
            continue
        begins, ends = day
        person, to = who(team.primary, begins), who(team.secondary, begins)
        if person is None or to is None or person == to:
            continue
        local = begins.astimezone(zone_of(place_of(organisation, team.region).time_zone))
        found.append(
            RestOffer(
                team=name,
                schedule=team.primary,
                day=local.date(),
                person=person,
                to=to,
                begins=begins,
                ends=ends,
                pages=0,
                work=timedelta(0),
                made_at=at,
            )
        )
    return found


def night_of(organisation: Organisation, draft: RestOffer, person: str) -> tuple[datetime, datetime]:
    """The night before the day of an offer, as it was for this person: in their own region, or the team's."""
    region = organisation.people[person].region if person in organisation.people else None
    place = place_of(organisation, region or organisation.teams[draft.team].region)
    return night_before(draft.begins, place)


def offered(draft: RestOffer, first: Night, second: Night, rest: RestEntry) -> RestOffer | None:
    """The offer, if the night of the `first` was bad and that of the `second` was not."""
    if draft.person == draft.to or not bad(first, rest) or bad(second, rest):
        return None
    return draft.model_copy(update={"pages": first.pages, "work": first.work})


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
