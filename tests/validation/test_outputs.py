"""What is wrong is said to people, to machines, to code scanning and to a review."""

import io
import json
from pathlib import Path
from urllib.parse import unquote

import pytest
from rich.console import Console

from tests.validation.planted import FORTY, forty, good, marked
from validation.check import Checked, Problem
from validation.command import CLEAN, FAULTY, UNUSABLE, schema, validate
from validation.outputs import as_annotations, as_json, as_sarif
from validation.rules import RULES
from validation.screen import show

HERE = "tests/validation/forty"


def test_json_gives_every_finding_with_its_file_as_seen_from_here() -> None:
    said = json.loads(as_json(forty()))
    found = [(Path(f["file"]).name, f["line"], f["rule"]) for f in said["findings"]]
    assert sorted(found) == sorted(marked(FORTY))
    assert all(finding["file"].startswith(HERE) for finding in said["findings"])
    assert said["errors"] + said["warnings"] == 40
    assert said["errors"] == sum(finding["level"] == "error" for finding in said["findings"])


def test_sarif_names_every_rule_and_each_result_points_to_its_own() -> None:
    said = json.loads(as_sarif(forty()))
    assert said["version"] == "2.1.0"
    (run,) = said["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert set(rules) == set(RULES)
    assert len(run["results"]) == 40
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in ("error", "warning")
        assert result["message"]["text"]
        where = result["locations"][0]["physicalLocation"]
        assert unquote(where["artifactLocation"]["uri"]).startswith(HERE)
        assert where["region"]["startLine"] >= 1


def problem(message: str) -> Problem:
    return Problem(Path("/no,where/a:b.yaml"), 7, "error", "invalid-value", message, "mend it")


def test_an_annotation_is_one_line_whatever_is_in_it() -> None:
    said = as_annotations(Checked((problem("100%\nof it"),), None))
    assert said == ("::error file=/no%2Cwhere/a%3Ab.yaml,line=7,title=invalid-value::100%25%0Aof it; mend it")


def test_people_read_file_line_rule_and_mend_in_one_piece() -> None:
    out = io.StringIO()
    show(forty(), HERE, Console(file=out, width=40))
    text = out.getvalue()
    assert f"{HERE}/people.yaml:9 error invalid-value\n" in text
    assert "  → did you mean 'lea'?\n" in text
    assert "It cannot be used." in text


def test_people_read_of_a_good_one_what_is_in_it() -> None:
    out = io.StringIO()
    show(good(), "here", Console(file=out, width=40))
    assert out.getvalue() == "here: no faults. 12 people, 3 services, 2 schedules, 1 ladder.\n"


SMALL = """\
pack: p
default_service: shop
people:
  ada: {name: Ada, phone: "+12025550101"}
  bo: {name: Bo, phone: "+12025550102", phone_verified: 2999-01-01}
services:
  shop: {name: Shop, ladder: all, runbook: https://runbooks.example.com/shop}
channels:
  duty: {name: Duty, sms: "+12025550103"}
ladders:
  all: {fallback: duty, rungs: [{name: first, people: [ada]}, {name: second, people: [bo]}]}
"""


@pytest.mark.parametrize("form", ["human", "json", "sarif", "github"])
def test_warnings_are_no_failure_unless_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    file = tmp_path / "midwatch.yaml"
    file.write_text(SMALL, encoding="utf-8")
    assert validate(file, strict=False, format=form) == CLEAN
    assert "unverified-number" in capsys.readouterr().out
    assert validate(file, strict=True, format=form) == FAULTY


def test_an_error_is_a_failure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "midwatch.yaml"
    file.write_text(SMALL.replace("people: [bo]", "people: [bob]"), encoding="utf-8")
    assert validate(file, strict=False, format="json") == FAULTY
    said = json.loads(capsys.readouterr().out)
    assert [finding["line"] for finding in said["findings"] if finding["level"] == "error"] == [11]


def test_a_path_where_nothing_is_and_a_format_that_is_none_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert validate(tmp_path / "nothing", strict=False, format="human") == UNUSABLE
    assert "there is no such file" in capsys.readouterr().err
    assert validate(tmp_path, strict=False, format="xml") == UNUSABLE
    assert "human, json, sarif, github" in capsys.readouterr().err


def test_a_calendar_beside_the_configuration_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    calendar = "  calendars:\n    shared: {file: shared.ics}\n"
    schedule = "  by-calendar: {name: By calendar, layers: [{calendar: shared}]}\n"
    rung = "{name: second, schedules: [by-calendar]}"
    text = SMALL.replace("{name: second, people: [bo]}", rung)
    (tmp_path / "midwatch.yaml").write_text(
        f"{text}integrations:\n{calendar}schedules:\n{schedule}", encoding="utf-8"
    )
    validate(tmp_path, strict=False, format="json")
    rules = {finding["rule"] for finding in json.loads(capsys.readouterr().out)["findings"]}
    assert "unread-feed" in rules
    assert "uncovered-hours" not in rules  # Nobody can tell.
    (tmp_path / "shared.ics").write_text(
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Example//EN\nEND:VCALENDAR\n", encoding="utf-8"
    )
    validate(tmp_path, strict=False, format="json")
    rules = {finding["rule"] for finding in json.loads(capsys.readouterr().out)["findings"]}
    assert "unread-feed" not in rules
    assert "uncovered-hours" in rules


def test_the_schema_is_printed_as_json() -> None:
    assert json.loads(schema())["$schema"].startswith("https://json-schema.org/")
