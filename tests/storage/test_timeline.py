"""What is written can be read again, on both databases, and nothing sets it back."""

import socket
import time
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from domain.incident import IncidentReport, Status
from domain.jobs import WriteTimeline
from domain.people import PersonRef
from domain.timeline import Entry, Kind
from storage import timeline
from storage.engine import make_engine

OPENED = datetime(2026, 3, 1, 3, 0, 0, 123456, tzinfo=UTC)


def a_report(
    key: str = "errors",
    status: Status = Status.DETECTED,
    opened_at: datetime = OPENED,
    service: str = "checkout",
) -> IncidentReport:
    return IncidentReport(
        id=f"{service}.{key}.k3f9a",
        reply_code="48213",
        service=service,
        service_name=service.title(),
        title="Payments fail",
        impact="Nobody can pay",
        severity="P0",
        rank=1,
        drill=False,
        status=status,
        commander=PersonRef(id="alice", name="Alice"),
        opened_at=opened_at,
        acknowledged_at=None,
        resolved_at=None,
        closed_at=None,
        resolution="",
        alerts_received=1,
        alerts_firing=1,
        first_started_at=None,
        ladder=None,
        next_deadline=None,
        faults={},
        document=None,
    )


def an_entry(sequence: int, text: str = "something") -> Entry:
    at = OPENED + timedelta(seconds=sequence)
    return Entry(sequence=sequence, at=at, kind=Kind.PAGE, text=text, person="alice", data={"n": [sequence]})


def batch(report: IncidentReport, *sequences: int) -> WriteTimeline:
    return WriteTimeline(report=report, entries=tuple(map(an_entry, sequences)))


def test_what_was_written_is_read_again_as_it_was(engine: Engine) -> None:
    report = a_report()
    assert timeline.write(engine, batch(report, 1, 2, 3)).through == 3
    assert timeline.incident(engine, report.id) == report
    assert timeline.entries(engine, report.id) == [an_entry(1), an_entry(2), an_entry(3)]
    assert timeline.entries(engine, report.id, after=1, limit=1) == [an_entry(2)]


def test_a_moment_comes_back_in_utc_whatever_zone_it_was_given_in(engine: Engine) -> None:
    at = datetime(2026, 3, 1, 4, 0, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    work = WriteTimeline(report=a_report(), entries=(Entry(sequence=1, at=at, kind=Kind.PAGE, text=""),))
    timeline.write(engine, work)
    [read] = timeline.entries(engine, work.report.id)
    assert (read.at, read.at.utcoffset()) == (at, timedelta(0))


def test_writing_a_batch_twice_changes_nothing(engine: Engine) -> None:
    report = a_report()
    for _ in range(2):
        assert timeline.write(engine, batch(report, 1, 2)).through == 2
    assert [entry.sequence for entry in timeline.entries(engine, report.id)] == [1, 2]


def test_an_entry_never_changes_its_meaning(engine: Engine) -> None:
    report = a_report()
    timeline.write(engine, batch(report, 1))
    timeline.write(engine, WriteTimeline(report=report, entries=(an_entry(1, "another"), an_entry(2))))
    assert timeline.entries(engine, report.id) == [an_entry(1), an_entry(2)]


def test_a_writer_that_was_thought_dead_cannot_set_an_incident_back(engine: Engine) -> None:
    resolved = a_report(status=Status.RESOLVED)
    timeline.write(engine, batch(resolved, 1, 2, 3))
    timeline.write(engine, batch(a_report(), 1, 2))
    assert timeline.incident(engine, resolved.id) == resolved


def test_text_that_postgres_cannot_hold_does_not_stop_the_timeline(engine: Engine) -> None:
    hostile = Entry(
        sequence=1, at=OPENED, kind=Kind.ALERT, text="a\x00b", data={"k\x00": ["\x00", float("nan")]}
    )
    report = a_report().model_copy(update={"title": "x\x00y"})
    timeline.write(engine, WriteTimeline(report=report, entries=(hostile,)))
    [read] = timeline.entries(engine, report.id)
    assert (read.text, read.data) == ("ab", {"k": ["", None]})


def test_incidents_are_listed_page_by_page_latest_first(engine: Engine) -> None:
    for n in range(5):
        # Two of them open at the same moment: the id decides, and none is left out or listed twice.
        timeline.write(engine, batch(a_report(f"k{n}", opened_at=OPENED + timedelta(minutes=n // 2)), 1))
    seen, cursor = [], None
    while True:
        page = timeline.incidents(engine, limit=2, cursor=cursor)
        seen += [report.id.split(".")[1] for report in page.incidents]
        cursor = page.cursor
        if cursor is None:
            break
    assert seen == ["k4", "k3", "k2", "k1", "k0"]


def test_incidents_are_filtered_by_status_and_service(engine: Engine) -> None:
    timeline.write(engine, batch(a_report("open"), 1))
    timeline.write(engine, batch(a_report("over", status=Status.CLOSED), 1))
    timeline.write(engine, batch(a_report("other", service="search"), 1))

    def keys(**filters: object) -> set[str]:
        found = timeline.incidents(engine, **filters)  # type: ignore[arg-type]  # the filters under test
        return {report.id.split(".")[1] for report in found.incidents}

    assert keys(statuses=[Status.DETECTED]) == {"open", "other"}
    assert keys(statuses=[Status.DETECTED, Status.CLOSED], service="checkout") == {"open", "over"}


@pytest.mark.parametrize("cursor", ["x", "????", "bm9ib2R5", "MjAyNi0wMS0wMXxh"])
def test_a_cursor_that_no_list_gave_is_refused(engine: Engine, cursor: str) -> None:
    with pytest.raises(ValueError, match="cursor"):
        timeline.incidents(engine, cursor=cursor)


def test_an_unknown_incident_is_nothing(engine: Engine) -> None:
    assert timeline.incident(engine, "checkout.errors.zzzzz") is None
    assert timeline.entries(engine, "checkout.errors.zzzzz") == []


def test_a_dead_database_is_known_within_seconds() -> None:
    with socket.socket() as silent:
        # It takes connections and never says a word, as a host in trouble does.
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        engine = make_engine(f"postgresql://u:p@127.0.0.1:{silent.getsockname()[1]}/x")
        began = time.monotonic()
        with pytest.raises(SQLAlchemyError):
            timeline.incident(engine, "checkout.errors.k3f9a")
        assert time.monotonic() - began < 6


def test_a_database_that_comes_late_is_used_when_it_comes(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'later' / 'midwatch.db'}")
    with pytest.raises(SQLAlchemyError):
        timeline.write(engine, batch(a_report(), 1))
    (tmp_path / "later").mkdir()
    assert timeline.write(engine, batch(a_report(), 1)).through == 1
    engine.dispose()
