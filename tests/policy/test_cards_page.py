"""What a page says in chat (spec 3.2, 3.6, 4.1)."""

import pytest

from domain.incident import IncidentState
from domain.ladder import LadderRun
from domain.messages import Page
from domain.people import NotificationRule, Person, PersonRef
from domain.roles import Holder, Role
from policy.cards_page import address, answered_blocks, page, page_blocks, page_of, page_value, withdrawal
from policy.ladder import FALLBACK
from policy.opening import FALLBACK as DUTY
from tests.policy.conftest import NOON, after, an_attempt

BEN = PersonRef(id="ben", name="Ben Okafor")


def test_4_1_a_page_says_how_bad_it_is_what_it_means_who_has_it_and_what_is_asked(
    state: IncidentState, run: LadderRun
) -> None:
    work = page(state, run, an_attempt(3, method="slack"))
    assert work.heading == "P0 · Payments fail at checkout"
    assert work.text == "Checkout. Nobody can pay. Nobody has it yet. You are asked to take it now."
    assert work.page == Page(incident_id=state.id, run=1, attempt=3)
    state.roles = {Role.COMMANDER: Holder(person=BEN, since=NOON)}
    run.asks = "Ben asks for help"
    assert (
        page(state, run, an_attempt()).text
        == "Checkout. Nobody can pay. Ben Okafor has it. Ben asks for help."
    )
    assert page(state.model_copy(update={"drill": True}), run, an_attempt()).heading.startswith("DRILL · P0")


def test_3_2_the_tries_of_one_rule_in_one_round_are_one_post(state: IncidentState, run: LadderRun) -> None:
    def key(**more: object) -> str:
        return page(state, run, an_attempt(**more)).key  # type: ignore[arg-type]  # whatever an attempt has

    assert key(number=1) == key(number=2)
    others = [key(round=1), key(rung=1), key(rule=1), key(person="ben")]
    assert len({key(), *others}) == 5
    run.id = 2
    assert key() not in others


def test_3_2_nobody_answers_is_said_to_the_fallback(state: IncidentState, run: LadderRun) -> None:
    room = Person(
        id=DUTY, name="Duty room", phone="", slack="duty", rules=(NotificationRule(method="slack"),)
    )
    people = {**state.snapshot.people, DUTY: room}
    state.snapshot = state.snapshot.model_copy(update={"people": people})
    run.round = 3
    attempt = an_attempt(person=DUTY, rung=FALLBACK, method="slack")
    work = page(state, run, attempt)
    assert work.heading == "NOBODY ANSWERS · P0 · Payments fail at checkout"
    assert "paged 3 times" in work.text
    assert address(state, attempt) == "#duty"
    assert address(state, an_attempt()) == "alice@example.com"


def test_3_3_a_page_that_is_over_says_why_and_who_leads(state: IncidentState, run: LadderRun) -> None:
    run.ended_at, run.ended_by, run.ended_why = after(60), BEN, "acknowledged by Ben Okafor"
    state.roles = {Role.COMMANDER: Holder(person=BEN, since=NOON)}
    attempt = an_attempt(carrier_id="D1:2.3")
    over = withdrawal(state, run, attempt)
    assert over.carrier_id == "D1:2.3"
    assert over.text == "This page is over: acknowledged by Ben Okafor. (12:01 UTC)"
    run.ended_by, run.ended_why = None, "nobody answered"
    assert "nobody answered. Ben Okafor leads." in withdrawal(state, run, attempt).text


def test_3_6_a_button_belongs_to_the_page_it_came_with(state: IncidentState, run: LadderRun) -> None:
    work = page(state, run, an_attempt(12, method="slack"))
    assert page_of(state.id, page_value(work.page)) == work.page


@pytest.mark.parametrize("value", ["", "1", "1.", ".1", "scribe", "1.x", "-1.2", "1.2.3"])
def test_3_6_what_names_no_page_belongs_to_none(value: str) -> None:
    assert page_of("checkout.x.abcde", value) is None


def test_3_3_a_post_that_was_answered_keeps_its_words_and_loses_its_buttons(
    state: IncidentState, run: LadderRun
) -> None:
    blocks = answered_blocks(page_blocks(page(state, run, an_attempt())), "Ben <has> it")
    assert [block["type"] for block in blocks] == ["header", "section", "section"]
    assert blocks[-1]["text"]["text"] == "Ben &lt;has&gt; it"
