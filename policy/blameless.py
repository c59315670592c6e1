"""Sentences that name a person as a cause (spec 9.4). They are pointed out, never changed: whoever wrote them
decides. What made an act likely teaches more than who did it."""

import re
from collections.abc import Iterable, Mapping

_FAULT = "|".join(
    (
        r"forgot(?:ten)?|forgets|failed to|fails to|failing to|neglect(?:ed|s)|omitted|overlook(?:ed|s)",
        r"ignor(?:ed|es|ing)|missed|misses|broke|breaks|caused?|causes|botched|(?:mess|screw)ed up",
        r"mis(?:typed|configured|read|understood|judged|handled|used)|should(?:n't| not)?|could have",
        r"did(?:n't| not)|had(?:n't| not)|was(?:n't| not)|made (?:\w+ ){0,3}(?:mistake|error|slip)",
        r"(?:accidentally|mistakenly|wrongly|carelessly) \w+|\w+ (?:\w+ )?by (?:accident|mistake)",
        r"(?:is|was) (?:careless|negligent|too slow|at fault|to blame|responsible|distracted|inattentive)",
        r"(?:deleted|pushed|deployed|merged|ran|dropped|changed) the wrong",
        r"(?:is|was) (?:the )?(?:root )?(?:cause|reason|culprit|problem)",
    )
)
_OFFENCE = (
    r"(?:mistake|error|fault|failure|negligence|carelessness|oversight|blunder|slip|typo|misconfiguration"
    r"|inattention|bug|bad (?:commit|change|deploy|call|decision))"
)
_BECAUSE = (
    r"(?:because(?: of)?|due to|owing to|caused by|broken by|on account of|root cause (?:was|is)"
    r"|blamed?(?: on)?)"
)
_BETWEEN = r"(?: who| has| had| then| also| simply| just| \w+ly)*"
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")


def blaming(text: str, names: Iterable[str]) -> tuple[str, ...]:
    """The sentences of a text that name one of these people as a cause. Each of `names` is also known by its
    parts, as they are written: `Dev` is a person where `dev` is an environment."""
    known = _spellings(names)
    if not known:
        return ()
    person = rf"\b(?:{'|'.join(map(re.escape, known))})\b"
    patterns = (
        rf"{person}(?:'s|')? (?i:(?:\w+ )?{_OFFENCE})\b",
        rf"{person}(?i:{_BETWEEN} (?:{_FAULT}))\b",
        rf"\b(?i:{_BECAUSE}(?: \w+)?) {person}",
        rf"\b(?i:{_OFFENCE} (?:by|of|from)) {person}",
    )
    blame = re.compile("|".join(patterns))
    return tuple(
        sentence.strip()
        for sentence in _SENTENCE.split(text)
        if blame.search(sentence.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))
    )


def remarks(texts: Mapping[str, str], names: Iterable[str]) -> tuple[str, ...]:
    """What is pointed out of several texts, each by its own name."""
    known = tuple(names)
    return tuple(
        f"In {where}, a person is named as a cause: '{sentence}' Say what made it likely, not who did it."
        for where, text in texts.items()
        for sentence in blaming(text, known)
    )


def _spellings(names: Iterable[str]) -> tuple[str, ...]:
    """Full names and their parts, the longest first. A part of two letters is too likely to be a word."""
    found = {part for name in names for part in (name.strip(), *name.split()) if len(part) > 2}
    return tuple(sorted(found, key=len, reverse=True))
