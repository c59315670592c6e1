"""Which roles have to be filled, how they are asked for, and whom it is paged (spec 5.1, 5.2, 5.4)."""

from dataclasses import dataclass
from datetime import datetime

from domain.base import Deadline
from domain.due import Owed
from domain.incident import IncidentState
from domain.ladder import Rung
from domain.people import PersonRef
from domain.response import Mitigation, MitigationState
from domain.roles import Role
from policy.standing import began, earliest, held, may_page, passed_over, wakes


@dataclass(frozen=True)
class AskForRole:
    """Ask in the room for somebody to take the role; `due_at` is when people are paged for it."""

    role: Role
    due_at: datetime


@dataclass(frozen=True)
class PageForRole:
    """Page the ladder for somebody to take the role."""

    role: Role


@dataclass(frozen=True)
class CallAuthority:
    """Phone whoever may allow a mitigation of high impact: the request has waited long enough."""

    mitigation: int


def missing(state: IncidentState) -> tuple[Role, ...]:
    """The roles that this severity requires and nobody holds; a security lead when data may be exposed."""
    if state.snapshot.response is None:
        return ()
    required = [*state.grade.roles, *([Role.SECURITY_LEAD] if state.data_exposure else [])]
    return tuple(role for role in dict.fromkeys(required) if role not in state.roles)


def authority(state: IncidentState) -> PersonRef | None:
    """Who allows what is marked high-impact: the executive or, while there is none, the commander."""
    return state.holder(Role.EXECUTIVE) or state.commander


def candidates(state: IncidentState) -> tuple[Rung, ...]:
    """The ladder without those who hold a role or, where all do, without the commander; perhaps nobody."""
    holders = {held.person.id for held in state.roles.values()}
    leaders = {state.commander.id} if state.commander else set()
    for excluded in (holders, leaders):
        rungs = (
            Rung(name=rung.name, people=tuple(person for person in rung.people if person not in excluded))
            for rung in state.snapshot.ladder.rungs
            if not passed_over(rung, state.grade)
        )
        if found := tuple(rung for rung in rungs if rung.people):
            return found
    return ()


def owed(state: IncidentState, now: datetime) -> Owed[AskForRole | PageForRole | CallAuthority]:
    """What has to be done now so that the roles are filled and requests to the executive are heard."""
    response = state.snapshot.response
    if response is None or not held(state):
        return Owed()
    asks: list[AskForRole] = []
    pages: list[tuple[datetime | None, PageForRole]] = []
    rings: list[PageForRole | CallAuthority] = []
    later: list[Deadline] = []
    for role in missing(state):
        ask = state.role_asks.get(role)
        if ask is None or max(ask.due_at, ask.paged_at or ask.due_at) < began(state):
            # An ask of a time before it was this bad is forgotten: people are asked before they are paged.
            late = began(state) + state.grade.roles_within
            asks.append(AskForRole(role, max(late, now + response.ask_before_paging)))
            continue
        # Each time in vain doubles the pause: nobody is called all night because there is no scribe.
        pause = response.ask_again_after * 2 ** max(0, ask.pages - 1)
        at = ask.paged_at + pause if ask.paged_at else ask.due_at
        if at > now and wakes(state):
            later.append(Deadline(name=f"paging for a {role}", at=at))
        elif may_page(state, "role"):
            pages.append((ask.paged_at, PageForRole(role)))
    for mitigation in _waiting(state):
        at = mitigation.at + response.checkpoint_grace
        if at > now and wakes(state):
            later.append(Deadline(name=f"authorisation of mitigation {mitigation.number}", at=at))
        elif may_page(state, "duty"):
            rings.append(CallAuthority(mitigation.number))
    # Only one can ring. The role paged for longest ago goes first, or the others never had their turn.
    rings += [page for _at, page in sorted(pages, key=lambda page: page[0] or state.opened_at)]
    return Owed((*asks, *rings[:1]), earliest(later))


def _waiting(state: IncidentState) -> list[Mitigation]:
    awaiting = [m for m in state.mitigations if m.state is MitigationState.AWAITING]
    return [mitigation for mitigation in awaiting if mitigation.called_at is None]
