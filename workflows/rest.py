"""Each hour: where a working day begins after a bad night, its duty is offered to somebody else (spec
2.4)."""

import asyncio
from datetime import timedelta

from temporalio import workflow
from temporalio.client import (
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleCalendarSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleRange,
    ScheduleSpec,
    ScheduleState,
)
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError

from domain.base import Thing
from domain.jobs import Told
from domain.messages import WORK_QUEUE
from domain.rest import OFFER_REST, TELL_OFFER, OfferRest, OffersMade, RestOffer, TellOffer

REST_WORKFLOW = "RestWorkflow"

REST = "midwatch-rest"
"""The schedule that starts it on the hour."""

PATIENCE = timedelta(seconds=30)
WHILE_IT_MATTERS = timedelta(minutes=50)
"""An hour later it is the next one's turn."""


class Rested(Thing):
    """What came of it: the numbers of the offers that were told, and of those that could not be."""

    told: tuple[int, ...]
    not_told: tuple[int, ...]


@workflow.defn(name=REST_WORKFLOW)
class RestWorkflow:
    """One hour. What it cannot tell the next one tries again."""

    @workflow.run
    async def run(self) -> Rested:
        """Make the offers, and tell them."""
        # The hour that was meant, also where no worker was there in time.
        find = OfferRest(now=workflow.info().start_time)
        made: OffersMade = await workflow.execute_activity(
            OFFER_REST,
            find,
            result_type=OffersMade,
            start_to_close_timeout=PATIENCE,
            schedule_to_close_timeout=WHILE_IT_MATTERS,
            retry_policy=RetryPolicy(
                initial_interval=timedelta(seconds=5), maximum_interval=timedelta(minutes=5)
            ),
            summary="offer rest after bad nights",
        )
        told = await asyncio.gather(*(self._tell(offer) for offer in made.offers))
        numbers = [offer.id for offer in made.offers]
        return Rested(
            told=tuple(number for number, done in zip(numbers, told, strict=True) if done),
            not_told=tuple(number for number, done in zip(numbers, told, strict=True) if not done),
        )

    async def _tell(self, offer: RestOffer) -> bool:
        try:
            told: Told = await workflow.execute_activity(
                TELL_OFFER,
                TellOffer(offer=offer, now=workflow.now()),
                result_type=Told,
                start_to_close_timeout=PATIENCE,
                retry_policy=RetryPolicy(maximum_attempts=1),
                summary=f"offer {offer.schedule} to {offer.to}",
            )
        except ActivityError as error:
            workflow.logger.warning("offer %s could not be told: %s", offer.id, error.cause)
            return False
        return told.done


def on_the_hour() -> Schedule:
    """Every hour: somewhere a working day begins."""
    return Schedule(
        action=ScheduleActionStartWorkflow(
            RestWorkflow.run,
            id="rest",
            task_queue=WORK_QUEUE,
            static_summary="Rest after bad nights",
        ),
        spec=ScheduleSpec(
            calendars=[ScheduleCalendarSpec(hour=[ScheduleRange(0, 23)], comment="on the hour")]
        ),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP),
        state=ScheduleState(note="Offers the day's duty to the secondary after a bad night of the primary."),
    )
