"""The modals in which people say what takes more than a button (spec 5.1, 6.3 to 6.7, 7.4)."""

import json
from collections.abc import Mapping, Sequence

from domain.incident import IncidentReport
from domain.response import Audience, HypothesisState, MitigationState, Phase
from domain.roles import Role
from policy.cards_blocks import Block, escaped, plain, section
from policy.words import clock

MOST_TEXT = 2_000
YES, NO = "yes", "no"

INPUT = "in"
"""The action id of every input: its block says which one it is."""


def text_input(block: str, label: str, *, value: str = "", lines: bool = False, needed: bool = True) -> Block:
    """Something to write."""
    element: Block = {
        "type": "plain_text_input",
        "action_id": INPUT,
        "multiline": lines,
        "max_length": MOST_TEXT,
    }
    if value:
        element["initial_value"] = value[:MOST_TEXT]
    return _input(block, label, element, needed)


def one_of(
    block: str, label: str, options: Mapping[str, str], *, chosen: str | None = None, needed: bool = True
) -> Block:
    """One of several; `options` are what is shown, by value. A hundred at the most."""
    made = [{"text": plain(text, 75), "value": value[:150]} for value, text in list(options.items())[:100]]
    element: Block = {"type": "static_select", "action_id": INPUT, "options": made}
    if first := next((option for option in made if option["value"] == chosen), None):
        element["initial_option"] = first
    return _input(block, label, element, needed)


def ticks(block: str, label: str, options: Mapping[str, str]) -> Block:
    """Any of several; ten at the most."""
    made = [{"text": plain(text, 75), "value": value} for value, text in list(options.items())[:10]]
    return _input(block, label, {"type": "checkboxes", "action_id": INPUT, "options": made}, needed=False)


def modal(kind: str, incident_id: str, title: str, blocks: Sequence[Block], *, number: str = "") -> Block:
    """A modal that knows its incident and, where it is about one, the record's number."""
    return {
        "type": "modal",
        "callback_id": f"mw:{kind}",
        "private_metadata": json.dumps({"incident": incident_id, "value": number}),
        "title": plain(title, 24),
        "submit": plain("Send", 24),
        "close": plain("Cancel", 24),
        "blocks": list(blocks),
    }


def checkpoint(incident_id: str, report: IncidentReport | None, number: str) -> Block:
    """The four questions (spec 6.3)."""
    asked = (
        [c for c in report.checkpoints if str(c.number) == number or (not number and c.open)]
        if report
        else []
    )
    due = [section(f"Checkpoint {asked[0].number}, due at {clock(asked[0].due_at)}.")] if asked else []
    blocks = [
        *due,
        text_input("known", "What do we know now?", lines=True),
        text_input("next_step", "What do we try next?", lines=True, needed=False),
        text_input("need_people", "Do we need more people?", needed=False),
        one_of("status_page_current", "Is the status page current?", {YES: "Yes", NO: "No"}),
    ]
    return modal("checkpoint", incident_id, "Checkpoint", blocks, number=number)


def decision(incident_id: str) -> Block:
    """A new line of the decision log."""
    blocks = [
        text_input("text", "What was decided?", lines=True),
        text_input("reason", "Why?", lines=True),
    ]
    return modal("decision", incident_id, "Decision", blocks)


def decision_result(incident_id: str, report: IncidentReport | None, number: str) -> Block:
    """What came of a decision."""
    known = next((d for d in report.decisions if str(d.number) == number), None) if report else None
    told = [section(f"Decision {known.number}: {escaped(known.text)}")] if known else []
    blocks = [*told, text_input("result", "What came of it?", lines=True)]
    return modal("decision-result", incident_id, "Result of a decision", blocks, number=number)


def hypothesis(incident_id: str, report: IncidentReport | None) -> Block:
    """A new hypothesis, or where one of those that are open stands."""
    found = [h for h in report.hypotheses if h.state is HypothesisState.OPEN] if report else []
    which = {"new": "A new one"} | {str(h.number): f"{h.number}. {h.text}" for h in found[-90:]}
    states = {state.value: state.value.capitalize() for state in HypothesisState}
    blocks = [
        one_of("number", "Which one?", which, chosen="new"),
        text_input("text", "What do you believe to be the cause?", lines=True, needed=False),
        one_of("confidence", "How sure are you?", _SURE, needed=False),
        one_of("state", "Where does it stand?", states, needed=False),
    ]
    return modal("hypothesis", incident_id, "Hypothesis", blocks)


