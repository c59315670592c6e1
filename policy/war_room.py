"""When the war room opens, who is told, and when its commander needs relief (spec 3.1, 5.3, 6.1)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.base import Deadline
from domain.due import Owed
from domain.incident import IncidentState
from domain.roles import Role
from policy.standing import began, held, may_page, top_rung, unmitigated, wakes

MANAGER_RUNG = 2
"""The third rung is the manager's (spec 3.1, where levels count from 0, the automated response)."""


@dataclass(frozen=True)
class OpenRoom:
    """Open it, and say why."""

    why: str


@dataclass(frozen=True)
class TellManager:
    """Tell those on the manager's rung that a war room is open."""

    people: tuple[str, ...]


@dataclass(frozen=True)
class AskForRelief:
    """Ask for a fresh commander."""


@dataclass(frozen=True)
class PageForRelief:
    """Page for a fresh commander: nobody in the room has offered."""


def opening(state: IncidentState, now: datetime) -> Owed[OpenRoom | TellManager]:
    """Whether the room opens now, or when."""
    if state.snapshot.response is None or not state.status.unresolved:
        return Owed()
    room, after = state.war_room, state.grade.war_room_after
    if room is None:
        if state.snapshot.services and state.grade.respond == "at once":
            return Owed((OpenRoom("several services are affected"),))
        # Where one is required, a mitigation does not make it needless.
        if after is None or not (unmitigated(state) or state.grade.war_room == "required"):
            return Owed()
        at = began(state) + after
        if at > now:
            return Owed(deadline=Deadline(name="war room opens unless mitigated", at=at))
        why = f"it is a {state.severity}" if after == timedelta(0) else "there is no mitigation in time"
        return Owed((OpenRoom(why),))
    if state.grade.rank == 1 and not room.manager_told and not room.closed_at:
        rungs = state.snapshot.ladder.rungs
        rung = rungs[min(MANAGER_RUNG, top_rung(state))]
        # Not whoever is on call there for other services: they are paged when it is their turn.
        return Owed((TellManager(rung.always or rung.people),))
    return Owed()


def relief(state: IncidentState, now: datetime) -> Owed[AskForRelief | PageForRelief]:
    """Whether the commander has led for so long that a fresh one is asked for, in the room first."""
    response, room, lead = state.snapshot.response, state.war_room, state.roles.get(Role.COMMANDER)
    if response is None or room is None or lead is None or not held(state):
        return Owed()
    tired = max(room.opened_at, lead.since) + response.relief_after
    if state.relief_asked_at is None or state.relief_asked_at < tired:
        at, name, action = tired, "fresh commander", AskForRelief()
        return Owed((action,)) if at <= now else Owed(deadline=Deadline(name=name, at=at))
    ask = state.role_asks.get(Role.COMMANDER)
    last = ask.paged_at if ask and ask.paged_at and ask.paged_at > tired else state.relief_asked_at
    at = last + response.ask_again_after
    if at > now and wakes(state):
        return Owed(deadline=Deadline(name="paging for a fresh commander", at=at))
    return Owed((PageForRelief(),)) if may_page(state, "role") else Owed()
