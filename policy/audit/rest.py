"""Whether people can rest: enough of them in a rotation, and nobody for too long (spec 2.2, 2.4)."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta

from domain.finding import Finding, Place
from domain.oncall import Shift
from policy.audit.facts import Facts, spelled, warning
from policy.oncall import Stretch, stretches

NO_DAY_OFF = timedelta(hours=23)
"""Less than this between two shifts, and there was no day off between them."""

A_WEEKEND = timedelta(hours=72)
"""More than this between two shifts, and it is not simply the next week of the same duty."""

INTO_A_SECOND_WEEK = timedelta(days=11)
"""From the Monday of one week to the Friday of the next: the shortest duty that takes up both."""

CLOCKS_CHANGE = timedelta(hours=3)
WEEK = timedelta(weeks=1)


def rest(facts: Facts) -> Iterator[Finding]:
    """Schedules that ask too much of somebody. One cause is told once, by what is most to the point."""
    for schedule in facts.schedules:
        if facts.readable(schedule):
            yield from _of(facts, schedule)


def _of(facts: Facts, schedule: str) -> Iterator[Finding]:
    rules = facts.organisation.rest
    place: Place = ("schedules", schedule)
    shifts = facts.shifts(schedule)
    turning = _turning(facts, schedule, shifts)
    few = 0 < len(turning) < rules.fewest_people
    if few:
        yield warning(
            "too-few-people",
            place,
            f"{_people(len(turning))} on call by turns by {schedule}: {facts.names(turning)}; "
            f"fewer than {rules.fewest_people} wear out",
            "add people to the rotation",
        )
    if len(turning) < 2:
        return
    two_weeks = _two_weeks(shifts)
    yield from _for_all(
        facts,
        "two-weeks-running",
        schedule,
        {person: (stretch, "has two weeks running by") for person, stretch in two_weeks.items()},
        "put somebody between the two, or make the turns shorter",
    )
    too_long: dict[str, tuple[Stretch, str]] = {}
    too_often: dict[str, tuple[Stretch, str]] = {}
    for person in dict.fromkeys(shift.person for shift in shifts if shift.person):
        longest = max(stretches(shifts, person, NO_DAY_OFF), key=lambda stretch: stretch.length)
        weeks = _length(shift for shift in shifts if shift.person == person) / WEEK
        if person in two_weeks:
            continue
        if longest.length > timedelta(days=rules.most_days) + CLOCKS_CHANGE:
            too_long[person] = longest, f"has no day off for more than {rules.most_days} days by"
        elif weeks > rules.most_weeks_per_quarter and not few:
            over = f"is on call for {weeks:.1f} weeks, more than {rules.most_weeks_per_quarter}, by"
            too_often[person] = Stretch(facts.now, facts.until), over
    mend = "make the turns shorter, or let others take some of them"
    yield from _for_all(facts, "too-many-days", schedule, too_long, mend)
    yield from _for_all(facts, "too-many-weeks", schedule, too_often, "let others take some of the turns")


def _for_all(
    facts: Facts, rule: str, schedule: str, told: Mapping[str, tuple[Stretch, str]], mend: str
) -> Iterator[Finding]:
    """One finding for everybody whom it concerns, from whoever has it soonest."""
    if not told:
        return
    person, *others = sorted(told, key=lambda person: told[person][0].begins)
    stretch, said = told[person]
    when = spelled(stretch.begins, stretch.ends, facts.zone_of(schedule))
    more = f"; the same goes for {facts.names(others)}" if others else ""
    message = f"{facts.name(person)} {said} {schedule}, from {when}{more}"
    yield warning(rule, ("schedules", schedule), message, mend)


def _turning(facts: Facts, schedule: str, shifts: tuple[Shift, ...]) -> tuple[str, ...]:
    """Those who take turns: everybody in a rotation that counts at times, everybody whom a calendar names."""
    counting = {shift.layer for shift in shifts if shift.person and shift.override is None}
    layers = facts.schedules[schedule].layers
    rotating = [person for layer in layers if layer.name in counting for person in layer.people]
    named = [shift.person for shift in shifts if shift.person and shift.override is None]
    return tuple(dict.fromkeys([*rotating, *named]))


def _two_weeks(shifts: tuple[Shift, ...]) -> dict[str, Stretch]:
    """Who has most of the same duty of one layer over two weeks."""
    found: dict[str, Stretch] = {}
    for layer in dict.fromkeys(shift.layer for shift in shifts if shift.person):
        mine = [shift for shift in shifts if shift.layer == layer and shift.person and shift.override is None]
        for person in dict.fromkeys(shift.person for shift in mine if shift.person):
            for stretch in stretches(mine, person, A_WEEKEND):
                if stretch.length >= INTO_A_SECOND_WEEK and _has_most(mine, person, stretch):
                    found.setdefault(person, stretch)
    return found


def _has_most(shifts: list[Shift], person: str, stretch: Stretch) -> bool:
    within = [shift for shift in shifts if stretch.begins <= shift.begins and shift.ends <= stretch.ends]
    return _length(shift for shift in within if shift.person == person) > _length(within) / 2


def _length(shifts: Iterable[Shift]) -> timedelta:
    return sum((shift.ends - shift.begins for shift in shifts), timedelta())


def _people(count: int) -> str:
    return "only one person is" if count == 1 else f"only {count} people are"
