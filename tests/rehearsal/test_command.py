"""`midwatch rehearse`, as it is typed."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rehearsal.command import rehearse
from rehearsal.scene import Asked
from settings import STARTER_CONFIG

CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//tests//EN
BEGIN:VEVENT
UID:1@tests
DTSTAMP:20260101T000000Z
DTSTART:{begins:%Y%m%dT%H%M%SZ}
DTEND:{ends:%Y%m%dT%H%M%SZ}
SUMMARY:chiara
END:VEVENT
END:VCALENDAR
"""

BY_CALENDAR = """
schedules:
  duty:
    name: Duty
    layers:
      - calendar: duty
integrations:
  calendars:
    duty:
      file: duty.ics
"""

SHORT = Asked(services=("checkout",), severity="P0", at="2026-12-24 03:00", length="11m")


def with_window(place: Path, window: str) -> Path:
    text = STARTER_CONFIG.read_text(encoding="utf-8")
    changed = place / f"{window}.yaml"
    changed.write_text(f"{text}\nseverities:\n  P0:\n    ack_window: {window}\n", encoding="utf-8")
    return changed


def test_the_table_tells_when_whom_and_how_by_the_services_clock(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    svg = tmp_path / "climb.svg"
    assert rehearse(SHORT, config=STARTER_CONFIG, svg=svg) == 0
    said = capsys.readouterr().out
    assert "Nobody takes it. 7 pages" in said
    line = next(line for line in said.splitlines() if "Dev Raman" in line and "call" in line)
    assert line.split()[:3] == ["10:00", "03:10:00", "manager"]
    assert "The war room opens" in said
    assert svg.read_text(encoding="utf-8").startswith("<svg")


def test_json_holds_nothing_else_and_nothing_that_varies(capsys: pytest.CaptureFixture[str]) -> None:
    assert rehearse(SHORT, config=STARTER_CONFIG, as_json=True) == 0
    first = capsys.readouterr().out
    assert rehearse(SHORT, config=STARTER_CONFIG, as_json=True) == 0
    assert capsys.readouterr().out == first
    pages = json.loads(first)["pages"]
    assert [page["after"] for page in pages[:3]] == ["0s", "25s", "5m"]


def test_a_changed_window_shows_which_pages_move(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = with_window(tmp_path, "5m"), with_window(tmp_path, "4m")
    assert rehearse(SHORT, diff=(old, new), as_json=True) == 0
    changes = json.loads(capsys.readouterr().out)["changes"]
    moved = [(c["old"]["after"], c["new"]["after"], c["new"]["person"]) for c in changes if c["old"]]
    assert moved == [
        ("5m", "4m", "ben"),
        ("5m", "4m", "chiara"),
        ("5m25s", "4m25s", "ben"),
        ("5m25s", "4m25s", "chiara"),
        ("10m", "8m", "dev"),
    ]
    assert {c["kind"] for c in changes} == {"moved"}


def test_two_configurations_that_page_alike_say_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    short = SHORT.model_copy(update={"length": "1m"})
    same = with_window(tmp_path, "5m")
    assert rehearse(short, diff=(STARTER_CONFIG, same)) == 0
    assert "Every page is the same" in capsys.readouterr().out


def test_what_cannot_be_rehearsed_is_said_before_anything_starts(capsys: pytest.CaptureFixture[str]) -> None:
    wrong = SHORT.model_copy(update={"services": ("chekout",), "severity": "P9"})
    assert rehearse(wrong, config=STARTER_CONFIG) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "checkout, catalogue" in told.err
    assert "P0, P1, P2, P3" in told.err


def test_a_pattern_that_names_a_stranger_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    wrong = SHORT.model_copy(update={"answers": "zoe after 3m"})
    assert rehearse(wrong, config=STARTER_CONFIG) == 2
    assert "primary, secondary, manager" in capsys.readouterr().err


def test_faults_of_the_configuration_are_told_with_file_and_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    faulty = tmp_path / "midwatch.yaml"
    faulty.write_text("pack: p\npeople: 3\n", encoding="utf-8")
    assert rehearse(SHORT, config=faulty) == 2
    assert f"{faulty}:2" in capsys.readouterr().err.replace("\n", "")


def by_calendar(place: Path) -> Path:
    """The starter, whose primary is whoever a calendar beside it names."""
    text = STARTER_CONFIG.read_text(encoding="utf-8").replace("people: [alice]", "schedules: [duty]")
    config = place / "midwatch.yaml"
    config.write_text(text + BY_CALENDAR, encoding="utf-8")
    return config


def test_2_1_a_calendar_beside_the_configuration_says_who_is_called(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config, now = by_calendar(tmp_path), datetime.now(UTC)
    text = CALENDAR.format(begins=now - timedelta(days=1), ends=now + timedelta(days=1))
    (tmp_path / "duty.ics").write_text(text, encoding="utf-8")
    asked = SHORT.model_copy(update={"at": now.isoformat(timespec="minutes"), "length": "1m"})
    assert rehearse(asked, config=config, as_json=True) == 0
    told = capsys.readouterr()
    assert [page["person"] for page in json.loads(told.out)["pages"]] == ["chiara", "chiara"]
    assert told.err == ""


def test_a_calendar_that_cannot_be_read_is_pointed_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = SHORT.model_copy(update={"length": "1m"})
    assert rehearse(asked, config=by_calendar(tmp_path), as_json=True) == 0
    told = capsys.readouterr()
    assert "The calendar duty cannot be read well" in told.err
    assert "alice" not in {page["person"] for page in json.loads(told.out)["pages"]}
