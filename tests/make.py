"""Things for tests to be about."""

from datetime import UTC, datetime

from domain.alert import Alert


def an_alert(*, at: datetime | None = None, **more: object) -> Alert:
    """A checkout alert at the worst severity."""
    moment = at or datetime.now(UTC)
    given: dict[str, object] = {
        "source": "test",
        "fingerprint": "f1",
        "service": "checkout",
        "name": "PaymentsFail",
        "title": "Payments fail at checkout",
        "impact": "Nobody can pay",
        "severity": "critical",
        "starts_at": moment,
        "received_at": moment,
    }
    return Alert.model_validate(given | more)
