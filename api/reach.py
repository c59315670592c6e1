"""How every call to Temporal is bounded as a whole, and what its failures are called in our words."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from temporalio.client import WorkflowQueryFailedError, WorkflowUpdateRPCTimeoutOrCancelledError
from temporalio.service import RPCError, RPCStatusCode

from api.errors import NobodyWorks, Refused, TemporalAway, UnknownIncident

RPC_SECONDS = 3.0
UPDATE_SECONDS = 5.0


@asynccontextmanager
async def temporal_within(within: float, silent: type[Refused] = NobodyWorks) -> AsyncIterator[None]:
    """Whatever goes wrong on the way to a workflow, in our words. `silent` is what it means that time
    ran out: that no worker answers or, where none is needed, that the server does not."""
    try:
        async with asyncio.timeout(within):
            yield
    except RPCError as fault:
        if fault.status is RPCStatusCode.NOT_FOUND and not fault.message.startswith("Namespace"):
            raise UnknownIncident() from fault
        if fault.status in (RPCStatusCode.CANCELLED, RPCStatusCode.DEADLINE_EXCEEDED):
            raise silent(f"no answer within {within:g} seconds; try again") from fault
        raise TemporalAway(f"Temporal does not do it ({fault.message}); try again") from fault
    except (TimeoutError, WorkflowUpdateRPCTimeoutOrCancelledError) as fault:
        raise silent(f"no answer within {within:g} seconds; try again") from fault
    except WorkflowQueryFailedError as fault:
        # The workflow cannot be asked: what it did once does not fit today's code.
        raise NobodyWorks(f"it cannot be asked ({fault})") from fault
    except RuntimeError as fault:
        # What a client that has never been connected raises.
        raise TemporalAway("Temporal cannot be reached; try again") from fault
