"""Block Kit as Slack checks it, where an application is likely to go wrong; and what is in it."""

import json
import secrets
from collections.abc import Iterator
from typing import Any

from .errors import SlackError, refuse_faults
from .records import Block

_TEXTS = {"header": ("plain_text", 150), "section": (None, 3000)}
_INPUTS = {
    "plain_text_input", "static_select", "multi_static_select", "users_select", "multi_users_select",
    "radio_buttons", "checkboxes", "datetimepicker", "datepicker", "timepicker", "email_text_input",
    "number_input", "url_text_input", "conversations_select", "channels_select",
}  # fmt: skip
_BLOCKS = {"header", "section", "context", "divider", "actions", "input", "image", "rich_text", "markdown"}
_MOST = {"actions": 25, "context": 10}


def elements_of(block: Block) -> list[dict[str, Any]]:
    """What a person can act on in a block."""
    if block.get("type") == "actions":
        return [element for element in block.get("elements", []) if isinstance(element, dict)]
    element = block.get("accessory") or block.get("element")
    return [element] if isinstance(element, dict) and element.get("type") != "image" else []


def actions_in(blocks: list[Block]) -> Iterator[tuple[Block, dict[str, Any]]]:
    """Every button, select and input, with the block that it is in."""
    for block in blocks:
        for element in elements_of(block):
            yield block, element


def message_blocks(given: Any) -> list[Block]:
    """The blocks of a message, checked and their missing ids filled in.

    Raises:
        SlackError: invalid_blocks_format if this is no list of objects, invalid_blocks if a rule is broken.
    """
    blocks = _decoded(given)
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        raise SlackError("invalid_blocks_format")
    refuse_faults("invalid_blocks", list(_faults(blocks, "/blocks", most=50)))
    return _with_ids(blocks)


def checked_view(given: Any) -> dict[str, Any]:
    """A view, checked and the missing ids of its blocks filled in. Raises SlackError invalid_arguments."""
    view = _decoded(given)
    if not isinstance(view, dict) or not isinstance(view.get("blocks"), list):
        raise SlackError("invalid_arguments", response_metadata={"messages": ["[ERROR] missing or no view"]})
    refuse_faults("invalid_arguments", list(_view_faults(view)))
    return {**view, "blocks": _with_ids(view["blocks"])}


def _decoded(given: Any) -> Any:
    try:
        return json.loads(given) if isinstance(given, str) else given
    except ValueError:
        return None


def _view_faults(view: dict[str, Any]) -> Iterator[str]:
    if view.get("type") not in ("modal", "home"):
        yield "`type` is neither modal nor home [json-pointer:/view/type]"
    if view.get("type") == "modal":
        yield from _text(view.get("title"), "/view/title", "plain_text", 24)
        for name in ("submit", "close"):
            if view.get(name) is not None:
                yield from _text(view[name], f"/view/{name}", "plain_text", 24)
        for number, block in enumerate(view["blocks"]):
            if block.get("type") == "input" and not view.get("submit"):
                yield f"must define `submit` to use an `input` block [json-pointer:/view/blocks/{number}]"
    for name, most in (("callback_id", 255), ("external_id", 255), ("private_metadata", 3000)):
        if len(str(view.get(name) or "")) > most:
            yield f"must be less than {most + 1} characters [json-pointer:/view/{name}]"
    yield from _faults(view["blocks"], "/view/blocks", most=100)


def _faults(blocks: list[Block], pointer: str, *, most: int) -> Iterator[str]:
    if len(blocks) > most:
        yield f"no more than {most} items allowed [json-pointer:{pointer}]"
    block_ids: set[str] = set()
    action_ids: set[str] = set()
    for number, block in enumerate(blocks):
        here = f"{pointer}/{number}"
        yield from _block(block, here)
        if block.get("block_id") in block_ids:
            yield f"`block_id` {block['block_id']!r} already exists [json-pointer:{here}/block_id]"
        block_ids |= {block["block_id"]} if block.get("block_id") else set()
        for element in elements_of(block):
            action_id = element.get("action_id")
            # In a view, the block keeps them apart.
            if action_id in action_ids and pointer == "/blocks":
                yield f"`action_id` {action_id!r} already exists [json-pointer:{here}]"
            action_ids |= {action_id} if action_id else set()


