"""Action items in the built-in list, and who has to be told of those that are overdue (spec 9.6, 9.8)."""

from collections.abc import Callable, Mapping
from datetime import datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from temporalio import activity

import storage.action_items
from domain import aftermath_jobs
from domain.aftermath_jobs import (
    FindOverdue,
    ItemRef,
    Marked,
    MarkReminded,
    OverdueNotice,
    OverdueNotices,
    StoreItems,
)
from domain.jobs import Stored
from domain.people import Person
from policy.action_items import overdue_letters


class ActionItemActivities:
    """The list in the database. `people` gives those of the configuration as it is now: who is reminded of
    an item in a month may have another phone by then."""

    def __init__(self, engine: Engine, people: Callable[[], Mapping[str, Person]]) -> None:
        self._engine = engine
        self._people = people

    @activity.defn(name=aftermath_jobs.STORE_ITEMS)
    def store_items(self, work: StoreItems) -> Stored:
        """Store an incident's items as they are."""
        return storage.action_items.store(self._engine, work)

    @activity.defn(name=aftermath_jobs.FIND_OVERDUE)
    def find_overdue(self, work: FindOverdue) -> OverdueNotices:
        """Whom to tell of what today: nobody of an item twice on one day."""
        found = storage.action_items.items(
            self._engine, overdue_at=work.now, not_reminded_since=_midnight(work.now, work.time_zone)
        )
        people = self._people()
        texts = overdue_letters(found, people, work.now, work.rise_after)
        owners = {listed.item.owner.id for listed in found}
        return OverdueNotices(
            notices=tuple(
                OverdueNotice(
                    person=people[person],
                    text=text,
                    own=tuple(
                        ItemRef(incident_id=listed.incident_id, number=listed.item.number)
                        for listed in found
                        if listed.item.owner.id == person
                    ),
                )
                for person, text in texts.items()
            ),
            unreachable=tuple(sorted(owners - people.keys())),
        )

    @activity.defn(name=aftermath_jobs.MARK_REMINDED)
    def mark_reminded(self, work: MarkReminded) -> Marked:
        """Remember that the owners of these items were told."""
        return Marked(count=storage.action_items.mark_reminded(self._engine, work))


def _midnight(now: datetime, zone: str) -> datetime:
    """When the day of this moment began, in this zone."""
    return datetime.combine(now.astimezone(ZoneInfo(zone)).date(), time(), ZoneInfo(zone))
