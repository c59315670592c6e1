"""Organisations without a fault, to be spoiled by one change each."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from domain.finding import Finding
from domain.oncall import Feed, Override
from domain.organisation import Organisation
from policy.audit import NO_FEEDS, audit

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
"""A Monday; clocks in Europe and America change within the 90 days that follow."""

PACK = yaml.safe_load((Path(__file__).parents[3] / "packs" / "sev.yaml").read_text(encoding="utf-8"))

WEEKLY = {"people": ["a", "b", "c", "d", "e"], "starts": "2026-01-05"}
SHIFTED = {"people": ["c", "d", "e", "a", "b"], "starts": "2026-01-05"}


def person(number: int) -> dict[str, Any]:
    """Somebody who can be reached."""
    return {
        "name": f"Person {number}",
        "phone": f"+12025550{100 + number}",
        "email": f"p{number}@example.com",
        "phone_verified": "2026-02-01",
    }


def content(**changes: Any) -> dict[str, Any]:
    """An organisation of seven in which everything is right, with these sections in place of its own."""
    return {
        **PACK,
        "pack": "sev",
        "time_zone": "Europe/Berlin",
        "default_service": "shop",
        "channels": {"duty": {"name": "Duty", "sms": "+12025550190"}},
        "people": {name: person(number) for number, name in enumerate("abcdexy")},
        "schedules": {
            "first": {"name": "First", "layers": [WEEKLY]},
            "second": {"name": "Second", "layers": [SHIFTED]},
        },
        "ladders": {
            "main": {
                "fallback": "duty",
                "rungs": [
                    {"name": "primary", "schedules": ["first"]},
                    {"name": "secondary", "schedules": ["second"]},
                    {"name": "managers", "people": ["x", "y"]},
                ],
            }
        },
        "services": {
            "shop": {"name": "Shop", "ladder": "main", "runbook": "https://runbooks.example.com/shop"}
        },
        **changes,
    }


def of(**changes: Any) -> Organisation:
    """The same as a model."""
    return Organisation.model_validate(content(**changes))


def scheduled(*layers: Mapping[str, Any], **changes: Any) -> Organisation:
    """An organisation whose first schedule has these layers."""
    second = {"name": "Second", "layers": [SHIFTED]}
    return of(schedules={"first": {"name": "First", "layers": layers}, "second": second}, **changes)


def found(
    organisation: Organisation,
    *,
    overrides: Iterable[Override] = (),
    feeds: Mapping[str, Feed] = NO_FEEDS,
    now: datetime = NOW,
) -> list[Finding]:
    """Everything to mend in it."""
    return list(audit(organisation, now, overrides=overrides, feeds=feeds))


def rules(organisation: Organisation) -> set[str]:
    """The kinds of thing to mend in it."""
    return {finding.rule for finding in found(organisation)}


def only(organisation: Organisation, rule: str) -> Finding:
    """The one finding of this rule."""
    (finding,) = (finding for finding in found(organisation) if finding.rule == rule)
    return finding
