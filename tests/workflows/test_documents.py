"""Documents and invitations of what follows an incident (spec 9.1 to 9.3, 9.6), written twice as once."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from icalendar import Calendar
from markdown_it import MarkdownIt
from sqlalchemy import Engine

import storage.timeline
from activities.documents import DocumentActivities
from activities.invitations import InvitationActivities
from domain.aftermath import HeldReview, Section
from domain.aftermath_jobs import Guest, WriteInvitation, WritePostmortem, WriteReview
from domain.incident import IncidentReport, Status
from domain.jobs import WriteDocument, WriteTimeline
from domain.postmortem import ItemState, PostmortemNow, Stage
from domain.response import Decision, Hypothesis
from domain.timeline import Entry, Kind
from storage.engine import make_engine
from tests.storage.test_action_items import ALICE, BEN, an_item
from tests.storage.test_timeline import OPENED, a_report

HOSTILE = "a | b\n# not a heading <script>"


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return make_engine(f"sqlite:///{tmp_path / 'midwatch.db'}")


def an_incident(engine: Engine, **more: object) -> IncidentReport:
    given = {
        "resolved_at": OPENED + timedelta(hours=2),
        "decisions": (
            Decision(number=1, text=HOSTILE, reason="it was new", owner=BEN, at=OPENED, result="it held"),
        ),
        "hypotheses": (Hypothesis(number=1, text="A certificate ran out", owner=BEN, at=OPENED),),
        "cause": "A certificate had run out",
        "postmortem": PostmortemNow(
            stage=Stage.DRAFT,
            owner=BEN,
            reason="every P0 gets one",
            items=(an_item(1), an_item(2, state=ItemState.DROPPED, reason=HOSTILE)),
        ),
    }
    report = a_report(status=Status.IN_REVIEW).model_copy(update=given | more)
    entries = (
        Entry(sequence=1, at=OPENED, kind=Kind.OPENED, text="It began."),
        Entry(sequence=2, at=OPENED, kind=Kind.PAGE, text="Calling Alice."),
        Entry(sequence=3, at=OPENED, kind=Kind.DECISION, text=f"Decision 1: {HOSTILE}"),
    )
    storage.timeline.write(engine, WriteTimeline(report=report, entries=entries))
    return report


def headings(text: str) -> list[str]:
    tokens = MarkdownIt().enable("table").parse(text.partition("\n---\n")[2])
    return [
        after.content
        for before, after in pairwise(tokens)
        if before.type == "heading_open" and before.tag == "h2"
    ]


def test_9_2_a_postmortem_has_all_its_parts_and_says_plainly_what_is_not_written(
    engine: Engine, tmp_path: Path
) -> None:
    report = an_incident(engine)
    work = WritePostmortem(report=report, sections={Section.WHYS: f"1. first\n- second\n{HOSTILE}"})
    documents = DocumentActivities(engine, tmp_path)
    paths = {documents.write_postmortem(work).path for _ in range(2)}
    [path] = paths
    assert Path(path).name == "2026-03-01-checkout-payments-fail.md"
    text = Path(path).read_text(encoding="utf-8")
    assert headings(text) == [
        "Executive summary",
        "Customer impact",
        "Timeline (UTC)",
        "Five whys",
        "Contributing factors",
        "Detection and response",
        "What went well",
        "What went wrong",
        "Action items",
        "The five questions",
    ]
    assert text.count("_Not written yet._") == len(Section) - 1
    assert "1. first\n2. second\n3. a \\| b\n4. \\# not a heading" in text
    assert "- **Why?** \\# not a heading \\<script\\>\n" in text
    # The decision log is told, the calls are the incident document's.
    assert "Decision 1: a \\| b \\# not a heading \\<script\\>" in text
    assert "Calling Alice" not in text
    assert "dropped: a \\| b" in text
    assert "| A certificate ran out | Ben | open |" in text


def test_9_1_the_incident_document_ends_with_cause_factors_and_items(engine: Engine, tmp_path: Path) -> None:
    report = an_incident(engine)
    documents = DocumentActivities(engine, tmp_path)
    path = Path(documents.write_document(WriteDocument(report=report)).path)
    assert "Others are not recorded yet." in path.read_text(encoding="utf-8")
    known = report.postmortem
    assert known
    final = known.model_copy(update={"factors": ("Renewed by hand",), "final_at": OPENED})
    over = report.model_copy(update={"postmortem": final, "status": Status.CLOSED})
    assert documents.write_document(WriteDocument(report=over)).path == str(path)
    text = path.read_text(encoding="utf-8")
    assert "A certificate had run out" in text
    assert "- Renewed by hand" in text
    assert "Others are not recorded yet." not in text
    assert "| 1 | Alert when checkout errors exceed 1 % | detection | Ben |" in text


def test_9_6_what_the_owners_answered_is_in_the_reviews_document(engine: Engine, tmp_path: Path) -> None:
    report = an_incident(engine)
    held = HeldReview(
        number=1, at=OPENED, by=ALICE, notes="One is left", answers={1: HOSTILE}, items=(an_item(1),)
    )
    work = WriteReview(report=report, held=(held, held.model_copy(update={"number": 2})))
    documents = DocumentActivities(engine, tmp_path)
    [path] = {documents.write_review(work).path for _ in range(2)}
    assert path.endswith("-review.md")
    text = Path(path).read_text(encoding="utf-8")
    assert "| a \\| b \\# not a heading" in text
    assert [heading[:8] for heading in headings(text)] == ["Review 2", "Review 1", "Action i"]


def test_9_3_an_invitation_keeps_its_identity_when_it_moves(engine: Engine, tmp_path: Path) -> None:
    report = an_incident(engine)
    at = datetime(2026, 3, 3, 14, 0, tzinfo=UTC)
    work = WriteInvitation(
        report=report,
        kind="meeting",
        begins_at=at,
        minutes=75,
        sequence=0,
        written_at=OPENED,
        organiser=Guest(name="Ben", email="ben@example.com"),
        guests=(Guest(name="Alice", email="alice@example.com"), Guest(name="Nobody")),
    )
    invitations = InvitationActivities(tmp_path)
    path = Path(invitations.write_invitation(work).path)
    first = path.read_bytes()
    invitations.write_invitation(work)
    assert path.read_bytes() == first
    moved = work.model_copy(update={"begins_at": at + timedelta(days=1), "sequence": 1})
    assert invitations.write_invitation(moved).path == str(path)
    events = [Calendar.from_ical(text).walk("VEVENT")[0] for text in (first, path.read_bytes())]
    assert events[0]["UID"] == events[1]["UID"]
    assert [event["SEQUENCE"] for event in events] == [0, 1]
    assert events[1].decoded("DTSTART") == at + timedelta(days=1)
    assert str(events[0]["ATTENDEE"]) == "mailto:alice@example.com"
    assert path.parent == tmp_path / "docs" / "postmortems"
