"""An organisation to decide about: three rungs, known numbers, one minute of everything."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import configuration
from domain.incident import IncidentState
from domain.ladder import Attempt, LadderRun
from domain.organisation import Organisation
from domain.snapshot import Snapshot
from policy.opening import open_incident, snapshot_for
from tests.make import an_alert

EXAMPLE = Path(__file__).resolve().parents[2] / "packs" / "starter" / "midwatch.yaml"
NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def organisation() -> Organisation:
    return configuration.load(EXAMPLE)


@pytest.fixture(scope="session")
def snapshot(organisation: Organisation) -> Snapshot:
    return snapshot_for(organisation, ["checkout"], NOON)


@pytest.fixture
def state(organisation: Organisation) -> IncidentState:
    return open_incident(an_alert(at=NOON), organisation, "abcde", "12345")


@pytest.fixture
def run() -> LadderRun:
    return LadderRun(id=1, began_at=NOON, rung=0, rung_began_at=NOON)


def after(seconds: float) -> datetime:
    """That many seconds after the ladder run began."""
    return NOON + timedelta(seconds=seconds)


def an_attempt(
    number: int = 1, *, person: str = "alice", rule: int = 0, at: float = 0, **more: object
) -> Attempt:
    """An attempt on the first rung, requested `at` seconds after the run began."""
    given: dict[str, object] = {
        "id": number,
        "person": person,
        "method": "call" if rule == 0 else "sms",
        "to": "+12025550101",
        "round": 0,
        "rung": 0,
        "rule": rule,
        "requested_at": after(at),
    }
    return Attempt.model_validate(given | more)


class Sev:
    """The same organisation with the other pack, and an incident of its worst severity."""

    def __init__(self, organisation: Organisation) -> None:
        self.organisation = organisation
        self.state = open_incident(an_alert(at=NOON), organisation, "abcde", "12345")


@pytest.fixture(scope="session")
def sev_organisation(tmp_path_factory: pytest.TempPathFactory) -> Organisation:
    file = tmp_path_factory.mktemp("sev") / "midwatch.yaml"
    file.write_text(EXAMPLE.read_text(encoding="utf-8").replace("pack: p\n", "pack: sev\n"), encoding="utf-8")
    return configuration.load(file)


@pytest.fixture
def sev(sev_organisation: Organisation) -> Sev:
    return Sev(sev_organisation)


@pytest.fixture(scope="session")
def organisation_state(organisation: Organisation) -> IncidentState:
    """An incident for tests that run many times: they work on copies."""
    return open_incident(an_alert(at=NOON), organisation, "abcde", "12345")
