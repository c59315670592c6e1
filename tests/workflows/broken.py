"""An incident with a faulty duty. A module of its own, because the sandbox loads all that it imports anew."""

from temporalio import workflow

from domain.incident import IncidentReport, IncidentState
from domain.messages import INCIDENT_WORKFLOW
from workflows.incident import IncidentWorkflow
from workflows.live_incident import LiveIncident


async def broken(live: LiveIncident) -> None:
    """A duty with a fault in it."""
    raise LookupError("nobody wrote this part")


@workflow.defn(name=INCIDENT_WORKFLOW)
class WithABrokenDuty(IncidentWorkflow):
    """An incident with one duty too many."""

    duties = (broken, *IncidentWorkflow.duties)

    @workflow.init
    def __init__(self, state: IncidentState) -> None:
        super().__init__(state)

    @workflow.run
    async def run(self, state: IncidentState) -> IncidentReport:
        return await super().run(state)
