"""The night: who was phoned when, and what that did (spec 3)."""

from datetime import timedelta

from domain.timeline import Kind
from drill.checks.base import AT_ONCE, PROMPT, Check, Unmet, after, demand, one, seconds, there
from drill.facts import Contact, Facts
from drill.scenario import PRIMARY, SECONDARY

FAILED = 500
"""From this status on, Slack has failed."""


def _first_call(facts: Facts, person: str) -> Contact:
    return one(facts.to(person, facts.calls), f"call to {person}")


def first_call(facts: Facts) -> str:
    """The primary's phone was called first, at once"""
    call, primary = one(facts.calls, "call"), _first_call(facts, PRIMARY)
    waited = primary.created_at - facts.notes.alerted_at
    return demand(call is primary and waited < AT_ONCE, f"{seconds(waited)} after the alert")


def next_method(facts: Facts) -> str:
    """The primary did not answer, and was texted within 5 s"""
    ended = there(_first_call(facts, PRIMARY).came_to("no-answer"), "unanswered call")
    texted = one(facts.to(PRIMARY, facts.messages), "message to the primary").created_at
    # The carrier tells first, and writes down afterwards.
    waited = texted - ended
    seen = f"{seconds(max(waited, timedelta(0)))} after the phone fell silent"
    return demand(-AT_ONCE < waited < PROMPT, seen)


def window(facts: Facts) -> str:
    """The secondary was called when the primary's ack window had passed, not before"""
    left, called = _first_call(facts, PRIMARY).created_at, _first_call(facts, SECONDARY).created_at
    allowed = facts.organisation.severities["P0"].ack_window
    return demand(after(allowed, left, called), f"{seconds(called - left)}, the window is {seconds(allowed)}")


def slack_is_down(facts: Facts) -> str:
    """Slack was down for all of that, and held up no call and no message"""
    start, end = there(facts.notes.slack_down, "time without Slack")
    meanwhile = [request for request in facts.asked_of_slack if start < request.at < end]
    failed = [request for request in meanwhile if (request.status or 0) >= FAILED]
    pages = {entry.data["attempt"]: entry.at for entry in facts.of(Kind.PAGE) if start < entry.at < end}
    sent = {
        entry.data["attempt"]: entry.data["carrier_id"]
        for entry in facts.of(Kind.CARRIER)
        if entry.data.get("carrier_id")
    }
    left = {contact.sid: contact.created_at for contact in facts.contacts}
    waits = [left[sent[number]] - at for number, at in pages.items() if sent.get(number) in left]
    slowest = max(waits, default=timedelta.max)
    kept = bool(failed) and len(failed) == len(meanwhile) and len(waits) == len(pages) > 1
    told = f"{len(failed)} requests failed, {len(pages)} pages left, the slowest"
    if not waits:
        raise Unmet(f"{len(failed)} requests failed, and no page left")
    return demand(kept and slowest < AT_ONCE, f"{told} {seconds(slowest)} after it was due")


def voicemail(facts: Facts) -> str:
    """Voicemail took a message and did not count as an acknowledgement"""
    call = _first_call(facts, SECONDARY)
    texted = one(facts.to(SECONDARY, facts.messages), "message to the secondary").created_at
    early = [entry for entry in facts.of(Kind.ACKNOWLEDGED) if entry.at < texted]
    machine, spoken = facts.of(Kind.CARRIER, outcome="voicemail"), call.voicemail or ""
    kept = bool(machine) and "paged you" in spoken and not early
    return demand(kept, f"left: {spoken[:60]}…; {len(early)} acknowledgements by then")


def after_voicemail(facts: Facts) -> str:
    """The secondary was texted within 5 s of the voicemail"""
    machine = one(facts.of(Kind.CARRIER, outcome="voicemail"), "voicemail on the timeline").at
    texted = one(facts.to(SECONDARY, facts.messages), "message to the secondary").created_at
    return demand(texted - machine < PROMPT, f"{seconds(texted - machine)} after the machine answered")


def acknowledged(facts: Facts) -> str:
    """The secondary acknowledged by SMS and became commander"""
    first = one(facts.of(Kind.ACKNOWLEDGED), "acknowledgement")
    commander = facts.report.commander
    leads = commander.id if commander else "nobody"
    kept = first.person == SECONDARY == leads and first.data.get("via") == "SMS"
    return demand(kept, f"acknowledged by {first.person} by {first.data.get('via')}, commander {leads}")


def silence(facts: Facts) -> str:
    """No further page of that run left after the acknowledgement"""
    at = there(facts.report.acknowledged_at, "acknowledgement")
    later = [entry.at for entry in facts.of(Kind.RUN) if entry.at > at and entry.data.get("run") != 1]
    late = facts.paged_between(at, min(later, default=at + timedelta(days=1)))
    of_run = [entry for entry in facts.of(Kind.PAGE, run=1) if entry.at > at]
    quiet = f" in {seconds(min(later) - at)} of quiet" if later else ""
    return demand(not late and not of_run, f"{len(late)} calls and messages{quiet}")


def records_agree(facts: Facts) -> str:
    """Our record of each page is the carrier's"""
    ours = {entry.data["carrier_id"] for entry in facts.entries if entry.data.get("carrier_id")}
    theirs = {contact.sid for contact in facts.contacts}
    pages = {entry.data["attempt"] for entry in facts.of(Kind.PAGE)}
    unsent = {
        entry.data["attempt"]
        for entry in facts.of(Kind.CARRIER, outcome="withdrawn")
        if not entry.data.get("carrier_id")
    }
    seen = f"{len(pages)} pages, {len(unsent)} taken back before they left, {len(theirs)} at the carrier"
    return demand(ours == theirs and bool(theirs) and len(pages - unsent) == len(theirs), seen)


CHECKS: tuple[Check, ...] = (
    first_call,
    next_method,
    window,
    slack_is_down,
    voicemail,
    after_voicemail,
    acknowledged,
    silence,
    records_agree,
)
