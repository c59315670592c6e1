"""What a page looks like in chat: what its reader has to know, and two buttons (spec 3.2, 3.6, 4.1)."""

from collections.abc import Sequence

from domain.chat import Button
from domain.incident import IncidentState
from domain.jobs import SendSlack, WithdrawSlack
from domain.ladder import Attempt, LadderRun
from domain.messages import Page
from policy.cards_blocks import Block, actions, context, escaped, header, section
from policy.ladder import FALLBACK
from policy.words import clock, sentence

ACKNOWLEDGE, PASS = "acknowledge", "pass"


def page(state: IncidentState, run: LadderRun, attempt: Attempt) -> SendSlack:
    """The page that this attempt is. All tries of one rule in one round are the same post: where the answer
    to the first one was lost, it is found again."""
    told = attempt.rung == FALLBACK
    return SendSlack(
        page=Page(incident_id=state.id, run=run.id, attempt=attempt.id),
        person=state.snapshot.people[attempt.person],
        key=f"{run.id}.{attempt.round}.{attempt.rung}.{attempt.rule}.{attempt.person}",
        since=run.began_at,
        heading=_heading(state, told),
        text=_nobody_answers(run) if told else _asked(state, run),
    )


def withdrawal(state: IncidentState, run: LadderRun, attempt: Attempt) -> WithdrawSlack:
    """The page of this attempt once its run is over: nobody is asked any more, and who has it is said."""
    owner = f" {state.commander.name} leads." if state.commander and state.commander != run.ended_by else ""
    why = f"This page is over: {run.ended_why}." if run.ended_why else "This page is over."
    when = f" ({clock(run.ended_at)})" if run.ended_at else ""
    return WithdrawSlack(
        carrier_id=attempt.carrier_id or "",
        heading=_heading(state, attempt.rung == FALLBACK),
        text=f"{why}{owner}{when}",
    )


def address(state: IncidentState, attempt: Attempt) -> str:
    """Where in chat the person of an attempt is looked for."""
    person = state.snapshot.people[attempt.person]
    return f"#{person.slack}" if person.slack else person.email or ""


def page_blocks(work: SendSlack) -> list[Block]:
    """The post. A channel has nobody to pass it on: it is asked for somebody who takes it."""
    value = page_value(work.page)
    buttons = [Button(action=ACKNOWLEDGE, label="Acknowledge", value=value, style="primary")]
    if work.person.slack is None:
        buttons.append(Button(action=PASS, label="Can't take it", value=value))
    return [
        header(work.heading),
        section(escaped(work.text)),
        actions(work.page.incident_id, buttons),
        context(escaped(work.page.incident_id)),
    ]


def withdrawn_blocks(work: WithdrawSlack) -> list[Block]:
    """The post without its buttons."""
    return [header(work.heading), section(escaped(work.text))]


def answered_blocks(blocks: Sequence[Block], text: str) -> list[Block]:
    """A post whose button was pressed: in the place of the buttons, what came of it."""
    kept = [block for block in blocks if block.get("type") not in ("actions", "context")]
    return [*kept, section(escaped(text))]


def page_value(page: Page) -> str:
    """The page that a button belongs to, beside its incident."""
    return f"{page.run}.{page.attempt}"


def page_of(incident_id: str, value: str) -> Page | None:
    """The page that a button of this value belongs to; None for one that belongs to none, as the card's."""
    run, _, attempt = value.partition(".")
    if not (run.isdecimal() and attempt.isdecimal()):
        return None
    return Page(incident_id=incident_id, run=int(run), attempt=int(attempt))


def _heading(state: IncidentState, told: bool) -> str:
    marked = "DRILL · " if state.drill else ""
    return f"{marked}{'NOBODY ANSWERS · ' if told else ''}{state.severity} · {state.title}"


def _asked(state: IncidentState, run: LadderRun) -> str:
    owner = state.commander
    parts = [
        f"{state.snapshot.service.name}.",
        sentence(state.impact) if state.impact else "",
        f"{owner.name} has it." if owner else "Nobody has it yet.",
        sentence(run.asks) if run.asks else "" if owner else "You are asked to take it now.",
    ]
    return " ".join(part for part in parts if part)


def _nobody_answers(run: LadderRun) -> str:
    times = "once" if run.round == 1 else f"{run.round} times"
    return f"Everybody on the ladder was paged {times}, and nobody has it yet. Paging goes on."
