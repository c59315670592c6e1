"""The duty to let machines repair what they can, before people are woken (spec 3.1, level 0)."""

from datetime import timedelta

from temporalio.exceptions import ActivityError

from domain.incident import Status
from domain.jobs import CALL_WEBHOOK, CallWebhook, Told
from domain.snapshot import AutomatedResponse
from domain.timeline import Kind
from policy import automated
from policy.automated import NotRepaired, Repair, Repaired
from workflows.duties import keep
from workflows.live_incident import LiveIncident

TIMEOUT = timedelta(seconds=20)

BY_ITSELF = "The automated response repaired it: every alert resolved."


async def repair(live: LiveIncident) -> None:
    """Call the webhooks, and wait for the alerts to resolve."""
    await keep(live, automated.owed, _repair)


def _repair(live: LiveIncident, action: Repair | Repaired | NotRepaired) -> None:
    state = live.state
    if (run := state.automated) is None:
        return
    match action:
        case Repair():
            state.automated = run.model_copy(update={"asked": True})
            for number, response in enumerate(state.snapshot.automated):
                live.spawn(_call(live, number, response))
        case Repaired():
            state.automated = run.model_copy(update={"over": True, "worked": True})
            if automated.settles_it(state):
                state.status, state.resolved_at, state.resolution = Status.RESOLVED, live.now(), BY_ITSELF
                state.document_due = True
                live.log(Kind.RESOLVED, BY_ITSELF)
            else:
                live.log(Kind.ASKED, f"{BY_ITSELF} Whether it is over is for people to say.")
        case NotRepaired():
            state.automated = run.model_copy(update={"over": True})
            live.log(Kind.ASKED, "The automated response did not repair it in time.")


async def _call(live: LiveIncident, number: int, response: AutomatedResponse) -> None:
    state = live.state
    work = CallWebhook(url=response.url, key=f"{state.id}/{number}", report=live.report())
    try:
        told = await live.job(CALL_WEBHOOK, work, Told, summary="automated response", timeout=TIMEOUT)
    except ActivityError as error:
        told = Told(done=False, detail=str(error.cause or error))
    detail = f" ({told.detail})" if told.detail else ""
    said = "The automated response is under way" if told.done else "The automated response cannot be reached"
    live.log(Kind.ASKED, f"{said}{detail}.")
