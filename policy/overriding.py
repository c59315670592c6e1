"""Whether somebody may stand in: what an override has to be, and the rest that people are given (spec 2.1,
2.4)."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta

from domain.base import zone as zone_of
from domain.oncall import Override, Shift
from domain.organisation import Organisation
from policy.oncall import stretches

LONGEST = timedelta(days=90)
"""An override for longer is a change of the schedule, and belongs there."""
BACKDATED = timedelta(minutes=5)
"""How long ago an override may begin: as long as it takes to fill in a form."""
NO_REST = timedelta(days=1)
"""So much time off makes no two stretches of one: the night between two days on call is no rest."""

Span = tuple[datetime, datetime]


def refusal(override: Override, organisation: Organisation, now: datetime) -> str | None:
    """Why this override cannot be made at `now`, with the mend; None where it can."""
    if override.person not in organisation.people:
        return f"nobody of the configuration is called {override.person!r}"
    if override.ends <= override.begins:
        return "it ends before it begins"
    if override.ends <= now:
        return "it would be over already, and the past stays as it was"
    if override.begins < now - BACKDATED:
        return "it begins in the past, which stays as it was: let it begin now"
    if override.ends - override.begins > LONGEST:
        return f"it lasts longer than {LONGEST.days} days: change the schedule itself"
    return None


def overrun(
    override: Override,
    organisation: Organisation,
    time_zone: str,
    before: Sequence[Shift],
    after: Sequence[Shift],
) -> str | None:
    """Why this override would leave its person without the rest of spec 2.4, with the figures; None where it
    does not, or where it is not the override that makes it worse.

    Args:
        time_zone: the schedule's; days and quarters are counted by its clock.
        before: the schedule's shifts without the override, for the whole of `window`.
        after: the same with it.
    """
    name = organisation.people[override.person].name
    was, would = _on_call(before, override.person, time_zone), _on_call(after, override.person, time_zone)
    begins, ends = _local(override.begins, time_zone), _local(override.ends, time_zone)
    most = timedelta(days=organisation.rest.most_days)
    for stretch in _touching(would, (begins, ends)):
        length = stretch[1] - stretch[0]
        if length > most and length > max(map(_length, _touching(was, stretch)), default=timedelta(0)):
            return (
                f"{name} would be on call for {_days(length)} on end, from {stretch[0]:%a %-d %b %H:%M} to "
                f"{stretch[1]:%a %-d %b %H:%M}; at most {_days(most)} are allowed"
            )
    weeks = organisation.rest.most_weeks_per_quarter
    for quarter in _quarters(begins.date(), ends.date()):
        total, until_now = _within(would, quarter), _within(was, quarter)
        if total > timedelta(weeks=weeks) and total > until_now:
            return (
                f"{name} would be on call for {_days(total)} in the quarter from {quarter[0]:%-d %b %Y} on "
                f"({_days(until_now)} without this override); at most {weeks} weeks are allowed"
            )
    return None


def window(override: Override, organisation: Organisation, time_zone: str) -> Span:
    """The time whose shifts `overrun` has to see: the quarters of the override, and a stretch around it."""
    zone = zone_of(time_zone)
    around = timedelta(days=organisation.rest.most_days) + 2 * NO_REST
    begins, ends = (at.astimezone(zone) for at in (override.begins, override.ends))
    quarters = list(_quarters(begins.date(), ends.date()))
    first, last = (at.replace(tzinfo=zone) for at in (quarters[0][0], quarters[-1][1]))
    return min(first, begins - around), max(last, ends + around)


def _on_call(shifts: Iterable[Shift], person: str, time_zone: str) -> list[Span]:
    """When the person is on call, by the clock on the wall."""
    found = stretches(shifts, person, NO_REST)
    return [(_local(one.begins, time_zone), _local(one.ends, time_zone)) for one in found]


def _local(at: datetime, time_zone: str) -> datetime:
    return at.astimezone(zone_of(time_zone)).replace(tzinfo=None)


def _touching(spans: Iterable[Span], span: Span) -> list[Span]:
    return [one for one in spans if one[0] <= span[1] and one[1] >= span[0]]


def _length(span: Span) -> timedelta:
    return span[1] - span[0]


def _within(spans: Iterable[Span], whole: Span) -> timedelta:
    parts = ((max(begins, whole[0]), min(ends, whole[1])) for begins, ends in spans)
    return sum((ends - begins for begins, ends in parts if ends > begins), timedelta(0))


def _quarters(first: date, last: date) -> Iterator[Span]:
    """The quarters of a year from that of the first day to that of the last."""
    month = date(first.year, first.month - (first.month - 1) % 3, 1)
    while month <= last:
        following = (month + timedelta(days=95)).replace(day=1)
        yield datetime.combine(month, time()), datetime.combine(following, time())
        month = following


def _days(length: timedelta) -> str:
    days = round(length / timedelta(days=1), 1)
    return "1 day" if days == 1 else f"{days:g} days"
