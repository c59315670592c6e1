"""The duty to write down: the timeline goes to the database in batches, in order, however long that takes.

Temporal owns the present and SQL the past. Without the database nothing is lost and nothing waits but
the past: entries gather in state until it returns.
"""

from contextlib import suppress
from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.exceptions import ActivityError

from domain.jobs import WRITE_TIMELINE, Stored, WriteTimeline
from domain.timeline import Kind
from workflows.live import Live

FIRST_PAGE = timedelta(seconds=1)
"""How long the timeline waits at the most while a page is being handed to the carrier."""

PAUSE, LONGEST_PAUSE = timedelta(seconds=1), timedelta(seconds=30)


async def project(live: Live[Any]) -> None:
    """Write what is pending, then wait for more."""
    timeline = live.state.timeline
    failures = 0
    while True:
        await workflow.wait_condition(
            lambda: bool(timeline.pending) and not live.draining and not live.travels_along
        )
        with suppress(TimeoutError):
            # The page goes first, and what came of it is written along.
            await workflow.wait_condition(
                lambda: not live.page_leaving,
                timeout=FIRST_PAGE,
                timeout_summary="writing lets the page go first",
            )
        batch = timeline.batch()
        try:
            stored = await live.job(
                WRITE_TIMELINE,
                WriteTimeline(report=live.report(), entries=batch),
                Stored,
                summary=f"write the timeline to entry {batch[-1].sequence}",
                timeout=timedelta(seconds=10),
            )
        except ActivityError:
            failures += 1
            wait = min(PAUSE * 2 ** min(failures, 6), LONGEST_PAUSE)
            await workflow.sleep(wait, summary="the database is away")
        else:
            failures = 0
            timeline.written(stored.through)
            live.changed()
            if timeline.dropped:
                lost, timeline.dropped = timeline.dropped, 0
                live.log(
                    Kind.FAULT, f"While the database was away {lost} details found no room and are lost."
                )
