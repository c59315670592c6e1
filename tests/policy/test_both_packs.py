"""Every rule of severities and ladders, by its number, with both packs alike: decisions speak of ranks."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

import configuration
from domain.due import Try
from domain.incident import IncidentState, Status
from domain.ladder import Attempt, AttemptState, LadderRun, Outcome
from domain.messages import CarrierEvent, Page
from domain.oncall import Hours
from domain.organisation import Organisation
from domain.people import PersonRef
from domain.roles import Holder, Role
from domain.severity import Severity
from policy import (
    attempts,
    automated,
    calendar,
    closing,
    ladder,
    progress,
    respond,
    severity,
    standing,
    war_room,
)
from policy.audit import audit
from policy.automated import Repair
from policy.oncall import schedule_of, shifts
from policy.opening import open_incident, severities_of
from policy.progress import OneUp, StillThisBad
from policy.roster import neighbours, rungs_for, staffed
from policy.severity import Assume, Rise
from policy.war_room import OpenRoom, TellManager
from tests.make import an_alert
from tests.organisations import PACKS, example_files

WEDNESDAY = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
"""Eleven in the morning in Berlin, where the storefront's team works."""

NIGHT = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ALICE = PersonRef(id="alice", name="Alice Moreau")

ON_CALL = {
    "storefront-primary": "alice",
    "storefront-secondary": "ben",
    "core-primary": "ivan",
    "core-secondary": "kai",
    "incident-commanders": "jo",
}


