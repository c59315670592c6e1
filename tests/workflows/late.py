"""An incident that begins its postmortem slowly, so that an alert surely comes meanwhile. A module of its
own, because the sandbox loads all that it imports anew."""

from temporalio import workflow

from domain.incident import IncidentReport, IncidentState
from domain.messages import INCIDENT_WORKFLOW
from workflows.incident import IncidentWorkflow


@workflow.defn(name=INCIDENT_WORKFLOW)
class SlowToHandOver(IncidentWorkflow):
    """It hands over only once an alert has come too late to join."""

    @workflow.init
    def __init__(self, state: IncidentState) -> None:
        super().__init__(state)

    @workflow.run
    async def run(self, state: IncidentState) -> IncidentReport:
        return await super().run(state)

    async def _hand_over(self) -> None:
        self.live.handed_over = True
        await workflow.wait_condition(lambda: bool(self.live.state.arrived))
        await super()._hand_over()
