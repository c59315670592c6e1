from collections.abc import Iterator

import pytest

from tests.simulator.outside import Application, Outside, running
from tests.simulator.slack_outside import Product, Slack, slack_running


@pytest.fixture(scope="session")
def _application() -> Iterator[Application]:
    application = Application()
    yield application
    application.close()


@pytest.fixture(scope="session")
def _outside(_application: Application) -> Iterator[Outside]:
    with running(_application, "--speech-rate", "200") as outside:
        yield outside


@pytest.fixture
def outside(_outside: Outside) -> Outside:
    """The simulator with nobody in it, and an application that has been asked nothing."""
    _outside.http.post("/reset").raise_for_status()
    _outside.application.forget()
    return _outside


@pytest.fixture
def application(outside: Outside) -> Application:
    return outside.application


@pytest.fixture(scope="session")
def _slack() -> Iterator[Slack]:
    with slack_running() as slack:
        yield slack


@pytest.fixture
def slack(_slack: Slack) -> Slack:
    """A Slack where Ann and Bob work, and an application that has been sent nothing."""
    _slack.http.post(f"{_slack.url}/control/reset").raise_for_status()
    _slack.user("U0ANN")
    _slack.user("U0BOB")
    _slack.product.forget()
    return _slack


@pytest.fixture
def product(slack: Slack) -> Product:
    return slack.product
