"""Sentences that name a person as a cause are found, and others are left alone (spec 9.4)."""

import pytest

from policy.blameless import blaming, remarks

NAMES = ("Alice Moreau", "Ben Okafor", "Chiara Lindqvist", "Dev Raman", "Al Yi")


@pytest.mark.parametrize(
    "text",
    [
        "It went down because Alice forgot to renew the certificate.",
        "Ben's mistake cost an hour",
        "Ben\N{RIGHT SINGLE QUOTATION MARK}s careless error cost an hour",
        "Chiara failed to notice the alert",
        "It was caused by Ben Okafor.",
        "The error of Dev cost us the morning",
        "Human error by Alice Moreau",
        "Ben did not escalate in time",
        "Alice should have paged earlier",
        "Chiara Lindqvist accidentally deleted the table",
        "Dev deleted the wrong cluster",
        "Alice had simply overlooked the warning",
        "The outage is due to Alice",
        "Ben was the root cause",
        "Chiara made a bad mistake",
    ],
)
def test_9_4_a_person_named_as_a_cause_is_found(text: str) -> None:
    assert blaming(text, NAMES) == (text,)


@pytest.mark.parametrize(
    "text",
    [
        "Alice Moreau rolled back the release.",
        "Ben was paged at 03:02 and acknowledged within two minutes.",
        "The deploy tool let anybody skip the check.",
        "The dev environment was broken because dev and prod share a database.",
        "Alice restarted it because the pool was full.",
        "Thanks to Chiara the status page was current.",
        "The commander failed to hand over.",
        "The alert missed the errors because its threshold was wrong.",
        "Chiara proposed that the alert should fire sooner.",
        "",
    ],
)
def test_9_4_what_people_did_and_what_things_failed_at_is_left_alone(text: str) -> None:
    assert blaming(text, NAMES) == ()


def test_9_4_only_the_sentence_that_blames_is_pointed_out_with_where_it_is() -> None:
    texts = {"'what went wrong'": "The page was late. It broke because Alice forgot it.\nBen rolled back."}
    [remark] = remarks(texts, NAMES)
    assert remark.startswith("In 'what went wrong'")
    assert "'It broke because Alice forgot it.'" in remark
    assert "rolled back" not in remark


def test_9_4_with_nobody_known_nothing_is_found() -> None:
    assert blaming("Alice forgot it", ()) == ()
