"""The kinds of value that configuration is made of, each with a clear refusal."""

import re
from datetime import time
from typing import Annotated, Any
from zoneinfo import available_timezones

import phonenumbers
from pydantic import AfterValidator, BeforeValidator, ConfigDict, PlainSerializer

from domain.base import Thing


def _e164(text: str) -> str:
    mend = "write it with its country code, like +12025550101"
    try:
        number = phonenumbers.parse(text)
    except phonenumbers.NumberParseException as fault:
        raise ValueError(f"{text!r} is not a phone number; {mend}") from fault
    if not phonenumbers.is_possible_number(number):
        raise ValueError(f"{text!r} cannot be a phone number; {mend}")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


PhoneNumber = Annotated[str, AfterValidator(_e164)]


def _email(text: str) -> str:
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", text):
        raise ValueError(f"{text!r} is not an email address")
    return text


EmailAddress = Annotated[str, AfterValidator(_email)]

_ZONES = available_timezones()


def _time_zone(text: str) -> str:
    if text not in _ZONES:
        raise ValueError(f"{text!r} is not a time zone; write it like Europe/Berlin")
    return text


TimeZone = Annotated[str, AfterValidator(_time_zone)]


def _name(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,59}", text):
        raise ValueError(f"{text!r} cannot be a name; use lower-case letters, digits and hyphens")
    return text


Name = Annotated[str, AfterValidator(_name)]
"""What something is called in configuration: it ends up in ids and addresses."""


def _clock_time(value: Any) -> Any:
    """YAML reads an unquoted 17:00 as a number to the base of sixty."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 24 * 60:
        return time(value // 60, value % 60)
    if isinstance(value, str):
        match = re.fullmatch(r"(\d{1,2}):(\d{2})(?::00)?", value)
        if not match or int(match[1]) > 23 or int(match[2]) > 59:
            raise ValueError(f"{value!r} is not a time of day; write it like 09:00")
        return time(int(match[1]), int(match[2]))
    return value


ClockTime = Annotated[
    time,
    BeforeValidator(_clock_time, json_schema_input_type=str),
    PlainSerializer(lambda at: f"{at:%H:%M}", return_type=str, when_used="json"),
]
"""A time of day, to the minute, as the clock on the wall shows it."""


class Strict(Thing):
    """A part of the configuration. A key it does not know is a fault: most likely a slip of the pen."""

    model_config = ConfigDict(frozen=True, extra="forbid")
