"""What happens again and again, on Temporal Schedules."""

from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleCalendarSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleRange,
    ScheduleSpec,
    ScheduleState,
    ScheduleUpdate,
    ScheduleUpdateInput,
)

from domain.messages import WORK_QUEUE
from domain.organisation import Organisation
from workflows.rest import REST, on_the_hour
from workflows.sweep import OverdueSweepWorkflow, Sweep

OVERDUE_ITEMS = "midwatch-overdue-items"
"""The schedule of the sweep for overdue action items (spec 9.6)."""

SWEEP_HOUR = 9
MONDAY, FRIDAY = 1, 5


async def ensure_schedules(client: Client, organisation: Organisation) -> None:
    """Make the schedules, or bring them up to date with the configuration. Whether somebody has paused one
    stays as it is. Safe to repeat, and by several at once.

    Raises:
        temporalio.service.RPCError: the server does not do it.
    """
    await _ensure(client, OVERDUE_ITEMS, _overdue_items(organisation))
    await _ensure(client, REST, on_the_hour())


async def _ensure(client: Client, name: str, wanted: Schedule) -> None:
    try:
        await client.create_schedule(name, wanted)
    except ScheduleAlreadyRunningError:

        def renewed(present: ScheduleUpdateInput) -> ScheduleUpdate:
            wanted.state = present.description.schedule.state
            return ScheduleUpdate(wanted)

        await client.get_schedule_handle(name).update(renewed)


def _overdue_items(organisation: Organisation) -> Schedule:
    """Each working day in the morning, by the organisation's own clock."""
    sweep = Sweep(time_zone=organisation.time_zone, rise_after=organisation.postmortems.items_rise_after)
    return Schedule(
        action=ScheduleActionStartWorkflow(
            OverdueSweepWorkflow.run,
            sweep,
            id="overdue-items",
            task_queue=WORK_QUEUE,
            static_summary="Overdue action items",
        ),
        spec=ScheduleSpec(
            calendars=[
                ScheduleCalendarSpec(
                    hour=[ScheduleRange(SWEEP_HOUR)],
                    day_of_week=[ScheduleRange(MONDAY, FRIDAY)],
                    comment="each working day",
                )
            ],
            time_zone_name=organisation.time_zone,
        ),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP),
        state=ScheduleState(note="Reminds the owners of overdue action items."),
    )
