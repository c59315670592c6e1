"""Rules about alerts that no alert will ever meet (spec 1.1)."""

import re
from collections.abc import Iterator

from domain.entries import ClassificationEntry
from domain.finding import Finding, Place
from policy.audit.facts import Facts, warning

ALWAYS_THERE = ("service", "name", "source")
"""Labels that every alert has."""

ANYTHING = (".*", "(.*)", "^.*$")
PLAIN = re.compile(r"[\w /:@,;=<>#%&!'\"~-]*")


def classification(facts: Facts) -> Iterator[Finding]:
    """Rules that fit no service, and rules that an earlier one always forestalls."""
    rules = facts.organisation.classification
    for number, rule in enumerate(rules):
        place: Place = ("classification", number)
        pattern = rule.when.get("service")
        if pattern is not None and not _services(facts, pattern):
            yield warning(
                "rule-never-fits",
                (*place, "when", "service"),
                f"no service fits {pattern!r}, so this rule never counts",
                "name services by their ids",
            )
            continue
        earlier = next((at for at in range(number) if _weaker(facts, rules[at], rule)), None)
        if earlier is not None:
            yield warning(
                "rule-never-fits",
                place,
                f"every alert that this rule fits is taken by rule {earlier + 1} before it",
                f"put it before rule {earlier + 1}, or take it out",
            )


def _services(facts: Facts, pattern: str) -> frozenset[str]:
    return frozenset(name for name in facts.organisation.services if re.fullmatch(pattern, name))


def _weaker(facts: Facts, one: ClassificationEntry, other: ClassificationEntry) -> bool:
    """Whether `one` surely fits all that `other` fits."""
    return all(
        (label in ALWAYS_THERE and pattern in ANYTHING)
        or (label in other.when and _wider(facts, label, pattern, other.when[label]))
        for label, pattern in one.when.items()
    )


def _wider(facts: Facts, label: str, pattern: str, other: str) -> bool:
    if pattern == other or pattern in ANYTHING:
        return True
    if label == "service":
        return _services(facts, pattern) >= _services(facts, other)
    # Of two patterns nobody can say in general; of words, or a choice of words, one can.
    words = other.split("|")
    return all(map(PLAIN.fullmatch, words)) and all(re.fullmatch(pattern, word) for word in words)
