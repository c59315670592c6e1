"""What an action item has to say (spec 9.5), and what its owner is told when it is overdue (spec 9.6)."""

from datetime import timedelta
from typing import Any

import pytest

from domain.aftermath_acts import ItemDraft
from domain.people import PersonRef
from domain.postmortem import ActionItem, ItemKind, ItemState, ListedItem
from policy.action_items import lacks, overdue_letters, remarks
from policy.measurable import measurable, wish
from tests.policy.conftest import NOON

ALICE, BEN = PersonRef(id="alice", name="Alice Moreau"), PersonRef(id="ben", name="Ben Okafor")
CHIARA = PersonRef(id="chiara", name="Chiara Lindqvist")
KNOWN = {"alice": 1, "ben": 2}
P, SEV = ("P0", "P1", "P2", "P3"), ("P0", "P1", "P2")
DAY = timedelta(days=1)

GOOD = ItemDraft(
    text="Alert when checkout errors exceed 1 % for 5 minutes",
    kind=ItemKind.DETECTION,
    owner="ben",
    due_at=NOON + 7 * DAY,
    priority="P1",
    done_when="the alert fires within 2 minutes in staging",
    verified_by="a drill that breaks checkout",
)


def an_item(number: int = 1, **more: Any) -> ActionItem:
    given = GOOD.model_dump() | {"number": number, "owner": CHIARA, "added_at": NOON}
    return ActionItem.model_validate(given | more)


def fields(**more: Any) -> list[str]:
    return [lack.field for lack in lacks(GOOD.model_copy(update=more), NOON, P, KNOWN)]


def test_9_5_an_item_with_everything_lacks_nothing() -> None:
    assert fields() == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("text", ""),
        ("text", "Monitoring"),
        ("text", "Improve monitoring"),
        ("kind", None),
        ("owner", ""),
        ("owner", "zoe"),
        ("due_at", None),
        ("due_at", NOON),
        ("due_at", NOON - DAY),
        ("priority", ""),
        ("priority", "P4"),
        ("priority", "high"),
        ("done_when", ""),
        ("done_when", "it is done"),
        ("done_when", "monitoring is improved"),
        ("verified_by", ""),
        ("verified_by", "yes"),
    ],
)
def test_9_5_each_lack_is_named_alone(field: str, value: Any) -> None:
    assert fields(**{field: value}) == [field]


def test_9_5_all_lacks_are_named_at_once_each_with_what_would_be_right() -> None:
    found = lacks(ItemDraft(), NOON, P, KNOWN)
    assert [lack.field for lack in found] == [
        "text",
        "kind",
        "owner",
        "due_at",
        "priority",
        "done_when",
        "verified_by",
    ]
    mends = {lack.field: lack.mend for lack in found}
    assert "alice, ben" in mends["owner"]
    assert "P0, P1, P2, P3" in mends["priority"]
    assert "p99 stays under 300 ms" in mends["done_when"]


@pytest.mark.parametrize(("priorities", "right"), [(P, True), (SEV, False)])
def test_9_5_each_pack_has_its_own_priorities(priorities: tuple[str, ...], right: bool) -> None:
    draft = GOOD.model_copy(update={"priority": "P3"})
    assert (lacks(draft, NOON, priorities, KNOWN) == ()) is right


@pytest.mark.parametrize(
    "text",
    [
        "Improve monitoring",
        "We should investigate the slow queries",
        "be more careful when deploying",
        "Consider adding retries",
        "Look into the database",
        "Better alerting",
        "We need to communicate better",
        "please review the alerts",
        "Ensure that it does not happen again",
        "Train the on-call engineers",
    ],
)
def test_9_5_a_wish_is_known_by_its_words(text: str) -> None:
    assert wish(text)


@pytest.mark.parametrize(
    "text",
    [
        "Improve p99 of checkout to below 300 ms",
        "Ensure `max_connections` is set",
        "Review the HighErrorRate alert's threshold",
        "Investigate why docs/runbooks/db.md is empty",
        "Add a circuit breaker to the payments client",
        "Remove the shared password",
        "Improvised fail-over becomes a script",
        "Move certificate renewal to a nightly job",
    ],
)
def test_9_5_a_number_something_named_or_a_plain_verb_is_no_wish(text: str) -> None:
    assert not wish(text)


@pytest.mark.parametrize(
    ("text", "yes"),
    [
        ("p99 stays under 300 ms in the weekly load test", True),
        ("the fail-over test passes in CI", True),
        ("the old endpoint is removed", True),
        ("every service has a runbook", True),
        ("no request fails while the database restarts", True),
        ("the job is deployed and `renew.timer` is active", True),
        ("done", False),
        ("it works now", False),
        ("the team is happy with it", False),
        ("monitoring is better than it was", False),
        ("we looked into the problem", False),
    ],
)
def test_9_5_a_definition_of_done_names_something_one_can_see(text: str, yes: bool) -> None:
    assert measurable(text) is yes


def test_9_5_a_list_without_prevention_or_detection_says_so() -> None:
    prevention, detection = an_item(kind=ItemKind.PREVENTION), an_item(kind=ItemKind.DETECTION)
    assert remarks([prevention, detection], P, 5) == ()
    assert ["prevention" in remark for remark in remarks([detection], P, 5)] == [True]
    assert ["detection" in remark for remark in remarks([prevention], P, 5)] == [True]
    assert len(remarks([], P, 5)) == 2
    dropped = prevention.model_copy(update={"state": ItemState.DROPPED})
    assert len(remarks([dropped, detection], P, 5)) == 1


@pytest.mark.parametrize(("count", "said"), [(5, False), (6, True)])
def test_9_5_more_than_five_top_items_say_so(count: int, said: bool) -> None:
    items = [an_item(n, kind=kind, priority="P0") for n in range(count) for kind in [list(ItemKind)[n % 2]]]
    assert bool(remarks(items, P, 5)) is said


def listed(number: int, owner: PersonRef, late: timedelta) -> ListedItem:
    return ListedItem(
        incident_id="checkout.x.abcde",
        service="checkout",
        title="Payments fail",
        item=an_item(number, owner=owner, due_at=NOON - late),
        superiors=(ALICE, BEN),
    )


def test_9_6_each_owner_hears_of_theirs_in_one_message_and_superiors_of_what_is_long_overdue() -> None:
    overdue = [listed(1, CHIARA, DAY), listed(2, CHIARA, 8 * DAY), listed(3, BEN, 2 * DAY)]
    told = overdue_letters(overdue, {"alice", "ben", "chiara"}, NOON, 7 * DAY)
    assert sorted(told) == ["alice", "ben", "chiara"]
    assert "item 1" in told["chiara"]
    assert "item 2" in told["chiara"]
    assert "item 2" in told["alice"]
    assert "item 1" not in told["alice"]
    assert "of yours" in told["ben"]
    assert "Overdue for long: Chiara Lindqvist" in told["ben"]


def test_9_6_whoever_cannot_be_reached_is_left_out() -> None:
    assert overdue_letters([listed(1, CHIARA, DAY)], {"alice"}, NOON, 7 * DAY) == {}