def _block(block: Block, here: str) -> Iterator[str]:
    kind = block.get("type")
    if kind not in _BLOCKS:
        yield f"unsupported type: {kind} [json-pointer:{here}/type]"
        return
    if len(str(block.get("block_id") or "")) > 255:
        yield f"must be less than 256 characters [json-pointer:{here}/block_id]"
    if kind in _TEXTS and (kind == "header" or "text" in block):
        yield from _text(block.get("text"), f"{here}/text", *_TEXTS[kind])
    if kind == "section":
        fields = block.get("fields", [])
        if "text" not in block and not fields:
            yield f"must provide either `text` or `fields` [json-pointer:{here}]"
        if len(fields) > 10:
            yield f"no more than 10 items allowed [json-pointer:{here}/fields]"
        for number, field in enumerate(fields):
            yield from _text(field, f"{here}/fields/{number}", None, 2000)
    if kind in _MOST:
        elements = block.get("elements")
        if not isinstance(elements, list) or not elements:
            yield f"missing required field: elements [json-pointer:{here}]"
            return
        if len(elements) > _MOST[kind]:
            yield f"no more than {_MOST[kind]} items allowed [json-pointer:{here}/elements]"
    if kind == "input":
        yield from _text(block.get("label"), f"{here}/label", "plain_text", 2000)
        if (block.get("element") or {}).get("type") not in _INPUTS:
            yield f"unsupported or missing element [json-pointer:{here}/element]"
    part = {"actions": "elements", "input": "element"}.get(str(kind), "accessory")
    for number, element in enumerate(elements_of(block)):
        yield from _element(element, f"{here}/{part}" + (f"/{number}" if kind == "actions" else ""))


def _element(element: dict[str, Any], here: str) -> Iterator[str]:
    if len(str(element.get("action_id") or "")) > 255:
        yield f"must be less than 256 characters [json-pointer:{here}/action_id]"
    if element.get("type") == "button":
        yield from _text(element.get("text"), f"{here}/text", "plain_text", 75)
        if len(str(element.get("value") or "")) > 2000:
            yield f"must be less than 2001 characters [json-pointer:{here}/value]"
        if element.get("style", "primary") not in ("primary", "danger"):
            yield f"must be one of: primary, danger [json-pointer:{here}/style]"
    elif element.get("type") not in _INPUTS:
        yield f"unsupported type: {element.get('type')} [json-pointer:{here}/type]"
    if "options" in element:
        most = 10 if element["type"] in ("radio_buttons", "checkboxes") else 100
        if not 1 <= len(element["options"]) <= most:
            yield f"must have 1 to {most} items [json-pointer:{here}/options]"
        for number, option in enumerate(element["options"]):
            yield from _text(option.get("text"), f"{here}/options/{number}/text", None, 75)
            if not 1 <= len(str(option.get("value") or "")) <= 150:
                yield f"must be 1 to 150 characters [json-pointer:{here}/options/{number}/value]"


def _text(text: Any, here: str, kind: str | None, most: int) -> Iterator[str]:
    if not isinstance(text, dict) or text.get("type") not in ("plain_text", "mrkdwn"):
        yield f"missing or no text object [json-pointer:{here}]"
    elif kind and text["type"] != kind:
        yield f"must be of type {kind} [json-pointer:{here}/type]"
    elif not text.get("text"):
        yield f"must be more than 0 characters [json-pointer:{here}/text]"
    elif len(text["text"]) > most:
        yield f"must be less than {most + 1} characters [json-pointer:{here}/text]"


def _with_ids(blocks: list[Block]) -> list[Block]:
    filled: list[Block] = []
    for block in blocks:
        named = {**block, "block_id": block.get("block_id") or secrets.token_hex(3)}
        for part in ("element", "accessory"):
            if isinstance(named.get(part), dict):
                named[part] = _named(named[part])
        if block["type"] == "actions":
            named["elements"] = [_named(element) for element in block["elements"]]
        filled.append(named)
    return filled


def _named(element: dict[str, Any]) -> dict[str, Any]:
    return {**element, "action_id": element.get("action_id") or secrets.token_hex(3)}
