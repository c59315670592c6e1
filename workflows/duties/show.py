"""The duty to be looked at: Temporal's own page tells the incident without any code (spec 12.1)."""

from typing import Any

from temporalio import workflow
from temporalio.common import SearchAttributeUpdate

from domain.base import Deadline
from policy import report
from workflows import search_attributes
from workflows.live_incident import LiveIncident


async def show(live: LiveIncident) -> None:
    """Keep the details and the search attributes true.

    A deadline that only moves on is shown once the one before has passed: nobody who lists incidents looks
    sooner, and each change is an event in the history.
    """
    shown: tuple[SearchAttributeUpdate[Any], ...] | None = None
    due: Deadline | None = None
    while True:
        workflow.set_current_details(report.summary(live.state, live.next_deadline))
        # An incident starts with its attributes, or carries them over: the task that pages first sets none.
        await live.turn()
        coming = live.next_deadline
        moves_on = due is not None and coming is not None and live.now() < due.at < coming.at
        due = due if moves_on and live.state.snapshot.response else coming
        attributes = search_attributes.changes(live.state, due)
        if attributes != shown:
            workflow.upsert_search_attributes(attributes)
            shown = attributes
