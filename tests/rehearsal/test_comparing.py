"""What a change of the configuration does to the pages, page by page."""

from datetime import timedelta

from rehearsal.diff import compared
from tests.rehearsal.made import a_page, a_rehearsed

MINUTE = timedelta(minutes=1)


def test_the_same_rehearsal_has_no_changes() -> None:
    rehearsed = a_rehearsed(a_page(MINUTE), a_page(2 * MINUTE, method="sms"))
    assert compared(rehearsed, rehearsed) == ()


def test_pages_move_go_and_come_in_order_of_time() -> None:
    old = a_rehearsed(a_page(0 * MINUTE), a_page(5 * MINUTE, "ben"), a_page(9 * MINUTE, "dev"))
    new = a_rehearsed(a_page(0 * MINUTE), a_page(3 * MINUTE, "eve"), a_page(7 * MINUTE, "ben"))
    found = [
        (change.kind, (change.new or change.old or a_page(MINUTE)).person) for change in compared(old, new)
    ]
    assert found == [("new", "eve"), ("moved", "ben"), ("gone", "dev")]


def test_the_second_page_of_somebody_is_compared_with_their_second() -> None:
    old = a_rehearsed(a_page(MINUTE), a_page(5 * MINUTE))
    new = a_rehearsed(a_page(MINUTE), a_page(6 * MINUTE))
    (change,) = compared(old, new)
    assert change.old is not None
    assert change.new is not None
    assert (change.old.after, change.new.after) == (5 * MINUTE, 6 * MINUTE)


def test_a_page_that_now_reaches_somebody_ends_differently() -> None:
    old, new = a_rehearsed(a_page(MINUTE)), a_rehearsed(a_page(MINUTE, fate="acknowledged"))
    assert [change.kind for change in compared(old, new)] == ["ends differently"]
