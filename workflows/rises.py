"""Severity changes, and the calls that a rise places at once (spec 1.4, 1.5)."""

from domain.severity import Severity
from domain.timeline import Kind
from policy.standing import next_rung, top_rung
from workflows.live_incident import LiveIncident
from workflows.runs import begin_run, call_all


def set_severity(live: LiveIncident, severity: Severity, why: str, *, to_the_top: bool = False) -> None:
    """Make it this severity. A rise pages the active owner and everybody up to one rung above
    the highest so far, or all the way `to_the_top`, whoever has acknowledged before; a fall pages nobody."""
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
    if rises and severity.methods and (state.commander or to_the_top):
        rung = top_rung(state) if to_the_top else next_rung(state)
        call_all(live, why=f"the severity rose to {severity.name}", rung=rung)
