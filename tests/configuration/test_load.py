"""A configuration is checked whole: every fault, each with file and line."""

from pathlib import Path

import pytest

import configuration
from configuration import Faults
from settings import STARTER_CONFIG

GOOD = STARTER_CONFIG.read_text(encoding="utf-8")


def faults(path: Path) -> list[tuple[int, str]]:
    with pytest.raises(Faults) as caught:
        configuration.load(path)
    return [
        (fault.line, "; ".join(filter(None, (fault.message, fault.mend)))) for fault in caught.value.faults
    ]


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "midwatch.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_example_is_without_fault() -> None:
    organisation = configuration.load(STARTER_CONFIG)
    assert organisation.people["alice"].phone == "+12025550101"
    assert organisation.severities["P0"].rank == 1


def test_1_1_both_packs_map_to_the_same_four_ranks(tmp_path: Path) -> None:
    p = configuration.load(STARTER_CONFIG)
    sev = configuration.load(write(tmp_path, GOOD.replace("pack: p\n", "pack: sev\n")))
    assert [severity.rank for severity in p.severities.values()] == [1, 2, 3, 4]
    assert [severity.rank for severity in sev.severities.values()] == [1, 2, 3, 4]
    assert list(sev.severities) == ["SEV1", "SEV2", "SEV3", "SEV4"]


def test_an_organisation_changes_a_packs_figure_and_keeps_the_others(tmp_path: Path) -> None:
    text = GOOD + "\nseverities:\n  P0:\n    ack_window: 3m\n"
    changed = configuration.load(write(tmp_path, text)).severities["P0"]
    assert changed.ack_window.total_seconds() == 180
    assert changed.methods == ("call", "sms", "slack")


def test_every_fault_is_listed_at_once_each_with_its_line(tmp_path: Path) -> None:
    text = """\
pack: p
default_service: nowhere
people:
  alice:
    name: Alice
    phone: "12"
    colour: red
  Bob Smith: {name: Bob, phone: "+12025550101"}
  carol: {name: Carol, phone: "+12025550101"}
services:
  checkout: {name: Checkout}
ladders:
  main:
    rungs:
      - name: primary
        people: [zed]
severities:
  P0: {ack_window: soon}
"""
    found = faults(write(tmp_path, text))
    assert [line for line, _ in found] == [2, 6, 7, 8, 9, 11, 16, 18]
    messages = dict(found)
    assert messages[2] == "default_service: no service is called 'nowhere'; there are: checkout"
    assert "country code" in messages[6]
    assert "misspelt" in messages[7]
    assert "lower-case" in messages[8]
    assert "same as that of Bob Smith" in messages[9]
    assert "is missing" in messages[11]
    assert "no person is called 'zed'" in messages[16]
    assert "write it like 90s" in messages[18]


def test_broken_yaml_is_told_with_its_line(tmp_path: Path) -> None:
    assert faults(write(tmp_path, "pack: p\npeople: [\n"))[0][0] == 3


def test_a_key_given_twice_is_a_fault_and_not_silently_the_last(tmp_path: Path) -> None:
    assert (2, "'pack' is given twice here; keep one") in faults(write(tmp_path, "pack: p\npack: sev\n"))


@pytest.mark.parametrize(
    ("text", "message"), [("pack: q\n", "pack 'q' does not exist"), ("people: {}\n", "no pack")]
)
def test_a_pack_that_is_not_there_is_told_with_those_that_are(
    tmp_path: Path, text: str, message: str
) -> None:
    said = next(said for _, said in faults(write(tmp_path, text)) if message in said)
    assert "p, sev" in said


def test_a_pack_that_is_not_there_hides_no_other_fault(tmp_path: Path) -> None:
    text = GOOD.replace("pack: p\n", "pack: q\n").replace("repeats: 2", "repeats: -1")
    assert len(faults(write(tmp_path, text))) == 2


def test_a_file_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    assert "cannot be read" in faults(tmp_path / "none.yaml")[0][1]


