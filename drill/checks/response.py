"""The response: what was thought and done, how bad it was, and the checkpoints (spec 1.5, 6.3 to 6.8)."""

from datetime import timedelta

from domain.response import HypothesisState, MitigationState
from domain.timeline import Kind
from drill import scenario
from drill.checks.base import AT_ONCE, Check, after, demand, one, seconds, there
from drill.facts import Facts
from drill.scenario import SECONDARY


def missed_checkpoint(facts: Facts) -> str:
    """Checkpoint 1 was asked, asked again, phoned for and missed, each when it was due"""
    known = there(facts.checkpoint(1), "checkpoint 1")
    every, grace = facts.organisation.response.checkpoint_every, facts.organisation.response.checkpoint_grace
    start = there(facts.report.acknowledged_at, "acknowledgement")
    asked, again = there(known.asked_at, "question"), there(known.asked_again_at, "second question")
    run = one(facts.of(Kind.RUN, "checkpoint 1 is unanswered"), "call for it")
    missed = one(facts.of(Kind.CHECKPOINT, checkpoint=1, missed=True), "word that it was missed")
    rung = facts.to(SECONDARY, facts.paged_between(run.at - AT_ONCE, run.at + AT_ONCE))
    grid = (
        after(every, start, asked)
        and after(grace, asked, again)
        and after(grace, again, run.at)
        and after(every * 2, start, missed.at)
    )
    kept = grid and bool(rung) and known.missed and facts.report.checkpoints_missed == 1
    steps = ", ".join(seconds(at - start) for at in (asked, again, run.at, missed.at))
    return demand(kept, f"{steps} after the acknowledgement")


def answered_checkpoints(facts: Facts) -> str:
    """Checkpoint 2 was answered in Slack when it was asked, checkpoint 3 before it was due"""
    second, third = there(facts.checkpoint(2), "checkpoint 2"), there(facts.checkpoint(3), "checkpoint 3")
    answered = there(second.answered_at, "answer to checkpoint 2")
    early = there(third.answered_at, "answer to checkpoint 3")
    asked = there(second.asked_at, "question of checkpoint 2")
    words = all(
        (known.known, known.next_step) == scenario.CHECKPOINTS[known.number]
        and known.by is not None
        and known.by.id == SECONDARY
        for known in (second, third)
    )
    modal = facts.deeds("view_submission", "checkpoint")
    kept = words and bool(modal) and asked < answered and early < third.due_at and third.asked_at is None
    told = (
        f"{seconds(answered - asked)} after it was asked; {seconds(third.due_at - early)} before it was due"
    )
    return demand(kept, told)


def thinking(facts: Facts) -> str:
    """A hypothesis was held and confirmed, a command announced before it ran"""
    held = one(facts.report.hypotheses, "hypothesis")
    said = one(facts.report.announcements, "announcement")
    begun = one(facts.of(Kind.MITIGATION, scenario.MITIGATION), "mitigation")
    ended = there(said.ended_at, "end of the command")
    kept = held.state is HypothesisState.CONFIRMED and said.at < begun.at < ended
    return demand(kept, f"{held.state}; announced {seconds(begun.at - said.at)} before")


def decision(facts: Facts) -> str:
    """A decision has its reason and owner; its missing result was asked for when due, and added"""
    made = one(facts.report.decisions, "decision")
    asked = there(made.asked_at, "question for the result")
    answered = there(made.result_at, "result")
    due = facts.organisation.response.result_within
    written = (made.reason, made.result) == (scenario.DECISION_REASON, scenario.DECISION_RESULT)
    kept = written and made.owner.id == SECONDARY and after(due, made.at, asked) and asked < answered
    return demand(kept, f"asked for after {seconds(asked - made.at)}: {made.result}")


def fall(facts: Facts) -> str:
    """The severity fell, and nobody was paged for that"""
    fell = one(facts.of(Kind.SEVERITY, before="P0", after="P1"), "fall from P0 to P1").at
    rose = one(facts.of(Kind.SEVERITY, before="P1", after="P0"), "rise from P1 to P0").at
    paged = facts.paged_between(fell, rose)
    return demand(not paged, f"{len(paged)} calls and messages in {seconds(rose - fell)}")


def rise(facts: Facts) -> str:
    """The severity rose: everybody was paged at once, and the commander, who had it already, heard of it"""
    rose = one(facts.of(Kind.SEVERITY, before="P1", after="P0"), "rise from P1 to P0").at
    run = one([entry for entry in facts.of(Kind.RUN, "the severity rose") if entry.at >= rose], "run")
    paged = facts.of(Kind.PAGE, run=run.data["run"], method="call")
    people = {entry.person for entry in paged if entry.at - rose < AT_ONCE}
    # The carrier takes one call a second.
    queue = AT_ONCE + timedelta(seconds=len(people))
    call = one(facts.to(SECONDARY, facts.paged_between(rose, rose + queue)), "call to the commander at once")
    heard = [
        entry
        for entry in facts.of(Kind.ACKNOWLEDGED)
        if entry.person == SECONDARY and entry.at > run.at and not entry.data.get("late")
    ]
    ended = one(heard, "acknowledgement of the rise").at
    told = f"{len(people)} people, the commander {seconds(call.created_at - rose)} later"
    return demand(people == set(facts.organisation.people), f"{told}; heard after {seconds(ended - rose)}")


def mitigated(facts: Facts) -> str:
    """The mitigation was begun, then worked, and so the harm ended"""
    done = one(facts.report.mitigations, "mitigation")
    at = there(facts.report.mitigated_at, "end of the harm")
    rose = one(facts.of(Kind.SEVERITY, before="P1", after="P0"), "rise from P1 to P0").at
    kept = done.state is MitigationState.WORKED and done.at < at and rose < at
    return demand(kept, f"{done.text}: {done.state}, {seconds(at - facts.report.opened_at)} after the alert")


CHECKS: tuple[Check, ...] = (
    thinking,
    decision,
    fall,
    rise,
    mitigated,
    missed_checkpoint,
    answered_checkpoints,
)
