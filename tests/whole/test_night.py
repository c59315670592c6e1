"""Hours of an incident in seconds: the real workflow on a server whose clock can be skipped."""

from datetime import timedelta
from itertools import pairwise

import pytest
from temporalio.testing import WorkflowEnvironment

from domain.timeline import Entry, Kind
from tests.whole.conftest import pass_time
from tests.whole.town import BUSY, LINE_DOWN, UNDELIVERABLE, Town

LEAPS = 2
"""How often the skipping clock may go past a timer in one night."""

ROUNDS_AN_HOUR = 4
"""Three rungs of five minutes each."""


def rungs(entries: list[Entry]) -> list[Entry]:
    return [entry for entry in entries if entry.kind in (Kind.RUN, Kind.RUNG)]


@pytest.mark.timeout(240)
async def test_3_2_a_night_in_which_nobody_answers_is_paged_through_to_the_morning(
    night: Town, skipping: WorkflowEnvironment
) -> None:
    hours = 3
    await night.everybody(BUSY)
    incident = await night.alert()
    handle = await night.handle(incident)
    await pass_time(skipping, handle, timedelta(hours=hours))
    report = await night.report(incident)
    entries = await night.timeline(incident)

    assert report.faults == {}
    assert report.ladder is not None
    assert report.ladder.round >= hours * ROUNDS_AN_HOUR - 1 - LEAPS
    assert [entry.sequence for entry in entries] == list(range(1, len(entries) + 1))

    # On the first two rungs the busy line and the delivered message leave the window to run its course.
    begun = rungs(entries)
    names = [entry.data["rung"] for entry in begun]
    expected = ["primary", "secondary", "manager"]
    assert names == [expected[number % 3] for number in range(len(names))]
    windows = [(after.at - before.at).total_seconds() for before, after in pairwise(begun)]
    assert min(windows) >= 300
    # The clock of the tests now and then leaps past a timer that is being set. A window that were too long by
    # our own doing would be so each time.
    assert sum(window > 300 + 62 for window in windows) <= LEAPS

    # After the third round the fallback is told, at the end of every round, and paging goes on.
    told = [entry for entry in entries if entry.kind is Kind.PAGE and entry.person == "fallback"]
    assert len(told) == report.ladder.round - 3
    assert "Texting Storefront duty phone (fallback)" in told[0].text
    calls = await night.calls(incident, "alice")
    assert len(calls) == report.ladder.round


@pytest.mark.timeout(240)
async def test_13_3_a_night_of_dead_lines_neither_spins_nor_stops(
    night: Town, skipping: WorkflowEnvironment
) -> None:
    await night.everybody(LINE_DOWN, UNDELIVERABLE)
    incident = await night.alert()
    await pass_time(skipping, await night.handle(incident), timedelta(hours=1))
    report = await night.report(incident)
    assert report.faults == {}
    assert report.ladder is not None
    # The last rung of a round waits its window; the others are left as soon as the carrier's word is in,
    # which by a clock that skips may be at the window's end.
    assert 4 <= report.ladder.round <= 13
