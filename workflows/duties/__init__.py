"""An incident's standing obligations, one a file. A duty waits, asks `policy/` what is due, and does it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from temporalio import workflow

from domain.timeline import Kind
from workflows.live import LiveIncident

Duty = Callable[[LiveIncident], Awaitable[None]]

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=1)


async def supervised(live: LiveIncident, duty: Duty) -> None:
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
