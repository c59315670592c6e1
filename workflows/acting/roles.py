"""Roles taken and given."""

from domain import acts
from domain.acts import Acting
from workflows.live_incident import LiveIncident
from workflows.telling import (
    take_role,
)


def role(live: LiveIncident, acting: Acting, act: acts.TakeRole) -> str:
    """Somebody takes a role, or is given it (spec 5.1)."""
    person = act.person or acting.by
    take_role(live, act.role, person, live.now(), by=acting.by, brief=act.brief)
    run = live.state.ringing
    if run and run.role is act.role:
        run.end(live.now(), person, f"{person.name} is {act.role.value}")
    return f"{person.name} is {act.role.value}."
