"""What followed: the postmortem, its action items, and their review (spec 9.2 to 9.6)."""

from datetime import datetime

from domain.incident import Status
from domain.postmortem import ItemKind, ItemState, PostmortemNow
from domain.timeline import Kind
from drill import scenario
from drill.checks.base import Check, after, demand, one, seconds, there
from drill.facts import Facts
from drill.scenario import DAY, SECONDARY, TEAM_LEAD

LACKS = ("text", "kind", "owner", "due_at", "priority", "done_when", "verified_by")
"""What an item that is only a wish lacks."""


def _known(facts: Facts) -> PostmortemNow:
    return there(facts.report.postmortem, "postmortem")


def _resolved(facts: Facts) -> datetime:
    return there(facts.report.resolved_at, "resolution")


def _day(facts: Facts, at: datetime) -> str:
    return f"day {(at - _resolved(facts)) / DAY:.1f}"


def owed(facts: Facts) -> str:
    """A postmortem was owed, and its owner was reminded of the draft by a timer"""
    known = _known(facts)
    owner = there(known.owner, "owner")
    reminded = one(facts.of(Kind.ASKED, "The postmortem draft"), "reminder")
    kept = owner.id == TEAM_LEAD and "P0" in known.reason
    return demand(kept, f"{known.reason}; {owner.name} was reminded on {_day(facts, reminded.at)}")


def wish(facts: Facts) -> str:
    """An action item that was only a wish was refused, each lack named"""
    refusal = there(facts.notes.refusals.get("wish"), "refusal")
    return demand(set(refusal.faults) == set(LACKS), ", ".join(refusal.faults) or refusal.detail)


def accepted(facts: Facts) -> str:
    """Two items that lack nothing were accepted: one for prevention, one for detection"""
    items = _known(facts).items
    kinds = [item.kind for item in items]
    return demand(kinds == [ItemKind.PREVENTION, ItemKind.DETECTION], ", ".join(kinds) or "none")


def comments(facts: Facts) -> str:
    """The postmortem could be read at once, but was not final before its time for comments was over"""
    refusal = there(facts.notes.refusals.get("final"), "refusal while comments were heard")
    opened = one(facts.of(Kind.POSTMORTEM, "opened it for comments"), "time for comments").at
    final = there(_known(facts).final_at, "final version")
    published = there(_known(facts).published_at, "publication")
    allowed = facts.organisation.postmortems.review_for
    kept = "comments" in refusal.detail and published < opened and after(allowed, opened, final)
    return demand(kept, f"{seconds(final - opened)}, the time is {seconds(allowed)}")


def postmortem_document(facts: Facts) -> str:
    """The postmortem tells what happened, why, and what is done about it"""
    text = facts.text(_known(facts).document)
    items = [item["text"] for item in scenario.items(_resolved(facts))]
    told = [line for section in scenario.SECTIONS.values() for line in section.splitlines()]
    parts = [*told, *items, scenario.DECISION_RESULT, scenario.HYPOTHESIS, "1 checkpoint missed"]
    lacking = [part for part in parts if part not in text]
    return demand(
        bool(text) and not lacking, f"{len(text.splitlines())} lines" + f", without {lacking}" * bool(lacking)
    )


def asked(facts: Facts) -> str:
    """Before the review its owner was asked about the open item, and answered"""
    question = one(facts.of(Kind.ASKED, "how do your action items stand?"), "question")
    answer = one(facts.of(Kind.REVIEW, "on action item 2"), "answer")
    due = facts.organisation.postmortems.action_review_after
    first = _resolved(facts) + due
    lead = first - question.at
    allowed = facts.organisation.postmortems.ask_items_before
    in_time = after(due - allowed, _resolved(facts), question.at)
    kept = facts.name(SECONDARY) in question.text and in_time and answer.at < first
    return demand(kept, f"on {_day(facts, question.at)}, {seconds(lead)} before")


def on_its_day(facts: Facts) -> str:
    """The review was held on day 30, once the item that was not done had a new date"""
    refusal = there(facts.notes.refusals.get("review"), "refusal to leave the item as it is")
    moved = one(facts.of(Kind.ACTION_ITEM, outcome="moved"), "new date").at
    held = one(facts.of(Kind.REVIEW, "The action items were reviewed"), "review").at
    due = facts.organisation.postmortems.action_review_after
    kept = "moved to a new date" in refusal.detail and moved < held and after(due, _resolved(facts), held)
    return demand(kept, f"held on {_day(facts, held)}; before: {refusal.detail[:60]}…")


def comes_back(facts: Facts) -> str:
    """With one item not done the incident stayed open, and the review came back"""
    then = there(facts.notes.held, "review")
    known = there(then.postmortem, "postmortem")
    left = [item for item in known.items if item.state is ItemState.OPEN]
    again = there(known.review_at, "further review")
    held = there(known.reviewed_at, "review that was held")
    due = facts.organisation.postmortems.action_review_after
    kept = then.status is Status.IN_PREVENTION and len(left) == 1 and again == held + due
    return demand(
        kept, f"{then.status}, {len(left)} of {len(known.items)} open, again on {_day(facts, again)}"
    )


def closed(facts: Facts) -> str:
    """It was closed with the last item, and not before"""
    last = facts.of(Kind.ACTION_ITEM, outcome="done")[-1:]
    done = one(last, "item that was done").at
    end = one(facts.of(Kind.CLOSED), "closing")
    states = [item.state for item in _known(facts).items]
    kept = (
        facts.report.status is Status.CLOSED
        and end.at >= done
        and len(facts.of(Kind.CLOSED)) == 1
        and states == [ItemState.DONE, ItemState.DONE]
    )
    return demand(kept, f"{facts.report.status} on {_day(facts, end.at)}; items: {', '.join(states)}")


def review_document(facts: Facts) -> str:
    """What was reviewed is written down, with what the owner had said"""
    text = facts.text(_known(facts).review_document)
    invited = facts.of(Kind.DOCUMENT, "Invitation to the review")
    kept = "the alert does not yet" in text and "One of two is done." in text and len(invited) == 1
    return demand(kept, f"{len(text.splitlines())} lines, {len(invited)} invitation")


CHECKS: tuple[Check, ...] = (
    owed,
    wish,
    accepted,
    comments,
    postmortem_document,
    asked,
    on_its_day,
    comes_back,
    closed,
    review_document,
)