def mitigation(incident_id: str, report: IncidentReport | None, number: str = "") -> Block:
    """A new mitigation, or what came of one that was begun."""
    begun = [m for m in report.mitigations if m.state is MitigationState.BEGUN] if report else []
    which = {"new": "A new one"} | {str(m.number): f"{m.number}. {m.text}" for m in begun[-90:]}
    states = {"begun": "Begun", "worked": "It worked", "failed": "It failed"}
    blocks = [
        one_of("number", "Which one?", which, chosen=number if number in which else "new"),
        text_input("text", "What is done?", lines=True, needed=False),
        one_of("state", "How far is it?", states, chosen="begun"),
        ticks("high_impact", "Impact", {YES: "High: needs to be authorised first"}),
    ]
    return modal("mitigation", incident_id, "Mitigation", blocks)


def update(incident_id: str, report: IncidentReport | None, audience: str = "") -> Block:
    """An update, with the words of the latest draft, if there is one (spec 7.4)."""
    meant = Audience(audience) if audience in list(Audience) else Audience.PUBLIC
    drafts = [u for u in report.updates if not u.published_at and u.audience is meant] if report else []
    draft = drafts[-1] if drafts else None
    blocks = [
        one_of("audience", "For whom?", _AUDIENCES, chosen=meant.value),
        one_of(
            "phase",
            "Where is the incident?",
            {phase.value: phase.value.capitalize() for phase in Phase},
            chosen=draft.phase.value if draft else None,
            needed=False,
        ),
        text_input(
            "text",
            "What is told? Left empty, it is filled from the incident",
            value=draft.text if draft else "",
            lines=True,
            needed=False,
        ),
    ]
    return modal("update", incident_id, "Draft an update", blocks)


def severity(incident_id: str, names: Mapping[str, str], current: str | None) -> Block:
    """How bad it is (spec 1.3 to 1.5); `names` are the severities with their meanings."""
    suspected = {"data_loss": "Data may be lost", "data_exposure": "Data may be exposed"}
    blocks = [
        one_of("severity", "How bad is it?", names, chosen=current),
        text_input("reason", "Why?", needed=False),
        ticks("suspected", "What is suspected?", suspected),
    ]
    return modal("severity", incident_id, "Severity", blocks)


def role(incident_id: str, people: Mapping[str, str], me: str, value: str = "") -> Block:
    """A role, and who takes it; `people` are the names, by id."""
    roles = {role.value: role.value.capitalize() for role in Role}
    blocks = [
        one_of("role", "Which role?", roles, chosen=value or None),
        one_of("person", "Who takes it?", _first(people, me), chosen=me),
        text_input("brief", "What do they have to know?", lines=True, needed=False),
    ]
    return modal("role", incident_id, "Roles", blocks)


def resolve(incident_id: str, people: Mapping[str, str], me: str) -> Block:
    """That the harm is over, and what closing waits for (spec 6.7)."""
    done = {"fix_deployed": "The fix is deployed", "metrics_recovering": "The metrics recover"}
    blocks = [
        text_input("resolution", "What ended it?", lines=True),
        text_input("cause", "The cause, in one sentence", needed=False),
        ticks("done", "What is done?", done),
        one_of("postmortem_owner", "Who writes the postmortem?", _first(people, me), needed=False),
    ]
    return modal("resolve", incident_id, "Resolve", blocks)


def _first(people: Mapping[str, str], me: str) -> dict[str, str]:
    """The people, whoever looks first, so that they are among the hundred that are shown."""
    return {me: people[me]} | dict(people) if me in people else dict(people)


def _input(block: str, label: str, element: Block, needed: bool) -> Block:
    return {
        "type": "input",
        "block_id": block,
        "label": plain(label, 2_000),
        "element": element,
        "optional": not needed,
    }


_SURE = {"low": "Low", "medium": "Medium", "high": "High"}
_AUDIENCES = {
    Audience.PUBLIC.value: "Customers, on the status page",
    Audience.INTERNAL.value: "Within the house",
}
