"""From the variables to the settings."""

import hashlib
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from pydantic import SecretStr

from settings.checks import (
    carrier_faults,
    database_url,
    directory_faults,
    kept,
    plain_url,
    secret,
    slack_faults,
)
from settings.faults import Fault, SettingsFault
from settings.resolved import EXAMPLE_CONFIG, Settings
from settings.variables import (
    DEFAULT_API_PORT,
    DEFAULT_CALLS_PER_SECOND,
    DEFAULT_SIMULATOR_PORT,
    FIELDS,
    SIMULATOR_NUMBER,
    mend,
    read,
)

CALENDAR = "MIDWATCH_CALENDAR_"
"""What the variables begin with that hold secret addresses of calendars."""


def calendar_addresses(environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """The secret addresses of calendars, by their variables."""
    environ = os.environ if environ is None else environ
    return {name: value for name, value in environ.items() if name.startswith(CALENDAR)}


def config_path(environ: Mapping[str, str] | None = None) -> Path:
    """Where the configuration is, whatever else may be wrong with the environment."""
    environ = os.environ if environ is None else environ
    return Path(environ.get("MIDWATCH_CONFIG") or EXAMPLE_CONFIG).absolute()


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from `environ` (by default this process's own).

    Creates the data directory, and in it the credentials nobody gave.

    Raises:
        SettingsFault: with every fault found.
    """
    environ = os.environ if environ is None else environ
    given, faults = read(environ)
    given_database = secret(given.database_url, given.database_url_file, "MIDWATCH_DATABASE_URL", faults)
    api_token = secret(given.api_token, given.api_token_file, "MIDWATCH_API_TOKEN", faults)
    webhook_secret = secret(
        given.webhook_secret, given.webhook_secret_file, "MIDWATCH_WEBHOOK_SECRET", faults
    )
    account_sid = secret(given.account_sid, given.account_sid_file, "TWILIO_ACCOUNT_SID", faults)
    auth_token = secret(given.auth_token, given.auth_token_file, "TWILIO_AUTH_TOKEN", faults)
    bot_token = secret(given.slack_bot_token, given.slack_bot_token_file, "SLACK_BOT_TOKEN", faults)
    signing_secret = secret(
        given.slack_signing_secret, given.slack_signing_secret_file, "SLACK_SIGNING_SECRET", faults
    )

    simulator_port = given.simulator_port
    if simulator_port is None and not _named("TWILIO_", environ):
        # Half a carrier is a fault, below, and never a reason to simulate: its pages would reach nobody.
        simulator_port = DEFAULT_SIMULATOR_PORT
    simulator_port = simulator_port or None

    data_dir = Path(given.data_dir or "data").absolute()
    faulty = {fault.variable for fault in faults}
    unreachable = not given.public_url and not environ.get("MIDWATCH_PUBLIC_URL")
    if not simulator_port:
        present = {
            "TWILIO_ACCOUNT_SID": account_sid,
            "TWILIO_AUTH_TOKEN": auth_token,
            "TWILIO_FROM_NUMBER": given.from_number,
        }
        faults.extend(carrier_faults(present, faulty))
        if unreachable and not environ.get("TWILIO_API_URL") and all(present.values()):
            wrong = "is missing, so Twilio could not tell us what becomes of a call, nor take an answer"
            faults.append(Fault("MIDWATCH_PUBLIC_URL", wrong, mend("MIDWATCH_PUBLIC_URL")))
    slack_named = _named("SLACK_", environ)
    told = {fault.variable for fault in faults}
    faults.extend(
        fault
        for fault in slack_faults(
            {"SLACK_BOT_TOKEN": bot_token, "SLACK_SIGNING_SECRET": signing_secret},
            faulty,
            named=slack_named,
            reachable=not unreachable or bool(environ.get("SLACK_API_URL")),
        )
        if fault.variable not in told
    )
    checked_url = database_url(given_database, data_dir, faults)
    faults.extend(directory_faults(data_dir))
    if faults:
        raise SettingsFault(faults)

    kept_token = data_dir / "api-token"
    if simulator_port:
        auth_token = auth_token or kept(data_dir / "simulator-auth-token", secrets.token_hex(16))
        account_sid = account_sid or "AC" + hashlib.sha256(auth_token.encode()).hexdigest()[:32]
    slack_simulated = bool(simulator_port) and not slack_named
    if slack_simulated:
        bot_token = kept(data_dir / "simulator-slack-token", f"xoxb-{secrets.token_hex(16)}")
        signing_secret = kept(data_dir / "simulator-slack-signing-secret", secrets.token_hex(16))
    return Settings(
        config_path=config_path(environ),
        data_dir=data_dir,
        database_url=SecretStr(checked_url),
        api_token=SecretStr(api_token or kept(kept_token, secrets.token_urlsafe(32))),
        api_token_file=given.api_token_file or (None if given.api_token else kept_token),
        api_port=given.api_port or DEFAULT_API_PORT,
        api_port_fixed=given.api_port is not None,
        simulator_port=simulator_port,
        simulator_port_fixed=given.simulator_port is not None,
        given_public_url=plain_url(given.public_url),
        phone_calls_per_second=given.calls_per_second or DEFAULT_CALLS_PER_SECOND,
        twilio_account_sid=account_sid or "",
        twilio_auth_token=SecretStr(auth_token or ""),
        twilio_from_number=given.from_number or SIMULATOR_NUMBER,
        given_twilio_api_url=plain_url(given.twilio_api_url),
        webhook_secret=SecretStr(
            webhook_secret or kept(data_dir / "webhook-secret", secrets.token_urlsafe(32))
        ),
        slack_bot_token=SecretStr(bot_token) if bot_token else None,
        slack_signing_secret=SecretStr(signing_secret) if signing_secret else None,
        slack_simulated=slack_simulated,
        given_slack_api_url=plain_url(given.slack_api_url),
        calendars=calendar_addresses(environ),
        temporal={name: value for name, value in environ.items() if name.startswith("TEMPORAL_")},
    )


def drill_environment(environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment for a drill, with a place of its own inside the data directory.

    Whatever could reach a real person or a real incident is left out: the carrier, Slack, the database, the
    public address. A Temporal server that is named is used, in a namespace of its own, because the workers
    of a drill must not take the work of others.
    """
    environ = os.environ if environ is None else environ
    place = Path(environ.get("MIDWATCH_DATA_DIR") or "data").absolute() / "drill"
    ports = ("MIDWATCH_API_PORT", "MIDWATCH_SIMULATOR_PORT")
    kept_ports = {name: environ[name] for name in ports if environ.get(name) not in (None, "", "0")}
    temporal = {name: value for name, value in environ.items() if name.startswith("TEMPORAL_")}
    own = {"MIDWATCH_DATA_DIR": str(place), "MIDWATCH_CONFIG": str(place / "midwatch.yaml")}
    return kept_ports | temporal | own | {"TEMPORAL_NAMESPACE": "midwatch-drill"}


def _named(vendor: str, environ: Mapping[str, str]) -> bool:
    """Whether any variable of this vendor is given."""
    return any(environ.get(name) for name in FIELDS if name.startswith(vendor))
