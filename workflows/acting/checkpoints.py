"""The four questions, answered."""

from domain import acts
from domain.acts import Acting
from domain.timeline import Kind
from policy import checkpoints, status_page
from policy.words import sentence
from workflows.acting.records import progress
from workflows.live_incident import LiveIncident
from workflows.runs import end_call_about
from workflows.telling import (
    draft_public,
    publish_buttons,
    tell_inside,
)


def checkpoint(live: LiveIncident, acting: Acting, act: acts.AnswerCheckpoint) -> str:
    """The answers count as an update within the house, and a next step as progress (spec 6.3)."""
    state = live.state
    waiting = checkpoints.open_checkpoint(state)
    number = act.number or (waiting.number if waiting else 0)
    answer = {
        "answered_at": live.now(),
        "by": acting.by,
        "known": act.known.strip(),
        "next_step": act.next_step.strip(),
        "need_people": act.need_people.strip(),
        "status_page_current": act.status_page_current,
    }
    change_checkpoint(live, number, **answer)
    if act.next_step.strip():
        progress(live)
    need = f" More people: {act.need_people.strip()}." if act.need_people.strip() else ""
    page = "current" if act.status_page_current else "NOT current"
    live.log(
        Kind.CHECKPOINT,
        f"Checkpoint {number}, {acting.by.name}: {sentence(act.known)} "
        f"Next: {sentence(act.next_step or 'nothing named')}{need} Status page: {page}.",
        person=acting.by.id,
        checkpoint=number,
    )
    end_call_about(live, f"checkpoint {number}", acting.by)
    tell_inside(live, acting.by)
    if not act.status_page_current and state.snapshot.service.component:
        _remind_of_page(live)
    return f"Checkpoint {number} is answered."


def _remind_of_page(live: LiveIncident) -> None:
    draft = status_page.offered(live.state, live.now())
    number = draft.number if draft else draft_public(live, full=True)
    live.say("room", f"The status page is not current. Update {number} is drafted.", *publish_buttons(number))


def change_checkpoint(live: LiveIncident, number: int, **changes: object) -> None:
    """Change a checkpoint in its place."""
    state = live.state
    state.checkpoints = [c.model_copy(update=changes) if c.number == number else c for c in state.checkpoints]
    live.changed()
