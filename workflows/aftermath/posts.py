"""The duty to say in chat what was put in the outbox. Chat that is away delays chat, and nothing else."""

from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import ActivityError

from domain.jobs import CONVERSE, Converse, Conversed
from workflows.aftermath.live import AftermathT, LiveAftermath

MOST_POSTS = 40
TURN_TIMEOUT = timedelta(seconds=30)
PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(hours=1)


async def posts(live: LiveAftermath[AftermathT]) -> None:
    """Send what waits, in its order. Where there is no chat there is nothing to do."""
    state, rules = live.state, live.state.snapshot.chat
    if rules is None:
        return
    outbox, failures = state.outbox, 0
    while True:
        await workflow.wait_condition(lambda: bool(outbox.pending) and not live.draining)
        work = Converse(
            report=live.report(),
            announcements=rules.announcements,
            room_wanted=False,  # The room has closed with the incident.
            room_over=False,
            channels=outbox.channels,
            posts=tuple(outbox.pending[:MOST_POSTS]),
            people={person.id: person.email for person in state.snapshot.people.values() if person.email},
        )
        try:
            answered = await live.job(
                CONVERSE, work, Conversed, summary="say it in chat", timeout=TURN_TIMEOUT
            )
        except ActivityError:
            # What it posted is found again by the number that each post bears.
            answered = Conversed(channels=outbox.channels, through=0, card_done=False)
        outbox.sent(answered.through)
        outbox.channels = answered.channels
        done = answered.through >= work.posts[-1].number
        failures = 0 if done else failures + 1
        outbox.away_since = None if done else outbox.away_since or live.now()
        live.changed()
        if not done:
            wait = answered.retry_after or min(PAUSE * 2 ** min(failures, 10), LONGEST_PAUSE)
            await workflow.sleep(wait, summary="chat is asked again")
