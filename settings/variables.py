"""The variables, each as it is given, and what is wrong with it by itself."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import phonenumbers
from pydantic import AnyHttpUrl, BeforeValidator, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from settings.faults import Fault

DEFAULT_API_PORT = 8500
DEFAULT_SIMULATOR_PORT = 8600
DEFAULT_CALLS_PER_SECOND = 1.0
SIMULATOR_NUMBER = "+15005550006"


def _e164(value: object) -> object:
    """Exactly E.164: a carrier does not forgive spaces, brackets or a missing country code."""
    if not isinstance(value, str):
        return value
    try:
        number = phonenumbers.parse(value, None)
    except phonenumbers.NumberParseException as fault:
        raise ValueError("is not a phone number with a country code") from fault
    if not re.fullmatch(r"\+\d+", value) or not phonenumbers.is_possible_number(number):
        raise ValueError("is not a phone number in E.164 form")
    return value


Port = Annotated[int, Field(ge=1, le=65535)]
_SECRET_FILE = "Name a readable file that holds the secret and nothing else."


class Environment(BaseSettings):
    """The contract's variables, each as given. A field's description is the mend that its faults carry."""

    model_config = SettingsConfigDict(case_sensitive=True, extra="ignore", hide_input_in_errors=True)

    data_dir: Path | None = Field(
        None, validation_alias="MIDWATCH_DATA_DIR", description="Name a directory that can be written to."
    )
    database_url: str | None = Field(None, validation_alias="MIDWATCH_DATABASE_URL")
    database_url_file: Path | None = Field(
        None, validation_alias="MIDWATCH_DATABASE_URL_FILE", description=_SECRET_FILE
    )
    api_token: str | None = Field(None, validation_alias="MIDWATCH_API_TOKEN")
    api_token_file: Path | None = Field(
        None, validation_alias="MIDWATCH_API_TOKEN_FILE", description=_SECRET_FILE
    )
    api_port: Port | None = Field(
        None,
        validation_alias="MIDWATCH_API_PORT",
        description=f"Give a port from 1 to 65535, or unset it for {DEFAULT_API_PORT}.",
    )
    simulator_port: Annotated[int, Field(ge=0, le=65535)] | None = Field(
        None,
        validation_alias="MIDWATCH_SIMULATOR_PORT",
        description="Give a port from 1 to 65535, or 0 for no simulator.",
    )
    public_url: AnyHttpUrl | None = Field(
        None,
        validation_alias="MIDWATCH_PUBLIC_URL",
        description="Give the http(s) address under which the phone carrier and Slack reach the API.",
    )
    calls_per_second: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = Field(
        None,
        validation_alias="MIDWATCH_PHONE_CALLS_PER_SECOND",
        description="Give what the carrier allows for this account, a number above 0.",
    )
    account_sid: str | None = Field(None, validation_alias="TWILIO_ACCOUNT_SID")
    account_sid_file: Path | None = Field(
        None, validation_alias="TWILIO_ACCOUNT_SID_FILE", description=_SECRET_FILE
    )
    auth_token: str | None = Field(None, validation_alias="TWILIO_AUTH_TOKEN")
    auth_token_file: Path | None = Field(
        None, validation_alias="TWILIO_AUTH_TOKEN_FILE", description=_SECRET_FILE
    )
    from_number: Annotated[str, BeforeValidator(_e164)] | None = Field(
        None,
        validation_alias="TWILIO_FROM_NUMBER",
        description="Give the number that calls are placed from, like +14155550123.",
    )
    twilio_api_url: AnyHttpUrl | None = Field(
        None,
        validation_alias="TWILIO_API_URL",
        description="Give an http(s) address, or unset it for Twilio itself.",
    )
    slack_bot_token: str | None = Field(None, validation_alias="SLACK_BOT_TOKEN")
    slack_bot_token_file: Path | None = Field(
        None, validation_alias="SLACK_BOT_TOKEN_FILE", description=_SECRET_FILE
    )
    slack_signing_secret: str | None = Field(None, validation_alias="SLACK_SIGNING_SECRET")
    slack_signing_secret_file: Path | None = Field(
        None, validation_alias="SLACK_SIGNING_SECRET_FILE", description=_SECRET_FILE
    )
    webhook_secret: str | None = Field(None, validation_alias="MIDWATCH_WEBHOOK_SECRET")
    webhook_secret_file: Path | None = Field(
        None, validation_alias="MIDWATCH_WEBHOOK_SECRET_FILE", description=_SECRET_FILE
    )
    slack_api_url: AnyHttpUrl | None = Field(
        None,
        validation_alias="SLACK_API_URL",
        description="Give an http(s) address, or unset it for Slack itself.",
    )


FIELDS = {str(field.validation_alias): name for name, field in Environment.model_fields.items()}


def read(environ: Mapping[str, str]) -> tuple[Environment, list[Fault]]:
    """The variables with the faulty ones left out, and a fault for each of those.

    Passing every name, given or not, keeps the process's own environment out when another one was handed in.
    An empty variable counts as absent, as Compose and systemd write one; an empty simulator port means "off".
    """
    values: dict[str, object] = {name: environ.get(name) or None for name in FIELDS}
    if environ.get("MIDWATCH_SIMULATOR_PORT") == "":
        values["MIDWATCH_SIMULATOR_PORT"] = 0
    faults: list[Fault] = []
    try:
        return Environment.model_validate(values), faults
    except ValidationError as invalid:
        for error in invalid.errors():
            name = str(error["loc"][0])
            wrong = error["msg"].removeprefix("Value error, ").removeprefix("Input ")
            faults.append(Fault(name, wrong, mend(name)))
            values[name] = None
    return Environment.model_validate(values), faults


def mend(variable: str) -> str:
    """What its faults say about mending this variable."""
    return Environment.model_fields[FIELDS[variable]].description or "Correct it, or unset it."
