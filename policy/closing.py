"""What has to be true before an incident's room closes (spec 6.7)."""

from dataclasses import dataclass
from datetime import datetime

from domain.base import Deadline
from domain.due import Owed
from domain.incident import IncidentState, Status
from domain.response import Audience, Condition, Phase
from policy import postmortem
from policy.standing import may_page
from policy.status_page import published

CALL_AFTER_ASKS = 4
"""Asked for in vain so many times, the commander is phoned."""


@dataclass(frozen=True)
class AskForRest:
    """Say what closing still waits for."""

    missing: tuple[str, ...]


@dataclass(frozen=True)
class CallForRest:
    """Phone the commander about it."""

    missing: tuple[str, ...]


@dataclass(frozen=True)
class CloseRoom:
    """Everything is there."""


def conditions(state: IncidentState) -> tuple[Condition, ...]:
    """What closing waits for; nothing for a minor incident, without a room and without a postmortem."""
    if state.snapshot.response is None:
        return ()
    told, found = published(state, Audience.PUBLIC), []
    owed_review = postmortem.owed(state)
    if state.war_room or owed_review:
        found += [
            Condition(name="fix deployed", met=state.fix_deployed, mend="confirm that the fix is deployed"),
            Condition(
                name="metrics recovering",
                met=state.metrics_recovering,
                mend="confirm that the metrics recover",
            ),
        ]
    shown = state.snapshot.service.component is not None
    if told or (shown and state.grade.status_page == "required" and (state.war_room or owed_review)):
        resolved = bool(told) and told[-1].phase is Phase.RESOLVED
        mend = "publish the resolved update on the status page"
        found.append(Condition(name="status page resolved", met=resolved, mend=mend))
    if owed_review:
        named = state.postmortem_owner is not None
        found.append(
            Condition(
                name="postmortem owner named", met=named, mend="name somebody who writes the postmortem"
            )
        )
    return tuple(found)


def owed(state: IncidentState, now: datetime) -> Owed[AskForRest | CallForRest | CloseRoom]:
    """What a resolved incident still needs."""
    response, wanted = state.snapshot.response, conditions(state)
    if response is None or state.status is not Status.RESOLVED:
        return Owed()
    if not wanted:
        return Owed((CloseRoom(),) if postmortem.settled_by_itself(state) else ())
    missing = tuple(condition.name for condition in wanted if not condition.met)
    if not missing:
        return Owed((CloseRoom(),))
    if state.closing_asked_at is None:
        return Owed((AskForRest(missing),))
    resolved_at = state.resolved_at or state.closing_asked_at
    call = resolved_at + response.ask_again_after * CALL_AFTER_ASKS
    if state.closing_called_at is None and call <= now and state.commander and may_page(state, "duty"):
        return Owed((CallForRest(missing),))
    # Asked ever more rarely: what nobody sees to tonight is not asked for a hundred times until the morning.
    at = state.closing_asked_at + max(response.ask_again_after, state.closing_asked_at - resolved_at)
    if at <= now:
        return Owed((AskForRest(missing),))
    return Owed(deadline=Deadline(name="asked again for what closing needs", at=at))
