"""What an action item has to say, and what a list of them leaves out (spec 9.5, 9.6)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from domain.aftermath_acts import ItemDraft
from domain.postmortem import ActionItem, ItemKind, ItemState, ListedItem
from policy.grouping import shortened
from policy.measurable import measurable, wish, words

MOST_LETTERS = 1_400
"""The longest message, in characters. A carrier takes 1,600."""


@dataclass(frozen=True)
class Lack:
    """One thing that an action item lacks: the field, and what would be right."""

    field: str
    mend: str


def lacks(
    draft: ItemDraft, now: datetime, priorities: Sequence[str], known: Mapping[str, object]
) -> tuple[Lack, ...]:
    """Everything that keeps this from being an action item, each named (spec 9.5); empty if nothing does.
    `known` are the people who may own it, by their id."""
    found: list[Lack] = []
    if fault := _text_fault(draft):
        found.append(Lack("text", fault))
    if draft.kind is None:
        found.append(Lack("kind", f"say what it is for: {', '.join(kind.value for kind in ItemKind)}"))
    if draft.owner not in known:
        people = ", ".join(sorted(known))
        who = f"{draft.owner!r} is nobody we know" if draft.owner else "nobody owns it"
        found.append(Lack("owner", f"{who}; name one of {people}"))
    if draft.due_at is None:
        found.append(Lack("due_at", "it has no due date; give a day to come"))
    elif draft.due_at <= now:
        past = f"{draft.due_at.astimezone(UTC):%Y-%m-%d}"
        found.append(Lack("due_at", f"{past} is past; give a day to come"))
    if draft.priority not in priorities:
        what = f"{draft.priority!r} is no priority" if draft.priority else "it has no priority"
        found.append(Lack("priority", f"{what}; give one of {', '.join(priorities)}"))
    if fault := _definition_fault(draft.done_when):
        found.append(Lack("done_when", fault))
    if len(words(draft.verified_by)) < 2:
        mend = "say how it will be verified: by which test, query, drill or check, and where that is seen"
        found.append(Lack("verified_by", mend))
    return tuple(found)


def remarks(items: Iterable[ActionItem], priorities: Sequence[str], top_items: int) -> tuple[str, ...]:
    """What the whole list leaves out or overdoes (spec 9.5). What was dropped counts for nothing."""
    kept = [item for item in items if item.state is not ItemState.DROPPED]
    found = [
        f"No action item is for {kind.value}: {why}."
        for kind, why in (
            (ItemKind.PREVENTION, "what keeps it from happening again"),
            (ItemKind.DETECTION, "what shows it sooner the next time"),
        )
        if not any(item.kind is kind for item in kept)
    ]
    top = sum(item.priority == priorities[0] for item in kept)
    if top > top_items:
        found.append(
            f"{top} action items are {priorities[0]}, more than {top_items}: what is first if all is first?"
        )
    return tuple(found)


def overdue_letters(
    overdue: Iterable[ListedItem], people: Collection[str], now: datetime, rise_after: timedelta
) -> dict[str, str]:
    """What each person is told of overdue items, one text for each: the owner of theirs, commander and
    postmortem owner of what is overdue for long (spec 9.6). Those who cannot be reached are left out."""
    own: dict[str, list[str]] = defaultdict(list)
    others: dict[str, list[str]] = defaultdict(list)
    for one in overdue:
        late = (now - one.item.due_at).days
        since = f"since {one.item.due_at.astimezone(UTC):%Y-%m-%d}" if late else "since today"
        line = f"{one.item.text} ({one.incident_id} item {one.item.number}, {one.item.priority}, {since})"
        own[one.item.owner.id].append(line)
        if now - one.item.due_at > rise_after:
            for superior in one.superiors:
                if superior.id != one.item.owner.id:
                    others[superior.id].append(f"{one.item.owner.name}: {line}")
    texts: dict[str, str] = {}
    for person in sorted((own.keys() | others.keys()) & set(people)):
        parts = []
        if mine := own.get(person):
            parts.append(f"Overdue action items of yours: {'; '.join(mine)}. Settle or move them.")
        if theirs := others.get(person):
            parts.append(f"Overdue for long: {'; '.join(theirs)}.")
        texts[person] = shortened(" ".join(parts), MOST_LETTERS)
    return texts


def _text_fault(draft: ItemDraft) -> str | None:
    text = draft.text.strip()
    if not text:
        return "say what is to be done"
    if len(words(text)) < 2:
        return f"{text!r} does not say what is to be done; write what changes, and where"
    if wish(text):
        return (
            f"{text!r} is a wish: nobody can tell when it is done; name what changes and by how much, "
            "like 'Alert when checkout errors exceed 1 % for 5 minutes'"
        )
    return None


def _definition_fault(text: str) -> str | None:
    plain = text.strip()
    example = "like 'p99 stays under 300 ms in the weekly load test'"
    if not plain:
        return f"say how one can tell that it is done, {example}"
    if not measurable(plain):
        return f"{plain!r} cannot be measured; name a number, a threshold or a result one can see, {example}"
    return None