def test_a_directory_is_read_as_one_configuration(tmp_path: Path) -> None:
    head, _, rest = GOOD.partition("\nservices:")
    (tmp_path / "a.yaml").write_text(head, encoding="utf-8")
    (tmp_path / "b.yaml").write_text("services:" + rest, encoding="utf-8")
    assert configuration.load(tmp_path) == configuration.load(STARTER_CONFIG)


def test_an_entry_in_two_files_is_a_fault_that_names_both(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "b.yaml").write_text(
        "people:\n  alice: {name: Other, phone: '+12025550177'}\n", encoding="utf-8"
    )
    with pytest.raises(Faults) as caught:
        configuration.load(tmp_path)
    (fault,) = caught.value.faults
    assert (fault.file.name, fault.line) == ("b.yaml", 2)
    assert "a.yaml:13" in fault.message


def test_an_empty_directory_says_what_to_put_there(tmp_path: Path) -> None:
    assert "holds no .yaml file" in faults(tmp_path)[0][1]


def test_a_window_in_which_nobody_can_answer_is_a_fault(tmp_path: Path) -> None:
    text = GOOD + "\nseverities:\n  P0:\n    ack_window: 1s\n"
    assert any("shorter than 2s" in message for _, message in faults(write(tmp_path, text)))


def test_a_directory_is_read_with_those_below_it_but_not_the_hidden_ones(tmp_path: Path) -> None:
    head, _, rest = GOOD.partition("\nservices:")
    people = tmp_path / "people"
    people.mkdir()
    (people / "all.yml").write_text(head, encoding="utf-8")
    (tmp_path / "rest.yaml").write_text("services:" + rest, encoding="utf-8")
    hidden = tmp_path / ".git"
    hidden.mkdir()
    (hidden / "old.yaml").write_text("people: nonsense", encoding="utf-8")
    assert configuration.load(tmp_path) == configuration.load(STARTER_CONFIG)
    assert configuration.files(tmp_path) == (people / "all.yml", tmp_path / "rest.yaml")


def test_calendars_may_be_spread_over_files_but_not_one_of_them(tmp_path: Path) -> None:
    calendars = "integrations:\n  calendars:\n    {}: {{file: x.ics}}\n"
    (tmp_path / "a.yaml").write_text(GOOD + calendars.format("one"), encoding="utf-8")
    (tmp_path / "b.yaml").write_text(calendars.format("two"), encoding="utf-8")
    assert list(configuration.load(tmp_path).integrations.calendars) == ["one", "two"]
    (tmp_path / "c.yaml").write_text(calendars.format("two"), encoding="utf-8")
    (found,) = faults(tmp_path)
    assert found[0] == 3
    assert "integrations.calendars.two is already given at" in found[1]


def test_a_name_that_is_nearly_right_is_answered_with_the_right_one(tmp_path: Path) -> None:
    (found,) = faults(write(tmp_path, GOOD.replace("people: [alice]", "people: [alise]")))
    assert found[1].endswith("no person is called 'alise'; did you mean 'alice'?")


def test_of_many_names_none_is_listed(tmp_path: Path) -> None:
    more = "".join(f"  p{n}: {{name: P, phone: '+1202555{1000 + n}'}}\n" for n in range(20))
    text = GOOD.replace("people: [alice]", "people: [zzz]").replace("people:\n", f"people:\n{more}", 1)
    (found,) = faults(write(tmp_path, text))
    assert found[1].endswith("none of the 24 in `people` comes near")


REFERENCES = """regions:
  north: {name: North, time_zone: UTC, holidays: XX}
teams:
  web:
    name: Web
    members: [alice, nobody]
    region: south
    lead: nobody
    manager: nobody
    primary: nothing
    secondary: nothing
schedules:
  web:
    name: Web
    region: south
    layers:
      - {people: [nobody], starts: 2026-01-05}
      - {calendar: nothing}
      - {people: [alice], starts: 2026-01-05, region: south}
ladders:
  other:
    fallback: nowhere
    rungs:
      - {name: one, people: [nobody]}
      - {name: two, schedules: [nothing], severities: [P0, P9]}
      - {name: three, team: [primary, lead]}
services:
  own: {name: Own, ladder: other}
  more: {name: More, ladder: nothing, team: nobodys, depends_on: [own, more, nothing]}
classification:
  - {when: {name: "a[b"}, severity: P9}
"""


