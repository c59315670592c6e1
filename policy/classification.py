"""How bad an alert is, by the organisation's own rules and by what the alert claims (spec 1.1, 1.2, 1.4)."""

import re
from collections.abc import Iterable, Mapping, Sequence

from domain.alert import Alert
from domain.entries import ClassificationEntry
from domain.severity import Severity
from policy.severity import claimed

PERSON = "person"
"""The source of what a person declares."""


def classify(
    alert: Alert, rules: Sequence[ClassificationEntry], severities: Sequence[Severity]
) -> Severity | None:
    """The severity that the first fitting rule says, else the one that the alert claims; the worst where data
    may be lost; None where nobody says anything that we know. What a person says comes before any rule."""
    if data_loss(alert, rules):
        return min(severities, key=lambda severity: severity.rank)
    said = claimed(alert, severities)
    rule = None if said and alert.source == PERSON else _first(alert, rules)
    by_name = {severity.name: severity for severity in severities}
    return by_name.get(rule.severity or "") if rule else said


def data_loss(alert: Alert, rules: Iterable[ClassificationEntry]) -> bool:
    """Whether data may be lost: the alert says so, or a rule about it does (spec 1.4)."""
    rule = _first(alert, rules)
    return alert.data_loss or bool(rule and rule.data_loss)


def _first(alert: Alert, rules: Iterable[ClassificationEntry]) -> ClassificationEntry | None:
    facts = {**alert.labels, "service": alert.service, "name": alert.name, "source": alert.source}
    return next((rule for rule in rules if _fits(facts, rule)), None)


def _fits(facts: Mapping[str, str], rule: ClassificationEntry) -> bool:
    return all(
        key in facts and re.fullmatch(pattern, facts[key]) is not None for key, pattern in rule.when.items()
    )
