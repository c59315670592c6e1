"""What the carrier's words make of an attempt (spec 3.7, 4.2). Words come twice, late and out of order:
an attempt only ever goes forward, and once it has ended nothing changes it."""

from datetime import datetime

from domain.jobs import Found, Placed
from domain.ladder import Attempt, AttemptState, Outcome
from domain.messages import CarrierEvent, CarrierWord
from domain.snapshot import Timing

_PROGRESS: dict[CarrierWord, AttemptState] = {
    "queued": AttemptState.LEFT,
    "initiated": AttemptState.LEFT,
    "sent": AttemptState.LEFT,
    "ringing": AttemptState.RINGING,
    "answered": AttemptState.ANSWERED,
    "human": AttemptState.ANSWERED,
    "delivered": AttemptState.DELIVERED,
}

_ENDS: dict[CarrierWord, Outcome] = {
    "busy": Outcome.BUSY,
    "no-answer": Outcome.NO_ANSWER,
    "failed": Outcome.FAILED,
    "canceled": Outcome.WITHDRAWN,
    "completed": Outcome.HUNG_UP,
    "machine": Outcome.VOICEMAIL,
    "unclear": Outcome.UNCLEAR,
    "undelivered": Outcome.UNDELIVERED,
}

_ORDER = list(AttemptState)

CAME_TO_NOTHING = frozenset(Outcome) - {Outcome.ACKNOWLEDGED, Outcome.PASSED, Outcome.WITHDRAWN}
"""Outcomes after which that person's next method starts at once (spec 3.2)."""

TO_BE_TRIED_AGAIN = frozenset({Outcome.CARRIER_ERROR, Outcome.LOST})
"""Outcomes that say nothing about the person: the carrier failed, so the same page is tried again."""


def ended(attempt: Attempt, outcome: Outcome, at: datetime, detail: str = "") -> Attempt:
    """The attempt, ended this way. Whoever ended it first is right."""
    if attempt.over:
        return attempt
    return attempt.model_copy(
        update={
            "state": AttemptState.ENDED,
            "outcome": outcome,
            "ended_at": at,
            "look_at": None,
            "detail": detail or attempt.detail,
        }
    )


def _advanced(attempt: Attempt, state: AttemptState, at: datetime, carrier_id: str | None) -> Attempt:
    if attempt.over:
        return attempt
    reached = attempt.reached if state in attempt.reached else {**attempt.reached, state: at}
    further = max(attempt.state, state, key=_ORDER.index)
    return attempt.model_copy(
        update={"state": further, "reached": reached, "carrier_id": attempt.carrier_id or carrier_id}
    )


def _silence_until(attempt: Attempt, timing: Timing, now: datetime) -> Attempt:
    """A call is asked about if nothing is heard of it for longer than it can ring. A message is not:
    it waits for its reader, however long."""
    if attempt.over or attempt.method != "call":
        return attempt.model_copy(update={"look_at": None})
    return attempt.model_copy(update={"look_at": now + timing.ring_for + timing.silent_after})


def after_placed(attempt: Attempt, placed: Placed, timing: Timing, now: datetime) -> Attempt:
    """The attempt once the carrier has answered the request, or has failed to.

    A refused request never reached the person, nor did one that was held back. One of unknown fate is not
    tried again before the carrier was looked through for it (spec 13.3).
    """
    if attempt.carrier_id and placed.result != "accepted":
        return attempt
    match placed.result:
        case "accepted":
            return _silence_until(_advanced(attempt, AttemptState.LEFT, now, placed.carrier_id), timing, now)
        case "rejected":
            return ended(attempt, Outcome.REJECTED, now, placed.detail)
        case "unavailable":
            return ended(attempt, Outcome.CARRIER_ERROR, now, placed.detail)
        case "held":
            return ended(attempt, Outcome.HELD, now, placed.detail)
        case "unknown":
            unsure = _advanced(attempt, AttemptState.UNKNOWN, now, None)
            return unsure.model_copy(update={"look_at": now + timing.trace_after, "detail": placed.detail})


def after_event(attempt: Attempt, event: CarrierEvent, timing: Timing, now: datetime) -> Attempt:
    """The attempt after a word of the carrier's. The word's own time counts, for it may have waited while
    no worker lived, but within reason: clocks differ, and a window must not end before it began."""
    if attempt.over or (attempt.carrier_id and attempt.carrier_id != event.carrier_id):
        return attempt
    said = {"heard": event.heard, "confidence": event.confidence} if event.heard is not None else {}
    known = attempt.model_copy(update={"carrier_id": event.carrier_id, **said})
    at = min(max(event.at, attempt.requested_at), now)
    if event.word in _ENDS:
        return ended(known, _ENDS[event.word], at, event.detail)
    return _silence_until(_advanced(known, _PROGRESS[event.word], at, event.carrier_id), timing, now)


def after_look(attempt: Attempt, found: Found, timing: Timing, now: datetime) -> Attempt:
    """The attempt after the carrier was asked about it.

    No trace of it: it never left, and may be tried again. The carrier cannot say: asked once more, then
    taken for lost, because a page too many is better than none.
    """
    if attempt.over:
        return attempt
    asked = attempt.model_copy(update={"looks": attempt.looks + 1})
    if found.carrier_id is None:
        certain = found.checked or asked.looks > 1
        if asked.carrier_id is None and certain:
            return ended(asked, Outcome.LOST, now)
        return asked.model_copy(update={"look_at": now + timing.trace_after})
    known = asked.model_copy(update={"carrier_id": found.carrier_id})
    if found.word in _ENDS:
        return ended(known, _ENDS[found.word], now)
    state = _PROGRESS[found.word] if found.word else AttemptState.LEFT
    return _silence_until(_advanced(known, state, now, found.carrier_id), timing, now)
