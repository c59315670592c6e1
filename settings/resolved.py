"""Everything resolved: absolute paths, ports, credentials."""

import os
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, SecretStr

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE_CONFIG = ROOT / "packs" / "example"
"""An organisation of twelve people: what runs until another one is named."""

STARTER_CONFIG = ROOT / "packs" / "starter" / "midwatch.yaml"
"""The smallest one: two services, one ladder. What drills and new organisations begin with."""

_OURS = ("MIDWATCH_", "TWILIO_", "SLACK_", "TEMPORAL_")


class Settings(BaseModel):
    """Everything resolved: absolute paths, ports, credentials (also the minted ones)."""

    model_config = ConfigDict(frozen=True)

    config_path: Path
    data_dir: Path
    database_url: SecretStr = Field(description="SQLAlchemy URL; PostgreSQL always by the psycopg driver")
    api_token: SecretStr
    api_token_file: Path | None = Field(
        description="where the token can be read; None: it came as a variable"
    )
    api_port: int
    api_port_fixed: bool = Field(description="named by the operator, so it must not move when it is taken")
    simulator_port: int | None = Field(description="None: no simulator is started")
    simulator_port_fixed: bool
    given_public_url: str | None
    phone_calls_per_second: float
    twilio_account_sid: str
    twilio_auth_token: SecretStr
    twilio_from_number: str = Field(description="E.164")
    given_twilio_api_url: str | None
    webhook_secret: SecretStr = Field(description="signs what is sent to an automated response")
    slack_bot_token: SecretStr | None = Field(description="None: Slack is off")
    slack_signing_secret: SecretStr | None
    slack_simulated: bool = Field(description="the simulator plays Slack, too; nobody named a real one")
    given_slack_api_url: str | None
    calendars: Mapping[str, str] = Field(
        repr=False, description="MIDWATCH_CALENDAR_* as given: secret addresses that the configuration names"
    )
    temporal: Mapping[str, str] = Field(
        repr=False, description="TEMPORAL_* as given, for temporalio.envconfig"
    )

    @property
    def public_url(self) -> str:
        """Where the carrier and people reach the API, without a slash at the end."""
        return self.given_public_url or f"http://127.0.0.1:{self.api_port}"

    @property
    def simulator_url(self) -> str | None:
        """Where the simulator's REST API and its page are; None without one."""
        return f"http://127.0.0.1:{self.simulator_port}" if self.simulator_port else None

    @property
    def twilio_api_url(self) -> str | None:
        """Where the Twilio client is pointed; None leaves it at Twilio itself."""
        return self.given_twilio_api_url or self.simulator_url

    @property
    def slack_on(self) -> bool:
        """Whether there is a Slack, simulated or real."""
        return self.slack_bot_token is not None

    @property
    def slack_api_url(self) -> str | None:
        """Where the Slack client is pointed, without a slash at the end; None leaves it at Slack itself."""
        simulated = f"{self.simulator_url}/slack/api" if self.slack_simulated else None
        return self.given_slack_api_url or simulated

    @property
    def temporal_external(self) -> bool:
        """A Temporal server is named, so none is started."""
        return bool(self.temporal.get("TEMPORAL_ADDRESS"))

    def environment(self) -> dict[str, str]:
        """The environment of a child process. Loading it again gives equal settings, and mints nothing."""
        resolved = {
            "MIDWATCH_CONFIG": str(self.config_path),
            "MIDWATCH_DATA_DIR": str(self.data_dir),
            "MIDWATCH_DATABASE_URL": self.database_url.get_secret_value(),
            "MIDWATCH_API_TOKEN": self.api_token.get_secret_value(),
            "MIDWATCH_API_PORT": str(self.api_port),
            "MIDWATCH_SIMULATOR_PORT": str(self.simulator_port or 0),
            "MIDWATCH_PUBLIC_URL": self.public_url,
            "MIDWATCH_WEBHOOK_SECRET": self.webhook_secret.get_secret_value(),
            "MIDWATCH_PHONE_CALLS_PER_SECOND": str(self.phone_calls_per_second),
            "TWILIO_ACCOUNT_SID": self.twilio_account_sid,
            "TWILIO_AUTH_TOKEN": self.twilio_auth_token.get_secret_value(),
            "TWILIO_FROM_NUMBER": self.twilio_from_number,
        }
        if self.twilio_api_url:
            resolved["TWILIO_API_URL"] = self.twilio_api_url
        if self.slack_bot_token and self.slack_signing_secret:
            resolved["SLACK_BOT_TOKEN"] = self.slack_bot_token.get_secret_value()
            resolved["SLACK_SIGNING_SECRET"] = self.slack_signing_secret.get_secret_value()
        if self.slack_api_url:
            resolved["SLACK_API_URL"] = self.slack_api_url
        return inherited() | resolved | dict(self.calendars) | dict(self.temporal)


def inherited() -> dict[str, str]:
    """This process's environment without our own variables: what a foreign program is started with."""
    return {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