def test_every_name_that_nobody_bears_is_told_at_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "b.yaml").write_text(REFERENCES, encoding="utf-8")
    with pytest.raises(Faults) as caught:
        configuration.load(tmp_path)
    found = [(fault.line, fault.rule) for fault in caught.value.faults]
    assert sorted(found) == [
        (2, "unknown-holidays"),
        (6, "unknown-person"),
        (7, "unknown-region"),
        (8, "unknown-person"),
        (9, "unknown-person"),
        (10, "unknown-schedule"),
        (11, "unknown-schedule"),
        (15, "unknown-region"),
        (17, "unknown-person"),
        (18, "unknown-calendar"),
        (19, "unknown-region"),
        (22, "unknown-channel"),
        (24, "unknown-person"),
        (25, "unknown-schedule"),
        (25, "unknown-severity"),
        (28, "position-empty"),
        (29, "depends-on-itself"),
        (29, "unknown-ladder"),
        (29, "unknown-service"),
        (29, "unknown-team"),
        (31, "not-a-pattern"),
        (31, "unknown-severity"),
    ]


def test_a_position_that_a_ladder_asks_for_has_to_be_filled_by_the_team(tmp_path: Path) -> None:
    text = GOOD.replace("people: [dev]", "team: [manager, lead]").replace(
        "    name: Checkout\n", "    name: Checkout\n    team: web\n"
    )
    team = "\nteams:\n  web: {name: Web, members: [alice], lead: ben}\n"
    found = faults(write(tmp_path, text + team))
    assert found == [
        (
            49,
            "services.catalogue: ladder storefront pages the manager and lead of the service's team, "
            "and catalogue has no team; name the team that owns it",
        ),
        (
            69,
            "teams.web: web has no manager, and ladder storefront pages it for checkout; give it a `manager`",
        ),
    ]


@pytest.mark.parametrize(
    ("section", "line"),
    [
        ("timing:\n  ring_fro: 20s\n", 67),
        ("limits:\n  calls: {mots: 3}\n", 67),
        ("notify:\n  - method: call\n    afer: 2m\n", 68),
    ],
)
def test_a_misspelt_figure_of_the_pack_is_a_fault_and_not_passed_over(
    tmp_path: Path, section: str, line: int
) -> None:
    (found,) = faults(write(tmp_path, f"{GOOD}{section}"))
    assert found[0] == line
    assert "misspelt" in found[1]


def test_a_day_that_no_calendar_has_is_told_with_its_line(tmp_path: Path) -> None:
    (found,) = faults(write(tmp_path, f"{GOOD}days_off:\n  - 2026-02-28\n  - 2026-02-30\n"))
    assert found[0] == 68
    assert "no calendar has" in found[1]


def test_what_holds_itself_is_a_fault(tmp_path: Path) -> None:
    assert "holds itself" in faults(write(tmp_path, "pack: &p [*p]\n"))[0][1]


def test_of_a_faulty_configuration_the_rest_is_understood(tmp_path: Path) -> None:
    examined = configuration.examine(write(tmp_path, GOOD.replace('"+12025550102"', '"12"')))
    assert len(examined.faults) == 1
    assert examined.blurred == {("people", "ben")}
    assert examined.organisation is not None
    assert examined.organisation.people["alice"].phone == "+12025550101"


def test_a_number_is_the_same_however_it_is_written(tmp_path: Path) -> None:
    (found,) = faults(write(tmp_path, GOOD.replace('"+12025550102"', '"+1 (202) 555-0101"')))
    assert "is the same as that of alice" in found[1]
