"""Who was paged lately, on both databases: decided by one at a time, and told to all whom a call carries."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from sqlalchemy import Engine

import storage
from domain.messages import Page
from domain.pages import PageLog
from storage import pages
from tests.policy.test_limits import BEN, a_page
from tests.storage.test_timeline import OPENED

WITHIN = timedelta(minutes=10)


def after(seconds: float) -> datetime:
    return OPENED + timedelta(seconds=seconds)


def stored(engine: Engine, incident: int, **more: object) -> PageLog:
    """A page as the database keeps it."""
    new = a_page(incident, **{"at": OPENED, "id": 0} | more)  # type: ignore[arg-type]  # fields under test
    return pages.ask(engine, new, WITHIN, lambda _: new)


def a_shared_call(engine: Engine) -> tuple[PageLog, PageLog, PageLog]:
    """A call that carries three incidents, the second of them the worst."""
    first = stored(engine, 1, rank=3)
    return first, stored(engine, 2, rides_on=first.id), stored(engine, 3, rank=3, rides_on=first.id)


def numbers(found: tuple[PageLog, ...]) -> list[int]:
    return [page.id for page in found]


def test_a_page_is_kept_as_it_was_and_shown_to_the_next_of_the_same_number(engine: Engine) -> None:
    stored(engine, 1, at=OPENED - WITHIN)
    stored(engine, 2, number=BEN)
    first, second = stored(engine, 3), stored(engine, 4, method="sms", at=after(2))
    seen: list[tuple[PageLog, ...]] = []

    def choose(recent: tuple[PageLog, ...]) -> PageLog:
        seen.append(recent)
        return new.model_copy(update={"rides_on": first.id})

    new = a_page(5, after(5), id=0)
    rider = pages.ask(engine, new, WITHIN, choose)
    assert seen == [(first, second)]
    assert rider.rides_on == first.id
    assert pages.find(engine, rider.id) == rider


def test_4_4_of_many_at_once_each_sees_those_before_it(engine: Engine) -> None:
    storage.migrate(engine)
    seen: list[int] = []

    def choose_for(new: PageLog) -> PageLog:
        def choose(recent: tuple[PageLog, ...]) -> PageLog:
            seen.append(len(recent))
            return new

        return pages.ask(engine, new, WITHIN, choose)

    wanted = [a_page(number, OPENED, id=0) for number in range(12)]
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(choose_for, wanted))
    assert sorted(seen) == list(range(12))


def test_what_came_of_a_page_is_kept_also_where_it_could_not_be_stored_before(engine: Engine) -> None:
    asked = stored(engine, 1, result=None, carrier_id=None)
    pages.settle(engine, asked.model_copy(update={"result": "accepted", "carrier_id": "CA1"}), OPENED)
    found = pages.find(engine, asked.id)
    assert found
    assert (found.result, found.carrier_id) == ("accepted", "CA1")
    pages.settle(engine, a_page(2, OPENED, id=0), OPENED)
    assert pages.heard(engine, a_page(2).page, "CA2", OPENED, over=False) == ()
    assert [page.result for page in pages.spoken_of(engine, a_page(2).page)] == ["accepted"]


def test_the_carriers_word_may_come_before_its_answer(engine: Engine) -> None:
    asked = stored(engine, 1, result=None, carrier_id=None)
    pages.heard(engine, asked.page, "CA1", after(1), over=True)
    pages.settle(engine, asked.model_copy(update={"result": "unknown"}), after(2))
    found = pages.find(engine, asked.id)
    assert found
    assert (found.result, found.carrier_id, found.over_at) == ("unknown", "CA1", after(1))


def test_pages_older_than_a_day_are_forgotten(engine: Engine) -> None:
    old, younger = stored(engine, 1), stored(engine, 2, at=after(60))
    pages.settle(engine, a_page(3, after(60), id=0), after(86_401))
    assert pages.find(engine, old.id) is None
    assert pages.find(engine, younger.id)


def test_4_4_whatever_is_heard_of_a_call_is_for_all_that_it_carries(engine: Engine) -> None:
    first, second, third = a_shared_call(engine)
    assert pages.heard(engine, first.page, "CA1", after(3), over=False) == (second.page, third.page)
    for _ in range(2):
        assert pages.heard(engine, first.page, "CA1", after(9), over=True) == (second.page, third.page)
    found = [pages.find(engine, page.id) for page in (first, second, third)]
    assert [page.over_at for page in found if page] == [after(9)] * 3


def test_4_4_a_call_that_is_picked_up_speaks_of_all_that_want_the_person_the_worst_first(
    engine: Engine,
) -> None:
    first, second, third = a_shared_call(engine)
    assert numbers(pages.picked_up(engine, first.page, after(5))) == [second.id, first.id, third.id]
    assert pages.withdraw(engine, third.page, after(6))
    assert numbers(pages.picked_up(engine, first.page, after(7))) == [second.id, first.id]
    found = pages.find(engine, first.id)
    assert found
    assert found.answered_at == after(5), "when it was picked up first"


def test_a_call_of_one_incident_is_not_a_shared_one(engine: Engine) -> None:
    alone = stored(engine, 1)
    assert pages.picked_up(engine, alone.page, after(5)) == ()
    nowhere = Page(incident_id="checkout.nothing.abcde", run=1, attempt=1)
    assert pages.picked_up(engine, nowhere, after(5)) == ()
    assert pages.heard(engine, nowhere, "CA9", after(5), over=True) == ()
    assert pages.spoken_of(engine, nowhere) == ()
    assert not pages.withdraw(engine, nowhere, after(5))


def test_4_4_an_answer_is_for_those_that_were_spoken_of_also_once_the_call_is_over(engine: Engine) -> None:
    first, second, third = a_shared_call(engine)
    pages.withdraw(engine, third.page, after(2))
    pages.picked_up(engine, first.page, after(5))
    pages.heard(engine, first.page, "CA1", after(9), over=True)
    assert numbers(pages.spoken_of(engine, first.page)) == [second.id, first.id]


def test_an_incident_that_joined_a_call_twice_answers_by_its_latest_page(engine: Engine) -> None:
    first, second, third = a_shared_call(engine)
    again = Page(incident_id=second.page.incident_id, run=1, attempt=2)
    latest = stored(engine, 4, page=again, rides_on=first.id)
    assert numbers(pages.spoken_of(engine, first.page)) == [latest.id, first.id, third.id]


def test_4_4_a_call_is_needed_as_long_as_one_of_its_incidents_wants_it(engine: Engine) -> None:
    first, second, third = a_shared_call(engine)
    assert pages.withdraw(engine, first.page, after(3))
    assert pages.withdraw(engine, third.page, after(4))
    assert pages.withdraw(engine, third.page, after(4)), "twice is as once"
    assert not pages.withdraw(engine, second.page, after(5))


def test_4_2_a_machine_is_spoken_to_once_for_all(engine: Engine) -> None:
    first = stored(engine, 7)
    for number in (8, 9):
        stored(engine, number, rides_on=first.id, carrier_id="CA7")
    pages.withdraw(engine, a_page(9).page, after(1))
    assert [pages.speaks(engine, "CA7") for _ in range(3)] == [2, 0, 0]
    assert [pages.speaks(engine, "CA unknown") for _ in range(2)] == [1, 1], "nobody else can have spoken"
