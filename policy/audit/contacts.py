"""Whether those who may be paged can be reached (spec 2.2)."""

from collections.abc import Iterator
from datetime import timedelta

import phonenumbers

from domain.finding import Finding, Place
from domain.people import NotificationRule
from domain.severity import Severity
from policy.audit.facts import Facts, error, warning

PROVEN_FOR = timedelta(days=365)
"""How long the proof holds that pages reach a number."""


def contacts(facts: Facts) -> Iterator[Finding]:
    """What is wrong with numbers and with the ways in which people are paged."""
    yield from _numbers(facts)
    told: set[tuple[str, Place]] = set()
    for person in facts.paged:
        yield from _verified(facts, person)
        for finding in _rules(facts, person):
            if (finding.rule, finding.place) not in told:  # The pack's rules are many people's.
                told.add((finding.rule, finding.place))
                yield finding


def _numbers(facts: Facts) -> Iterator[Finding]:
    numbers: list[tuple[Place, str]] = [
        (("people", name, "phone"), entry.phone) for name, entry in facts.organisation.people.items()
    ]
    numbers += [
        (("channels", name, "sms"), entry.sms)
        for name, entry in facts.organisation.channels.items()
        if entry.sms
    ]
    for place, number in numbers:
        if not phonenumbers.is_valid_number(phonenumbers.parse(number)):
            message = f"{number} is no number that its country gives out"
            yield warning("invalid-number", place, message, "look for a digit too many, or too few, or amiss")


def _verified(facts: Facts, person: str) -> Iterator[Finding]:
    name, verified = facts.name(person), facts.organisation.people[person].phone_verified
    today = facts.now.date()
    mend = "send a test page, and note the day as `phone_verified`"
    place: Place = ("people", person, "phone_verified")
    if verified is None:
        said = f"nobody knows whether a page reaches {name}: the number was never verified"
        yield warning("unverified-number", place, said, mend)
    elif verified > today + timedelta(days=1):  # Somewhere it is tomorrow already.
        said = f"the number of {name} was verified on {verified}, which is yet to come"
        yield warning("unverified-number", place, said, mend)
    elif today - verified > PROVEN_FOR:
        said = f"the number of {name} was last verified on {verified}, over a year ago"
        yield warning("unverified-number", place, said, mend)


def _rules(facts: Facts, person: str) -> Iterator[Finding]:
    """The ways in which somebody is paged, for each severity that may get as far as their rung."""
    entry, name = facts.organisation.people[person], facts.name(person)
    rules, place = facts.rules_of(person)
    working = [rule for rule in rules if rule.method != "slack" or entry.email]
    out = [
        severity.name
        for severity in facts.severities
        if _concerns(severity, facts.paged[person]) and not _usable(working, severity)
    ]
    if out:
        blame = "" if working else ": Slack finds people by their email, and none is given"
        mend = "add a rule with a method that it allows" if working else "give an `email`, or add a call"
        message = f"{name} cannot be paged for {', '.join(out)}{blame}"
        yield error("unreachable", place if working else ("people", person), message, mend)
        return
    if len(working) < len(rules):
        message = f"{name} is paged by Slack, which finds people by their email, and none is given"
        yield warning("slack-without-email", ("people", person), message, "give an `email`")
    worst = facts.severities[0]
    usable = _usable(working, worst)
    first = min((rule.after for rule in usable), default=timedelta(0))
    if first > worst.ack_window:
        minutes = first.total_seconds() / 60
        message = f"the first page to {name} leaves after {minutes:g} minutes, when the window has passed"
        yield warning("late-first-page", place, message, "let the first rule be without `after`")
    if "call" in worst.methods and not any(rule.method == "call" for rule in usable):
        message = f"{name} is never called, not even for {worst.name}; a message wakes nobody"
        yield warning("never-called", place, message, "add a rule with `method: call`")


def _concerns(severity: Severity, rung: int) -> bool:
    """The two milder severities are for the first rung; they do not climb by night (spec 3.1)."""
    pages = severity.methods and severity.respond != "backlog"
    return bool(pages and (severity.rank <= 2 or rung == 0))


def _usable(rules: list[NotificationRule], severity: Severity) -> list[NotificationRule]:
    return [rule for rule in rules if rule.method in severity.methods]
