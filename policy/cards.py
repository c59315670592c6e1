"""What an incident looks like in chat: its pinned card, its announcement, its posts (spec 6.2, 6.4, 6.6)."""

import hashlib
import json
import re
from datetime import timedelta

from domain.chat import Button, Post
from domain.incident import IncidentReport, Status
from domain.response import HypothesisState
from domain.roles import Role
from policy.cards_blocks import Block, actions, context, escaped, fields, header, link, section
from policy.words import clock, moment, sentence

RESTORE_FIRST = ("roll back", "shift traffic", "flag off", "add capacity", "bypass a dependency")
"""What ends the harm before the cause is known (spec 6.4)."""

_INCIDENT = re.compile(r"incident ([a-z0-9-]+\.[a-z0-9-]+\.[a-z0-9]+)")

NOBODY = "_nobody yet_"

_ALWAYS = (
    Button(action="role", label="Take role…"),
    Button(action="checkpoint", label="Checkpoint…"),
    Button(action="decision", label="Decision…"),
    Button(action="hypothesis", label="Hypothesis…"),
    Button(action="mitigate", label="Mitigation…"),
    Button(action="update", label="Update…"),
    Button(action="severity", label="Severity…"),
    Button(action="resolve", label="Resolve…", style="danger"),
)
_CLOSING = {
    "fix deployed": Button(action="confirm-fix", label="The fix is deployed"),
    "metrics recovering": Button(action="confirm-metrics", label="The metrics recover"),
    "postmortem owner named": Button(action="own-postmortem", label="I write the postmortem"),
    "status page resolved": Button(action="update", label="Update…"),
}


def card(report: IncidentReport, status_page: str | None = None) -> list[Block]:
    """The living report with its buttons. It says nothing that only the passing of time would change, so
    that it is edited when something happens, and not otherwise. `status_page` is where customers look."""
    living, room = report.living, report.war_room
    impact = living.impact if living else report.impact or "Not known yet."
    trend = f" It is {living.trend}." if living else ""
    blocks = [
        header(f"{'DRILL · ' if report.drill else ''}{report.severity} · {report.title}"),
        section(f"*{report.status.value.capitalize()}.* {escaped(sentence(impact))}{trend}"),
        fields(_people(report)),
        fields(_clocks(report)),
    ]
    links = [link(room.bridge, "War-room bridge")] if room and room.bridge else []
    links += [link(status_page, "Status page")] if status_page else []
    if links:
        blocks.append(section(" · ".join(links)))
    if living:
        sure = f" Confidence: {living.confidence}."
        blocks.append(section(f"*Technical*  {escaped(living.technical)}{sure}"))
    blocks += _thinking(report)
    if buttons := _buttons(report):
        blocks.append(actions(report.id, buttons))
    blocks.append(
        context(f"{escaped(report.id)} · reply code {report.reply_code} · opened {moment(report.opened_at)}")
    )
    return blocks


def digest(report: IncidentReport) -> str:
    """What tells one state of the card from another."""
    return hashlib.sha256(json.dumps(card(report), sort_keys=True).encode()).hexdigest()[:16]


def summary(report: IncidentReport) -> str:
    """The card in one line, for where no blocks are shown."""
    marked = "DRILL " if report.drill else ""
    return f"{marked}{report.severity} {report.title}: {report.status.value}"


def topic(report: IncidentReport) -> str:
    """The line at the room's head; 250 letters at the most."""
    return summary(report)[:250]


def announcement(report: IncidentReport, update_every: timedelta | None) -> str:
    """That a war room has opened: who commands, what is known, how often updates come (spec 6.2). Channel and
    status page are beneath every post that appears outside of the room."""
    who = report.commander.name if report.commander else "nobody yet"
    impact = report.living.impact if report.living else report.impact or "Not known yet."
    known = report.living.technical if report.living else "Nothing is certain yet."
    due = report.living.next_update if report.living else None
    often = f"every {update_every.total_seconds() / 60:g} minutes" if update_every else "as things change"
    following = f", the next one at {clock(due.at)}" if due else ""
    room = f"#{report.channels.room_name}" if report.channels.room_name else "no channel"
    return (
        f"A war room is open: {room}\n*Commander:* {who}\n*Impact:* {sentence(impact)}\n"
        f"*What we know:* {known}\n*Updates:* {often}{following}."
    )


