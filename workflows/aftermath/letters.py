"""The duty to tell people what concerns them: one message after the other, for as long as it may help."""

from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import ActivityError

from domain.aftermath import Letter
from domain.jobs import NOTIFY, Notify, Told
from domain.timeline import Kind
from workflows.aftermath.live import AftermathT, LiveAftermath

MOST_TRIES = 8
PAUSE = timedelta(minutes=1)
"""The pause after a failure, twice as long after each further one."""


async def letters(live: LiveAftermath[AftermathT]) -> None:
    """Send what waits. Who cannot be told in hours is not told: it is written down instead."""
    state = live.state
    while True:
        await workflow.wait_condition(lambda: bool(state.letters) and not live.draining)
        letter = state.letters[0]
        fault = await _send(live, letter)
        state.letters = [other for other in state.letters if other.number != letter.number]
        live.changed()
        if not fault:
            continue
        if letter.tries + 1 < MOST_TRIES and letter.person in state.snapshot.people:
            # It goes behind the others: one dead line holds up nobody else's message for long.
            state.letters.append(letter.model_copy(update={"tries": letter.tries + 1}))
            await workflow.sleep(PAUSE * 2**letter.tries, summary="a message could not be sent")
        else:
            live.log(Kind.FAULT, f"{letter.person} could not be told: {letter.text} ({fault})")


async def _send(live: LiveAftermath[AftermathT], letter: Letter) -> str | None:
    """Why it was not sent; None if it was."""
    person = live.state.snapshot.people.get(letter.person)
    if person is None:
        return "nobody knows how to reach them"
    try:
        told = await live.job(
            NOTIFY,
            Notify(person=person, text=letter.text),
            Told,
            summary=f"tell {person.name}",
            timeout=timedelta(seconds=30),
        )
    except ActivityError as error:
        return str(error.cause or error)
    return None if told.done else told.detail or "it was not taken"
