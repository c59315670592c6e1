"""Faults and findings of a configuration as one list, each at its file and line."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import configuration
from configuration import Examined, Fault, Faults
from domain.finding import Finding, Level
from domain.oncall import Feed
from domain.organisation import Organisation
from policy.audit import NO_FEEDS, audit


@dataclass(frozen=True)
class Problem:
    """One thing to mend, where it stands (the line counted from 1)."""

    file: Path
    line: int
    level: Level
    rule: str
    message: str
    mend: str


@dataclass(frozen=True)
class Checked:
    """All problems of a configuration in the order of its files; `organisation` is None where it cannot be
    used."""

    problems: tuple[Problem, ...]
    organisation: Organisation | None

    def count(self, level: Level) -> int:
        """How many problems of this level there are."""
        return sum(problem.level == level for problem in self.problems)


def examined(path: Path) -> Examined | Faults:
    """The configuration with its faults, or the faults that keep its files from being read."""
    try:
        return configuration.examine(path)
    except Faults as faults:
        return faults


def checked(found: Examined | Faults, now: datetime, feeds: Mapping[str, Feed] = NO_FEEDS) -> Checked:
    """Everything that is wrong with a configuration at this moment. What its faults make impossible to judge
    is not judged; everything else is, so that one run finds all."""
    problems = [_of_fault(fault) for fault in found.faults]
    if isinstance(found, Faults):
        return Checked(tuple(problems), None)
    if found.organisation:
        findings = audit(found.organisation, now, feeds=feeds)
        problems += _of_findings(findings, found)
    usable = None if found.faults else found.organisation
    order = sorted(
        set(problems), key=lambda problem: (problem.file, problem.line, problem.level, problem.message)
    )
    return Checked(tuple(order), usable)


def _of_fault(fault: Fault) -> Problem:
    return Problem(fault.file, fault.line, "error", fault.rule, fault.message, fault.mend)


def _of_findings(findings: Iterable[Finding], found: Examined) -> Iterable[Problem]:
    for finding in findings:
        place = finding.place
        stands_in = any(place[: len(entry)] == entry for entry in found.blurred)
        may_be_used = finding.rule.startswith("unused-") and place[-1] in found.unread
        if not stands_in and not may_be_used:
            spot = found.source.spot(place)
            yield Problem(spot.file, spot.line, finding.level, finding.rule, finding.message, finding.mend)
