"""The duty to keep chat true: what was said goes out in its order, the room opens and closes, the card shows
the incident as it is (spec 6.2). Chat that is away delays chat, and nothing else (spec 13.3)."""

import asyncio
from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.exceptions import ActivityError

from domain.base import Deadline
from domain.jobs import CONVERSE, Converse, Conversed
from domain.snapshot import Chat
from domain.timeline import Kind
from policy import cards
from policy.words import clock
from workflows.live import Alarm
from workflows.live_incident import LiveIncident

CARD_EVERY = timedelta(seconds=30)
"""How often the card is edited for its own sake. With a post it is edited along."""

TURN_TIMEOUT = timedelta(seconds=30)

MOST_POSTS = 40
"""Posts of one turn."""

PAUSE, LONGEST_PAUSE = timedelta(seconds=1), timedelta(seconds=30)


async def chat(live: LiveIncident) -> None:
    """Bring chat up to date, then wait for more. Where there is no chat there is nothing to do."""
    rules = live.state.snapshot.chat
    if rules is None:
        return
    try:
        await _keep_true(live, rules)
    finally:
        # Whatever happened: what is to be written down no longer waits for a turn of ours.
        live.chat_waits = live.chat_carries = False


async def _keep_true(live: LiveIncident, rules: Chat) -> None:
    state, alarm, failures, edited_at = live.state, Alarm(), 0, None
    if workflow.info().continued_run_id is None:
        await live.turn(alarm)  # The first task of an incident only pages.
    while True:
        live.chat_waits, live.chat_carries = False, True
        # Whoever was woken by the same news says what they have to say first: it travels along.
        await asyncio.sleep(0)
        at = None if live.draining else _due(live, edited_at)
        if at is None or at > live.now():
            alarm.set(Deadline(name="the card is edited", at=at) if at else None)
            live.chat_waits, live.chat_carries = not live.draining, False
            await live.turn(alarm)
            continue
        alarm.set(None)
        work = _work(live, rules)
        answered = await _converse(live, work)
        live.chat_carries = False
        if answered.card_done:
            edited_at = live.now()
            state.outbox.card_shown = cards.digest(work.report)
        _settle(live, work, answered)
        if _all_done(work, answered):
            failures = 0
            continue
        failures += 1
        wait = answered.retry_after or min(PAUSE * 2 ** min(failures, 6), LONGEST_PAUSE)
        await workflow.sleep(wait, summary="chat is asked again")


def _due(live: LiveIncident, edited_at: datetime | None) -> datetime | None:
    """When chat has to be brought up to date; None while it is."""
    state, now = live.state, live.now()
    outbox, room = state.outbox, state.war_room
    channels = outbox.channels
    if outbox.pending:
        return now
    if room and not room.closed_at and (channels.card is None or channels.archived):
        return now
    if room and room.closed_at and not channels.archived:
        return now
    if channels.card and not channels.archived and cards.digest(live.report()) != outbox.card_shown:
        return edited_at + CARD_EVERY if edited_at else now
    return None


def _work(live: LiveIncident, rules: Chat) -> Converse:
    state, room = live.state, live.state.war_room
    return Converse(
        report=live.report(),
        announcements=rules.announcements,
        room_wanted=room is not None,
        room_over=room is not None and room.closed_at is not None,
        channels=state.outbox.channels,
        posts=tuple(state.outbox.pending[:MOST_POSTS]),
        people={person.id: person.email for person in state.snapshot.people.values() if person.email},
        entries=state.timeline.batch(),
    )


async def _converse(live: LiveIncident, work: Converse) -> Conversed:
    """One turn. Where nothing is known of how far it came, it came nowhere: what it posted is found again."""
    try:
        return await live.job(
            CONVERSE, work, Conversed, summary="bring chat up to date", timeout=TURN_TIMEOUT
        )
    except ActivityError as error:
        first = min((post.number for post in work.posts), default=1)
        fault = f"no answer ({error.cause or error})"
        return Conversed(channels=work.channels, through=first - 1, card_done=False, fault=fault)


def _all_done(work: Converse, answered: Conversed) -> bool:
    room_there = answered.channels.archived if work.room_over else bool(answered.channels.card)
    return (
        answered.card_done
        and answered.through >= max((post.number for post in work.posts), default=0)
        and (room_there or not work.room_wanted)
    )


def _settle(live: LiveIncident, work: Converse, answered: Conversed) -> None:
    """Take over what was done, and tell what is new about chat, once."""
    state, outbox, now = live.state, live.state.outbox, live.now()
    if answered.stored:
        state.timeline.written(answered.stored.through)
    outbox.sent(answered.through)
    outbox.channels = answered.channels
    done, since = _all_done(work, answered), outbox.away_since
    if done and since:
        outbox.away_since = None
        live.log(Kind.FAULT, f"Chat is back; it was away since {clock(since)}.")
    elif not done and not since and answered.retry_after is None:
        outbox.away_since = now
        live.log(Kind.FAULT, f"Chat is away: {answered.fault}. Nothing else waits for it.")
    elif done and answered.fault:
        live.log(Kind.FAULT, f"Chat: {answered.fault}.")
    room = answered.channels
    if room.room and room.room != work.channels.room:
        live.log(Kind.WAR_ROOM, f"The war room is #{room.room_name}.", channel=room.room, url=room.room_url)
        rules = state.snapshot.response
        live.say("announcements", cards.announcement(live.report(), rules.internal_every if rules else None))
    live.changed()