@pytest.fixture(scope="module", params=PACKS)
def organisation(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Organisation:
    return configuration.load(example_files(tmp_path_factory.mktemp(request.param), request.param))


def grade(organisation: Organisation, rank: int) -> Severity:
    return next(each for each in severities_of(organisation) if each.rank == rank)


def opened(
    organisation: Organisation, rank: int | None = 1, at: datetime = WEDNESDAY, **more: Any
) -> IncidentState:
    """An incident of this rank that has just been found; of none, it is unclassified."""
    named = grade(organisation, rank).name if rank else None
    alert = an_alert(at=at, severity=named).model_copy(update=more)
    return open_incident(alert, organisation, "abcde", "12345", ON_CALL)


def held(organisation: Organisation, rank: int, at: datetime = WEDNESDAY) -> IncidentState:
    """One that Alice has taken at once."""
    state = opened(organisation, rank, at)
    state.status, state.acknowledged_at = Status.TRIAGED, at
    state.roles = {Role.COMMANDER: Holder(person=ALICE, since=at)}
    return state


def climbing(state: IncidentState) -> LadderRun:
    state.run = LadderRun(id=1, began_at=state.opened_at, rung=0, rung_began_at=state.opened_at)
    return state.run


def test_1_1_the_two_worst_page_at_once_and_the_others_wait_for_people_to_work(
    organisation: Organisation,
) -> None:
    assert [grade(organisation, rank).respond for rank in (1, 2)] == ["at once", "at once"]
    for rank in (1, 2):
        assert respond.paging_begins(opened(organisation, rank, NIGHT)) == NIGHT
    later = respond.paging_begins(opened(organisation, 3, NIGHT))
    assert later == datetime(2026, 3, 4, 8, 0, tzinfo=UTC), "nine in Berlin"
    assert "call" not in grade(organisation, 3).methods


def test_1_1_windows_and_what_is_required_follow_the_rank(organisation: Organisation) -> None:
    worst, bad, minor, least = (grade(organisation, rank) for rank in (1, 2, 3, 4))
    assert worst.ack_window == 5 * MINUTE
    assert (worst.war_room, bad.war_room, minor.war_room, least.war_room) == (
        "required",
        "recommended",
        "none",
        "none",
    )
    assert (worst.status_page, bad.status_page, minor.status_page, least.status_page) == (
        "required",
        "required",
        "optional",
        "none",
    )


def test_1_2_unclassified_it_pages_as_the_second_worst_and_becomes_it_after_ten_minutes(
    organisation: Organisation,
) -> None:
    state = opened(organisation, None)
    assert (state.classified, state.grade.rank) == (False, 2)
    assert respond.wants_run(state, WEDNESDAY)
    assert not severity.owed(state, WEDNESDAY + 9 * MINUTE).actions
    assert severity.owed(state, WEDNESDAY + 10 * MINUTE).actions == (Assume(state.severity),)


def test_1_3_unmitigated_it_gets_a_room_after_half_an_hour_and_becomes_the_worst_after_one(
    organisation: Organisation,
) -> None:
    state = held(organisation, 2)
    assert not war_room.opening(state, WEDNESDAY + 29 * MINUTE).actions
    assert isinstance(war_room.opening(state, WEDNESDAY + 30 * MINUTE).actions[0], OpenRoom)
    assert not severity.owed(state, WEDNESDAY + 59 * MINUTE).actions
    worst = grade(organisation, 1).name
    assert severity.owed(state, WEDNESDAY + 60 * MINUTE).actions == (Rise(worst),)


def test_1_4_data_loss_makes_it_the_worst_and_begins_at_the_top_of_the_ladder(
    organisation: Organisation,
) -> None:
    state = opened(organisation, 4, data_loss=True)
    assert (state.grade.rank, state.data_loss) == (1, True)
    assert respond.first_rung(state) == (3, "data may be lost")
    assert respond.paging_begins(state) == WEDNESDAY


def test_1_4_a_rule_of_the_organisation_finds_data_loss_by_the_alerts_name(
    organisation: Organisation,
) -> None:
    state = opened(organisation, 3, name="PostgresReplicationBroken")
    assert (state.grade.rank, state.data_loss) == (1, True)


def test_1_5_a_worse_claim_raises_and_a_better_one_changes_nothing(organisation: Organisation) -> None:
    state = held(organisation, 2)
    for rank, raised in ((1, 1), (2, None), (3, None), (4, None)):
        found = severity.risen(grade(organisation, rank), state)
        assert (found.rank if found else None) == raised


def test_1_6_the_next_business_day_knows_weekends_holidays_and_days_off(organisation: Organisation) -> None:
    working = calendar.working_time(organisation, "europe", datetime(2026, 12, 1, tzinfo=UTC))

    def after(text: str) -> str:
        moment = datetime.fromisoformat(text).replace(tzinfo=UTC)
        return f"{calendar.next_business_day(moment, working):%Y-%m-%d %H:%M}"

    assert after("2026-12-04T18:00") == "2026-12-07 08:00", "a Friday's evening"
    assert after("2026-12-23T18:00") == "2026-12-28 08:00", "a day off, two holidays, a weekend"
    assert after("2026-12-30T18:00") == "2027-01-04 08:00", "a day off, New Year, a weekend"
    assert after("2026-12-02T06:00") == "2026-12-02 08:00", "work has not begun yet"
    assert after("2026-12-02T10:00") == "2026-12-03 08:00", "it has"


def test_1_6_the_teams_own_region_counts(organisation: Organisation) -> None:
    thanksgiving = datetime(2026, 11, 26, 15, 0, tzinfo=UTC)
    state = opened(organisation, 3, thanksgiving, service="payments")
    assert respond.paging_begins(state) == datetime(2026, 11, 27, 13, 0, tzinfo=UTC), "eight in New York"


def test_1_7_an_incident_goes_through_every_state_in_this_order(organisation: Organisation) -> None:
    assert opened(organisation).status is Status.DETECTED
    assert [status.value for status in Status] == [
        "detected", "triaged", "responding", "mitigated", "resolved", "in review", "in prevention", "closed",
    ]  # fmt: skip


def test_2_1_at_every_hour_of_a_year_somebody_is_on_call_by_every_schedule(
    organisation: Organisation,
) -> None:
    begins = datetime(2026, 2, 1, tzinfo=UTC)
    for name in organisation.schedules:
        year = shifts(schedule_of(organisation, name), begins, begins + timedelta(days=365))
        assert (year[0].begins, year[-1].ends) == (begins, begins + timedelta(days=365))
        assert all(shift.person in organisation.people for shift in year)


def test_2_2_the_example_is_nothing_to_be_sorry_about_at_night(organisation: Organisation) -> None:
    assert audit(organisation, datetime(2026, 11, 21, tzinfo=UTC)) == ()


def test_2_2_a_hole_in_a_schedule_and_a_rotation_of_too_few_are_found(organisation: Organisation) -> None:
    primary = organisation.schedules["storefront-primary"]
    days = Hours(days=("mon", "tue", "wed", "thu", "fri"), begins=time(9), ends=time(17))
    layer = primary.layers[0].model_copy(update={"people": ("alice", "ben"), "hours": (days,)})
    holed = primary.model_copy(update={"layers": (layer,)})
    changed = organisation.model_copy(
        update={"schedules": {**organisation.schedules, "storefront-primary": holed}}
    )
    rules = {finding.rule for finding in audit(changed, datetime(2026, 11, 21, tzinfo=UTC))}
    assert {"uncovered-hours", "too-few-people"} <= rules


def test_3_1_the_levels_are_primary_secondary_manager_director(organisation: Organisation) -> None:
    rungs = staffed(rungs_for(organisation, ["checkout"]), ON_CALL)
    assert [rung.people for rung in rungs] == [
        ("alice",),
        ("chiara", "ben"),
        ("dev", "ivan"),
        ("vera", "jo"),
    ], "the team lead beside the secondary, the on-call of dependent services beside the manager"


def test_3_1_only_the_worst_comes_to_the_top(organisation: Organisation) -> None:
    assert standing.top_rung(opened(organisation, 1)) == 3
    for rank in (2, 3, 4):
        assert standing.top_rung(opened(organisation, rank)) == 2


def test_3_1_dependent_services_are_those_it_needs_and_those_that_need_it(organisation: Organisation) -> None:
    assert neighbours(organisation, "payments") == ("database", "checkout")


def test_3_1_the_manager_hears_of_the_worst_ones_room(organisation: Organisation) -> None:
    state = held(organisation, 1)
    state.war_room = war_room_of(state)
    assert war_room.opening(state, WEDNESDAY).actions == (TellManager(("dev",)),)


def war_room_of(state: IncidentState) -> Any:
    from domain.response import WarRoom

    return WarRoom(opened_at=state.opened_at, why="it is bad")


def test_3_1_the_automated_response_has_its_time_before_people_but_not_before_the_worst(
    organisation: Organisation,
) -> None:
    for rank, begins in ((1, WEDNESDAY), (2, WEDNESDAY + 3 * MINUTE)):
        state = opened(repairing(organisation), rank)
        state.automated = automated.begun(state)
        assert automated.owed(state, WEDNESDAY).actions == (Repair(),)
        assert respond.paging_begins(state) == begins


def test_3_1_what_a_person_declares_or_names_no_service_of_ours_is_not_left_to_a_machine(
    organisation: Organisation,
) -> None:
    for more in ({"source": "person"}, {"assumed": True}):
        assert opened(repairing(organisation), 2, **more).snapshot.automated == ()
    assert opened(repairing(organisation), 2).snapshot.automated


def repairing(organisation: Organisation) -> Organisation:
    from domain.entries import AutomatedResponseEntry

    response = AutomatedResponseEntry.model_validate({"url": "http://127.0.0.1:1/restart", "within": "3m"})
    service = organisation.services["checkout"].model_copy(update={"automated_response": response})
    return organisation.model_copy(update={"services": {**organisation.services, "checkout": service}})


def test_3_1_what_can_wait_never_climbs_at_night(organisation: Organisation) -> None:
    state = opened(organisation, 3, datetime(2026, 3, 4, 15, 50, tzinfo=UTC))
    run = climbing(state)
    for hours in range(14):
        moment = run.began_at + hours * timedelta(hours=1)
        asleep = not 8 <= moment.hour < 16
        actions = ladder.due(run, state.grade, state.snapshot, moment).actions
        assert not (asleep and any(type(action).__name__ == "Climb" for action in actions)), moment
    later = ladder.due(run, state.grade, state.snapshot, run.began_at + timedelta(days=1, minutes=2)).actions
    assert "Climb" in [type(action).__name__ for action in later]


def test_3_2_a_window_that_passes_pages_the_next_rung(organisation: Organisation) -> None:
    state = opened(organisation, 1)
    run = climbing(state)
    ends = ladder.ack_window_ends(run, state.grade, state.snapshot)
    assert ends == WEDNESDAY + MINUTE + 5 * MINUTE, "nothing left, so it counts from a minute after"
    climbs = ladder.due(run, state.grade, state.snapshot, ends).actions
    assert [type(action).__name__ for action in climbs] == ["Climb"]
    assert climbs[0].rung == 1  # type: ignore[union-attr]  # a Climb, as was asserted


def test_3_2_a_rung_on_which_nobody_is_is_passed_over_at_once(organisation: Organisation) -> None:
    state = open_incident(
        an_alert(at=WEDNESDAY, severity=grade(organisation, 1).name),
        organisation,
        "abcde",
        "12345",
        {**ON_CALL, "storefront-primary": None},
    )
    run = climbing(state)
    (climb,) = ladder.due(run, state.grade, state.snapshot, WEDNESDAY).actions
    assert climb.rung == 1  # type: ignore[union-attr]  # only a Climb has nobody to try
    assert "nobody is on call" in climb.why  # type: ignore[union-attr]


def test_3_2_the_last_rung_that_the_severity_reaches_ends_the_round(organisation: Organisation) -> None:
    state = opened(organisation, 2)
    run = climbing(state)
    run.rung = 2
    ends = ladder.ack_window_ends(run, state.grade, state.snapshot)
    (climb,) = ladder.due(run, state.grade, state.snapshot, ends).actions
    assert (climb.rung, climb.round) == (0, 1)  # type: ignore[union-attr]


def test_3_3_an_ended_run_pages_nobody_any_more(organisation: Organisation) -> None:
    state = opened(organisation, 1)
    run = climbing(state)
    run.end(WEDNESDAY, ALICE, "acknowledged by Alice")
    for minutes in (0, 1, 5, 60, 600):
        assert not ladder.due(run, state.grade, state.snapshot, WEDNESDAY + minutes * MINUTE).actions


def test_3_4_half_an_hour_without_progress_is_one_level_up_as_far_as_the_severity_comes(
    organisation: Organisation,
) -> None:
    state = held(organisation, 2)
    assert not progress.owed(state, WEDNESDAY + 29 * MINUTE).actions
    for level, rung in ((0, 1), (1, 2), (2, 2)):
        state.level = level
        assert progress.owed(state, WEDNESDAY + 30 * MINUTE).actions == (OneUp(rung),)


def test_3_4_a_minor_one_asks_in_working_time_whether_it_is_still_that(organisation: Organisation) -> None:
    state = held(organisation, 3)
    assert isinstance(progress.owed(state, WEDNESDAY + 30 * MINUTE).actions[0], StillThisBad)
    assert not progress.owed(held(organisation, 3, NIGHT), NIGHT + 30 * MINUTE).actions


def test_3_5_what_customers_report_starts_one_level_up(organisation: Organisation) -> None:
    state = opened(organisation, 2, by_customer=True)
    assert respond.first_rung(state) == (1, "customers report it")
    assert state.customer_impact, "whoever reports it feels it"


def test_3_5_of_several_services_everybody_who_is_on_call_is_on_the_first_rung(
    organisation: Organisation,
) -> None:
    state = opened(organisation, 1, also=("payments", "nothing-we-know"))
    first, second, *_ = state.snapshot.ladder.rungs
    assert first.people == ("alice", "ivan")
    assert second.people == ("chiara", "jo", "ben", "kai")
    assert [service.id for service in state.snapshot.services] == ["payments"]
    opening = war_room.opening(state, WEDNESDAY).actions
    assert opening == (OpenRoom("several services are affected"),)


def test_3_6_passing_on_goes_to_the_next_rung_at_once(organisation: Organisation) -> None:
    state = opened(organisation, 1)
    run = climbing(state)
    run.climb_now = "Alice passed it on"
    (climb,) = ladder.due(run, state.grade, state.snapshot, WEDNESDAY).actions
    assert climb.rung == 1  # type: ignore[union-attr]


def test_3_7_every_attempt_keeps_who_how_when_and_what_became_of_it(organisation: Organisation) -> None:
    state = opened(organisation, 1)
    (action,) = ladder.due(climbing(state), state.grade, state.snapshot, WEDNESDAY).actions
    assert isinstance(action, Try)
    attempt = Attempt(
        id=1,
        person=action.person.id,
        method="call",
        to=action.person.phone,
        round=0,
        rung=0,
        rule=action.rule,
        requested_at=WEDNESDAY,
    )
    page, timing = Page(incident_id=state.id, run=1, attempt=1), state.snapshot.timing
    for seconds, word in ((1, "ringing"), (4, "answered"), (9, "unclear")):
        at = WEDNESDAY + timedelta(seconds=seconds)
        event = CarrierEvent.model_validate(
            {"page": page, "word": word, "carrier_id": "CA1", "at": at, "heard": "what"}
        )
        attempt = attempts.after_event(attempt, event, timing, at)
    assert (attempt.person, attempt.method, attempt.carrier_id) == ("alice", "call", "CA1")
    assert (attempt.outcome, attempt.heard) == (Outcome.UNCLEAR, "what")
    seconds_to = {state: (at - WEDNESDAY).total_seconds() for state, at in attempt.reached.items()}
    assert seconds_to == {AttemptState.RINGING: 1, AttemptState.ANSWERED: 4}


def test_3_1_a_repair_that_works_before_anybody_is_paged_ends_it_without_asking_anybody(
    organisation: Organisation,
) -> None:
    state = opened(repairing(organisation), 2)
    run = automated.begun(state)
    assert run is not None
    state.automated = run.model_copy(update={"asked": True})
    state.alerts.received = 1
    (proof,) = automated.owed(state, WEDNESDAY + MINUTE).actions
    assert type(proof).__name__ == "Repaired"
    assert automated.settles_it(state)
    state.automated = run.model_copy(update={"asked": True, "over": True, "worked": True})
    state.status, state.resolved_at = Status.RESOLVED, WEDNESDAY + MINUTE
    assert closing.conditions(state) == ()
    assert [type(a).__name__ for a in closing.owed(state, WEDNESDAY + MINUTE).actions] == ["CloseRoom"]
