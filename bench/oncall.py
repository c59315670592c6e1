"""`python -m bench.oncall`: how long it takes to say who is on call, for now and for a quarter of a year."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from timeit import repeat

from domain.entries import WORKING_DAYS
from domain.oncall import Hours, Layer, Override, Schedule
from domain.people import PersonRef
from policy.oncall import on_call, shifts

SCHEDULES = 100
DAYS = 90
MOMENTS = 1000

AIM_SECONDS = 1.0
"""For all the schedules, over all the days."""
AIM_MILLISECONDS = 1.0
"""For one schedule at one moment, with the whole stretch around it: an alert waits for it."""

BEGINS = datetime(2026, 3, 1, tzinfo=UTC)
"""So that clocks change in the middle of it."""

ZONES = "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "UTC"


@dataclass(frozen=True)
class OnCallFigure:
    """What was measured.

    Attributes:
        seconds: for every shift of `schedules` schedules over `days` days.
        milliseconds: for one schedule at one moment, on average.
        shifts: how many shifts there were.
    """

    schedules: int
    days: int
    shifts: int
    seconds: float
    milliseconds: float

    @property
    def met(self) -> bool:
        """Whether both aims are reached."""
        return self.seconds < AIM_SECONDS and self.milliseconds < AIM_MILLISECONDS


def measure() -> OnCallFigure:
    """Compute on-call for 100 schedules over 90 days, then for 1,000 moments."""
    schedules = [_schedule(number) for number in range(SCHEDULES)]
    overrides = [_override(number) for number in range(5 * SCHEDULES)]
    ends = BEGINS + timedelta(days=DAYS)

    step = timedelta(days=DAYS) / MOMENTS

    def all_days() -> int:
        return sum(len(shifts(schedule, BEGINS, ends, overrides)) for schedule in schedules)

    def all_moments() -> None:
        for number in range(MOMENTS):
            on_call(schedules[number % SCHEDULES], BEGINS + number * step, overrides)

    seconds, milliseconds = _fastest(all_days), _fastest(all_moments) * 1000 / MOMENTS
    return OnCallFigure(SCHEDULES, DAYS, all_days(), seconds, milliseconds)


def _fastest(work: Callable[[], object]) -> float:
    """Seconds of the fastest of three times: whatever else the machine does only makes it slower."""
    return min(repeat(work, number=1, repeat=3))


def _schedule(number: int) -> Schedule:
    """A base by the week, working days in another place, and nights at the weekend."""
    here, there = ZONES[number % len(ZONES)], ZONES[(number + 1) % len(ZONES)]
    people = tuple(f"person-{(number + turn) % SCHEDULES}" for turn in range(6))
    starts = date(2025, 1, 6)
    weekend = Hours(days=("fri", "sat", "sun"), begins=time(20), ends=time(6))
    return Schedule(
        id=f"schedule-{number}",
        name=f"Schedule {number}",
        time_zone=here,
        layers=(
            Layer(name="Weekly", time_zone=here, people=people, starts=starts),
            Layer(
                name="Days",
                time_zone=there,
                people=people[::-1],
                starts=starts,
                every=timedelta(days=1),
                hours=(Hours(days=WORKING_DAYS),),
            ),
            Layer(name="Nights", time_zone=here, people=people[:4], starts=starts, hours=(weekend,)),
        ),
    )


def _override(number: int) -> Override:
    begins = BEGINS + timedelta(days=number * 7 % DAYS, hours=number % 24)
    return Override(
        id=number,
        schedule=f"schedule-{number % SCHEDULES}",
        person="person-0",
        begins=begins,
        ends=begins + timedelta(hours=6),
        by=PersonRef(id="person-0", name="Person 0"),
        made_at=BEGINS,
    )


def said(figure: OnCallFigure) -> str:
    """The figure, for people."""
    return (
        f"Who is on call, {figure.schedules} schedules over {figure.days} days, {figure.shifts:,} shifts: "
        f"{figure.seconds:.2f} s (aim: under {AIM_SECONDS:g} s); "
        f"one at one moment: {figure.milliseconds:.3f} ms (aim: under {AIM_MILLISECONDS:g} ms)"
    )


def main() -> None:
    """Measure, and print."""
    print(said(measure()))


if __name__ == "__main__":
    main()
