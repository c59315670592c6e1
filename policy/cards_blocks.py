"""Block Kit, as far as it is needed: texts within their limits, buttons that know their incident."""

import json
from collections.abc import Iterable
from typing import Any

from domain.chat import Button

Block = dict[str, Any]

MOST_HEADER, MOST_SECTION, MOST_FIELD, MOST_LABEL, MOST_VALUE = 150, 3_000, 2_000, 75, 2_000
PREFIX = "mw"
"""How the ids of our actions begin: `mw:<action>:<n>`."""


def escaped(text: str) -> str:
    """A text in which nothing is a mention, a link or a command of Slack's."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def cut(text: str, most: int) -> str:
    """The text, short enough; what was cut ends in an ellipsis."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def cut_escaped(text: str, most: int) -> str:
    """An escaped text, short enough, with no half of an escape at its end."""
    if len(text) <= most:
        return text
    short = text[: most - 1]
    last = short.rfind("&", len(short) - 5)
    return f"{short[:last] if last >= 0 and ';' not in short[last:] else short}…"


def plain(text: str, most: int) -> Block:
    """A text object that is shown as it is written."""
    return {"type": "plain_text", "text": cut(text, most) or " ", "emoji": False}


def mrkdwn(text: str, most: int) -> Block:
    """A text object in Slack's own markup; what people wrote in it must be escaped already."""
    return {"type": "mrkdwn", "text": cut_escaped(text, most) or " "}


def header(text: str) -> Block:
    """A large line."""
    return {"type": "header", "text": plain(text, MOST_HEADER)}


def section(text: str) -> Block:
    """A paragraph."""
    return {"type": "section", "text": mrkdwn(text, MOST_SECTION)}


def fields(pairs: Iterable[tuple[str, str]]) -> Block:
    """Names and values in two columns; ten at the most."""
    found = [mrkdwn(f"*{name}*\n{value}", MOST_FIELD) for name, value in pairs]
    return {"type": "section", "fields": found[:10]}


def context(text: str) -> Block:
    """A small line."""
    return {"type": "context", "elements": [mrkdwn(text, MOST_FIELD)]}


def actions(incident_id: str, buttons: Iterable[Button], first: int = 0) -> Block:
    """A row of buttons. `first` keeps their ids apart from those of another row of the same message."""
    elements = []
    for number, button in enumerate(buttons, start=first):
        element: Block = {
            "type": "button",
            "action_id": f"{PREFIX}:{button.action}:{number}",
            "text": plain(button.label, MOST_LABEL),
            "value": button_value(incident_id, button.value),
        }
        elements.append(element | ({"style": button.style} if button.style else {}))
    return {"type": "actions", "elements": elements[:25]}


def button_value(incident_id: str, value: str) -> str:
    """What a button carries: its incident, and what of it is meant."""
    room = MOST_VALUE - len(json.dumps({"incident": incident_id, "value": ""}))
    kept = value
    while len(json.dumps(kept)) - 2 > room:
        kept = kept[: len(kept) - 1 - (len(json.dumps(kept)) - 2 - room) // 6]
    return json.dumps({"incident": incident_id, "value": kept})


def link(url: str, text: str) -> str:
    """A link in Slack's own markup."""
    return f"<{escaped(url).replace('|', '%7C')}|{escaped(text)}>"
