"""Everything somebody would be sorry about at three in the morning is found, and nothing else."""

from pathlib import Path

import pytest

from tests.validation.planted import FORTY, GOOD, NOW, forty, good, marked
from validation.check import Checked, checked, examined
from validation.rules import RULES


def test_forty_planted_faults_are_all_found_each_at_its_line_and_nothing_else() -> None:
    planted = marked(FORTY)
    assert len(planted) == 40
    found = [(problem.file.name, problem.line, problem.rule) for problem in forty().problems]
    assert sorted(found) == sorted(planted)


def test_a_good_configuration_gives_nothing() -> None:
    found = good()
    assert found.problems == ()
    assert found.organisation is not None


def test_every_problem_says_what_is_wrong_and_its_rule_is_known() -> None:
    for problem in forty().problems:
        assert problem.rule in RULES
        assert problem.message
        assert problem.mend or problem.rule in ("invalid-value", "not-a-pattern", "not-its-own"), problem


def test_what_cannot_be_used_is_not_given_out() -> None:
    assert forty().organisation is None


def changed(tmp_path: Path, file: str, old: str, new: str) -> Checked:
    """The good configuration with one change."""
    for source in GOOD.rglob("*.yaml"):
        text = source.read_text(encoding="utf-8")
        if source.name == file:
            assert old in text
            text = text.replace(old, new)
        target = tmp_path / source.relative_to(GOOD)
        target.parent.mkdir(exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return checked(examined(tmp_path), NOW)


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("people.yaml", "name: Ada,", "nmae: Ada,", {"invalid-value"}),
        ("people.yaml", "  gil: {", "  Gil Q: {", {"invalid-value", "unknown-person"}),
        ("people.yaml", "  gil: {", "  gill: {", {"unknown-person"}),
        ("web.yaml", "follow_the_sun: true", "follow_the_moon: true", {"invalid-value"}),
        ("web.yaml", "calendar: shared", "calender: shared", {"invalid-value"}),
        ("web.yaml", "calendar: shared", "calendar: sharde", {"unknown-calendar"}),
        # A position that the slip has taken away is missed, and told as such.
        ("teams.yaml", "    lead: kim", "    leads: kim", {"invalid-value", "position-empty"}),
        ("teams.yaml", "    primary: web-primary", "    primary: web-primry", {"unknown-schedule"}),
        ("teams.yaml", "    fallback: operations", "    fallbak: operations", {"invalid-value"}),
        ("teams.yaml", "    fallback: operations", "    fallback: operation", {"unknown-channel"}),
        ("teams.yaml", "  search:\n    name: Search", "  search:\n    nam: Search", {"invalid-value"}),
        ("organisation.yaml", "  europe: {name: Europe,", "  europe: {nam: Europe,", {"invalid-value"}),
        ("organisation.yaml", "time_zone: Europe/Berlin\n", "time_zone: Berlin\n", {"invalid-value"}),
        ("organisation.yaml", "data_loss: true", "data_lost: true", {"invalid-value"}),
        ("organisation.yaml", "sms:", "smss:", {"invalid-value"}),
        ("organisation.yaml", "file: shared.ics", "fil: shared.ics", {"invalid-value"}),
        ("organisation.yaml", "ack_window: 10m", "ack_window: tenm", {"invalid-value"}),
    ],
)
def test_one_slip_of_the_pen_raises_no_alarm_about_anything_else(
    tmp_path: Path, file: str, old: str, new: str, told: set[str]
) -> None:
    found = changed(tmp_path, file, old, new).problems
    assert {problem.rule for problem in found} == told, found


def test_files_that_are_no_yaml_are_told_alone(tmp_path: Path) -> None:
    found = changed(tmp_path, "people.yaml", "people:", "people: [")
    assert [(problem.file.name, problem.rule) for problem in found.problems] == [
        ("people.yaml", "not-readable")
    ]


TWO_SLIPS = """\
pack: sev
default_service: shop
people:
  ada: {name: Ada, phone: "+12025550101", phone_verified: 2026-09-01}
services:
  shop: {name: Shop, ladder: all, runbook: https://runbooks.example.com/shop}
channels:
  duty: {name: Duty, sms: "+12025550103"}
schedules:
  one: {nmae: One, layers: [{people: [ada], starts: 2026-01-05}]}
  two: {nmae: Two, layers: [{people: [ada], starts: 2026-01-05}]}
ladders:
  all:
    fallback: duty
    rungs:
      - {name: first, schedules: [one]}
      - {name: second, schedules: [two]}
      - {name: third, people: [ada, bob]}
"""


def test_what_stands_in_for_two_faulty_entries_is_not_taken_for_one_and_the_same(tmp_path: Path) -> None:
    file = tmp_path / "midwatch.yaml"
    file.write_text(TWO_SLIPS, encoding="utf-8")
    found = [(problem.line, problem.rule) for problem in checked(examined(file), NOW).problems]
    # Each schedule has a key too many and one that is missing.
    assert found == [(10, "invalid-value")] * 2 + [(11, "invalid-value")] * 2 + [(18, "unknown-person")]
