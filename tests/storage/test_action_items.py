"""Action items of all incidents in one list, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from domain.aftermath_jobs import ItemRef, MarkReminded, StoreItems
from domain.incident import IncidentReport
from domain.people import PersonRef
from domain.postmortem import ActionItem, ItemKind, ItemState, PostmortemNow, Stage
from storage import action_items, timeline
from tests.storage.test_timeline import OPENED, a_report, batch

ALICE, BEN = PersonRef(id="alice", name="Alice"), PersonRef(id="ben", name="Ben")


def an_item(number: int = 1, **more: object) -> ActionItem:
    given: dict[str, object] = {
        "number": number,
        "text": "Alert when checkout errors exceed 1 %",
        "kind": ItemKind.DETECTION,
        "owner": BEN,
        "due_at": OPENED + timedelta(days=number),
        "priority": "P1",
        "done_when": "the alert fires within 2 minutes",
        "verified_by": "a drill in staging",
        "added_at": OPENED,
    }
    return ActionItem.model_validate(given | more)


def an_incident(engine: Engine, key: str = "errors", service: str = "checkout") -> IncidentReport:
    now = PostmortemNow(stage=Stage.DONE, owner=BEN)
    report = a_report(key, service=service).model_copy(update={"postmortem": now})
    timeline.write(engine, batch(report, 1))
    return report


def kept(engine: Engine, report: IncidentReport, *items: ActionItem, through: int = 5) -> None:
    work = StoreItems(incident_id=report.id, service=report.service, through=through, items=items)
    assert action_items.store(engine, work).through == through


def numbers(engine: Engine, **filters: object) -> list[int]:
    found = action_items.items(engine, **filters)  # type: ignore[arg-type]  # the filters under test
    return [listed.item.number for listed in found]


def test_9_8_what_was_stored_is_listed_as_it_was_with_those_who_answer_for_it(engine: Engine) -> None:
    report = an_incident(engine)
    kept(engine, report, an_item())
    [listed] = action_items.items(engine)
    assert (listed.incident_id, listed.service, listed.title) == (report.id, "checkout", report.title)
    assert listed.item == an_item()
    assert listed.superiors == (ALICE, BEN)


def test_storing_twice_changes_nothing_and_what_is_older_never_wins(engine: Engine) -> None:
    report = an_incident(engine)
    done = an_item(state=ItemState.DONE)
    for _ in range(2):
        kept(engine, report, done, through=9)
    kept(engine, report, an_item(), through=8)
    assert [listed.item.state for listed in action_items.items(engine)] == [ItemState.DONE]


def test_storing_nothing_is_no_fault(engine: Engine) -> None:
    kept(engine, an_incident(engine))
    assert action_items.items(engine) == []


def test_items_are_filtered_by_state_owner_service_incident_and_by_being_overdue(engine: Engine) -> None:
    checkout, search = an_incident(engine), an_incident(engine, "slow", "search")
    kept(engine, checkout, an_item(1), an_item(2, owner=ALICE), an_item(3, state=ItemState.DONE))
    kept(engine, search, an_item(4))
    assert numbers(engine) == [1, 2, 3, 4]
    assert numbers(engine, state=ItemState.OPEN) == [1, 2, 4]
    assert numbers(engine, owner="alice") == [2]
    assert numbers(engine, service="search") == [4]
    assert numbers(engine, incident_id=checkout.id, limit=2) == [1, 2]
    # Due at the very moment is not overdue yet; what is done never is.
    assert numbers(engine, overdue_at=OPENED + timedelta(days=4)) == [1, 2]


def test_9_6_an_item_that_its_owner_was_told_of_today_is_left_out(engine: Engine) -> None:
    report = an_incident(engine)
    kept(engine, report, an_item(1), an_item(2))
    told_at = OPENED + timedelta(days=10)
    told = (ItemRef(incident_id=report.id, number=1),)
    assert action_items.mark_reminded(engine, MarkReminded(items=told, at=told_at)) == 1
    assert action_items.mark_reminded(engine, MarkReminded(items=(), at=told_at)) == 0
    assert numbers(engine, not_reminded_since=told_at - timedelta(hours=9)) == [2]
    assert numbers(engine, not_reminded_since=told_at + timedelta(hours=9)) == [1, 2]
    # What the workflow tells of the item later does not make it forget that.
    kept(engine, report, an_item(1), through=50)
    [first, _] = action_items.items(engine)
    assert first.item.reminded_at == told_at


@pytest.mark.parametrize("text", ["a\x00b"])
def test_text_that_postgres_cannot_hold_is_stored_without_it(engine: Engine, text: str) -> None:
    kept(engine, an_incident(engine), an_item(text=text))
    assert action_items.items(engine)[0].item.text == "ab"
