"""Who answers, and when: a few words, read strictly."""

from datetime import timedelta

import pytest

from domain.people import Method
from rehearsal.answers import PICKS_UP, Answers, Paged, read
from tests.rehearsal.made import NIGHT

PEOPLE = {"ben": "Ben Okafor", "alice": "Alice Moreau"}
RUNGS = {"primary": ("alice",), "Secondary": ("ben",)}
MINUTE = timedelta(minutes=1)


def meant(words: str, seed: int = 1) -> Answers:
    return read(words, PEOPLE, RUNGS, seed)


def a_page(
    person: str, *, rung: str = "Secondary", later: timedelta = timedelta(0), method: Method = "call"
) -> Paged:
    return Paged(NIGHT + later, NIGHT, "nobody has it", rung, 1, person, method)


def test_nobody_never_answers() -> None:
    assert meant("Nobody").to(a_page("ben")) is None


def test_somebody_answers_so_long_after_they_were_first_paged() -> None:
    for words in ("secondary after 3m", "ben after 3m", "Ben Okafor after 3m"):
        assert meant(words).to(a_page("ben")) == NIGHT + 3 * MINUTE
        assert meant(words).to(a_page("ben", later=MINUTE)) == NIGHT + 3 * MINUTE


def test_who_is_there_by_then_needs_a_moment_for_the_next_page() -> None:
    page = a_page("ben", later=5 * MINUTE)
    assert meant("ben after 3m").to(page) == page.at + PICKS_UP


def test_others_do_not_answer_for_them() -> None:
    assert meant("ben after 3m").to(a_page("alice", rung="primary")) is None


def test_a_rung_means_whoever_stands_on_it_by_then() -> None:
    assert meant("secondary after 3m").to(a_page("alice")) is not None


def test_a_word_of_a_rungs_name_is_enough_while_only_one_can_be_meant() -> None:
    rungs = {"primary": ("alice",), "secondary and team lead": ("ben",), "manager": (), "manager on duty": ()}
    answers = read("secondary after 3m", PEOPLE, rungs, 1)
    assert answers.to(a_page("ben", rung="secondary and team lead")) == NIGHT + 3 * MINUTE
    assert read("manager after 3m", PEOPLE, rungs, 1), "its whole name"
    with pytest.raises(ValueError, match="duty"):
        read("and after 3m", {}, {"one and two": (), "two and duty": ()}, 1)


def test_a_way_to_answer_leaves_out_the_others() -> None:
    answers = meant("ben after 2m by sms")
    assert answers.to(a_page("ben")) is None
    assert answers.to(a_page("ben", method="sms")) == NIGHT + 2 * MINUTE


def test_chance_falls_alike_for_the_same_seed_and_page() -> None:
    pages = [a_page(f"p{number}") for number in range(400)]
    found = [meant("70%").to(page) for page in pages]
    assert found == [meant("70%").to(page) for page in pages]
    assert found != [meant("70%", seed=2).to(page) for page in pages]
    assert 240 < sum(answer is not None for answer in found) < 320


def test_certainties_are_certain() -> None:
    assert meant("0%").to(a_page("ben")) is None
    assert meant("100 %").to(a_page("ben")) is not None


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("somebody", "no pattern of answers"),
        ("bob after 3m", "alice"),
        ("bob after 3m", "primary, Secondary"),
        ("ben after soon", "is not a duration"),
        ("ben after 3m by pigeon", "call, sms and slack"),
        ("170%", "more than certain"),
    ],
)
def test_what_means_nothing_is_refused_with_what_is_possible(words: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        meant(words)
