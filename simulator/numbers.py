"""Telephone numbers as the carrier reads them."""

import re
from functools import lru_cache

import phonenumbers

from .errors import TwilioError

# Twilio's own magic numbers, which fail in a known way; the codes for a call and for a message.
_MAGIC_TO = {
    "+15005550001": (21211, 21211),
    "+15005550002": (21214, 21612),
    "+15005550003": (21215, 21408),
    "+15005550004": (21216, 21610),
    "+15005550009": (None, 21614),
}


@lru_cache(maxsize=4096)
def normal_form(written: str) -> str | None:
    """The number in E.164 form, or None if no telephone number can look like that."""
    digits = re.sub(r"[\s().-]", "", written)
    if re.fullmatch(r"[2-9]\d{9}", digits):
        digits = f"+1{digits}"
    elif re.fullmatch(r"1[2-9]\d{9}", digits):
        digits = f"+{digits}"
    if not re.fullmatch(r"\+[1-9]\d{6,14}", digits):
        return None
    try:
        possible = phonenumbers.is_possible_number(phonenumbers.parse(digits))
    except phonenumbers.NumberParseException:
        return None
    return digits if possible else None


@lru_cache(maxsize=4096)
def country_of(number: str) -> str:
    """ISO country of an E.164 number, or an empty string."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return ""
    region = phonenumbers.region_code_for_number(parsed)
    return region or phonenumbers.region_code_for_country_code(parsed.country_code or 0)


@lru_cache(maxsize=4096)
def displayed(number: str) -> str:
    """The number as Twilio formats it for display: national for North America, else unchanged."""
    match = re.fullmatch(r"\+1(\d{3})(\d{3})(\d{4})", number)
    return f"({match[1]}) {match[2]}-{match[3]}" if match else number


def callee(written: str) -> str:
    """The number to call, in E.164. Raises TwilioError: 21211 if none such, 21214 ff. for magic ones."""
    return _reachable(written, for_message=False)


def recipient(written: str) -> str:
    """The number to send a message to, in E.164. Raises as `callee` does, with the codes of messaging."""
    return _reachable(written, for_message=True)


def _reachable(written: str, *, for_message: bool) -> str:
    number = normal_form(written)
    if number is None:
        raise TwilioError(21211, written)
    code = _MAGIC_TO.get(number, (None, None))[for_message]
    if code is not None:
        raise TwilioError(code, number)
    return number


def geography(**numbers: str) -> dict[str, str]:
    """The location parameters Twilio adds for each named number: the country where known, the rest empty."""
    found: dict[str, str] = {}
    for role, number in numbers.items():
        found |= {
            f"{role}City": "",
            f"{role}State": "",
            f"{role}Zip": "",
            f"{role}Country": country_of(number),
        }
    return found
