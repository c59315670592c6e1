"""The whole system, started once for all tests of a process, with the policy's waits compressed."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

import configuration
import settings as environment
from domain.organisation import Organisation
from domain.people import NotificationRule
from policy.tempo import compressed
from settings import EXAMPLE_CONFIG, Settings
from stack.ports import free_port
from stack.stack import Stack
from tests.whole.town import Town
from workflows.search_attributes import TYPES

ACK_WINDOW = timedelta(seconds=4)
"""The ack window of the worst severity in these tests. Every other wait is two seconds."""


def town_settings(place: Path, **more: str) -> tuple[Settings, Organisation]:
    """Settings of a stack of its own, with compressed time, on free ports."""
    quick = compressed(configuration.load(EXAMPLE_CONFIG), timedelta(minutes=5) / ACK_WINDOW)
    # Long enough that a message within it can only come from a call that came to nothing.
    patient = [NotificationRule(method="call"), NotificationRule(method="sms", after=timedelta(minutes=5))]
    organisation = quick.model_copy(update={"notify": tuple(patient)})
    config = place / "midwatch.yaml"
    config.write_text(yaml.safe_dump(organisation.model_dump(mode="json")), encoding="utf-8")
    given = {
        "MIDWATCH_CONFIG": str(config),
        "MIDWATCH_DATA_DIR": str(place / "data"),
        "MIDWATCH_API_PORT": str(free_port(None)),
        "MIDWATCH_SIMULATOR_PORT": str(free_port(None)),
        "MIDWATCH_PHONE_CALLS_PER_SECOND": "50",
    }
    return environment.load(given | more), organisation


@pytest.fixture(scope="session")
async def the_town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    settings, organisation = town_settings(tmp_path_factory.mktemp("town"))
    async with Stack(settings, search_attributes=TYPES) as stack:
        town = Town(stack, organisation)
        yield town
        await town.close()


@pytest.fixture
async def town(the_town: Town) -> AsyncIterator[Town]:
    """The running system; nobody answers, and the carrier is well, unless the test says otherwise."""
    await the_town.everybody()
    yield the_town
    await the_town.leave()
