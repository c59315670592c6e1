"""The duty to know how bad it is: unclassified, it is taken for bad; unmitigated, it becomes worse (spec 1.2,
1.3)."""

from domain.timeline import Kind
from policy import severity
from policy.severity import Assume, Rise
from workflows.duties import keep
from workflows.live_incident import LiveIncident
from workflows.rises import set_severity


async def classify(live: LiveIncident) -> None:
    """Settle or raise the severity when its time has come."""
    await keep(live, severity.owed, _settle)


def _settle(live: LiveIncident, action: Assume | Rise) -> None:
    state = live.state
    match action:
        case Assume(severity=name):
            state.classified = True
            live.log(Kind.SEVERITY, f"Nobody has said how bad it is: it is taken for a {name}.")
            set_severity(live, state.snapshot.severity(name), "nobody has said how bad it is")
        case Rise(severity=name):
            set_severity(live, state.snapshot.severity(name), f"not mitigated as a {state.severity} in time")
