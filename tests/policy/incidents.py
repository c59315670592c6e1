"""Incidents to decide about: somebody has one, some minutes have passed."""

from datetime import datetime, timedelta
from typing import Any

from domain.acts import Act, Acting
from domain.incident import IncidentState, Status
from domain.ladder import LadderRun, Purpose
from domain.people import PersonRef
from domain.response import Audience, Checkpoint, Decision, Mitigation, MitigationState, Phase, Update
from domain.roles import Holder, Role
from tests.policy.conftest import NOON

ALICE = PersonRef(id="alice", name="Alice Moreau")
BEN = PersonRef(id="ben", name="Ben Okafor")
CHIARA = PersonRef(id="chiara", name="Chiara Lindqvist")
STRANGER = PersonRef(id="", name="+12025550199")
"""Somebody whose number nobody knows."""


def at(minutes: float) -> datetime:
    """So many minutes after the incident opened."""
    return NOON + timedelta(minutes=minutes)


def taken(state: IncidentState, severity: str = "P0", **more: Any) -> IncidentState:
    """The incident, which Alice took as it opened, and commands."""
    given = {
        "severity": severity,
        "status": Status.RESPONDING,
        "acknowledged_at": NOON,
        "roles": {Role.COMMANDER: Holder(person=ALICE, since=NOON)},
    }
    return state.model_copy(update=given | more)


def ringing(purpose: Purpose = "take", **more: Any) -> LadderRun:
    """A ladder run that still pages people."""
    return LadderRun.model_validate(
        {"id": 1, "began_at": NOON, "rung": 0, "rung_began_at": NOON, "purpose": purpose} | more
    )


def a_decision(number: int = 1, minute: float = 0, **more: Any) -> Decision:
    """A decision of that minute, without a result."""
    given = {"number": number, "text": "Roll back", "reason": "It is new", "owner": BEN, "at": at(minute)}
    return Decision.model_validate(given | more)


def a_mitigation(
    number: int = 1, state: MitigationState = MitigationState.BEGUN, minute: float = 0, **more: Any
) -> Mitigation:
    """Ben's mitigation of that minute."""
    given = {"number": number, "text": "Rolling back", "owner": BEN, "state": state}
    return Mitigation.model_validate(given | {"at": at(minute), "changed_at": at(minute)} | more)


def a_checkpoint(number: int = 1, due: float = 15, **more: Any) -> Checkpoint:
    """A checkpoint that is due in that minute; `asked`, `again`, `called` and `answered` are minutes, too."""
    names = {"asked": "asked_at", "again": "asked_again_at", "called": "called_at", "answered": "answered_at"}
    moments = {field: at(more.pop(name)) for name, field in names.items() if name in more}
    if "answered_at" in moments:
        more = {"by": ALICE, "known": "A bad release", **more}
    return Checkpoint.model_validate({"number": number, "due_at": at(due)} | moments | more)


def an_update(
    number: int = 1,
    published: float | None = 0,
    phase: Phase = Phase.INVESTIGATING,
    audience: Audience = Audience.PUBLIC,
    **more: Any,
) -> Update:
    """An update, published in that minute, or a draft."""
    given: dict[str, Any] = {
        "number": number,
        "audience": audience,
        "phase": phase,
        "text": "We are investigating.",
        "drafted_by": PersonRef(id="", name="Midwatch"),
        "drafted_at": NOON,
    }
    if published is not None:
        given |= {"approved_at": at(published), "published_at": at(published), "published_by": ALICE}
    return Update.model_validate(given | more)


def does(act: Act, by: PersonRef = ALICE, minute: float = 0) -> Acting:
    """Somebody does something in that minute."""
    return Acting.model_validate(
        {
            "source_id": "s",
            "incident_id": "checkout.payments-fail.abcde",
            "by": by,
            "at": at(minute),
            "act": act,
        }
    )
