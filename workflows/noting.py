"""What becomes of a page, stored and written down (spec 3.7, 4.5)."""

from domain.ladder import Attempt, AttemptState, LadderRun, Outcome
from domain.people import Method
from domain.timeline import Kind
from workflows.live_incident import LiveIncident

WHAT: dict[Method, str] = {"call": "Call", "sms": "Message", "slack": "Slack message"}
"""What each way to page somebody is called."""


def settle(live: LiveIncident, run: LadderRun, attempt: Attempt) -> None:
    """Store what became of an attempt, and tell the timeline what is new about it."""
    before = run.attempt(attempt.id)
    run.put(attempt)
    note_progress(live, before, attempt)


_PROGRESS = {
    ("call", AttemptState.RINGING): "{name}'s phone rings.",
    ("call", AttemptState.ANSWERED): "{name}'s phone was answered.",
    ("call", AttemptState.UNKNOWN): "Whether the call to {name} left is unknown; the carrier will be asked.",
    (
        "sms",
        AttemptState.UNKNOWN,
    ): "Whether the message to {name} left is unknown; the carrier will be asked.",
    ("sms", AttemptState.DELIVERED): "The message reached {name}'s phone.",
}


def note_progress(live: LiveIncident, before: Attempt | None, after: Attempt) -> None:
    """Write down what is new about an attempt: a further state, or its end (spec 3.7, 4.5)."""
    live.changed()
    name = live.state.snapshot.people[after.person].name
    facts = {
        "attempt": after.id,
        "method": after.method,
        "carrier_id": after.carrier_id,
        "state": after.state.value,
        "seconds": {
            state.value: round((at - after.requested_at).total_seconds(), 1)
            for state, at in after.reached.items()
        },
    }
    if after.outcome and not (before and before.outcome):
        # Why a line was busy or nobody answered is plain; the carrier's code for it stays with the data.
        plain = after.outcome in (Outcome.BUSY, Outcome.NO_ANSWER, Outcome.WITHDRAWN, Outcome.VOICEMAIL)
        detail = f" ({after.detail})" if after.detail and not plain else ""
        text = f"{WHAT[after.method]} to {name}: {after.outcome.value}{detail}."
        live.log(
            Kind.CARRIER,
            text,
            at=after.ended_at,
            person=after.person,
            outcome=after.outcome.value,
            detail=after.detail,
            **facts,
        )
        return
    progress = _PROGRESS.get((after.method, after.state))
    if progress and not after.over and not (before and after.state in before.reached):
        at = after.reached[after.state]
        live.log(Kind.CARRIER, progress.format(name=name), at=at, person=after.person, **facts)
