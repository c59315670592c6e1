"""What stands in the fields of a view or a message: `state.values`, as Slack writes it."""

from datetime import datetime
from typing import Any

from .blocks import actions_in
from .models import Values
from .records import Block

_REQUIRED = "Please complete this required field."
# By the type of an element: the key its value has in state, and the key it begins with in the block.
_SINGLE = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
}
_SEVERAL = {
    "checkboxes": ("selected_options", "initial_options"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_users_select": ("selected_users", "initial_users"),
}


class NoSuchValue(ValueError):
    """A field that is not there, or a value that it does not take."""


def initial_state(blocks: list[Block]) -> Values:
    """The values that the fields begin with."""
    values: Values = {}
    for block, element in actions_in(blocks):
        kind = element.get("type", "")
        if kind in _SINGLE:
            key, initial = _SINGLE[kind]
            value = element.get(initial)
        elif kind in _SEVERAL:
            key, initial = _SEVERAL[kind]
            value = element.get(initial, [])
        else:
            continue
        values.setdefault(block["block_id"], {})[element["action_id"]] = {"type": kind, key: value}
    return values


def filled_in(blocks: list[Block], state: Values, given: Values) -> Values:
    """`state` with the values a person gives. Raises NoSuchValue."""
    elements = {
        (block["block_id"], element["action_id"]): element
        for block, element in actions_in(blocks)
        if element.get("type") in _SINGLE | _SEVERAL
    }
    values = {block_id: dict(actions) for block_id, actions in state.items()}
    for block_id, actions in given.items():
        for action_id, value in actions.items():
            element = elements.get((block_id, action_id))
            if element is None:
                raise NoSuchValue(f"no field {action_id!r} in a block {block_id!r}")
            values.setdefault(block_id, {})[action_id] = {
                "type": element["type"],
                **chosen(element, value),
            }
    return values


def chosen(element: dict[str, Any], value: Any) -> dict[str, Any]:
    """A plain value as this element reports it. Raises NoSuchValue."""
    kind = element["type"]
    if kind in _SEVERAL:
        key = _SEVERAL[kind][0]
        wanted = value if isinstance(value, list) else [value]
        return {key: [_option(element, one) for one in wanted] if "options" in element else wanted}
    key = _SINGLE[kind][0]
    if value is None or value == "":
        return {key: None}
    if key == "selected_option":
        return {key: _option(element, value)}
    if key == "selected_date_time":
        return {key: _instant(value)}
    return {key: str(value)}


def _option(element: dict[str, Any], value: Any) -> dict[str, Any]:
    options: list[dict[str, Any]] = element.get("options", [])
    for option in options:
        if option["value"] == value:
            return option
    known = ", ".join(option["value"] for option in options)
    raise NoSuchValue(f"{value!r} is none of the options: {known}")


def _instant(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        pass
    try:
        return int(datetime.fromisoformat(str(value)).timestamp())
    except ValueError:
        raise NoSuchValue(f"{value!r} is neither a Unix time nor an ISO date and time") from None


def lacking(blocks: list[Block], values: Values) -> dict[str, str]:
    """What Slack itself does not let a person send, by block id: required fields, texts too short or long."""
    faults: dict[str, str] = {}
    for block, element in actions_in(blocks):
        if block["type"] != "input":
            continue
        kind = element["type"]
        key = (_SINGLE | _SEVERAL)[kind][0]
        value = values.get(block["block_id"], {}).get(element["action_id"], {}).get(key)
        if not value and not block.get("optional"):
            faults[block["block_id"]] = _REQUIRED
        elif kind == "plain_text_input" and value:
            least, most = element.get("min_length", 0), element.get("max_length", 3000)
            if len(value) < least:
                faults[block["block_id"]] = f"Please write at least {least} characters."
            elif len(value) > most:
                faults[block["block_id"]] = f"Please write at most {most} characters."
    return faults
