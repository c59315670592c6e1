"""What an incident keeps to, whatever is said to it in whatever order (spec 1.5, 3.3)."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from temporalio.client import Client

from domain.incident import IncidentReport
from domain.ladder import AttemptState
from domain.messages import Page
from domain.timeline import Entry, Kind
from tests.eventually import eventually
from tests.workflows.held_line import HeldLine, held_line
from tests.workflows.stories import Alerts, Answers, Grades, Line, Story, Waits, rumours, stories
from tests.workflows.telling import ORGANISATION, PEOPLE, Telling

ALICE, BEN, CHIARA, DEV = PEOPLE

RANKS = {name: entry.rank for name, entry in ORGANISATION.severities.items()}


@pytest.fixture(scope="module")
async def line() -> AsyncIterator[tuple[Client, HeldLine]]:
    async with held_line() as both:
        yield both


def pages_after_an_end(entries: list[Entry]) -> list[str]:
    """Lines that page or climb for a run that had been ended by an acknowledgement by then."""
    ended, begun, found = 0, 0, []
    for entry in entries:
        if entry.kind is Kind.RUN and " begins " in entry.text:
            begun = entry.data["run"]
        if entry.kind is Kind.ACKNOWLEDGED and not entry.data.get("late"):
            ended = begun
        if entry.kind in (Kind.PAGE, Kind.RUNG) and entry.data.get("run", begun) <= ended:
            found.append(f"{entry.sequence}: {entry.text} (run {entry.data['run']}, {ended} ended)")
    return found


def falls_by_nobody(entries: list[Entry], grades: dict[str, str]) -> list[str]:
    """Falls of the severity that are no person's word."""
    changes = [entry for entry in entries if "before" in entry.data and entry.kind is Kind.SEVERITY]
    falls = [entry for entry in changes if RANKS[entry.data["after"]] > RANKS[entry.data["before"]]]
    return [
        entry.text
        for entry in falls
        if not any(f": {why}." in entry.text and said == entry.data["after"] for why, said in grades.items())
    ]


def graded(entries: list[Entry]) -> str:
    """How bad it is, by the timeline, on which every change has its line."""
    changes = [entry.data for entry in entries if entry.kind is Kind.SEVERITY and "before" in entry.data]
    now: str = entries[0].data["severity"]
    for change in changes:
        assert change["before"] == now, f"it became a {change['before']} without a word"
        now = change["after"]
    return now


def late_calls(told: Telling) -> list[str]:
    """Calls of ended runs that came out of the queue as soon as the line was free."""
    return [
        f"run {asked.page.run} rings {asked.to} although {first_open} is the first that goes on"
        for mark, first_open in told.released
        for asked in told.world.asked[mark:]
        if asked.method == "call" and asked.page.run < first_open
    ]


def outside(report: IncidentReport) -> list[str]:
    """What the incident believes to be queued or ringing."""
    attempts = report.ladder.attempts if report.ladder else ()
    going = (AttemptState.QUEUED, AttemptState.UNKNOWN, AttemptState.LEFT, AttemptState.RINGING)
    return [
        f"attempt {a.id} of run {report.ladder.run if report.ladder else 0}: {a.method} {a.state.value}"
        for a in attempts
        if a.state in going and (a.method == "call" or a.state is AttemptState.QUEUED)
    ]


async def ringing(told: Telling) -> list[str]:
    """Phones that ring."""
    return [
        f"the phone of {asked.to} (run {asked.page.run}, attempt {asked.page.attempt})"
        for asked in told.world.ringing
    ]


async def story_so_far(told: Telling) -> list[str]:
    """The end of the timeline, for whoever has to find out why."""
    return [f"{entry.sequence}. {entry.text}" for entry in await told.timeline()][-50:]


async def quiet(told: Telling) -> IncidentReport:
    """Wait until nobody is paged any more: Alice acknowledges what nobody else did."""

    async def ended() -> IncidentReport | None:
        report = await told.report()
        if report.severity == "P1" and report.status.unresolved and not report.mitigated_at:
            await told.grade(ALICE, "P0")  # Or it would become one by itself at any moment.
            report = await told.report()
        if report.commander is None or (report.ladder and not report.ladder.ended_at):
            await told.update("acknowledge", told.an_answer(ALICE))
            report = await told.report()
        over = report.ladder is None or report.ladder.ended_at
        return report if over and (report.commander or not report.status.unresolved) else None

    await eventually(ended, what="an acknowledgement that ends the run", within=10)

    async def silent() -> IncidentReport | None:
        report = await told.report()
        return None if outside(report) or await ringing(told) else report

    try:
        return await eventually(silent, within=5)
    except AssertionError:
        report = await told.report()
        lines = [f"{entry.sequence}. {entry.text}" for entry in await told.timeline()][-60:]
        raise AssertionError(
            "\n".join(
                ["still outside 5 s after the end:", *outside(report), *await ringing(told), "", *lines]
            )
        ) from None


