"""The duty to keep the checkpoints (spec 6.3)."""

from domain.chat import Button
from domain.response import Checkpoint
from domain.timeline import Kind
from policy import checkpoints
from policy.checkpoints import Action, Ask, Call, Miss, Plan
from policy.words import clock
from workflows.acting.checkpoints import change_checkpoint
from workflows.acting.records import put
from workflows.duties import keep
from workflows.live_incident import LiveIncident
from workflows.runs import call_about


async def checkpoint(live: LiveIncident) -> None:
    """Plan each checkpoint, ask its questions, and go after those that nobody answers."""
    await keep(live, checkpoints.owed, _step)


def _step(live: LiveIncident, action: Action) -> None:
    state, now = live.state, live.now()
    match action:
        case Plan(number=number, due_at=due_at):
            state.checkpoints = put(state.checkpoints, Checkpoint(number=number, due_at=due_at))
        case Ask(number=number, again=again):
            change_checkpoint(live, number, **{"asked_again_at" if again else "asked_at": now})
            verb = "is still unanswered" if again else "is due"
            live.log(Kind.ASKED, f"Checkpoint {number} {verb}.", checkpoint=number)
            text = f"Checkpoint {number} {verb}. {' '.join(checkpoints.QUESTIONS)}"
            live.say("room", text, _button(number))
            if again and state.commander and state.commander.id:
                live.say("person", text, _button(number), person=state.commander.id)
        case Call(number=number):
            change_checkpoint(live, number, called_at=now)
            due = next(c.due_at for c in state.checkpoints if c.number == number)
            call_about(
                live,
                f"checkpoint {number}",
                state.commander,
                title="commander",
                why=f"checkpoint {number} is unanswered",
                asks=f"The checkpoint of {clock(due)} is unanswered. Please answer it in the room",
            )
        case Miss(number=number):
            change_checkpoint(live, number, missed=True)
            state.checkpoints_missed += 1
            live.log(Kind.CHECKPOINT, f"Checkpoint {number} was missed.", checkpoint=number, missed=True)


def _button(number: int) -> Button:
    return Button(action="checkpoint", label="Answer", value=str(number), style="primary")
