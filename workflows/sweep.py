"""The sweep: who owns an overdue action item is told, once on each working day (spec 9.6)."""

import asyncio
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError

from domain.aftermath_jobs import (
    FIND_OVERDUE,
    MARK_REMINDED,
    FindOverdue,
    Marked,
    MarkReminded,
    OverdueNotice,
    OverdueNotices,
)
from domain.base import Duration, Thing
from domain.jobs import NOTIFY, Notify, Told

SWEEP_WORKFLOW = "OverdueSweepWorkflow"

PATIENCE = timedelta(seconds=30)
FOR_HOURS = RetryPolicy(initial_interval=timedelta(seconds=5), maximum_interval=timedelta(minutes=10))
"""Nothing is in a hurry here, and the day is long."""


class Sweep(Thing):
    """What a sweep needs to know: in which zone a day is a day, and how long an item may be overdue before
    more than its owner hear of it."""

    time_zone: str
    rise_after: Duration


class Swept(Thing):
    """What came of a sweep: who was told, who could not be, and whom nobody knows any more."""

    told: tuple[str, ...]
    not_told: tuple[str, ...]
    unreachable: tuple[str, ...]


@workflow.defn(name=SWEEP_WORKFLOW)
class OverdueSweepWorkflow:
    """One sweep. It ends within a working day: the next one finds what it left."""

    @workflow.run
    async def run(self, work: Sweep) -> Swept:
        """Tell everybody who has to hear of it, one message each."""
        find = FindOverdue(now=workflow.now(), time_zone=work.time_zone, rise_after=work.rise_after)
        found = await workflow.execute_activity(
            FIND_OVERDUE,
            find,
            result_type=OverdueNotices,
            start_to_close_timeout=PATIENCE,
            schedule_to_close_timeout=timedelta(hours=8),
            retry_policy=FOR_HOURS,
            summary="find overdue action items",
        )
        workflow.set_current_details(f"{len(found.notices)} people have to hear of overdue action items.")
        told = await asyncio.gather(*(self._tell(notice) for notice in found.notices))
        names = [notice.person.name for notice in found.notices]
        return Swept(
            told=tuple(name for name, done in zip(names, told, strict=True) if done),
            not_told=tuple(name for name, done in zip(names, told, strict=True) if not done),
            unreachable=found.unreachable,
        )

    async def _tell(self, notice: OverdueNotice) -> bool:
        try:
            told: Told = await workflow.execute_activity(
                NOTIFY,
                Notify(person=notice.person, text=notice.text),
                result_type=Told,
                start_to_close_timeout=PATIENCE,
                retry_policy=RetryPolicy(maximum_attempts=1),
                summary=f"tell {notice.person.name}",
            )
        except ActivityError as error:
            workflow.logger.warning("%s could not be told: %s", notice.person.name, error.cause)
            return False
        if told.done and notice.own:
            await workflow.execute_activity(
                MARK_REMINDED,
                MarkReminded(items=notice.own, at=workflow.now()),
                result_type=Marked,
                start_to_close_timeout=PATIENCE,
                schedule_to_close_timeout=timedelta(hours=8),
                retry_policy=FOR_HOURS,
                summary=f"{notice.person.name} was told",
            )
        return told.done
