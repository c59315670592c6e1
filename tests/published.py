"""Updates for the public to read."""

from datetime import UTC, datetime, timedelta

from domain.jobs import PublishUpdate
from domain.people import PersonRef
from domain.response import Audience, ComponentState, Phase, Update
from tests.storage.test_timeline import a_report


def told(
    number: int,
    phase: Phase = Phase.INVESTIGATING,
    component: ComponentState | None = None,
    *,
    at: datetime | None = None,
    ago: timedelta = timedelta(0),
    key: str = "errors",
    text: str = "",
    about: str | None = "Checkout",
    audience: Audience = Audience.PUBLIC,
    drill: bool = False,
) -> PublishUpdate:
    """An update of the incident with this key, published at that moment, or as long ago as that."""
    moment = at or datetime.now(UTC) - ago
    ben = PersonRef(id="ben", name="Ben")
    update = Update(
        number=number,
        audience=audience,
        phase=phase,
        text=text or f"What we say, part {number}.",
        component=component,
        drafted_by=ben,
        drafted_at=moment,
        published_by=ben,
        published_at=moment,
    )
    report = a_report(key).model_copy(update={"drill": drill})
    return PublishUpdate(report=report, update=update, component=about)
