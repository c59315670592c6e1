"""What the duties make of what is owed, as far as the state goes: nobody is reached, nobody answers."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from domain.due import Owed
from domain.incident import IncidentState, Status
from domain.response import Audience, Checkpoint, Phase, Update, WarRoom
from domain.roles import Role, RoleAsk
from policy import checkpoints, closing, follow_up, progress, severity, staffing, status_page, war_room
from tests.policy.incidents import an_update

Decision = Callable[[IncidentState, datetime], Owed[Any]]

DECISIONS: tuple[Decision, ...] = (
    severity.owed,
    staffing.owed,
    war_room.opening,
    checkpoints.owed,
    follow_up.owed,
    progress.owed,
    status_page.owed,
    war_room.relief,
    closing.owed,
)


def _change(records: list[Any], number: int, **changes: Any) -> list[Any]:
    return [r.model_copy(update=changes) if r.number == number else r for r in records]


def _draft(state: IncidentState, now: datetime, phase: Phase) -> list[Update]:
    number = max((update.number for update in state.updates), default=0) + 1
    return [*state.updates, an_update(number, published=None, phase=phase, drafted_at=now)]


def perform(state: IncidentState, action: Any, now: datetime) -> None:
    """Do it, so far as the incident remembers it."""
    match action:
        case severity.Assume(severity=name) | severity.Rise(severity=name):
            state.classified = True
            if name != state.severity:
                state.severity, state.severity_since, state.level_raised_at = name, now, now
        case staffing.AskForRole(role=role, due_at=due_at):
            state.role_asks[role] = RoleAsk(asked_at=now, due_at=due_at)
        case staffing.PageForRole(role=role):
            state.role_asks[role] = state.role_asks[role].model_copy(update={"paged_at": now})
        case staffing.CallAuthority(mitigation=number):
            state.mitigations = _change(state.mitigations, number, called_at=now)
        case war_room.OpenRoom(why=why):
            state.war_room = WarRoom(opened_at=now, why=why)
        case war_room.TellManager():
            assert state.war_room
            state.war_room = state.war_room.model_copy(update={"manager_told": True})
        case war_room.AskForRelief():
            state.relief_asked_at = now
        case war_room.PageForRelief():
            state.role_asks[Role.COMMANDER] = RoleAsk(asked_at=now, due_at=now, paged_at=now)
        case checkpoints.Plan(number=number, due_at=due_at):
            kept = [checkpoint for checkpoint in state.checkpoints if checkpoint.number != number]
            state.checkpoints = [*kept, Checkpoint(number=number, due_at=due_at)]
        case checkpoints.Ask(number=number, again=again):
            field = "asked_again_at" if again else "asked_at"
            state.checkpoints = _change(state.checkpoints, number, **{field: now})
        case checkpoints.Call(number=number):
            state.checkpoints = _change(state.checkpoints, number, called_at=now)
        case checkpoints.Miss(number=number):
            state.checkpoints = _change(state.checkpoints, number, missed=True)
        case follow_up.AskForResult(decision=number):
            state.decisions = _change(state.decisions, number, asked_at=now)
        case progress.OneUp(rung=rung):
            state.level, state.level_raised_at = max(state.level, rung), now
        case progress.StillThisBad():
            state.still_asked_at = now
        case status_page.DraftFirst():
            state.updates = _draft(state, now, status_page.phase_of(state))
        case status_page.Nudge(audience=Audience.INTERNAL, due_at=due_at):
            state.internal_nudged_for = due_at
        case status_page.Nudge(due_at=due_at):
            state.public_nudged_for = due_at
            state.updates = _draft(state, now, status_page.phase_of(state))
        case status_page.CallAboutPage(due_at=due_at):
            state.public_called_for = due_at
        case closing.AskForRest():
            state.closing_asked_at = now
        case closing.CallForRest():
            state.closing_called_at = now
        case closing.CloseRoom():
            state.status = Status.IN_REVIEW
        case _:
            raise AssertionError(f"nobody performs {action}")


def settle(state: IncidentState, now: datetime, decisions: tuple[Decision, ...] = DECISIONS) -> list[Any]:
    """Do all that is owed at this moment; what was done. Fails where it has no end."""
    done: list[Any] = []
    for _round in range(40):
        actions = [action for decide in decisions for action in decide(state, now).actions]
        if not actions:
            return done
        for action in actions:
            perform(state, action, now)
        done += actions
    raise AssertionError(f"there is no end to it: {done[-6:]}")
