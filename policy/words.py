"""What is said on the phone and written in messages (spec 4.1 to 4.4): short, and operational."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from domain.incident import IncidentReport, IncidentState
from domain.ladder import LadderRun
from domain.people import PersonRef


@dataclass(frozen=True)
class Briefing:
    """What somebody who is paged has to know. `owner` is who has the incident, if anybody does,
    `asks` what they are asked to do if it is not to take it."""

    severity: str
    title: str
    impact: str = ""
    owner: str | None = None
    asks: str = ""
    next_page_at: datetime | None = None
    next_checkpoint_at: datetime | None = None
    drill: bool = False


def briefing(report: IncidentReport) -> Briefing:
    """The briefing on an incident as it is now."""
    return Briefing(
        severity=report.severity,
        title=report.title,
        impact=report.impact,
        owner=report.commander.name if report.commander else None,
        asks=report.ladder.asks if report.ladder and not report.ladder.ended_at else "",
        next_page_at=report.ladder.window_ends if report.ladder and not report.commander else None,
        next_checkpoint_at=_next_checkpoint(report),
        drill=report.drill,
    )


def _next_checkpoint(report: IncidentReport) -> datetime | None:
    """When the next checkpoint is due; None while none are asked."""
    asked = any(deadline.name.startswith("checkpoint") for deadline in report.deadlines)
    return next((c.due_at for c in report.checkpoints if c.open), None) if asked else None


def spoken(brief: Briefing) -> str:
    """The call, up to its question: severity and title, impact, who owns it, what is asked."""
    parts = [
        "This is a drill." if brief.drill else "",
        f"Midwatch. {spelled(brief.severity)} incident: {sentence(brief.title)}",
        sentence(brief.impact) if brief.impact else "",
        f"{brief.owner} has it." if brief.owner else "Nobody has it yet.",
        sentence(brief.asks) if brief.asks else "" if brief.owner else "You are asked to take it now.",
        f"The next checkpoint is at {clock(brief.next_checkpoint_at)}." if brief.next_checkpoint_at else "",
        f"The next person is paged at {clock(brief.next_page_at)}." if brief.next_page_at else "",
    ]
    return " ".join(part for part in parts if part)


def spoken_together(briefs: Sequence[Briefing], count: int) -> str:
    """A call about `count` incidents, up to its question: those of `briefs`, the worst first, in one sentence
    each (spec 4.4)."""
    told = [
        f"{'Drill. ' if brief.drill else ''}{spelled(brief.severity)}: {sentence(brief.title)}"
        f"{f' {brief.owner} has it.' if brief.owner else ''}"
        for brief in briefs
    ]
    more = count - len(told)
    rest = f"And {more} more." if told and more else "" if told else UNREADABLE_TOGETHER
    return " ".join(["Midwatch.", f"You have {count} incidents.", *told, rest]).strip()


MENU_TOGETHER = (
    "Press 1, or say acknowledge, to acknowledge all of them. Press 2, or say pass, to pass all on. "
    "Press 3 to hear them again."
)

ASK_AGAIN_TOGETHER = (
    "Sorry, I did not understand that. Press 1 to take all the incidents, 2 to pass all on, "
    "3 to hear them again."
)

UNREADABLE_TOGETHER = "Their details cannot be read at the moment."


def answered_together(done: int, over: int, unsure: int, *, took: bool) -> str:
    """What somebody hears who answered for several incidents: for how many it counts, how many needed no
    answer any more, and of how many that is not known yet."""
    what = "acknowledged" if took else "passed on"
    if done and not over and not unsure:
        return f"All {done} are {what}."
    parts = [
        f"{done} {'is' if done == 1 else 'are'} {what}." if done else "",
        f"{over} no longer needed you." if over else "",
        f"Your answer for {unsure} is stored, but I cannot confirm it at the moment." if unsure else "",
    ]
    return " ".join(part for part in parts if part)


MENU = (
    "Press 1, or say acknowledge, to take it. Press 2, or say pass, to pass it on. "
    "Press 3 to hear this again."
)

ASK_AGAIN = (
    "Sorry, I did not understand that. Press 1 to take the incident, 2 to pass it on, 3 to hear it again."
)

NOT_UNDERSTOOD = "I still did not understand. This does not count as an acknowledgement. Goodbye."

STALE = "This page is no longer needed. Goodbye."

STORED = "Your answer is stored and counts, but I cannot confirm it at the moment. Please start. Goodbye."

STORING = "Your answer could not be stored yet. Please stay on the line, I am trying again."

NOT_STORED = "Your answer could not be stored. Please answer by text message, or tell a colleague. Goodbye."

UNKNOWN_SENDER = (
    "This number belongs to Midwatch, which answers to the people on its on-call list. Yours is not on it."
)


UNREADABLE = "Midwatch pages you for an incident. Its details cannot be read at the moment."

PASS_STORED = "Your answer is stored, but I cannot confirm it at the moment. Goodbye."

REPLY_STORED = "Your reply is stored and counts, but nothing can confirm it at the moment."

REPLY_NOT_STORED = "Your reply could NOT be stored. Send it again in a minute, or tell a colleague."


def over(brief: Briefing | None) -> str:
    """A page that nobody waits for any more, and who has the incident, if anybody does."""
    return f"{brief.owner} has it. {STALE}" if brief and brief.owner else STALE


def reply_help(codes: dict[str, str], unknown: str | None = None) -> str:
    """How to answer by text message. `codes` holds the title of each incident that can be answered for;
    `unknown` is a code that stands for none."""
    said = f"No open incident has the code {unknown}. " if unknown else ""
    if not codes:
        return f"{said}There is no open incident that pages you."
    listed = " ".join(f"{code}: {sentence(title[:60])}" for code, title in list(codes.items())[:8])
    return f"{said}Reply ACK or PASS with the code. {listed}"


def taken(run: LadderRun | None, by: PersonRef, state: IncidentState) -> str:
    """What somebody who answered a page hears: what they have now."""
    owner = state.commander
    if run is None or run.purpose == "take" or owner is None or (owner.id == by.id and not run.role):
        return "You have it. Nobody else is paged."
    if run.role:
        return f"You are {run.role.value}. {owner.name} leads."
    return f"Thank you. {owner.name} leads; please join them."


def voicemail(brief: Briefing) -> str:
    """What is left on a machine. It asks for nothing that a machine could do."""
    what = f"{spelled(brief.severity)} incident: {sentence(brief.title)}"
    return f"Midwatch paged you. {what} Check your text messages to take it."


def with_others(text: str, others: int) -> str:
    """What is left on a machine by a call about several incidents: one, and how many more there are."""
    return f"{text} You are paged for {others} more incident{'s' if others > 1 else ''}."


def last_message(text: str, until: datetime, others: int) -> str:
    """A page by SMS after which no other leaves for a while, and how many more incidents there have been."""
    more = f" {others} other incident{'s' if others > 1 else ''} paged you too." if others else ""
    return f"{text}{more} No more messages to you before {clock(until)}."


def text_message(state: IncidentState) -> str:
    """The SMS that pages somebody. Its reply code stands for this incident alone."""
    marked = "DRILL " if state.drill else ""
    impact = f" {sentence(state.impact)}" if state.impact else ""
    asks = f" {sentence(state.run.asks)}" if state.run and state.run.asks else ""
    return (
        f"{marked}{state.severity} {state.snapshot.service.name}: {sentence(state.title)}{impact}{asks} "
        f"Reply ACK {state.reply_code} to take it, PASS {state.reply_code} to pass it on."
    )


def fallback_message(state: IncidentState, rounds: int) -> str:
    """The SMS that says that a whole ladder has not answered."""
    times = "once" if rounds == 1 else f"{rounds} times"
    return (
        f"{'DRILL ' if state.drill else ''}NOBODY ANSWERS: {state.severity} {state.snapshot.service.name}: "
        f"{sentence(state.title)} Everybody on the ladder was paged {times}; paging goes on. "
        f"Reply ACK {state.reply_code} to take it."
    )


def sentence(text: str) -> str:
    """The text with an end to it, so that what follows starts a sentence of its own."""
    cut = text.strip()
    return cut if cut.endswith((".", "!", "?")) else f"{cut}."


def spelled(name: str) -> str:
    """A severity as it is spoken: `P0` becomes `P 0`."""
    letters = name.rstrip("0123456789")
    return f"{letters} {name[len(letters) :]}".strip()


def clock(at: datetime) -> str:
    """A time of day with its zone."""
    return f"{at.astimezone(UTC):%H:%M} UTC"


def moment(at: datetime) -> str:
    """A moment with date and zone, for what is read later."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
