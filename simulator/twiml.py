"""TwiML: from the text of a document to verbs that can be obeyed.

Stricter than Twilio in one respect: Twilio skips a verb it does not know with a warning (12200); here that
ends the call with 12100, like text that is no XML at all, a wrong nesting, or an attribute whose value cannot
be read. What Twilio merely warns of and ignores, an attribute unknown to the verb, is a warning here too.
"""

from xml.etree import ElementTree

from .verbs import Dial, Document, Gather, Hangup, Pause, Play, Record, Redirect, Say, TextMessage, Verb

_PROMPTS = {"Say", "Play", "Pause"}
_CALL_NOUNS = {"Number", "Conference", "Client", "Sip", "Queue", "Sim"}
_SSML = {
    "break",
    "emphasis",
    "lang",
    "p",
    "phoneme",
    "prosody",
    "s",
    "say-as",
    "sub",
    "w",
    "amazon:effect",
    "amazon:domain",
}
_CHILDREN: dict[str, set[str]] = {
    "Response": {"Say", "Play", "Pause", "Gather", "Redirect", "Hangup", "Dial", "Record"},
    "Gather": _PROMPTS,
    "Dial": _CALL_NOUNS,
    "Say": _SSML,
    "Message": {"Body", "Media"},
}
_MESSAGING_VERBS = {"Message", "Redirect"}
_ATTRIBUTES: dict[str, set[str]] = {
    "Response": set(),
    "Say": {"voice", "language", "loop"},
    "Play": {"loop", "digits"},
    "Pause": {"length"},
    "Gather": {
        *(
            "action",
            "method",
            "input",
            "numDigits",
            "timeout",
            "speechTimeout",
            "finishOnKey",
            "hints",
            "language",
        ),
        *(
            "actionOnEmptyResult",
            "bargeIn",
            "profanityFilter",
            "partialResultCallback",
            "speechModel",
            "enhanced",
        ),
        *("partialResultCallbackMethod", "maxSpeechTime", "dtmfDetection", "debug"),
    },
    "Redirect": {"method"},
    "Hangup": set(),
    "Dial": {
        *(
            "action",
            "method",
            "timeout",
            "timeLimit",
            "callerId",
            "hangupOnStar",
            "record",
            "trim",
            "answerOnBridge",
        ),
        *(
            "ringTone",
            "recordingStatusCallback",
            "recordingStatusCallbackMethod",
            "recordingStatusCallbackEvent",
        ),
        *("recordingTrack", "referUrl", "referMethod", "sequential"),
    },
    "Number": {
        *(
            "sendDigits",
            "url",
            "method",
            "statusCallback",
            "statusCallbackEvent",
            "statusCallbackMethod",
            "byoc",
        ),
        *("machineDetection", "amdStatusCallback", "amdStatusCallbackMethod"),
    },
    "Conference": {
        *(
            "muted",
            "beep",
            "startConferenceOnEnter",
            "endConferenceOnExit",
            "waitUrl",
            "waitMethod",
            "record",
            "trim",
        ),
        *("maxParticipants", "participantLabel", "coach", "region", "jitterBufferSize", "statusCallback"),
        *("statusCallbackEvent", "statusCallbackMethod", "recordingStatusCallback", "eventCallbackUrl"),
        *("recordingStatusCallbackMethod", "recordingStatusCallbackEvent"),
    },
    "Record": {
        *("action", "method", "timeout", "finishOnKey", "maxLength", "playBeep", "trim", "transcribe"),
        *("recordingStatusCallback", "recordingStatusCallbackMethod", "recordingStatusCallbackEvent"),
        *("transcribeCallback", "recordingTrack"),
    },
    "Message": {"to", "from", "action", "method", "statusCallback"},
    "Body": set(),
    "Media": set(),
}


class Malformed(Exception):
    """The document cannot be obeyed (error 12100)."""


def parse(text: str | bytes, *, messaging: bool = False) -> Document:
    """Reads a TwiML document: of a call, or, with `messaging`, of an incoming message.

    Raises:
        Malformed: with what is wrong, in words that name the element.
    """
    try:
        root = ElementTree.fromstring(text)
    except (ElementTree.ParseError, ValueError) as error:
        raise Malformed(f"the document is not well-formed XML: {error}") from None
    if root.tag != "Response":
        raise Malformed(f"the root element is <{root.tag}>, not <Response>")
    for verb in root:
        if verb.tag not in (_MESSAGING_VERBS if messaging else _CHILDREN["Response"]):
            raise Malformed(f"<{verb.tag}> is not a verb of {'messages' if messaging else 'calls'}")
    warnings: list[str] = []
    _check(root, warnings)
    return Document(verbs=tuple(_verb(child) for child in root), warnings=tuple(warnings))


