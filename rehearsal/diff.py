"""What a change of the configuration does to the pages of a rehearsal."""

from collections import defaultdict
from typing import Literal

from domain.base import Thing
from rehearsal.record import PageLine, Rehearsed


class Change(Thing):
    """One page that is not as it was. `old` or `new` is None where there is none."""

    kind: Literal["moved", "gone", "new", "ends differently"]
    old: PageLine | None = None
    new: PageLine | None = None


Key = tuple[str, str, str, str, int]


def compared(old: Rehearsed, new: Rehearsed) -> tuple[Change, ...]:
    """What differs, in order of time. Two pages are the same one if they are each the n-th of a person, by a
    method, on a rung, in ladder runs that began for the same reason."""
    before, after = _keyed(old), _keyed(new)
    found = [_change(before.get(key), after.get(key)) for key in {**before, **after}]
    return tuple(sorted((change for change in found if change), key=_when))


def _keyed(rehearsed: Rehearsed) -> dict[Key, PageLine]:
    seen: dict[tuple[str, str, str, str], int] = defaultdict(int)
    keyed: dict[Key, PageLine] = {}
    for page in rehearsed.pages:
        place = (page.run_for, page.rung, page.person, page.method)
        seen[place] += 1
        keyed[*place, seen[place]] = page
    return keyed


def _change(old: PageLine | None, new: PageLine | None) -> Change | None:
    if old is None or new is None:
        return Change(kind="gone" if old else "new", old=old, new=new)
    if old.after != new.after:
        return Change(kind="moved", old=old, new=new)
    if (old.fate, old.ends) != (new.fate, new.ends):
        return Change(kind="ends differently", old=old, new=new)
    return None


def _when(change: Change) -> float:
    page = change.new or change.old
    return page.after.total_seconds() if page else 0
