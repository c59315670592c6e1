"""Severity changes, and the calls that a rise places at once (spec 1.4, 1.5)."""

from domain.ladder import Rung
from domain.severity import Severity
from domain.timeline import Kind
from workflows.duties.page import begin_run
from workflows.live_incident import LiveIncident


def set_severity(live: LiveIncident, severity: Severity, why: str, *, rung: int = 0) -> None:
    """Make it this severity. A rise pages the active owner and everybody up to one rung above
    the highest so far, or up to `rung`, whoever has acknowledged before; a fall pages nobody."""
    state = live.state
    before = state.grade
    if severity.name == before.name:
        return
    state.worst = min(severity, state.worst_grade, key=lambda grade: grade.rank).name
    state.severity, state.severity_since = severity.name, live.now()
    rises = severity.rank < before.rank
    verb = "rises" if rises else "falls"
    text = f"Severity {verb} from {before.name} to {severity.name}: {why.rstrip('.')}."
    live.log(Kind.SEVERITY, text, before=before.name, after=severity.name)
    if state.snapshot.response is None:
        # Opened before rises called the owner too: it is finished as it began.
        if rises and state.commander and severity.methods and not state.ringing:
            begin_run(live, why=f"the severity rose to {severity.name}")
        return
    live.say("room", text)
    if rises and severity.methods and (state.commander or rung):
        top = len(state.snapshot.ladder.rungs) - 1
        call_all(live, why=f"the severity rose to {severity.name}", rung=max(rung, min(state.level + 1, top)))


def call_all(live: LiveIncident, *, why: str, rung: int) -> None:
    """Page everybody up to this rung at once, and with them the active owner."""
    state = live.state
    rungs, owner = list(state.snapshot.ladder.rungs), state.commander
    below = [person for lower in rungs[: rung + 1] for person in lower.people]
    owners = [owner.id] if owner and owner.id in state.snapshot.people else []
    name = f"everybody up to {rungs[rung].name}" if below != list(rungs[rung].people) else rungs[rung].name
    rungs[rung] = Rung(name=name, people=tuple(dict.fromkeys([*owners, *below])))
    state.level_raised_at = live.now()
    asks = f"It is a {state.severity} now. Please join." if owner else ""
    begin_run(live, why=why, rung=rung, rungs=tuple(rungs), purpose="rise" if owner else "take", asks=asks)