def post(
    report: IncidentReport, said: Post, *, elsewhere: bool = False, status_page: str | None = None
) -> list[Block]:
    """A post with its buttons. `elsewhere`: it does not appear in the incident's own room, so that it has to
    say which incident it speaks of, and where that is."""
    marked = "*DRILL* " if report.drill else ""
    named = f"*{escaped(summary(report))}* ({report.reply_code})\n" if elsewhere else marked
    text, room = escaped(said.text), report.channels
    if room.room and room.room_name:
        text = text.replace(f"#{room.room_name}", f"<#{room.room}>")
    blocks = [section(f"{named}{text}")]
    if said.buttons:
        blocks.append(actions(report.id, said.buttons))
    links = [f"<#{room.room}>"] if room.room else []
    links += [link(status_page, "Status page")] if status_page else []
    if elsewhere and links:
        blocks.append(context(" · ".join(links)))
    return blocks


def post_line(report: IncidentReport, said: Post, *, elsewhere: bool = False) -> str:
    """A post where no blocks are shown: in a notification."""
    return escaped(f"{summary(report)}: {said.text}" if elsewhere else said.text)


def room_purpose(report: IncidentReport) -> str:
    """What the responders' channel is for. By the incident in it, the channel is known as ours."""
    return f"Responders to incident {report.id}. Midwatch keeps the pinned card true."


def status_purpose(report: IncidentReport) -> str:
    """What the status channel is for; nobody else is to write there (spec 6.2)."""
    return f"Updates on incident {report.id}. Only Midwatch and the communications lead write here."


def incident_of(purpose: str) -> str | None:
    """The incident that a channel is for, by its purpose."""
    found = _INCIDENT.search(purpose)
    return found.group(1) if found else None


def channel_name(report: IncidentReport, slug: str, suffix: str = "") -> str:
    """`incident-YYYY-MM-DD-<name>`, with the suffix whole, in the eighty letters that there are."""
    start = f"incident-{report.opened_at:%Y-%m-%d}-"
    return f"{start}{slug[: 80 - len(start) - len(suffix)].rstrip('-')}{suffix}"


def _people(report: IncidentReport) -> list[tuple[str, str]]:
    shown = (Role.COMMANDER, Role.TECH_LEAD, Role.COMMUNICATIONS_LEAD)
    others = [
        role for role in Role if role not in shown and (role in report.roles or role in report.missing_roles)
    ]
    held = {role: escaped(holder.person.name) for role, holder in report.roles.items()}
    if report.commander:
        held.setdefault(Role.COMMANDER, escaped(report.commander.name))
    return [(role.value.capitalize(), held.get(role, NOBODY)) for role in (*shown, *others)]


def _clocks(report: IncidentReport) -> list[tuple[str, str]]:
    checkpoint = next((c.due_at for c in reversed(report.checkpoints) if c.open), None)
    update = report.living.next_update if report.living else None
    resolved = [("Resolved", moment(report.resolved_at))] if report.resolved_at else []
    return [
        (
            "Severity",
            escaped(report.severity) + ("" if report.classified else " until somebody knows better"),
        ),
        ("Next checkpoint", clock(checkpoint) if checkpoint else "none"),
        ("Next update", clock(update.at) if update else "none"),
        *resolved,
    ]


def _thinking(report: IncidentReport) -> list[Block]:
    open_ones = [h for h in report.hypotheses if h.state is HypothesisState.OPEN]
    blocks = []
    if open_ones:
        lines = [
            f"{h.number}. {escaped(h.text)} ({escaped(h.owner.name)}, confidence {h.confidence})"
            for h in open_ones[-3:]
        ]
        blocks.append(section("*Open hypotheses*\n" + "\n".join(lines)))
    if report.mitigations:
        lines = [
            f"{m.number}. {escaped(m.text)}: {m.state.value} ({escaped(m.owner.name)})"
            for m in report.mitigations[-3:]
        ]
        blocks.append(section("*Mitigations*\n" + "\n".join(lines)))
    waiting = [d for d in report.decisions if not d.result]
    if waiting:
        lines = [f"{d.number}. {escaped(d.text)} ({escaped(d.owner.name)})" for d in waiting[-3:]]
        blocks.append(section("*Decisions without a result*\n" + "\n".join(lines)))
    if report.status.unresolved and report.status is not Status.MITIGATED:
        blocks.append(section("*Restore first*  " + " · ".join(f"☐ {step}" for step in RESTORE_FIRST)))
    missing = [condition for condition in report.closing if not condition.met]
    if report.status is Status.RESOLVED and missing:
        blocks.append(section("*Before the room closes*  " + " · ".join(f"☐ {c.name}" for c in missing)))
    return blocks


def _buttons(report: IncidentReport) -> list[Button]:
    if report.status is Status.RESOLVED:
        return [_CLOSING[c.name] for c in report.closing if not c.met and c.name in _CLOSING]
    if not report.status.unresolved:
        return []
    paging = report.ladder is not None and report.ladder.ended_at is None
    style = "primary" if paging or not report.commander else None
    return [Button(action="acknowledge", label="Acknowledge", style=style), *_ALWAYS]
