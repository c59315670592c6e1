"""Action items: added and settled, in the postmortem as in the review (spec 9.5, 9.6)."""

from typing import Any

from domain.aftermath import ReviewState
from domain.aftermath_acts import FollowingUp, ItemDraft, SettleItem
from domain.postmortem import ActionItem, ItemState
from domain.timeline import Kind
from policy.follow_ups import day
from workflows.aftermath.live import LiveAftermath


def add(live: LiveAftermath[Any], asked: FollowingUp, act: ItemDraft) -> str:
    """Put an item that lacks nothing on the list."""
    state = live.state
    number = max((item.number for item in state.items), default=0) + 1
    owner = live.named(act.owner)
    item = ActionItem.model_validate(
        {
            **act.model_dump(exclude={"verb", "owner"}),
            "number": number,
            "owner": owner,
            "added_at": live.now(),
        }
    )
    state.items.append(item)
    _changed(live)
    live.log(
        Kind.ACTION_ITEM,
        f"Action item {number} ({item.kind.value}, {item.priority}, {owner.name}, due {day(item.due_at)}): "
        f"{item.text}. Done when: {item.done_when}. Verified by: {item.verified_by}.",
        person=asked.by.id,
        item=item.model_dump(mode="json"),
    )
    live.write_to(owner, f"action item {number} is yours, due {day(item.due_at)}: {item.text}")
    return f"Action item {number} is on the list; {owner.name} owns it."


def settle(live: LiveAftermath[Any], asked: FollowingUp, act: SettleItem) -> str:
    """An item is done, dropped or moved."""
    state, now = live.state, live.now()
    old = next(item for item in state.items if item.number == act.number)
    why = f": {act.reason.strip()}" if act.reason.strip() else "."
    if act.outcome == "moved" and act.due_at:
        changes = {"due_at": act.due_at, "moved": old.moved + 1, "reason": act.reason.strip()}
        what = f"is moved to {day(act.due_at)}{why}"
    else:
        settled = ItemState.DONE if act.outcome == "done" else ItemState.DROPPED
        changes = {"state": settled, "settled_at": now, "reason": act.reason.strip()}
        what = f"is {settled}{why}"
    new = old.model_copy(update=changes)
    state.items = [new if item.number == act.number else item for item in state.items]
    _changed(live)
    live.log(
        Kind.ACTION_ITEM,
        f"Action item {act.number} ({old.text}) {what}",
        person=asked.by.id,
        number=act.number,
        outcome=act.outcome,
    )
    return f"Action item {act.number} {what}"


def _changed(live: LiveAftermath[Any]) -> None:
    """Have the list stored, and the postmortem tell it as it is."""
    live.want("items", "postmortem")
    if isinstance(live.state, ReviewState):
        live.want("incident")
