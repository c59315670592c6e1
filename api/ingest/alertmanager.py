"""Prometheus Alertmanager's webhook, version 4."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body
from pydantic import BaseModel, ConfigDict, Field

from api import errors
from api.deps import IncidentsDep, OrganisationDep
from api.ingest.deliver import Accepted, deliver
from api.ingest.fields import MaybeMoment, Moment, Text, clean, impact_of, kept, labels_of, title_of
from domain.alert import Alert
from domain.organisation import Organisation
from policy.grouping import service_of, shortened, unknown_service

router = APIRouter()

SAMPLE: dict[str, Any] = {
    "version": "4",
    "groupKey": '{}:{alertname="HighErrorRate"}',
    "status": "firing",
    "receiver": "midwatch",
    "groupLabels": {"alertname": "HighErrorRate"},
    "commonLabels": {"alertname": "HighErrorRate", "service": "checkout", "severity": "critical"},
    "commonAnnotations": {},
    "externalURL": "http://alertmanager.example.com",
    "alerts": [
        {
            "status": "firing",
            "labels": {"alertname": "HighErrorRate", "service": "checkout", "severity": "critical"},
            "annotations": {
                "summary": "Checkout fails for most customers",
                "impact": "Two of three payments fail",
            },
            "startsAt": "2026-03-01T03:04:05.678Z",
            "endsAt": "0001-01-01T00:00:00Z",
            "generatorURL": "http://prometheus.example.com/graph?g0.expr=errors",
            "fingerprint": "c1b2d3e4f5a60718",
        }
    ],
}


class WebhookAlert(BaseModel):
    """One alert of a notification. Fields we do not know are kept with it."""

    model_config = ConfigDict(extra="allow")

    status: Literal["firing", "resolved"]
    labels: dict[Text, Text]
    annotations: dict[Text, Text] = Field(default_factory=dict)
    starts_at: Moment = Field(alias="startsAt")
    ends_at: MaybeMoment = Field(None, alias="endsAt")
    generator_url: Text | None = Field(None, alias="generatorURL")
    fingerprint: Text | None = Field(None, min_length=1, max_length=200)


class Webhook(BaseModel):
    """A notification: alerts of one group."""

    model_config = ConfigDict(extra="allow")

    version: Literal["4"]
    alerts: list[WebhookAlert] = Field(min_length=1)
    group_key: Text = Field("", alias="groupKey")
    receiver: Text = ""
    external_url: Text = Field("", alias="externalURL")


def to_alerts(webhook: Webhook, organisation: Organisation, received_at: datetime) -> list[Alert]:
    """The notification's alerts in our terms."""
    return [_alert(alert, webhook, organisation, received_at) for alert in webhook.alerts]


def _alert(given: WebhookAlert, webhook: Webhook, organisation: Organisation, received_at: datetime) -> Alert:
    labels, notes = given.labels, given.annotations
    name = labels.get("alertname") or "alert"
    claimed = labels.get("service") or labels.get("job")
    own_fingerprint = ",".join(f"{key}={labels[key]}" for key in sorted(labels))
    return Alert(
        source="alertmanager",
        fingerprint=given.fingerprint or shortened(own_fingerprint, 200),
        status=given.status,
        service=service_of(claimed, organisation),
        service_claimed=shortened(unknown_service(claimed, organisation), 100),
        assumed=not claimed or bool(unknown_service(claimed, organisation)),
        name=shortened(name, 200),
        title=title_of(notes.get("summary") or name),
        impact=impact_of(notes.get("impact") or notes.get("description") or ""),
        severity=labels.get("severity"),
        labels=labels_of(labels),
        starts_at=given.starts_at,
        ends_at=given.ends_at,
        received_at=received_at,
        url=shortened(clean(given.generator_url)) if given.generator_url else None,
        drill=labels.get("drill", "").lower() == "true",
        extra=kept(
            {
                "annotations": notes,
                "externalURL": webhook.external_url,
                "groupKey": webhook.group_key,
                "receiver": webhook.receiver,
                **(given.model_extra or {}),
                **(webhook.model_extra or {}),
            }
        ),
    )


@router.post(
    "/alertmanager",
    status_code=202,
    summary="Take a notification of Prometheus Alertmanager",
    responses=errors.responses(400, 413, 503),
)
async def alertmanager(
    webhook: Annotated[
        Webhook, Body(openapi_examples={"firing": {"summary": "An alert fires", "value": SAMPLE}})
    ],
    organisation: OrganisationDep,
    incidents: IncidentsDep,
) -> Accepted:
    """Each alert opens an incident or joins the open one of its service and rule. The answer is a success
    only when every alert is durable; sending a notification again is harmless."""
    return await deliver(to_alerts(webhook, organisation, datetime.now(UTC)), incidents)
