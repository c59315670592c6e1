"""Decisions whose result nobody has written down yet (spec 6.5)."""

from dataclasses import dataclass
from datetime import datetime

from domain.base import Deadline
from domain.due import Owed
from domain.incident import IncidentState
from policy.standing import earliest, held


@dataclass(frozen=True)
class AskForResult:
    """Ask what came of this decision."""

    decision: int


def owed(state: IncidentState, now: datetime) -> Owed[AskForResult]:
    """The results that are to be asked for now. Each is asked for once in a while until it is there."""
    response = state.snapshot.response
    if response is None or not held(state):
        return Owed()
    actions: list[AskForResult] = []
    later: list[Deadline] = []
    for decision in state.decisions:
        if decision.result:
            continue
        since = decision.asked_at or decision.at
        at = since + (response.ask_again_after if decision.asked_at else response.result_within)
        if at <= now:
            actions.append(AskForResult(decision.number))
        else:
            later.append(Deadline(name=f"result of decision {decision.number}", at=at))
    return Owed(tuple(actions), earliest(later))
