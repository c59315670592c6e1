"""What a person means by a key, by words, or by a reply (spec 4.2, 4.3)."""

import re
from enum import StrEnum


class Meaning(StrEnum):
    """What a person wants."""

    ACKNOWLEDGE = "acknowledge"
    PASS = "pass on"
    REPEAT = "repeat"
    UNCLEAR = "unclear"


_KEYS = {"1": Meaning.ACKNOWLEDGE, "2": Meaning.PASS, "3": Meaning.REPEAT}

_PHRASES = {
    Meaning.PASS: (
        r"pass( it| this)?( on)?|(i )?(can'?t|cannot|can not)( take (it|this))?|next( person)?|not me"
    ),
    Meaning.REPEAT: r"repeat( that| it)?|(say )?again( please)?|say that again|what",
    Meaning.ACKNOWLEDGE: (
        r"(i )?(ack|acknowledged?|acknowledging)( it| this)?|(i'?m |i am )?(on|taking) (it|this)"
        r"|(i |i'll |i will )take (it|this)|i have (it|this)|(i'?ve )?got (it|this)"
    ),
}

SPEECH_HINTS = "acknowledge, I'm on it, I'll take it, got it, pass, I can't take this, repeat"
"""Words to listen for, for a carrier's speech recognition."""

_CODE = re.compile(r"(?<!\d)(\d{5})(?!\d)")


def understand_call(
    digits: str | None, speech: str | None, confidence: float | None, trust_speech: float
) -> Meaning:
    """The meaning of an answer on the phone. Words count only whole and only when they were heard well
    enough: a guess must never become an acknowledgement."""
    if digits:
        return _KEYS.get(digits[:1], Meaning.UNCLEAR)
    if not speech or confidence is None or confidence < trust_speech:
        return Meaning.UNCLEAR
    return _phrase(speech)


def understand_reply(body: str) -> tuple[Meaning, str | None]:
    """The meaning of a text message, and the reply code it names, if it names one.

    The code alone acknowledges; so does `ACK`, `OK` or `YES` with it or, where there is only one
    incident to answer for, without it.
    """
    found = _CODE.search(body)
    code = found.group(1) if found else None
    words = re.sub(r"\s+", " ", _CODE.sub(" ", body)).strip(" .,!:;-#")
    if not words:
        return (Meaning.ACKNOWLEDGE if code else Meaning.UNCLEAR), code
    if re.fullmatch(r"(?i)1|ok(ay)?|yes|y", words):
        return Meaning.ACKNOWLEDGE, code
    if re.fullmatch(r"(?i)2|no|n", words):
        return Meaning.PASS, code
    return _phrase(words), code


def _phrase(text: str) -> Meaning:
    plain = re.sub(r"[^a-z' ]", "", text.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))
    plain = re.sub(r"\s+", " ", plain).strip()
    for meaning, pattern in _PHRASES.items():
        if re.fullmatch(
            rf"(?:(?:ok|okay|yes|yeah|um|uh|hi|hello) )*(?:{pattern})(?: please| thanks| thank you)?", plain
        ):
            return meaning
    return Meaning.UNCLEAR
