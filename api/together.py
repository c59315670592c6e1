"""Several things at once."""

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any, TypeVar

AnswerT = TypeVar("AnswerT")


async def together(work: Iterable[Coroutine[Any, Any, AnswerT]]) -> list[AnswerT]:
    """All answers, in order. The first failure is raised as it is, and ends what is still under way."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one) for one in work]
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from None
    return [task.result() for task in tasks]
