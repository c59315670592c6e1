"""How an incident begins: its rules are frozen, its state is made (spec 3.5 comes later)."""

from collections.abc import Sequence
from typing import Any

from domain.alert import Alert
from domain.incident import IncidentState
from domain.ladder import Ladder, Rung
from domain.organisation import Organisation
from domain.people import NotificationRule, Person
from domain.severity import Severity
from domain.snapshot import Chat, Service, Snapshot
from policy.grouping import incident_of
from policy.severity import claimed

_FALLBACK = "fallback"


def severities_of(organisation: Organisation) -> tuple[Severity, ...]:
    """The severities of the pack, with the organisation's changes."""
    return tuple(
        Severity(name=name, **severity.model_dump()) for name, severity in organisation.severities.items()
    )


def person_of(organisation: Organisation, person: str) -> Person:
    """Somebody of the organisation, as an incident has to know them."""
    entry = organisation.people[person]
    return Person(
        id=person,
        name=entry.name,
        phone=entry.phone,
        email=entry.email,
        rules=entry.notify or organisation.notify,
    )


def snapshot_for(organisation: Organisation, service: str, *, chat: bool = False) -> Snapshot:
    """The part of the configuration that an incident of this service needs. `chat`: there is one."""
    entry = organisation.services[service]
    ladder = organisation.ladders[entry.ladder]
    people = {person: person_of(organisation, person) for rung in ladder.rungs for person in rung.people}
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
        service=Service(
            id=service,
            name=entry.name,
            ladder=entry.ladder,
            runbook=entry.runbook,
            component=entry.component,
        ),
        ladder=Ladder(
            id=entry.ladder,
            rungs=tuple(Rung(name=rung.name, people=rung.people) for rung in ladder.rungs),
            repeats=ladder.repeats,
            fallback=_FALLBACK if ladder.fallback else None,
        ),
        people=people,
        response=organisation.response,
        postmortems=organisation.postmortems,
        chat=Chat(announcements=organisation.chat.announcements) if chat else None,
        bridge=organisation.bridge,
        time_zone=organisation.time_zone,
    )


def open_incident(
    alert: Alert, organisation: Organisation, nonce: str, reply_code: str, *, chat: bool = False
) -> IncidentState:
    """The state of the incident that this alert opens, unless it joins one that is open already.

    `nonce` and `reply_code` are minted by the caller, who may be random.
    """
    snapshot = snapshot_for(organisation, alert.service, chat=chat)
    severity = claimed(alert, snapshot.severities)
    return IncidentState(
        id=str(incident_of(alert, nonce)),
        reply_code=reply_code,
        title=alert.title,
        impact=alert.impact,
        severity=severity.name if severity else organisation.unclassified,
        classified=severity is not None,
        drill=alert.drill,
        snapshot=snapshot,
        opened_at=alert.received_at,
    )


def successor(state: IncidentState, alerts: Sequence[Alert], nonce: str, reply_code: str) -> IncidentState:
    """The incident that follows one whose review has begun, by the same rules: for what came too late."""
    first = alerts[0]
    severity = claimed(first, state.snapshot.severities)
    return IncidentState(
        id=str(incident_of(first, nonce)),
        reply_code=reply_code,
        title=first.title,
        impact=first.impact,
        severity=severity.name if severity else state.snapshot.unclassified,
        classified=severity is not None,
        drill=first.drill,
        snapshot=state.snapshot,
        opened_at=first.received_at,
        arrived=list(alerts),
    )


def memo_of(state: IncidentState) -> dict[str, Any]:
    """What Temporal keeps beside a workflow when it starts, and tells without any worker. It never changes,
    also when alerts join."""
    return {
        "incident_id": state.id,
        "reply_code": state.reply_code,
        "title": state.title,
        "severity": state.severity,
        "impact": state.impact,
        "opened_at": state.opened_at.isoformat(),
        "drill": state.drill,
    }
