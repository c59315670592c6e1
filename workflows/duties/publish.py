"""The duty to publish: what was published reaches the status page, however long that takes (spec 7.4)."""

from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import ActivityError

from domain.jobs import PUBLISH_UPDATE, PublishUpdate, Told
from domain.response import Audience, Update
from domain.timeline import Kind
from workflows.live_incident import LiveIncident
from workflows.telling import replace_update

PAUSE, LONGEST_PAUSE = timedelta(seconds=2), timedelta(seconds=30)


async def publish(live: LiveIncident) -> None:
    """Put each published update on the status page, in order, and try again for as long as it takes."""
    failures = 0
    while True:
        await workflow.wait_condition(lambda: _next(live) is not None and not live.draining)
        update = _next(live)
        assert update is not None
        try:
            await live.job(
                PUBLISH_UPDATE,
                PublishUpdate(
                    report=live.report(), update=update, component=live.state.snapshot.service.component
                ),
                Told,
                summary=f"publish update {update.number}",
                timeout=timedelta(seconds=15),
            )
        except ActivityError as error:
            failures += 1
            if failures == 1:
                live.log(
                    Kind.FAULT, f"Update {update.number} cannot be published yet: {error.cause or error}"
                )
            await workflow.sleep(
                min(PAUSE * 2 ** min(failures, 6), LONGEST_PAUSE), summary="the status page is away"
            )
        else:
            failures = 0
            replace_update(live, update.number, out=True)


def _next(live: LiveIncident) -> Update | None:
    waiting = (
        update
        for update in live.state.updates
        if update.audience is Audience.PUBLIC and update.published_at and not update.out
    )
    return next(waiting, None)
