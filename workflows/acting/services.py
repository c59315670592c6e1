"""Further services that turn out to be affected."""

from domain import acts
from domain.acts import Acting
from domain.timeline import Kind
from policy.roster import together
from policy.standing import wakes
from workflows.live_incident import LiveIncident
from workflows.runs import begin_run


def service(live: LiveIncident, acting: Acting, act: acts.AddService) -> str:
    """Page whoever is on call for it, also if somebody has the incident already (spec 3.5)."""
    state, name = live.state, act.service.name
    snapshot, run = state.snapshot, state.ringing
    ladder = snapshot.ladder.model_copy(update={"rungs": together(snapshot.ladder.rungs, act.rungs)})
    state.snapshot = snapshot.model_copy(
        update={"services": (*snapshot.services, act.service), "ladder": ladder}
    )
    live.log(Kind.IMPACT, f"{acting.by.name}: {name} is affected, too.", person=acting.by.id, service=name)
    if not wakes(state):
        return f"{name} is noted as affected. Nobody is woken for a {state.severity}."
    if run is None or run.purpose in ("role", "duty"):
        asks = f"{name} is affected, too. Please join"
        begin_run(live, why=f"{name} is affected, too", rungs=act.rungs, rounds=1, purpose="help", asks=asks)
    elif run.rungs:
        # Of its own rungs; the present one gets those who are first on the other ladder.
        here = together((run.rungs[run.rung],), act.rungs[:1])
        run.rungs = (*run.rungs[: run.rung], *here, *run.rungs[run.rung + 1 :])
    return f"{name} is noted as affected, and whoever is on call for it is paged."
