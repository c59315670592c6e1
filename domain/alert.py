"""What a monitoring system, or a person, reports."""

from typing import Any, Literal

from pydantic import Field

from domain.base import Instant, Thing


class Alert(Thing):
    """One report about one service, from wherever it came.

    `fingerprint` names what is wrong and stays the same while it repeats; together with `starts_at` it
    tells a repetition from a new occurrence. `service_claimed` is what the sender called its service, where
    we know none of that name; `assumed`: it named none that we know, so the default one is taken. `also` are
    further services that it names (spec 3.5). `by_customer`: customers report it, no monitoring. `data_loss`:
    data may be lost (spec 1.4). `extra` keeps whatever else the sender said.
    """

    source: str
    fingerprint: str
    status: Literal["firing", "resolved"] = "firing"
    service: str
    service_claimed: str = ""
    assumed: bool = False
    also: tuple[str, ...] = ()
    by_customer: bool = False
    data_loss: bool = False
    name: str
    title: str
    impact: str = ""
    severity: str | None = None
    labels: dict[str, str] = Field(default_factory=dict)
    starts_at: Instant
    ends_at: Instant | None = None
    received_at: Instant
    url: str | None = None
    drill: bool = False
    extra: dict[str, Any] = Field(default_factory=dict)

    @property
    def identity(self) -> str:
        """What two deliveries of the same news have in common."""
        return f"{self.source}:{self.fingerprint}:{self.starts_at.isoformat()}:{self.status}"
