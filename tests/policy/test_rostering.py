"""When it is looked up who is on call: for the moment of the next page, not for that of the question."""

from datetime import UTC, datetime, timedelta

import pytest

import configuration
from domain.incident import IncidentState
from domain.ladder import LadderRun
from domain.organisation import Organisation
from policy import rostering
from policy.opening import open_incident
from policy.rostering import AskWhoIsOnCall
from settings import EXAMPLE_CONFIG, STARTER_CONFIG
from tests.make import an_alert

SATURDAY = datetime(2026, 11, 21, 11, 0, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
"""Nine in Berlin: work begins, and the storefront's primary hands over."""

ON_CALL = {"storefront-primary": "alice", "storefront-secondary": "ben", "core-primary": "ivan"}
HALF_A_MINUTE = timedelta(seconds=30)


@pytest.fixture(scope="module")
def organisation() -> Organisation:
    return configuration.load(EXAMPLE_CONFIG)


def opened(organisation: Organisation, severity: str) -> IncidentState:
    return open_incident(
        an_alert(at=SATURDAY, severity=severity, name="Slow"), organisation, "abcde", "12345", ON_CALL
    )


def climbing(state: IncidentState, rung: int = 0) -> LadderRun:
    state.run = LadderRun(id=1, began_at=SATURDAY, rung=rung, rung_began_at=SATURDAY)
    return state.run


@pytest.mark.parametrize("severity", ["P2", "P3"])
def test_2_1_what_waits_for_monday_asks_shortly_before_who_has_it_by_then(
    organisation: Organisation, severity: str
) -> None:
    state = opened(organisation, severity)
    waiting = rostering.owed(state, SATURDAY)
    assert waiting.actions == ()
    assert waiting.deadline
    assert waiting.deadline.at == MONDAY - HALF_A_MINUTE
    [asked] = rostering.owed(state, waiting.deadline.at).actions
    assert (asked.at, asked.kept) == (MONDAY, None)
    state.rostered_at = waiting.deadline.at
    assert rostering.owed(state, waiting.deadline.at).actions == (), "asked once"


def test_2_1_while_people_are_paged_it_asks_who_is_on_the_next_rung_when_that_begins(
    organisation: Organisation,
) -> None:
    state = opened(organisation, "P0")
    climbing(state)
    ends = SATURDAY + timedelta(minutes=6)
    waiting = rostering.owed(state, SATURDAY + timedelta(minutes=1))
    assert waiting.deadline
    assert waiting.deadline.at == ends - HALF_A_MINUTE
    [asked] = rostering.owed(state, ends - HALF_A_MINUTE).actions
    assert (asked.at, asked.kept) == (ends, 0), "whoever is being paged keeps the page"


def test_2_1_a_rung_that_begins_with_an_old_roster_is_asked_for_at_once(organisation: Organisation) -> None:
    state = opened(organisation, "P0")
    run = climbing(state, rung=1)
    run.rung_began_at = now = SATURDAY + timedelta(hours=3)
    assert rostering.owed(state, now).actions == (AskWhoIsOnCall(rostered(state), now),)


def rostered(state: IncidentState) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for rung in state.snapshot.ladder.rungs for name in rung.schedules))


def test_a_ladder_without_schedules_asks_nobody() -> None:
    state = open_incident(an_alert(at=SATURDAY), configuration.load(STARTER_CONFIG), "abcde", "12345")
    climbing(state)
    owed = rostering.owed(state, SATURDAY + timedelta(hours=9))
    assert (owed.actions, owed.deadline) == ((), None)