async def keeps(told: Telling) -> None:
    """Everything that holds at any moment."""
    entries = await told.timeline()
    assert [entry.sequence for entry in entries] == list(range(1, len(entries) + 1))
    assert pages_after_an_end(entries) == []
    assert falls_by_nobody(entries, told.grades) == []
    assert late_calls(told) == []
    assert not [entry.text for entry in entries if entry.kind is Kind.FAULT]
    assert (await told.report()).severity == graded(entries)


async def says_it_all_again(told: Telling) -> None:
    """Whoever acknowledges twice, late or what is over is told so, and changes nothing but the record."""
    before, pages = settled(await told.report()), len(told.world.asked)
    late = [told.an_answer(BEN), told.an_answer(DEV, page=Page(incident_id=told.id, run=99, attempt=1))]
    late += [told.an_answer(CHIARA, page=asked.page) for asked in told.world.asked[:1]]
    accepted = [await told.update("acknowledge", answer) for answer in late]
    for answer in told.said[-8:]:
        await told.update("acknowledge", answer)
        await told.handle.signal("acknowledge", answer)
    assert not any(said and said.accepted for said in accepted)
    assert settled(await told.report()) == before
    assert len(told.world.asked) == pages


def settled(report: IncidentReport) -> dict[str, Any]:
    """What an incident has come to."""
    kept = {"severity", "status", "commander", "acknowledged_at", "roles", "ladder", "resolved_at"}
    return report.model_dump(include=kept)


async def rises(told: Telling) -> None:
    """A fall pages nobody; a rise after it pages in a run of its own, which only an answer to it ends."""
    before = await told.report()
    if not before.status.unresolved:
        return
    runs, pages = before.ladder.run if before.ladder else 0, len(told.world.asked)
    await told.grade(ALICE, "P3")
    fallen = await told.report()
    run = fallen.ladder.run if fallen.ladder else 0
    assert (fallen.severity, run) == ("P3", runs), "\n".join(await story_so_far(told))
    assert len(told.world.asked) == pages
    await told.tell(Alerts("further", "critical"))

    async def rings() -> IncidentReport | None:
        report = await told.report()
        return report if len(told.world.asked) > pages else None

    risen = await eventually(rings, what="a page of the rise")
    assert {asked.page.run for asked in told.world.asked[pages:]} == {runs + 1}
    assert risen.severity == "P0"
    for asked in told.world.asked[: min(pages, 1)]:
        said = await told.update("acknowledge", told.an_answer(BEN, page=asked.page))
        assert said
        assert not said.accepted
    going = (await told.report()).ladder
    assert going
    assert (going.run, going.ended_at) == (runs + 1, None)
    await quiet(told)


MANY = settings(
    max_examples=18,
    # A story takes seconds: it is printed as it was, not sought in a shorter form.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)


QUEUED_AND_TAKEN = Story(
    "critical",
    ("accepted",),
    (
        Line(True),
        *[Waits(150)] * 2,  # The secondaries' calls queue behind the primary's.
        Answers("acknowledge", "none", 0, "update", again=False, late=False),
        Line(False),
    ),
)

WORSE_WHILE_IT_RINGS = Story("critical", ("accepted",), (Waits(60), Grades(0, "P0", data_loss=True)))


@MANY
@given(story=stories)
@example(story=QUEUED_AND_TAKEN)
@example(story=WORSE_WHILE_IT_RINGS)
async def test_3_3_an_acknowledgement_ends_its_run_for_good_in_any_order_of_events(
    line: tuple[Client, HeldLine], story: Story
) -> None:
    told = Telling(*line, story)
    await told.begin()
    try:
        for step in story.steps:
            await told.tell(step)
        await told.release()
        await quiet(told)
        await keeps(told)
        await says_it_all_again(told)
        await rises(told)
        await keeps(told)
    finally:
        await told.end()


@settings(MANY, max_examples=8)
@given(story=rumours)
async def test_1_5_severity_never_falls_but_by_a_person_in_any_order_of_events(
    line: tuple[Client, HeldLine], story: Story
) -> None:
    told = Telling(*line, story)
    await told.begin()
    try:
        for step in story.steps:
            await told.tell(step)
            entries = await told.timeline()
            assert falls_by_nobody(entries, told.grades) == []
            assert graded(entries)
    finally:
        await told.end()
