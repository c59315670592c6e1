"""What belongs to one moment of a rehearsal comes at that moment, in the order in which it was asked for."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from temporalio import activity, workflow
from temporalio.testing import TimeSkipper
from temporalio.worker import Worker

from domain.messages import INCIDENT_WORKFLOW
from rehearsal.clockwork import Clockwork
from rehearsal.server import skipping_server
from tests.eventually import POLL_SECONDS
from tests.rehearsal.made import NIGHT

QUEUE = "clockwork"
MINUTE = timedelta(minutes=1)


@workflow.defn(name=INCIDENT_WORKFLOW)
class Several:
    """Asks for three things at once, then waits twice until the same moment."""

    @workflow.run
    async def run(self) -> list[str]:
        seen: list[str] = []

        async def ask(number: int) -> None:
            await workflow.execute_activity("answer", number, start_to_close_timeout=MINUTE)
            seen.append(f"answer {number}")

        async def wait(name: str) -> None:
            await workflow.sleep(MINUTE)
            seen.append(f"{name} at {workflow.now().isoformat()}")

        await asyncio.gather(*(ask(number) for number in range(3)))
        await asyncio.gather(wait("first"), wait("second"))
        return seen


class Backwards:
    """Answers what was asked last first, and each only after the workflow has heard of the one before."""

    def __init__(self, clockwork: Clockwork) -> None:
        self._clockwork = clockwork

    @activity.defn(name="answer")
    async def answer(self, number: int) -> None:
        while len(self._clockwork.jobs) != number + 1:
            await asyncio.sleep(POLL_SECONDS)


async def played(
    server: TimeSkipper, clockwork: Clockwork, answer: Callable[..., Any], **more: Any
) -> list[str]:
    async with Worker(
        server.client,
        task_queue=QUEUE,
        workflows=[Several],
        activities=[answer],
        workflow_runner=clockwork,
        **more,
    ):
        handle = await server.client.start_workflow(Several.run, id="several", task_queue=QUEUE)
        await clockwork.settle(0)
        assert clockwork.next_timer == NIGHT + MINUTE
        clockwork.now = NIGHT + MINUTE
        await server.fast_forward(handle, MINUTE)
        await clockwork.settle(0)
        assert clockwork.over
        return await handle.result()


AT = (NIGHT + MINUTE).isoformat()
IN_ORDER = ["answer 0", "answer 1", "answer 2", f"first at {AT}", f"second at {AT}"]


async def test_answers_and_timers_come_in_the_order_in_which_they_were_asked_for() -> None:
    async with skipping_server() as server:
        clockwork = Clockwork(NIGHT)
        assert await played(server, clockwork, Backwards(clockwork).answer) == IN_ORDER


async def test_a_worker_that_has_to_play_it_from_the_beginning_is_told_the_same() -> None:
    @activity.defn(name="answer")
    async def answer(number: int) -> None:
        """At once."""

    async with skipping_server() as server:
        assert await played(server, Clockwork(NIGHT), answer, max_cached_workflows=0) == IN_ORDER
