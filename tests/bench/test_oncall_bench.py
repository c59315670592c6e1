"""The bench of on-call measures what it says."""

from bench.oncall import AIM_MILLISECONDS, AIM_SECONDS, DAYS, SCHEDULES, OnCallFigure, measure


def test_it_measures_every_schedule_over_every_day_and_single_moments() -> None:
    figure = measure()
    assert (figure.schedules, figure.days) == (SCHEDULES, DAYS) == (100, 90)
    assert figure.shifts > SCHEDULES * DAYS
    assert 0 < figure.milliseconds / 1000 < figure.seconds


def test_both_aims_have_to_be_reached() -> None:
    def met(seconds: float, milliseconds: float) -> bool:
        return OnCallFigure(SCHEDULES, DAYS, 1, seconds, milliseconds).met

    assert met(AIM_SECONDS / 2, AIM_MILLISECONDS / 2)
    assert not met(AIM_SECONDS, AIM_MILLISECONDS / 2)
    assert not met(AIM_SECONDS / 2, AIM_MILLISECONDS)
