"""One alert as plain JSON, for whatever can post."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body
from pydantic import BaseModel, ConfigDict, Field

from api import errors
from api.deps import IncidentsDep, OrganisationDep
from api.ingest.deliver import Accepted, deliver
from api.ingest.fields import Line, Moment, Text, impact_of, kept, labels_of, title_of
from domain.alert import Alert
from domain.ids import slug
from domain.organisation import Organisation
from policy.grouping import service_of, shortened, unknown_service

router = APIRouter()

SAMPLE: dict[str, Any] = {
    "title": "Nightly export has not finished",
    "service": "catalogue",
    "severity": "warning",
    "key": "nightly-export",
    "impact": "Partners see yesterday's prices",
    "labels": {"region": "eu-west"},
    "url": "https://ci.example.com/jobs/4711",
}


class GenericAlert(BaseModel):
    """An alert. Fields we do not know are kept with it."""

    model_config = ConfigDict(extra="allow")

    title: Line = Field(description="what is wrong, in a few words")
    service: Text | None = Field(None, description="the default service's people get what names none")
    severity: Text | None = Field(None, description="a severity's name, or a label that stands for one")
    key: Line | None = Field(
        None, description="alerts of one service and key are one incident; default: the title"
    )
    status: Literal["firing", "resolved"] = "firing"
    impact: Text = ""
    labels: dict[Text, Text] = Field(default_factory=dict)
    starts_at: Moment | None = Field(
        None, description="since when; give it, and a repetition is told from a new occurrence"
    )
    url: Text | None = None
    also: list[Text] = Field(default_factory=list, description="further services that are affected")
    by_customer: bool = Field(False, description="customers report it: it starts one level up the ladder")
    data_loss: bool = Field(False, description="data may be lost: the worst severity, and everybody at once")
    drill: bool = False


def to_alert(given: GenericAlert, organisation: Organisation, received_at: datetime) -> Alert:
    """The alert in our terms."""
    service = service_of(given.service, organisation)
    name = shortened(given.key or given.title, 200)
    return Alert(
        source="generic",
        fingerprint=f"{service}/{name}",
        status=given.status,
        service=service,
        service_claimed=shortened(unknown_service(given.service, organisation), 100),
        assumed=not given.service or bool(unknown_service(given.service, organisation)),
        also=tuple(name for name in map(slug, given.also) if name in organisation.services),
        by_customer=given.by_customer,
        data_loss=given.data_loss,
        name=name,
        title=title_of(given.title),
        impact=impact_of(given.impact),
        severity=given.severity,
        labels=labels_of(given.labels),
        starts_at=given.starts_at or received_at,
        ends_at=received_at if given.status == "resolved" else None,
        received_at=received_at,
        url=shortened(given.url) if given.url else None,
        drill=given.drill,
        extra=kept(given.model_extra or {}),
    )


@router.post(
    "/generic",
    status_code=202,
    summary="Take one alert as plain JSON",
    responses=errors.responses(400, 413, 503),
)
async def generic(
    alert: Annotated[
        GenericAlert, Body(openapi_examples={"firing": {"summary": "Something is wrong", "value": SAMPLE}})
    ],
    organisation: OrganisationDep,
    incidents: IncidentsDep,
) -> Accepted:
    """The alert opens an incident or joins the open one of its service and key. The answer is a success
    only when it is durable."""
    return await deliver([to_alert(alert, organisation, datetime.now(UTC))], incidents)
