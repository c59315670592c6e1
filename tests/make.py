"""Things for tests to be about."""

from datetime import UTC, datetime
from pathlib import Path

from domain.alert import Alert
from domain.organisation import Organisation
from rota import Rota
from settings import STARTER_CONFIG
from storage.engine import make_engine


def a_rota(organisation: Organisation, place: Path) -> Rota:
    """Who is on call in this organisation; its files and its database are of no interest."""
    return Rota(STARTER_CONFIG, make_engine(f"sqlite:///{place}/rota.db"), place, organisation=organisation)


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
