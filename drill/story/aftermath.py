"""What follows: the postmortem, its action items, and their review on the thirtieth day."""

from contextlib import suppress
from pathlib import Path

from domain import postmortem
from domain.incident import IncidentReport, Status
from domain.postmortem import PostmortemNow
from drill import scenario
from drill.doors import StoryStuck
from drill.scenario import END, SECONDARY, TEAM_LEAD, day
from drill.stage import Stage
from policy.action_review import NAME as REVIEW


async def write(stage: Stage) -> None:
    """The draft is reminded of, written and handed in; an item that is a wish is refused, two are not."""
    stage.followed = True
    await stage.until("the postmortem begins", lambda report: _now(report).stage is postmortem.Stage.DRAFT)
    stage.act(f"{stage.name(TEAM_LEAD)} writes the postmortem.")
    report = await stage.do(TEAM_LEAD, "postmortem/write", sections=scenario.SECTIONS, submit=True)
    stage.act("An action item that is only a wish is refused; said so that it can be checked, it is taken.")
    await stage.refused("wish", TEAM_LEAD, "actions", **scenario.WISH)
    assert report.resolved_at is not None
    for item in scenario.items(report.resolved_at):
        await stage.do(TEAM_LEAD, "actions", **item)
    await stage.do(TEAM_LEAD, "postmortem/publish", final=False)


async def publish(stage: Stage) -> None:
    """The meeting, a day for comments, the final version."""
    report = await stage.until("there are two items", lambda report: len(_now(report).items) > 1)
    assert report.resolved_at is not None
    earliest = report.resolved_at + stage.organisation.postmortems.meeting_after
    await stage.moment(earliest)
    stage.act("The meeting is held, and the draft is open for comments.")
    people = list(stage.organisation.people)
    await stage.do(SECONDARY, "postmortem/meeting", on=earliest.isoformat(), attendees=people)
    await stage.do(TEAM_LEAD, "postmortem/begin-review")
    await stage.refused("final", TEAM_LEAD, "postmortem/publish")
    await stage.until("comments are over", lambda report: _now(report).stage is postmortem.Stage.FINAL)
    await stage.do(TEAM_LEAD, "postmortem/publish")
    await stage.until("the items are open", lambda report: report.status is Status.IN_PREVENTION)
    stage.act("The postmortem is published. Its action items are open.")


async def prevent(stage: Stage) -> None:
    """One item is done in time, and the owner of the other is asked before the review."""
    await stage.do(TEAM_LEAD, "actions/1/settle", outcome="done")

    async def asked() -> bool | None:
        entries = await stage.api.timeline(stage.incident)
        return any("how do your action items stand?" in entry.text for entry in entries) or None

    await stage.eventually("the owners are asked", asked)
    stage.act(f"{stage.name(SECONDARY)} is asked how the other item stands.")
    await stage.do(SECONDARY, "actions/2/answer", text="The metric exists, the alert does not yet.")


async def review(stage: Stage) -> None:
    """Day 30: one item is not done. It gets a new date, and the incident stays open until it is done."""
    report = await stage.until(
        "the day of the review has come", lambda report: REVIEW in _now(report).overdue
    )
    stage.act("Day 30: the review. One item is not done, and cannot be left as it is.")
    await stage.refused("review", SECONDARY, "review/hold")
    assert report.resolved_at is not None
    moved = {"outcome": "moved", "due_at": day(report.resolved_at, 90), "reason": "the metric came late"}
    await stage.do(SECONDARY, "actions/2/settle", **moved)
    stage.notes.held = await stage.do(SECONDARY, "review/hold", notes="One of two is done.")
    stage.act("The incident stays open until the last item is done.")
    await stage.do(SECONDARY, "actions/2/settle", outcome="done")
    await stage.until("the incident is closed", lambda report: report.status is Status.CLOSED)


async def write_the_end(stage: Stage) -> None:
    """The documents tell the end, too. If they do not, the checks will."""

    async def written() -> bool | None:
        report = await stage.look()
        place = Path(report.document) if report and report.document else None
        return True if place and place.exists() and END in place.read_text(encoding="utf-8") else None

    with suppress(StoryStuck):
        await stage.eventually("the documents tell the end", written)


def _now(report: IncidentReport) -> PostmortemNow:
    return report.postmortem or PostmortemNow(stage=postmortem.Stage.OWNER, owner=None)
