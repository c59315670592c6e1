"""Standing obligations, one a file. A duty waits, asks `policy/` what is due, and does it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from temporalio import workflow

from domain.due import Owed
from domain.timeline import Kind
from workflows.live import Alarm, Live

LiveT = TypeVar("LiveT", bound=Live[Any])
ActionT = TypeVar("ActionT")

Duty = Callable[[LiveT], Awaitable[None]]

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=1)


async def supervised(live: LiveT, duty: Duty[LiveT]) -> None:
    """Keep a duty up. What it raises is recorded, shown and counted, and it starts again after a pause;
    the other duties, paging before all, go on regardless (spec 13.3)."""
    name = getattr(duty, "__name__", "duty")
    while True:
        try:
            await duty(live)
            return
        except asyncio.CancelledError:
            raise
        except Exception as fault:
            workflow.logger.exception("duty %s failed", name)
            count = live.state.faults.get(name, 0) + 1
            live.state.faults[name] = count
            # A duty that fails for ever must not fill the timeline: the first times, then ever more rarely.
            if count & (count - 1) == 0:
                live.log(
                    Kind.FAULT, f"The duty {name!r} failed and starts again: {fault}", duty=name, count=count
                )
            await workflow.sleep(
                min(FIRST_PAUSE * 2 ** min(count - 1, 8), LONGEST_PAUSE), summary=f"{name} starts again"
            )


async def keep(
    live: LiveT,
    decide: Callable[[Any, datetime], Owed[ActionT]],
    perform: Callable[[LiveT, ActionT], None],
) -> None:
    """The shape of most duties: do at once what `decide` finds owed, then wait for its deadline or for news.

    Raises:
        RuntimeError: what was done did not change what is owed, which would repeat it for ever.
    """
    alarm = Alarm()
    if workflow.info().continued_run_id is None:
        await live.turn(alarm)  # The first task of an incident only pages.
    done: tuple[ActionT, ...] = ()
    while True:
        owed = decide(live.state, live.now())
        if owed.actions:
            if owed.actions == done:
                raise RuntimeError(f"{done} is owed again as soon as it is done")
            done = owed.actions
            for action in done:
                perform(live, action)
            live.changed()
            continue
        done = ()
        alarm.set(owed.deadline, early=True)
        await live.turn(alarm)
