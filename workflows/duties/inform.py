"""The duty to keep the status page, and those who wait within the house, current (spec 7.2)."""

from domain.chat import Button
from domain.response import Audience
from domain.timeline import Kind
from policy import status_page, updates
from policy.status_page import Action, CallAboutPage, DraftFirst, Nudge
from policy.words import clock
from workflows.duties import keep
from workflows.live_incident import LiveIncident
from workflows.runs import call_about
from workflows.telling import draft_public, publish_buttons


async def inform(live: LiveIncident) -> None:
    """Have a draft ready in time, remind whoever publishes, and phone the commander over a stale page."""
    await keep(live, status_page.owed, _say)


def _say(live: LiveIncident, action: Action) -> None:
    state = live.state
    match action:
        case DraftFirst():
            number = draft_public(live, full=False)
            _offer(live, number, "The status page has to acknowledge this.")
        case Nudge(audience=Audience.INTERNAL, due_at=due_at):
            state.internal_nudged_for = due_at
            text = f"The update within the house is overdue since {clock(due_at)}."
            live.log(Kind.ASKED, text)
            live.say("room", text, Button(action="update", label="Write update"))
        case Nudge(due_at=due_at):
            state.public_nudged_for = due_at
            told = status_page.published(state, Audience.PUBLIC)
            late = "is stale since" if told else "should have said something by"
            live.log(Kind.ASKED, f"The status page {late} {clock(due_at)}.")
            draft = status_page.offered(state, live.now())
            number = draft.number if draft else draft_public(live, full=True)
            _offer(live, number, f"The status page {late} {clock(due_at)}.")
        case CallAboutPage(due_at=due_at):
            state.public_called_for = due_at
            call_about(
                live,
                "the status page",
                state.commander,
                title="commander",
                why="the status page is stale",
                asks=f"The status page is stale since {clock(due_at)}. Please have it updated",
            )


def _offer(live: LiveIncident, number: int, why: str) -> None:
    draft = next(update for update in live.state.updates if update.number == number)
    text = f"{why} Update {number} is drafted: {draft.text}"
    live.say("room", text, *publish_buttons(number))
    who = updates.publisher(live.state)
    if who and who.id:
        live.say("person", text, *publish_buttons(number), person=who.id)
