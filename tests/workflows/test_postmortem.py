"""What follows an incident, day by day: postmortem, action items, review (spec 1.7, 9.2 to 9.6)."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar
from temporalio.testing import WorkflowEnvironment

from domain.incident import Status
from domain.postmortem import ItemState, Stage
from domain.timeline import Kind
from tests.eventually import eventually
from tests.workflows.house import ALICE, BEN, Case, House, closing_incident, skipping_server, working

SECTIONS = {
    "summary": "Checkout failed for two hours.",
    "impact": "Two of three payments failed.",
    "measured": "Failed requests in the access log.",
    "whys": "The handshake failed\nThe certificate had run out\nNothing renews it",
    "technical": "Certificates are renewed by hand",
    "process": "Nobody is told of expiry dates",
    "detection": "The alert waits ten minutes before it fires.",
    "response": "The runbook named a host that is gone.",
    "well": "The roll-back took four minutes",
    "wrong": "The status page was late",
}


@pytest.fixture(scope="session")
async def server() -> AsyncIterator[WorkflowEnvironment]:
    async with skipping_server() as server:
        yield server


@pytest.fixture
async def house(server: WorkflowEnvironment, tmp_path: Path) -> AsyncIterator[House]:
    async with working(server, tmp_path) as house:
        yield house


def an_item(*, days: float = 10, **more: Any) -> dict[str, Any]:
    return {
        "verb": "add-item",
        "text": "Renew certificates by a job that runs each night",
        "kind": "prevention",
        "owner": "chiara",
        "due_at": (datetime.now(UTC) + timedelta(days=days)).isoformat(),
        "priority": "P1",
        "done_when": "no certificate is valid for less than 20 days",
        "verified_by": "a query of the certificate exporter",
    } | more


DETECTS: dict[str, Any] = {
    "text": "Alert when a certificate is valid for less than 14 days",
    "kind": "detection",
    "owner": "ben",
}


async def drafted(case: Case) -> None:
    await case.act({"verb": "write", "sections": SECTIONS, "submit": True})


async def met(case: Case) -> None:
    """On the second day."""
    await case.skip(days=1, minutes=5)
    report = await case.now()
    assert report.resolved_at
    await case.act({"verb": "meeting", "on": (report.resolved_at + timedelta(days=1)).isoformat()})


async def final(case: Case, **more: Any) -> Case:
    """From the closing of the room to the final version, by the shortest way; its review."""
    await drafted(case)
    await met(case)
    await case.act({"verb": "begin-review"})
    await case.skip(days=1, minutes=1)
    await case.act({"verb": "publish-postmortem", "despite_remarks": True} | more)
    return await case.review()


async def asked(case: Case, text: str) -> list[str]:
    return [e.text for e in await case.timeline() if e.kind is Kind.ASKED and text in e.text]


async def test_9_3_each_deadline_reminds_its_owner_then_is_missed_then_rises(house: House) -> None:
    case = await house.postmortem(closing_incident())
    await eventually(lambda: house.told("ben", "writes the postmortem: "))
    await case.skip(hours=19)
    assert await asked(case, "postmortem draft is due") == []
    await case.skip(hours=1, minutes=1)
    assert len(await asked(case, "postmortem draft is due")) == 1
    await case.skip(hours=4)
    assert len(await asked(case, "postmortem draft was due")) == 1
    assert (await case.now()).postmortem.overdue == ("postmortem draft",)  # type: ignore[union-attr]  # it is there
    assert await house.told("alice", "postmortem draft") == []
    await case.skip(days=1)
    await eventually(lambda: house.told("alice", "postmortem draft was due"))
    others = ("postmortem publication", "postmortem meeting", "postmortem review", "final postmortem")
    assert [name for name in others[1:] if await asked(case, f"The {name} was due")] == []
    await case.skip(days=5)
    for name in others:
        told = [*await asked(case, f"The {name} is due"), *await asked(case, f"The {name} was due")]
        assert [words.partition(" due ")[0] for words in told[:2]] == [f"The {name} is", f"The {name} was"]
        assert "still overdue" in told[2]
    # The one that holds up the others comes back day by day; the others do not.
    assert len(await asked(case, "draft was due")) >= 6
    assert len(await asked(case, "postmortem meeting was due")) == 2
    assert (await case.now()).status is Status.IN_REVIEW
    await case.handle.terminate()


async def test_9_3_without_an_owner_the_commander_is_asked_at_once(house: House) -> None:
    case = await house.postmortem(closing_incident(owner=None))
    await eventually(lambda: house.told("alice", "Name somebody who writes it"))
    await case.act({"verb": "owner", "owner": "ben"}, by=ALICE)
    await eventually(lambda: house.told("ben", "writes the postmortem: "))
    report = await case.now()
    assert report.postmortem
    assert (report.postmortem.stage, report.postmortem_owner) == (Stage.DRAFT, BEN)
    await case.handle.terminate()


async def test_9_3_a_deadline_that_is_moved_is_reminded_of_anew_and_never_lies_in_the_past(
    house: House,
) -> None:
    case = await house.postmortem(closing_incident())
    await case.skip(hours=21)
    assert len(await asked(case, "postmortem draft is due")) == 1
    at = (await case.now()).resolved_at or datetime.now(UTC)
    refusal = await case.refused({"verb": "move", "step": "draft", "to": at.isoformat()})
    assert "is past" in refusal.message
    await case.act({"verb": "move", "step": "draft", "to": (at + timedelta(days=2)).isoformat()})
    await case.skip(hours=12)
    assert await asked(case, "postmortem draft was due") == []
    await case.skip(hours=12)
    assert len(await asked(case, "postmortem draft is due")) == 2
    await case.handle.terminate()


async def test_9_2_the_postmortem_fills_itself_and_says_what_is_not_written(house: House) -> None:
    case = await house.postmortem(closing_incident())

    async def written() -> str | None:
        report = await case.now()
        return report.postmortem.document if report.postmortem else None

    path = Path(await eventually(written))
    assert path.parent == house.data / "docs" / "postmortems"
    skeleton = path.read_text(encoding="utf-8")
    assert "_Not written yet._" in skeleton
    assert "Decision 1: roll back." in skeleton
    await drafted(case)

    async def renewed() -> bool:
        return "_Not written yet._" not in path.read_text(encoding="utf-8")

    await eventually(renewed)
    text = path.read_text(encoding="utf-8")
    for words in SECTIONS.values():
        assert words.splitlines()[-1] in text
    for heading in ("## Five whys", "### Of process", "## Detection and response", "## The five questions"):
        assert heading in text
    await case.handle.terminate()


async def test_9_3_what_comes_too_early_is_refused_with_what_is_possible(house: House) -> None:
    case = await house.postmortem(closing_incident())
    at = (await case.now()).resolved_at or datetime.now(UTC)
    early = await case.refused({"verb": "meeting", "on": at.isoformat()})
    assert "too early" in early.message
    assert "hand in the draft first" in (await case.refused({"verb": "publish-postmortem"})).message
    assert "'executive summary'" in (await case.refused({"verb": "write", "submit": True})).message
    assert "possible now: owner, write" in (await case.refused({"verb": "hold-review"})).message
    assert "nobody" not in (await case.refused({"verb": "owner", "owner": "zoe"})).message
    await drafted(case)
    assert "handed in already" in (await case.refused({"verb": "write", "submit": True})).message
    assert "cannot be final yet" in (await case.refused({"verb": "publish-postmortem"})).message
    published = await case.act({"verb": "publish-postmortem", "final": False, "despite_remarks": True})
    assert published.report.postmortem
    assert published.report.postmortem.published_at
    assert published.report.postmortem.stage is Stage.MEETING
    await case.handle.terminate()


async def test_9_3_the_meeting_is_planned_with_an_invitation_and_moves_in_calendars(house: House) -> None:
    case = await house.postmortem(closing_incident())
    at = (await case.now()).resolved_at or datetime.now(UTC)
    for days in (2, 2.5):
        on = (at + timedelta(days=days)).isoformat()
        await case.act({"verb": "meeting", "on": on, "minutes": 90, "attendees": ["alice", "chiara"]})
    late = await case.refused({"verb": "meeting", "on": (at + timedelta(days=4)).isoformat()})
    assert "move that first" in late.message

    async def moved() -> Any:
        for path in (house.data / "docs" / "postmortems").glob("*-meeting.ics"):
            [event] = Calendar.from_ical(path.read_bytes()).walk("VEVENT")
            if event["SEQUENCE"] == 1:
                return event
        return None

    event = await eventually(moved)
    assert abs(event.decoded("DTSTART") - (at + timedelta(days=2.5))) < timedelta(seconds=1)
    assert event.decoded("DTEND") - event.decoded("DTSTART") == timedelta(minutes=90)
    assert [str(who) for who in event["ATTENDEE"]] == [
        "mailto:alice@example.com",
        "mailto:chiara@example.com",
    ]
    await eventually(lambda: house.told("chiara", "The postmortem meeting is on"))
    await case.handle.terminate()


async def test_9_4_a_person_named_as_a_cause_is_pointed_out_before_publication(house: House) -> None:
    case = await house.postmortem(closing_incident())
    blaming = SECTIONS | {"wrong": "It went down because Alice forgot to renew it."}
    said = await case.act({"verb": "write", "sections": blaming, "submit": True})
    assert "a person is named as a cause" in said.said.text
    await case.act(an_item())
    await case.act(an_item(**DETECTS))
    refusal = await case.refused({"verb": "publish-postmortem", "final": False})
    assert "because Alice forgot" in refusal.message
    assert "despite_remarks" in refusal.message
    await case.act({"verb": "write", "sections": {"wrong": "Renewal depends on memory."}})
    await case.act({"verb": "publish-postmortem", "final": False})
    await case.handle.terminate()


async def test_9_5_an_item_is_refused_with_each_lack_named(house: House) -> None:
    case = await house.postmortem(closing_incident())
    refusal = await case.refused({"verb": "add-item", "text": "Improve monitoring", "owner": "zoe"})
    assert refusal.type == "lacking"
    assert {field for field, _ in refusal.details[0]} == {
        "text",
        "kind",
        "owner",
        "due_at",
        "priority",
        "done_when",
        "verified_by",
    }
    assert "is a wish" in refusal.message
    past = await case.refused(an_item(days=-1, priority="P7"))
    assert [field for field, _ in past.details[0]] == ["due_at", "priority"]
    assert (await case.now()).postmortem.items == ()  # type: ignore[union-attr]  # it is there
    done = await case.act(an_item())
    assert done.said.text.startswith("Action item 1")

    async def listed() -> Any:
        return house.items(incident_id=case.id)

    [item] = await eventually(listed)
    assert (item.item.owner.id, item.item.state) == ("chiara", ItemState.OPEN)
    await case.handle.terminate()


async def test_9_3_the_final_version_follows_the_hours_for_comments_and_the_review_begins(
    house: House,
) -> None:
    case = await house.postmortem(closing_incident())
    await drafted(case)
    await case.act(an_item())
    await met(case)
    await case.act({"verb": "begin-review"})
    assert "comments are heard" in (await case.refused({"verb": "publish-postmortem"})).message
    await case.skip(days=1, minutes=1)
    await eventually(lambda: house.told("ben", "Publish the final version"))
    refusal = await case.refused({"verb": "publish-postmortem"})
    assert "No action item is for detection" in refusal.message
    await case.act({"verb": "publish-postmortem", "despite_remarks": True})
    review = await case.review()
    report = await review.now()
    assert report.status is Status.IN_PREVENTION
    assert report.postmortem
    assert report.postmortem.factors == ("Certificates are renewed by hand", "Nobody is told of expiry dates")
    assert report.postmortem.review_at == (report.resolved_at or datetime.now(UTC)) + timedelta(days=30)
    entries = await review.timeline()
    assert [entry.sequence for entry in entries] == list(range(1, len(entries) + 1))
    await review.handle.terminate()


@pytest.mark.timeout(240)
async def test_1_7_the_incident_is_closed_only_after_its_review_and_its_last_item(house: House) -> None:
    case = await house.postmortem(closing_incident())
    await case.act(an_item(days=20))
    await case.act(an_item(days=25, **DETECTS))
    review = await final(case)
    # Seven days before the review each owner is asked, once for each item.
    assert await house.told("chiara", "how do your action items stand") == []
    await review.skip(days=21, hours=1)
    await eventually(lambda: house.told("chiara", "how do your action items stand"))
    await review.skip(days=3)
    assert len(await house.told("chiara", "how do your action items stand")) == 1
    await review.act({"verb": "answer-item", "number": 1, "text": "It runs since Monday"})
    await review.act({"verb": "settle-item", "number": 1, "outcome": "done"})
    assert (
        "is done already"
        in (await review.refused({"verb": "settle-item", "number": 1, "outcome": "done"})).message
    )
    # Nobody holds the review: it is missed, and rises.
    await review.skip(days=6)
    await eventually(lambda: house.told("alice", "action item review was due"))
    refusal = await review.refused({"verb": "hold-review"})
    assert "2 (Ben Okafor)" in refusal.message
    assert "why" in (await review.refused({"verb": "settle-item", "number": 2, "outcome": "dropped"})).message
    later = (datetime.now(UTC) + timedelta(days=70)).isoformat()
    await review.act(
        {"verb": "settle-item", "number": 2, "outcome": "moved", "due_at": later, "reason": "no time"}
    )
    held = await review.act({"verb": "hold-review", "notes": "One is left"}, by=ALICE)
    assert held.report.status is Status.IN_PREVENTION
    assert "again on" in held.said.text
    # It comes back.
    await review.skip(days=24)
    await eventually(lambda: house.told("ben", "how do your action items stand"))
    done = await review.act({"verb": "settle-item", "number": 2, "outcome": "done"})
    assert done.report.status is Status.CLOSED
    report = await review.handle.result()
    assert report["status"] == "closed"
    document = Path(report["document"]).read_text(encoding="utf-8")
    assert "| Status | closed |" in document
    assert "Alert when a certificate is valid for less than 14 days" in document
    assert "- Nobody is told of expiry dates" in document
    assert "A certificate had run out" in document
    told = Path(report["postmortem"]["review_document"]).read_text(encoding="utf-8")
    assert "It runs since Monday" in told
    stored = [listed.item.state for listed in house.items(incident_id=case.id)]
    assert stored == [ItemState.DONE, ItemState.DONE]


async def test_9_6_the_review_is_held_early_or_moved_and_never_into_the_past(house: House) -> None:
    case = await house.postmortem(closing_incident())
    await case.act(an_item())
    review = await final(case)
    refusal = await review.refused({"verb": "move-review", "to": datetime.now(UTC).isoformat()})
    assert "is past" in refusal.message
    at = datetime.now(UTC) + timedelta(days=45)
    moved = await review.act({"verb": "move-review", "to": at.isoformat(), "reason": "holidays"})
    assert moved.report.postmortem
    assert moved.report.postmortem.review_at == at
    await review.act({"verb": "settle-item", "number": 1, "outcome": "dropped", "reason": "replaced"})
    assert (await review.now()).status is Status.IN_PREVENTION
    held = await review.act({"verb": "hold-review"})
    assert held.report.status is Status.CLOSED
    await review.handle.result()


async def test_a_message_delivered_twice_is_answered_alike_and_done_once(house: House) -> None:
    case = await house.postmortem(closing_incident())
    asked_for = an_item()
    answers = [(await case.act(asked_for, key="twice")).said for _ in range(2)]
    assert answers[0] == answers[1]
    assert len((await case.now()).postmortem.items) == 1  # type: ignore[union-attr]  # it is there
    review = await final(case)
    # Also to the review, which took over what was answered before.
    assert (await review.act(asked_for, key="twice")).said == answers[0]
    report = await review.now()
    assert len(report.postmortem.items) == 1  # type: ignore[union-attr]  # it is there
    await review.handle.terminate()


async def test_a_line_that_is_dead_holds_up_no_deadline_and_is_written_down(house: House) -> None:
    (await house.world.put("/control/carrier", json={"fail_with": 503})).raise_for_status()
    case = await house.postmortem(closing_incident())
    await case.skip(days=1, hours=1)
    assert len(await asked(case, "postmortem draft was due")) == 1
    assert await house.messages() == []
    # What could not be told in hours is given up, and said so; what is told later arrives.
    unheard = [e.text for e in await case.timeline() if e.kind is Kind.FAULT]
    assert ["ben could not be told" in text for text in unheard][:1] == [True]
    (await house.world.put("/control/carrier", json={})).raise_for_status()
    await case.skip(days=1)
    await eventually(lambda: house.told("ben", "postmortem publication is due"))
    assert (await case.now()).faults == {}
    await case.handle.terminate()
