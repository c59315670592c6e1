"""What should have happened in the drill, held against what did."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.incident import Status
from domain.timeline import Kind
from drill.facts import Facts
from drill.scenario import PRIMARY, SECONDARY

PROMPT = timedelta(seconds=5)
"""How soon the next method must follow one that came to nothing (spec 3.2)."""

LATE = timedelta(seconds=1.5)
"""How late a window may end on a busy machine."""


@dataclass(frozen=True)
class Verdict:
    """One thing that should have happened, whether it did, and the figure it rests on."""

    promise: str
    kept: bool
    seen: str


class Unmet(Exception):
    """A promise that was not kept, with what was seen instead."""


def judge(facts: Facts) -> Iterator[Verdict]:
    """Every check, in the order of the story."""
    for check in CHECKS:
        promise = (check.__doc__ or check.__name__).strip()
        try:
            yield Verdict(promise, True, check(facts))
        except Unmet as unmet:
            yield Verdict(promise, False, str(unmet))


def _demand(kept: bool, seen: str) -> str:
    if not kept:
        raise Unmet(seen)
    return seen


def _first(moments: list[datetime], what: str) -> datetime:
    if not moments:
        raise Unmet(f"there was no {what}")
    return min(moments)


def _seconds(length: timedelta) -> str:
    return f"{length.total_seconds():.2f} s"


def first_call(facts: Facts) -> str:
    """The primary's phone was called first, at once"""
    call = _first([call.created_at for call in facts.calls], "call")
    primary = _first([call.created_at for call in facts.to(PRIMARY, facts.calls)], "call to the primary")
    return _demand(
        call == primary and primary - facts.alerted_at < LATE,
        f"{_seconds(primary - facts.alerted_at)} after the alert",
    )


def next_method(facts: Facts) -> str:
    """The primary did not answer, and was texted within 5 s"""
    ended = _first(
        [at for call in facts.to(PRIMARY, facts.calls) if (at := call.came_to("no-answer"))],
        "unanswered call",
    )
    texted = _first([m.created_at for m in facts.to(PRIMARY, facts.messages)], "message to the primary")
    return _demand(texted - ended < PROMPT, f"{_seconds(texted - ended)} after the phone fell silent")


def window(facts: Facts) -> str:
    """The secondary was called when the primary's ack window had passed, not before"""
    left = _first([call.created_at for call in facts.to(PRIMARY, facts.calls)], "call to the primary")
    called = _first([call.created_at for call in facts.to(SECONDARY, facts.calls)], "call to the secondary")
    allowed = facts.organisation.severities[facts.report.severity].ack_window
    waited = called - left
    early = waited < allowed - timedelta(seconds=0.1)
    return _demand(
        not early and waited < allowed + LATE, f"{_seconds(waited)}, the window is {_seconds(allowed)}"
    )


def voicemail(facts: Facts) -> str:
    """Voicemail took a message and did not count as an acknowledgement"""
    outcomes = [entry.data.get("outcome") for entry in facts.entries if entry.person == SECONDARY]
    spoken = [
        call.voicemail for call in facts.to(SECONDARY, facts.calls) if "paged you" in (call.voicemail or "")
    ]
    by_call = [e for e in facts.entries if e.kind is Kind.ACKNOWLEDGED and e.data.get("via") != "SMS"]
    kept = "voicemail" in outcomes and bool(spoken) and not by_call
    return _demand(kept, f"left: {str(spoken[0])[:60]}…" if spoken else "no message was left")


def after_voicemail(facts: Facts) -> str:
    """The secondary was texted within 5 s of the voicemail"""
    found = [e.at for e in facts.entries if e.person == SECONDARY and e.data.get("outcome") == "voicemail"]
    machine = _first(found, "voicemail on the timeline")
    texted = _first([m.created_at for m in facts.to(SECONDARY, facts.messages)], "message to the secondary")
    return _demand(texted - machine < PROMPT, f"{_seconds(texted - machine)} after the machine answered")


def acknowledged(facts: Facts) -> str:
    """The secondary acknowledged by SMS and became commander"""
    by = [e.person for e in facts.entries if e.kind is Kind.ACKNOWLEDGED and e.data.get("via") == "SMS"]
    commander = facts.report.commander
    who, leads = ", ".join(filter(None, by)) or "nobody", commander.id if commander else "nobody"
    return _demand(by == [SECONDARY] and leads == SECONDARY, f"acknowledged by {who}, commander {leads}")


def silence(facts: Facts) -> str:
    """Nobody was paged after the acknowledgement"""
    at = facts.report.acknowledged_at
    if at is None:
        raise Unmet("nobody acknowledged")
    late = [contact.to for contact in [*facts.calls, *facts.messages] if contact.created_at > at]
    return _demand(
        not late, f"{len(facts.calls)} calls and {len(facts.messages)} messages, {len(late)} of them after"
    )


def records_agree(facts: Facts) -> str:
    """Our record of each page is the carrier's"""
    ours = {entry.data["carrier_id"] for entry in facts.entries if entry.data.get("carrier_id")}
    theirs = {contact.sid for contact in [*facts.calls, *facts.messages]}
    pages = sum(entry.kind is Kind.PAGE for entry in facts.entries)
    return _demand(
        ours == theirs and pages == len(theirs), f"{pages} pages written down, {len(theirs)} at the carrier"
    )


def timeline(facts: Facts) -> str:
    """The timeline is whole: every entry stored once, none missing"""
    numbers = [entry.sequence for entry in facts.entries]
    return _demand(numbers == list(range(1, len(numbers) + 1)), f"{len(numbers)} entries")


def ended(facts: Facts) -> str:
    """The incident was resolved and closed, without a fault in any duty"""
    report = facts.report
    return _demand(
        report.status is Status.CLOSED and not report.faults,
        f"{report.status.value}, faults: {report.faults or 'none'}",
    )


def documented(facts: Facts) -> str:
    """The incident document tells the story"""
    if facts.document is None or not facts.document.exists():
        raise Unmet("there is no document")
    text = facts.document.read_text(encoding="utf-8")
    rows = sum(line.startswith("| ") and line[2:4].isdigit() for line in text.splitlines())
    name = facts.organisation.people[SECONDARY].name
    return _demand(name in text and rows >= 12, f"{rows} lines of timeline in {facts.document.name}")


CHECKS: tuple[Callable[[Facts], str], ...] = (
    first_call,
    next_method,
    window,
    voicemail,
    after_voicemail,
    acknowledged,
    silence,
    records_agree,
    timeline,
    ended,
    documented,
)
