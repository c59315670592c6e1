"""What people believe, decide and announce."""

from domain import acts
from domain.acts import Acting
from domain.response import (
    Announcement,
    Decision,
    Hypothesis,
    HypothesisState,
)
from domain.timeline import Kind
from policy.words import clock
from workflows.acting.records import numbered, progress, put
from workflows.live_incident import LiveIncident


def hypothesis(live: LiveIncident, acting: Acting, act: acts.Hypothesise) -> str:
    """A hypothesis stated or changed; a settled one is progress (spec 3.4, 6.4)."""
    state, now = live.state, live.now()
    if act.number is None:
        number = numbered(state.hypotheses)
        new = Hypothesis(
            number=number,
            text=act.text.strip(),
            owner=acting.by,
            confidence=act.confidence or "low",
            state=act.state or HypothesisState.OPEN,
            at=now,
        )
    else:
        number = act.number
        old = next(h for h in state.hypotheses if h.number == number)
        new = old.model_copy(
            update={
                "text": act.text.strip() or old.text,
                "confidence": act.confidence or old.confidence,
                "state": act.state or old.state,
            }
        )
    if new.state is not HypothesisState.OPEN and new.settled_at is None:
        new = new.model_copy(update={"settled_at": now})
        progress(live)
    state.hypotheses = put(state.hypotheses, new)
    text = (
        f"Hypothesis {number} ({new.owner.name}, {new.confidence} confidence, {new.state.value}): {new.text}"
    )
    live.log(Kind.HYPOTHESIS, text, person=acting.by.id, hypothesis=number)
    live.say("room", text)
    return f"Hypothesis {number} is {new.state.value}."


def decision(live: LiveIncident, acting: Acting, act: acts.Decide) -> str:
    """A decision, or its result, in the log; a result is progress (spec 3.4, 6.5)."""
    state, now = live.state, live.now()
    if act.number is None:
        number = numbered(state.decisions)
        new = Decision(
            number=number,
            text=act.text.strip(),
            reason=act.reason.strip(),
            owner=act.owner or acting.by,
            at=now,
            result=act.result.strip(),
            result_at=now if act.result.strip() else None,
        )
        text = f"Decision {number} ({new.owner.name}): {new.text} Reason: {new.reason}"
    else:
        number = act.number
        old = next(d for d in state.decisions if d.number == number)
        new = old.model_copy(update={"result": act.result.strip(), "result_at": now})
        text = f"Result of decision {number} ({new.text}): {new.result}"
    if new.result:
        progress(live)
    state.decisions = put(state.decisions, new)
    live.log(Kind.DECISION, text, person=acting.by.id, decision=number)
    live.say("room", text)
    return f"Decision {number} is in the log." if act.number is None else f"Decision {number} has its result."


def announce(live: LiveIncident, acting: Acting, act: acts.Announce) -> str:
    """A command or an investigation told before it begins; two of the same are pointed out (spec 6.8)."""
    state, now = live.state, live.now()
    if act.number is not None:
        old = next(a for a in state.announcements if a.number == act.number)
        state.announcements = put(state.announcements, old.model_copy(update={"ended_at": now}))
        live.log(
            Kind.ANNOUNCEMENT,
            f"{old.kind.capitalize()} {old.number} is over: {old.text}",
            person=acting.by.id,
        )
        return f"{old.kind.capitalize()} {old.number} is over."
    said = " ".join(act.text.split())
    same = next(
        (a for a in state.announcements if not a.ended_at and a.text.casefold() == said.casefold()), None
    )
    number = numbered(state.announcements)
    new = Announcement(
        number=number,
        kind=act.kind,
        text=said,
        owner=acting.by,
        at=now,
        same_as=same.number if same else None,
    )
    state.announcements = put(state.announcements, new)
    twice = f" {same.owner.name} does the same since {clock(same.at)} ({same.number})." if same else ""
    what = "a command" if act.kind == "command" else "an investigation"
    text = f"{acting.by.name} begins {what}: {said}.{twice}"
    live.log(Kind.ANNOUNCEMENT, text, person=acting.by.id, announcement=number, same_as=new.same_as)
    live.say("room", text)
    return f"Announced as {number}.{twice}"
