"""Who hears of it when nothing moves (spec 3.4)."""

from datetime import datetime

import pytest

from domain.incident import IncidentState, Status
from domain.ladder import Ladder, Rung
from policy import progress
from policy.progress import OneUp, StillThisBad
from tests.policy.conftest import Sev
from tests.policy.incidents import at, ringing, taken

WEDNESDAY = datetime.fromisoformat("2026-03-04T14:00+01:00")


@pytest.mark.parametrize("severity", ["P0", "P1"])
def test_3_4_without_progress_for_half_an_hour_the_ladder_goes_one_level_up(
    state: IncidentState, severity: str
) -> None:
    state = taken(state, severity)
    owed = progress.owed(state, at(29.9))
    assert owed.actions == ()
    assert owed.deadline
    assert (owed.deadline.name, owed.deadline.at) == ("one level up unless there is progress", at(30))
    assert progress.owed(state, at(30)).actions == (OneUp(1),)


def test_3_4_so_it_does_in_the_other_pack(sev: Sev) -> None:
    assert progress.owed(taken(sev.state, "SEV1"), at(30)).actions == (OneUp(1),)
    assert progress.owed(taken(sev.state, "SEV2"), at(30)).actions == (OneUp(1),)


def test_3_4_and_again_each_half_hour_up_to_the_top_and_there_again(state: IncidentState) -> None:
    state = taken(state)
    paged = []
    for half_hour in range(1, 5):
        (action,) = progress.owed(state, at(30 * half_hour)).actions
        assert isinstance(action, OneUp)
        paged.append(action.rung)
        state.level, state.level_raised_at = action.rung, at(30 * half_hour)
        assert progress.owed(state, at(30 * half_hour + 29)).actions == ()
    assert paged == [1, 2, 2, 2]


def test_3_4_a_ladder_of_one_rung_pages_that_rung(state: IncidentState) -> None:
    ladder = Ladder(id="short", rungs=(Rung(name="primary", people=("alice",)),))
    state.snapshot = state.snapshot.model_copy(update={"ladder": ladder})
    assert progress.owed(taken(state), at(30)).actions == (OneUp(0),)


@pytest.mark.parametrize("moment", ["acknowledged_at", "progress_at", "level_raised_at"])
def test_3_4_the_half_hour_counts_from_the_last_of_acknowledgement_progress_and_level(
    state: IncidentState, moment: str
) -> None:
    state = taken(state).model_copy(update={moment: at(20)})
    assert progress.owed(state, at(49.9)).actions == ()
    assert progress.owed(state, at(50)).actions == (OneUp(1),)


def test_3_4_saying_how_bad_it_is_is_no_progress(state: IncidentState) -> None:
    assert progress.owed(taken(state, still_asked_at=at(29)), at(30)).actions == (OneUp(1),)


@pytest.mark.parametrize("purpose", ["take", "rise", "help"])
def test_3_4_nobody_is_fetched_while_others_are_being_fetched(state: IncidentState, purpose: str) -> None:
    state = taken(state, run=ringing().model_copy(update={"purpose": purpose}))
    owed = progress.owed(state, at(30))
    assert (owed.actions, owed.deadline) == ((), None)


@pytest.mark.parametrize("purpose", ["role", "duty"])
def test_3_4_but_lesser_calls_do_not_hold_it_up(state: IncidentState, purpose: str) -> None:
    state = taken(state, run=ringing().model_copy(update={"purpose": purpose}))
    assert progress.owed(state, at(30)).actions == (OneUp(1),)


@pytest.mark.parametrize(
    "status", [Status.DETECTED, Status.MITIGATED, Status.RESOLVED, Status.IN_REVIEW, Status.CLOSED]
)
def test_3_4_it_is_only_for_what_somebody_works_on(state: IncidentState, status: Status) -> None:
    for severity in ("P0", "P2"):
        owed = progress.owed(taken(state, severity, status=status), at(600))
        assert (owed.actions, owed.deadline) == ((), None)


@pytest.mark.parametrize(
    ("took", "expected"),
    [
        ("2026-03-04T14:00+01:00", "2026-03-04T14:30+01:00"),
        ("2026-03-04T16:40+01:00", "2026-03-05T09:00+01:00"),
        ("2026-03-06T16:40+01:00", "2026-03-09T09:00+01:00"),
        ("2026-03-04T03:00+01:00", "2026-03-04T09:00+01:00"),
        ("2026-03-27T18:00+01:00", "2026-03-30T09:00+02:00"),
    ],
)
def test_3_4_of_the_third_severity_it_is_asked_in_working_time_whether_it_is_still_this_bad(
    state: IncidentState, sev: Sev, took: str, expected: str
) -> None:
    moment = datetime.fromisoformat(expected)
    for incident, severity in ((state, "P2"), (sev.state, "SEV3")):
        minor = taken(incident, severity, acknowledged_at=datetime.fromisoformat(took))
        owed = progress.owed(minor, datetime.fromisoformat(took))
        assert owed.actions == ()
        assert owed.deadline
        assert (owed.deadline.name, owed.deadline.at) == (f"still a {severity}?", moment)
        assert progress.owed(minor, moment).actions == (StillThisBad(),)


def test_3_4_an_answer_or_progress_puts_that_question_off(state: IncidentState) -> None:
    for moment in ("still_asked_at", "progress_at"):
        half_past = WEDNESDAY.replace(minute=30)
        minor = taken(state, "P2", acknowledged_at=WEDNESDAY, **{moment: half_past})
        assert progress.owed(minor, WEDNESDAY.replace(minute=59)).actions == ()
        assert progress.owed(minor, WEDNESDAY.replace(hour=15)).actions == (StillThisBad(),)


def test_3_4_of_the_least_severity_nothing_is_asked(state: IncidentState) -> None:
    owed = progress.owed(taken(state, "P3", acknowledged_at=WEDNESDAY), WEDNESDAY.replace(hour=16))
    assert (owed.actions, owed.deadline) == ((), None)


def test_3_4_where_nobody_acknowledged_it_counts_from_the_opening(state: IncidentState) -> None:
    """Somebody mitigated it in vain before anybody took it."""
    state = taken(state, acknowledged_at=None, roles={})
    assert progress.owed(state, at(29)).actions == ()
    assert progress.owed(state, at(30)).actions == (OneUp(1),)
