"""What a button or a modal means. Block ids are the names of the fields that they fill."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict, ValidationError

from domain import acts
from domain.acts import AnyAct
from domain.messages import Resolve
from domain.organisation import Organisation
from domain.people import PersonRef
from domain.roles import Role
from policy.cards_modals import YES


class Incoming(BaseModel):
    """A part of what Slack sends; of what we do not know nothing is read."""

    model_config = ConfigDict(extra="ignore")


class Named(Incoming):
    """Something with an id."""

    id: str


class Pressed(Incoming):
    """A button that was pressed."""

    type: str = ""
    action_id: str
    value: str = ""


class Filled(Incoming):
    """What a modal's inputs hold."""

    values: dict[str, dict[str, dict[str, Any]]] = {}


class View(Incoming):
    """A modal that was sent off."""

    id: str
    callback_id: str = ""
    private_metadata: str = ""
    state: Filled = Filled()


class Posted(Incoming):
    """The post in which a button was pressed."""

    blocks: list[dict[str, Any]] = []


class Interaction(Incoming):
    """Something that somebody did with a button or a modal."""

    type: str
    user: Named
    trigger_id: str = ""
    response_url: str = ""
    channel: Named | None = None
    message: Posted = Posted()
    actions: tuple[Pressed, ...] = ()
    view: View | None = None


class Meant(NamedTuple):
    """The incident that a button or a modal is about, the value it carries, and where it came from."""

    incident: str
    value: str = ""
    channel: str = ""


def meant(text: str) -> Meant | None:
    """What a button's value or a modal's metadata says; None if it is not ours."""
    try:
        told = json.loads(text)
        return Meant(str(told["incident"]), str(told.get("value") or ""), str(told.get("channel") or ""))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def action_of(action_id: str) -> str | None:
    """`acknowledge` of `mw:acknowledge:0`; None if it is not ours."""
    parts = action_id.split(":")
    return parts[1] if len(parts) == 3 and parts[0] == "mw" else None


def act_of_button(action: str, value: str, by: PersonRef) -> AnyAct | None:
    """What a button does by itself; None for one that asks for more.

    Raises:
        ValidationError, ValueError: the value is of another time.
    """
    match action:
        case "role" if value:
            # Who asks for a fresh commander has one; every other question is for a role that nobody holds.
            return acts.TakeRole.model_validate({"role": value, "vacant": value != Role.COMMANDER})
        case "severity" if value:
            return acts.SetSeverity(severity=value)
        case "authorise" | "refuse":
            return acts.Authorise(number=int(value), granted=action == "authorise")
        case "approve":
            return acts.Approve(number=int(value))
        case "publish":
            return acts.Publish(number=int(value))
        case "war-room":
            return acts.OpenWarRoom()
        case "confirm-fix":
            return acts.Confirm(fix_deployed=True)
        case "confirm-metrics":
            return acts.Confirm(metrics_recovering=True)
        case "own-postmortem":
            return acts.Confirm(postmortem_owner=by)
    return None


def inputs_of(view: View) -> dict[str, str | list[str]]:
    """What was filled in, by block; ticks are lists."""
    found: dict[str, str | list[str]] = {}
    for block, elements in view.state.values.items():
        for element in elements.values():
            if "selected_options" in element:
                found[block] = [str(option["value"]) for option in element["selected_options"] or []]
            elif "selected_option" in element:
                found[block] = str((element["selected_option"] or {}).get("value") or "")
            else:
                found[block] = str(element.get("value") or "").strip()
    return found


def act_of_modal(
    kind: str, value: str, inputs: Mapping[str, str | list[str]], organisation: Organisation
) -> AnyAct | None:
    """What a modal does; None if it is not one of these.

    Raises:
        ValidationError, ValueError: what is wrong with which field.
    """
    given = {name: text for name, text in inputs.items() if isinstance(text, str) and text}
    ticked = {name for name, chosen in inputs.items() if isinstance(chosen, list) for name in (name, *chosen)}
    number = given.pop("number", "")
    changed = {"number": int(number)} if number.isdigit() else {}
    match kind:
        case "checkpoint":
            asked = {"number": int(value)} if value.isdigit() else {}
            current = given.get("status_page_current") == YES
            return acts.AnswerCheckpoint.model_validate(given | asked | {"status_page_current": current})
        case "decision":
            return acts.Decide.model_validate(given)
        case "decision-result":
            return acts.Decide.model_validate(given | {"number": int(value)})
        case "hypothesis":
            return acts.Hypothesise.model_validate(given | changed)
        case "mitigation":
            high = bool(inputs.get("high_impact"))
            return acts.Mitigate.model_validate(given | changed | {"high_impact": high})
        case "update":
            return acts.Draft.model_validate(given)
        case "severity":
            suspected = {name: name in ticked for name in ("data_loss", "data_exposure")}
            return acts.SetSeverity.model_validate(given | suspected)
        case "role":
            person = ref_of(given.pop("person", ""), organisation)
            return acts.TakeRole.model_validate(given | {"person": person})
    return None


def resolve_of_modal(
    inputs: Mapping[str, str | list[str]],
    organisation: Organisation,
    *,
    source_id: str,
    incident_id: str,
    by: PersonRef,
) -> Resolve:
    """What the modal of a resolution says."""
    done = inputs.get("done") or []
    return Resolve(
        source_id=source_id,
        incident_id=incident_id,
        by=by,
        resolution=str(inputs.get("resolution") or ""),
        cause=str(inputs.get("cause") or ""),
        fix_deployed="fix_deployed" in done,
        metrics_recovering="metrics_recovering" in done,
        postmortem_owner=ref_of(str(inputs.get("postmortem_owner") or ""), organisation),
    )


def ref_of(person: str, organisation: Organisation) -> PersonRef | None:
    """Somebody of the organisation, by their id."""
    entry = organisation.people.get(person)
    return PersonRef(id=person, name=entry.name) if entry else None


_MAIN = {
    "checkpoint": "known",
    "decision": "text",
    "decision-result": "result",
    "hypothesis": "text",
    "mitigation": "text",
    "update": "text",
    "severity": "severity",
    "role": "role",
    "resolve": "resolution",
}


def block_for(kind: str, refusal: str, inputs: Mapping[str, object]) -> str:
    """The block at which a refusal is shown: the one it speaks of, else the modal's main one."""
    if kind == "decision" and "reason" in refusal:
        return "reason"
    if kind == "hypothesis" and inputs.get("number") not in (None, "", "new"):
        return "state"
    return _MAIN[kind]


def errors_of(fault: ValidationError, kind: str, inputs: Mapping[str, object]) -> dict[str, str]:
    """What is wrong with what was filled in, by block."""
    return {
        str(error["loc"][-1]) if error["loc"] and error["loc"][-1] in inputs else _MAIN[kind]: error["msg"]
        for error in fault.errors()
    }
