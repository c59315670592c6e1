"""The duty to be looked at: Temporal's own page tells what becomes of the incident (spec 12.1)."""

from typing import Any

from temporalio import workflow
from temporalio.common import SearchAttributeUpdate

from domain.incident import IncidentReport
from policy import aftermath
from workflows.aftermath.live import AftermathT, LiveAftermath
from workflows.search_attributes import COMMANDER, DEADLINE, DRILL, SERVICE, SEVERITY, STATUS


async def show(live: LiveAftermath[AftermathT]) -> None:
    """Keep the details and the search attributes true."""
    shown = None
    while True:
        workflow.set_current_details(aftermath.summary(live.state, live.now()))
        attributes = _attributes(live.report())
        if attributes != shown:
            workflow.upsert_search_attributes(attributes)
            shown = attributes
        await live.turn()


def _attributes(report: IncidentReport) -> tuple[SearchAttributeUpdate[Any], ...]:
    coming = report.next_deadline
    return (
        SEVERITY.value_set(report.severity),
        STATUS.value_set(report.status.value),
        SERVICE.value_set(report.service),
        DRILL.value_set(report.drill),
        COMMANDER.value_set(report.commander.name) if report.commander else COMMANDER.value_unset(),
        DEADLINE.value_set(coming.at) if coming else DEADLINE.value_unset(),
    )
