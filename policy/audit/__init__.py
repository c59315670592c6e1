"""Everything about a configuration that somebody would be sorry about at three in the morning (spec 2.2)."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from domain.finding import Finding
from domain.oncall import Feed, Override
from domain.organisation import Organisation
from policy.audit.classification import classification
from policy.audit.contacts import contacts
from policy.audit.coverage import coverage
from policy.audit.facts import Facts
from policy.audit.feeds import feeds as calendars
from policy.audit.ladders import ladders
from policy.audit.layers import layers
from policy.audit.rest import rest
from policy.audit.services import services
from policy.audit.unused import unused

CHECKS = (coverage, ladders, contacts, rest, layers, calendars, services, classification, unused)

NO_FEEDS: Mapping[str, Feed] = {}


def audit(
    organisation: Organisation,
    now: datetime,
    *,
    overrides: Iterable[Override] = (),
    feeds: Mapping[str, Feed] = NO_FEEDS,
) -> tuple[Finding, ...]:
    """Everything to mend, errors first. What depends on a calendar that is not among `feeds` is not judged.

    `organisation` has been loaded without a fault: every name in it is somebody's or something's.
    """
    facts = Facts(organisation, now, tuple(overrides), feeds)
    found = dict.fromkeys(finding for check in CHECKS for finding in check(facts))
    return tuple(sorted(found, key=lambda finding: finding.level))


__all__ = ["CHECKS", "audit"]
