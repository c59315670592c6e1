"""Bare Temporal: the least that makes a durable call. One workflow, one activity, nothing else."""

from dataclasses import dataclass
from datetime import timedelta

from temporalio import workflow

QUEUE = "bare"
PLACE_CALL = "place_bare_call"


@dataclass(frozen=True)
class Order:
    """A call to be placed: the carrier's form."""

    form: dict[str, str]


@workflow.defn
class BareCall:
    """Places one call."""

    @workflow.run
    async def run(self, order: Order) -> str:
        """The carrier's id of the call."""
        carrier_id: str = await workflow.execute_activity(
            PLACE_CALL, order, result_type=str, start_to_close_timeout=timedelta(seconds=15)
        )
        return carrier_id