def _check(element: ElementTree.Element, warnings: list[str]) -> None:
    allowed = _CHILDREN.get(element.tag, set())
    if element.tag not in ("Say", "Redirect", "Play", "Dial", "Message") and element.tag in _CHILDREN:
        stray = (element.text or "") + "".join(child.tail or "" for child in element)
        if stray.strip():
            raise Malformed(f"stray text in <{element.tag}>: {stray.strip()[:60]!r}")
    for name in element.attrib:
        if element.tag in _ATTRIBUTES and name not in _ATTRIBUTES[element.tag]:
            warnings.append(f"attribute {name!r} is not allowed in <{element.tag}>")
    for child in element:
        if child.tag not in allowed and element.tag != "Response" and element.tag not in _SSML:
            raise Malformed(f"<{child.tag}> is not allowed in <{element.tag}>")
        _check(child, warnings)


def _verb(element: ElementTree.Element) -> Verb:
    text = "".join(element.itertext()).strip()
    match element.tag:
        case "Say" | "Play" | "Pause":
            return _prompt(element)
        case "Gather":
            return _gather(element)
        case "Redirect":
            if not text:
                raise Malformed("<Redirect> names no URL")
            return Redirect(url=text, method=_method(element))
        case "Dial":
            return _dial(element)
        case "Record":
            return Record(
                action=element.get("action", ""),
                method=_method(element),
                timeout=_number(element, "timeout", 5),
                max_length=_number(element, "maxLength", 3600),
                finish_on_key=element.get("finishOnKey", "1234567890*#"),
            )
        case "Message":
            body = element.find("Body")
            return TextMessage(body=text if body is None else "".join(body.itertext()).strip())
        case _:
            return Hangup()


def _prompt(element: ElementTree.Element) -> Say | Play | Pause:
    text = " ".join("".join(element.itertext()).split())
    if element.tag == "Pause":
        return Pause(seconds=_number(element, "length", 1))
    if element.tag == "Play":
        if not text and "digits" not in element.attrib:
            raise Malformed("<Play> names no URL")
        return Play(url=text)
    # Twilio takes loop="0" as without end; a thousand times outlasts every call.
    return Say(text=text, times=int(_number(element, "loop", 1)) or 1000)


def _gather(element: ElementTree.Element) -> Gather:
    inputs = set(element.get("input", "dtmf").split())
    if not inputs or inputs - {"dtmf", "speech"}:
        raise Malformed(f"<Gather> input={element.get('input')!r} is neither dtmf nor speech")
    finish = element.get("finishOnKey", "#")
    if len(finish) > 1 or finish not in "0123456789*#":
        raise Malformed(f"<Gather> finishOnKey={finish!r} is not one key")
    timeout = 5.0 if element.get("timeout") == "auto" else _number(element, "timeout", 5)
    silence = None if element.get("speechTimeout") == "auto" else _number(element, "speechTimeout", timeout)
    num_digits = _number(element, "numDigits", 0)
    if "numDigits" in element.attrib and (num_digits < 1 or num_digits % 1):
        raise Malformed(f"<Gather> numDigits={element.get('numDigits')!r} is not a positive whole number")
    return Gather(
        prompts=tuple(_prompt(child) for child in element),
        keys="dtmf" in inputs,
        speech="speech" in inputs,
        action=element.get("action", ""),
        method=_method(element),
        num_digits=int(num_digits) or None,
        timeout=timeout,
        speech_timeout=silence,
        finish_on_key=finish,
        action_on_empty=_flag(element, "actionOnEmptyResult", default=False),
        barge_in=_flag(element, "bargeIn", default=True),
    )


def _dial(element: ElementTree.Element) -> Dial:
    parties = [f"{child.tag} {''.join(child.itertext()).strip()}" for child in element]
    number = (element.text or "").strip()
    if number:
        parties.insert(0, f"Number {number}")
    if not parties:
        raise Malformed("<Dial> names nobody")
    return Dial(
        parties=tuple(parties),
        time_limit=_number(element, "timeLimit", 14_400),
        action=element.get("action"),
        method=_method(element),
    )


def _method(element: ElementTree.Element) -> str:
    method = element.get("method", "POST").upper()
    if method not in ("GET", "POST"):
        raise Malformed(f"<{element.tag}> method={element.get('method')!r} is neither GET nor POST")
    return method


def _number(element: ElementTree.Element, name: str, default: float) -> float:
    written = element.get(name)
    if written is None:
        return default
    try:
        value = float(written)
    except ValueError:
        value = -1
    if not 0 <= value < 1_000_000:
        raise Malformed(f"<{element.tag}> {name}={written!r} is not a number of zero or more")
    return value


def _flag(element: ElementTree.Element, name: str, *, default: bool) -> bool:
    written = element.get(name, str(default)).lower()
    if written not in ("true", "false"):
        raise Malformed(f"<{element.tag}> {name}={written!r} is neither true nor false")
    return written == "true"
