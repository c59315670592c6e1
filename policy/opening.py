"""How an incident begins: its rules are frozen, its state is made (spec 3.5 comes later)."""

from domain.alert import Alert
from domain.incident import IncidentState
from domain.ladder import Ladder, Rung
from domain.organisation import Organisation
from domain.people import NotificationRule, Person
from domain.severity import Severity
from domain.snapshot import Service, Snapshot
from policy.grouping import incident_of
from policy.severity import claimed

_FALLBACK = "fallback"


def severities_of(organisation: Organisation) -> tuple[Severity, ...]:
    """The severities of the pack, with the organisation's changes."""
    return tuple(
        Severity(name=name, **severity.model_dump()) for name, severity in organisation.severities.items()
    )


def snapshot_for(organisation: Organisation, service: str) -> Snapshot:
    """The part of the configuration that an incident of this service needs."""
    entry = organisation.services[service]
    ladder = organisation.ladders[entry.ladder]
    people = {
        person: Person(
            id=person,
            name=organisation.people[person].name,
            phone=organisation.people[person].phone,
            rules=organisation.people[person].notify or organisation.notify,
        )
        for rung in ladder.rungs
        for person in rung.people
    }
    if ladder.fallback:
        told = (NotificationRule(method="sms"),)
        people[_FALLBACK] = Person(
            id=_FALLBACK, name=ladder.fallback.name, phone=ladder.fallback.phone, rules=told
        )
    return Snapshot(
        pack=organisation.pack,
        unclassified=organisation.unclassified,
        severities=severities_of(organisation),
        timing=organisation.timing,
        service=Service(id=service, name=entry.name, ladder=entry.ladder, runbook=entry.runbook),
        ladder=Ladder(
            id=entry.ladder,
            rungs=tuple(Rung(name=rung.name, people=rung.people) for rung in ladder.rungs),
            repeats=ladder.repeats,
            fallback=_FALLBACK if ladder.fallback else None,
        ),
        people=people,
    )


def open_incident(alert: Alert, organisation: Organisation, nonce: str, reply_code: str) -> IncidentState:
    """The state of the incident that this alert opens, unless it joins one that is open already.

    `nonce` and `reply_code` are minted by the caller, who may be random.
    """
    snapshot = snapshot_for(organisation, alert.service)
    severity = claimed(alert, snapshot.severities)
    return IncidentState(
        id=str(incident_of(alert, nonce)),
        reply_code=reply_code,
        title=alert.title,
        impact=alert.impact,
        severity=severity.name if severity else organisation.unclassified,
        drill=alert.drill,
        snapshot=snapshot,
        opened_at=alert.received_at,
    )
