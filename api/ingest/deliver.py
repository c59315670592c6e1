"""From alerts to incidents."""

import asyncio
from collections.abc import Sequence

from pydantic import BaseModel, Field

from api.incidents import IncidentGateway
from domain.alert import Alert
from policy.grouping import incident_of

AT_ONCE = 16
"""Incidents told at the same time. A storm must not take every connection."""


class Accepted(BaseModel):
    """The answer to alerts that are durable, all of them."""

    accepted: int = Field(description="how many alerts were stored", examples=[2])
    incidents: list[str] = Field(
        description="what they opened or joined, as far as it can be told at this moment",
        examples=[["checkout.high-error-rate.k3f9a"]],
    )


async def deliver(alerts: Sequence[Alert], incidents: IncidentGateway) -> Accepted:
    """Attach every alert to its incident, those of one incident in their order.

    Raises:
        TemporalAway: not every alert was stored. The sender sends all of them again, which is harmless:
            each has an identity.
    """
    groups: dict[str, list[Alert]] = {}
    for alert in alerts:
        groups.setdefault(incident_of(alert, "").workflow_id, []).append(alert)
    gate = asyncio.Semaphore(AT_ONCE)

    async def attach(group: list[Alert]) -> str | None:
        async with gate:
            return await incidents.attach(group)

    found = await asyncio.gather(*map(attach, groups.values()))
    return Accepted(accepted=len(alerts), incidents=[incident for incident in found if incident])
