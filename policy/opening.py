"""How an incident begins: its rules are frozen, its state is made (spec 3.5)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from domain.alert import Alert
from domain.incident import IncidentState
from domain.ladder import Ladder
from domain.organisation import Organisation
from domain.people import Method, NotificationRule, Person
from domain.severity import Severity
from domain.snapshot import AutomatedResponse, Chat, Service, Snapshot
from policy.calendar import working_time
from policy.classification import PERSON, classify, data_loss
from policy.grouping import incident_of
from policy.roster import OnCall, rungs_for, schedules_of, staffed

FALLBACK = "fallback"
"""The id under which an incident knows the channel that is told when nobody answers."""

NOBODY: OnCall = {}


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


def channel_of(organisation: Organisation, channel: str) -> Person:
    """A channel, to be told what nobody answers, as if it were somebody."""
    entry = organisation.channels[channel]
    methods: tuple[Method, ...] = ("sms",) if entry.sms else ()
    methods += ("slack",) if entry.slack else ()
    rules = tuple(NotificationRule(method=method) for method in methods)
    return Person(id=FALLBACK, name=entry.name, phone=entry.sms or "", slack=entry.slack, rules=rules)


def service_of(organisation: Organisation, service: str) -> Service:
    """A service, as an incident has to know it."""
    entry = organisation.services[service]
    return Service(
        id=service, name=entry.name, ladder=entry.ladder, runbook=entry.runbook, component=entry.component
    )


def snapshot_for(
    organisation: Organisation,
    services: Sequence[str],
    at: datetime,
    on_call: OnCall = NOBODY,
    *,
    chat: bool = False,
) -> Snapshot:
    """The part of the configuration that an incident of these services needs; the first of them names it.

    `on_call` says who is on call `at` this moment by the schedules of their ladders; `chat`: there is one.
    """
    first = organisation.services[services[0]]
    ladder = organisation.ladders[first.ladder]
    rungs = staffed(rungs_for(organisation, services), on_call)
    people = {person: person_of(organisation, person) for rung in rungs for person in rung.people}
    if ladder.fallback:
        people[FALLBACK] = channel_of(organisation, ladder.fallback)
    team = organisation.teams.get(first.team or "")
    working = working_time(organisation, team.region if team else None, at)
    responses = (organisation.services[name].automated_response for name in services)
    return Snapshot(
        pack=organisation.pack,
        unclassified=organisation.unclassified,
        severities=severities_of(organisation),
        timing=organisation.timing,
        service=service_of(organisation, services[0]),
        ladder=Ladder(
            id=first.ladder,
            rungs=rungs,
            repeats=ladder.repeats,
            fallback=FALLBACK if ladder.fallback else None,
        ),
        people=people,
        response=organisation.response,
        postmortems=organisation.postmortems,
        chat=Chat(announcements=organisation.chat.announcements) if chat else None,
        bridge=organisation.bridge,
        time_zone=working.time_zone,
        services=tuple(service_of(organisation, name) for name in services[1:]),
        automated=tuple(
            AutomatedResponse(url=str(entry.url), within=entry.within) for entry in responses if entry
        ),
        working_time=working,
        limits=organisation.limits,
        classification=organisation.classification,
    )


def open_incident(
    alert: Alert,
    organisation: Organisation,
    nonce: str,
    reply_code: str,
    on_call: OnCall = NOBODY,
    *,
    chat: bool = False,
) -> IncidentState:
    """The state of the incident that this alert opens, unless it joins one that is open already.

    `nonce` and `reply_code` are minted by the caller, who may be random; `on_call` is who is on call now.
    """
    services = affected(alert, organisation)
    snapshot = snapshot_for(organisation, services, alert.received_at, on_call, chat=chat)
    if alert.source == PERSON or alert.assumed:
        # Nothing that a machine does could prove itself, or be meant: people come at once.
        snapshot = snapshot.model_copy(update={"automated": ()})
    severity = classify(alert, organisation.classification, snapshot.severities)
    return IncidentState(
        id=str(incident_of(alert, nonce)),
        reply_code=reply_code,
        title=alert.title,
        impact=alert.impact,
        severity=severity.name if severity else organisation.unclassified,
        classified=severity is not None,
        customer_impact=alert.by_customer,
        by_customer=alert.by_customer,
        data_loss=data_loss(alert, organisation.classification),
        drill=alert.drill,
        snapshot=snapshot,
        opened_at=alert.received_at,
        rostered_at=alert.received_at,
    )


def affected(alert: Alert, organisation: Organisation) -> tuple[str, ...]:
    """The services that the alert is about, its own first, each once, as far as we know them."""
    named = (alert.service, *alert.also)
    return tuple(dict.fromkeys(name for name in named if name in organisation.services))


def schedules_for(organisation: Organisation, services: Sequence[str]) -> tuple[str, ...]:
    """The schedules that have to be asked before an incident of these services opens."""
    return schedules_of(rungs_for(organisation, services))


def successor(state: IncidentState, alerts: Sequence[Alert], nonce: str, reply_code: str) -> IncidentState:
    """The incident that follows one whose review has begun, by the same rules: for what came too late."""
    first = alerts[0]
    rules = state.snapshot.classification
    severity = classify(first, rules, state.snapshot.severities)
    return IncidentState(
        id=str(incident_of(first, nonce)),
        reply_code=reply_code,
        title=first.title,
        impact=first.impact,
        severity=severity.name if severity else state.snapshot.unclassified,
        classified=severity is not None,
        customer_impact=first.by_customer,
        by_customer=first.by_customer,
        data_loss=data_loss(first, rules),
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
