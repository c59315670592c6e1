"""What senders write, made fit to be kept."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BeforeValidator
from pydantic_core import to_json

from policy.grouping import LONGEST_VALUE, MOST_EXTRA, shortened

LONGEST_TITLE = 200
LONGEST_IMPACT = 500
"""Characters. A title and an impact are spoken on the phone, and with the reply code they have to fit
into one text message, which no carrier takes beyond 1,600 characters."""

_UNREADABLE = re.compile("[\x00\ud800-\udfff]")


def clean(text: str) -> str:
    """The text without the few characters that cannot be stored or sent on."""
    return _UNREADABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_clean(inner) for inner in value]
    if isinstance(value, dict):
        return {_clean(key): _clean(inner) for key, inner in value.items()}
    return value


def _something(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be empty")
    return text.strip()


def _utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError as fault:
        raise ValueError("is out of range") from fault


def _said(moment: datetime) -> datetime | None:
    """Alertmanager, in Go, writes the year 1 for "not yet"."""
    return moment if moment.year > 1970 else None


Text = Annotated[str, BeforeValidator(_clean)]
Line = Annotated[Text, AfterValidator(_something)]
"""Text with something in it."""
Moment = Annotated[AwareDatetime, AfterValidator(_utc)]
MaybeMoment = Annotated[AwareDatetime | None, AfterValidator(lambda at: at and _said(_utc(at)))]


def title_of(text: str) -> str:
    """A title that can be spoken."""
    return shortened(" ".join(text.split()), LONGEST_TITLE)


def impact_of(text: str) -> str:
    """An impact that can be spoken."""
    return shortened(" ".join(text.split()), LONGEST_IMPACT)


def labels_of(labels: Mapping[str, str]) -> dict[str, str]:
    """The labels, cut to what an incident can carry."""
    return {name: str(value) for name, value in kept(labels).items()}


def kept(given: Mapping[str, Any]) -> dict[str, Any]:
    """All that a sender gave beside what we read, as plain JSON, each value and the whole cut to a size
    that an incident can carry. What does not fit is counted, never silently lost."""
    room, result, left_out = MOST_EXTRA, {}, 0
    for name, value in given.items():
        if value in (None, "", {}, []):
            continue
        name, value = shortened(clean(name), 200), _plain(value)
        size = len(name) + len(value if isinstance(value, str) else json.dumps(value))
        if size > room:
            left_out += 1
            continue
        room -= size
        result[name] = value
    return result | ({"left out": f"{left_out} more fields"} if left_out else {})


def _plain(value: Any) -> Any:
    """The value as JSON, or its beginning as text where it is too long."""
    if isinstance(value, str):
        return shortened(clean(value))
    try:
        text = to_json(_clean(value), inf_nan_mode="strings").decode()
    except (ValueError, RecursionError):
        return "(too deeply nested to be kept)"
    return json.loads(text) if len(text) <= LONGEST_VALUE else shortened(text)
