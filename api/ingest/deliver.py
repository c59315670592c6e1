"""From alerts to incidents."""

from collections.abc import Sequence

import structlog
from pydantic import BaseModel, Field

from api.incidents import IncidentGateway
from api.together import together
from domain.alert import Alert
from policy.grouping import incident_of

log = structlog.get_logger()


class Accepted(BaseModel):
    """The answer to alerts that are durable, all of them."""

    accepted: int = Field(description="how many alerts were stored", examples=[2])
    incidents: list[str] = Field(
        description="what they opened or joined, as far as it can be told at this moment",
        examples=[["checkout.high-error-rate.k3f9a"]],
    )


async def deliver(alerts: Sequence[Alert], incidents: IncidentGateway) -> Accepted:
    """Attach every alert to its incident.

    Raises:
        TemporalAway: not every alert was stored. The sender sends all of them again, which is harmless:
            each has an identity.
    """
    groups: dict[str, list[Alert]] = {}
    for alert in alerts:
        groups.setdefault(incident_of(alert, "").workflow_id, []).append(alert)
    found = await together(incidents.attach(group) for group in groups.values())
    accepted = Accepted(accepted=len(alerts), incidents=[incident for incident in found if incident])
    log.info("alerts", accepted=accepted.accepted, incidents=accepted.incidents)
    return accepted
