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
    return [(fault.line, "; ".join((fault.message, fault.mend))) for fault in caught.value.faults]


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
