"""Whether words say something that one can see has happened (spec 9.5). It looks at words, not at meaning: in
doubt it lets them pass, because a person who has thought about it is right more often than a list."""

import re

_VAGUE = "|".join(
    (
        r"improv(?:e|es|ing|ements?)|investigat\w+|consider\w*|look(?:ing)? (?:at|into)",
        r"think(?:ing)? about|explor\w+|enhanc\w+|strengthen\w*|optimi[sz]\w+|better",
        r"review\w*|revisit\w*|evaluat\w+|assess\w*|examin\w+",
        r"(?:be|pay|take|being|paying|taking) (?:more )?(?:careful|attention|care|aware|mindful|vigilant)",
        r"try|trying|make sure|ensure|discuss\w*|talk(?:ing)? (?:about|to)|communicat\w+|work(?:ing)? on",
        r"clean up|tidy|address|handle|deal(?:ing)? with|monitor (?:more|better)|raise awareness|train\w*",
    )
)
_WISH = re.compile(rf"^\W*(?:(?:we|to|should|must|will|please|need|have) )*(?:{_VAGUE})\b", re.IGNORECASE)

_MEASURE = re.compile(
    "|".join(
        (
            r"\d",  # a threshold, a share, a release
            r"\b(?i:two|three|four|five|six|seven|eight|nine|ten|twelve|half|twice|zero)\b",
            r"`[^`]+`|\"[^\"]+\"|https?://",  # something that can be looked up
            r"\b\w+(?:[./-]\w+)*[_/]\w+",  # a path, a setting
            r"\b\w+\.(?:md|py|ya?ml|json|toml|sql|sh|tf|go|rs|js|ts)\b",  # a file
            r"\b[a-z]+[A-Z]\w*|\b[A-Z][a-z]+[A-Z]\w*",  # a name in code, an alert: HighErrorRate
        )
    )
)

_RESULT = re.compile(
    "|".join(
        (
            r"\b(?:pass(?:es)?|fails?|failed|pages?|paged|fires?|fired|alerts?|blocks?|blocked|trips?|tripped",
            r"rejects?|rejected|refuses?|refused|returns?|returned|deployed|merged|removed|deleted|enabled",
            r"disabled|switched (?:on|off)|turned (?:on|off)|live|in production|in ci|green|completes?",
            r"exists?|linked from|listed in|published|rolled out|restores?|restored|recovers?|recovered",
            r"stops?|stopped|no longer|without (?:an? |any |manual )?\w+|every .*\bhas)\b",
        )
    ),
    re.IGNORECASE,
)


def wish(text: str) -> bool:
    """Whether it only wishes: a vague verb, and no number, no threshold and nothing named by which one could
    tell that it came true."""
    return _WISH.match(text) is not None and not _MEASURE.search(text)


def measurable(text: str) -> bool:
    """Whether a definition of done names a number, something to look up, or a result one can see."""
    if len(words(text)) < 3 or wish(text):
        return False
    return bool(_MEASURE.search(text) or _RESULT.search(text))


def words(text: str) -> list[str]:
    """The words of a text."""
    return re.findall(r"\w+", text)
