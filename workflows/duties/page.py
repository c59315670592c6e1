"""The duty to page: the ladder is climbed until somebody has the incident (spec 3).

What is due is `policy.ladder`'s to say; `workflows.paging` does it, and writes down what came of it.
"""

from policy import ladder, respond
from policy.standing import earliest
from workflows.live_incident import LiveIncident
from workflows.paging import perform
from workflows.runs import begin_run, call_all


async def page(live: LiveIncident) -> None:
    """Do whatever paging owes, then wait for its next deadline or for news."""
    while True:
        if respond.wants_run(live.state, live.now()):
            _begin(live)
        state = live.state
        due = ladder.due(state.run, state.grade, state.snapshot, live.now())
        if state.run and due.actions and not live.holding:
            for action in due.actions:
                perform(live, state.run, action)
            continue
        live.alarm.set(earliest([due.deadline, respond.deadline(state, live.now())]))
        await live.turn()


def _begin(live: LiveIncident) -> None:
    """The first climb, from where the incident has to begin on the ladder (spec 1.4, 3.5)."""
    rung, why = respond.first_rung(live.state)
    if live.state.data_loss or live.state.by_customer:
        call_all(live, why=why, rung=rung)
    else:
        begin_run(live, why=why, rung=rung)
