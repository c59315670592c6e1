"""The duty to ask what came of decisions (spec 6.5)."""

from domain.chat import Button
from domain.timeline import Kind
from policy import follow_up as results
from policy.follow_up import AskForResult
from workflows.acting.records import put
from workflows.duties import keep
from workflows.live_incident import LiveIncident


async def follow_up(live: LiveIncident) -> None:
    """Ask for every missing result, for as long as it is missing."""
    await keep(live, results.owed, _ask)


def _ask(live: LiveIncident, action: AskForResult) -> None:
    state = live.state
    decision = next(d for d in state.decisions if d.number == action.decision)
    state.decisions = put(state.decisions, decision.model_copy(update={"asked_at": live.now()}))
    text = f"What came of decision {decision.number} ({decision.text})? {decision.owner.name}, please say."
    live.log(Kind.ASKED, text, decision=decision.number, person=decision.owner.id or None)
    live.say("room", text, Button(action="decision", label="Add result", value=str(decision.number)))
