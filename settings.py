"""What the environment says, read once and checked as a whole.

This is the only module that reads environment variables. `load` returns a frozen `Settings` or raises
`SettingsFault` with every fault it found: the variable, what is wrong with it, and how to mend it. A secret
may be given as a file instead (`MIDWATCH_API_TOKEN_FILE=/run/secrets/token`).

The `TEMPORAL_*` variables belong to `temporalio.envconfig`; they are carried along unread, except that
`TEMPORAL_ADDRESS` decides whether a Temporal server is ours to start.
"""

import contextlib
import hashlib
import os
import re
import secrets
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import phonenumbers
from pydantic import AnyHttpUrl, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

ROOT = Path(__file__).resolve().parent
EXAMPLE_CONFIG = ROOT / "packs" / "example" / "midwatch.yaml"
DEFAULT_API_PORT = 8500
DEFAULT_SIMULATOR_PORT = 8600
DEFAULT_CALLS_PER_SECOND = 1.0
SIMULATOR_NUMBER = "+15005550006"

_OURS = ("MIDWATCH_", "TWILIO_", "TEMPORAL_")


@dataclass(frozen=True)
class Fault:
    """One thing wrong with the environment."""

    variable: str
    wrong: str
    mend: str

    def __str__(self) -> str:
        return f"{self.variable}: {self.wrong}. {self.mend}"


class SettingsFault(Exception):
    """The environment cannot be used; `faults` holds every reason at once."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = tuple(faults)


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
            "MIDWATCH_PHONE_CALLS_PER_SECOND": str(self.phone_calls_per_second),
            "TWILIO_ACCOUNT_SID": self.twilio_account_sid,
            "TWILIO_AUTH_TOKEN": self.twilio_auth_token.get_secret_value(),
            "TWILIO_FROM_NUMBER": self.twilio_from_number,
        }
        if self.twilio_api_url:
            resolved["TWILIO_API_URL"] = self.twilio_api_url
        return inherited() | resolved | dict(self.temporal)


def config_path(environ: Mapping[str, str] | None = None) -> Path:
    """Where the configuration is, whatever else may be wrong with the environment."""
    environ = os.environ if environ is None else environ
    return Path(environ.get("MIDWATCH_CONFIG") or EXAMPLE_CONFIG).absolute()


def inherited() -> dict[str, str]:
    """This process's environment without our own variables: what a foreign program is started with."""
    return {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from `environ` (by default this process's own).

    Creates the data directory, and in it the credentials nobody gave.

    Raises:
        SettingsFault: with every fault found.
    """
    environ = os.environ if environ is None else environ
    given, faults = _read(environ)
    database_url = _secret(given.database_url, given.database_url_file, "MIDWATCH_DATABASE_URL", faults)
    api_token = _secret(given.api_token, given.api_token_file, "MIDWATCH_API_TOKEN", faults)
    account_sid = _secret(given.account_sid, given.account_sid_file, "TWILIO_ACCOUNT_SID", faults)
    auth_token = _secret(given.auth_token, given.auth_token_file, "TWILIO_AUTH_TOKEN", faults)

    simulator_port = given.simulator_port
    if simulator_port is None and not any(
        environ.get(name) for name in _FIELDS if name.startswith("TWILIO_")
    ):
        # Half a carrier is a fault, below, and never a reason to simulate: its pages would reach nobody.
        simulator_port = DEFAULT_SIMULATOR_PORT
    simulator_port = simulator_port or None

    data_dir = Path(given.data_dir or "data").absolute()
    if not simulator_port:
        present = {
            "TWILIO_ACCOUNT_SID": account_sid,
            "TWILIO_AUTH_TOKEN": auth_token,
            "TWILIO_FROM_NUMBER": given.from_number,
        }
        faults.extend(_carrier_faults(present, {fault.variable for fault in faults}))
        unreachable = not given.public_url and not environ.get("MIDWATCH_PUBLIC_URL")
        if unreachable and not environ.get("TWILIO_API_URL") and all(present.values()):
            wrong = "is missing, so Twilio could not tell us what becomes of a call, nor take an answer"
            faults.append(Fault("MIDWATCH_PUBLIC_URL", wrong, _mend("MIDWATCH_PUBLIC_URL")))
    checked_url = _database_url(database_url, data_dir, faults)
    faults.extend(_directory_faults(data_dir))
    if faults:
        raise SettingsFault(faults)

    kept_token = data_dir / "api-token"
    if simulator_port:
        auth_token = auth_token or _kept(data_dir / "simulator-auth-token", secrets.token_hex(16))
        account_sid = account_sid or "AC" + hashlib.sha256(auth_token.encode()).hexdigest()[:32]
    return Settings(
        config_path=config_path(environ),
        data_dir=data_dir,
        database_url=SecretStr(checked_url),
        api_token=SecretStr(api_token or _kept(kept_token, secrets.token_urlsafe(32))),
        api_token_file=given.api_token_file or (None if given.api_token else kept_token),
        api_port=given.api_port or DEFAULT_API_PORT,
        api_port_fixed=given.api_port is not None,
        simulator_port=simulator_port,
        simulator_port_fixed=given.simulator_port is not None,
        given_public_url=_url(given.public_url),
        phone_calls_per_second=given.calls_per_second or DEFAULT_CALLS_PER_SECOND,
        twilio_account_sid=account_sid or "",
        twilio_auth_token=SecretStr(auth_token or ""),
        twilio_from_number=given.from_number or SIMULATOR_NUMBER,
        given_twilio_api_url=_url(given.twilio_api_url),
        temporal={name: value for name, value in environ.items() if name.startswith("TEMPORAL_")},
    )


def drill_environment(environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment for a drill, with a place of its own inside the data directory.

    Whatever could reach a real person or a real incident is left out: the carrier, the database, the
    public address. A Temporal server that is named is used, in a namespace of its own, because the workers
    of a drill must not take the work of others.
    """
    environ = os.environ if environ is None else environ
    place = Path(environ.get("MIDWATCH_DATA_DIR") or "data").absolute() / "drill"
    ports = ("MIDWATCH_API_PORT", "MIDWATCH_SIMULATOR_PORT")
    kept = {name: environ[name] for name in ports if environ.get(name) not in (None, "", "0")}
    temporal = {name: value for name, value in environ.items() if name.startswith("TEMPORAL_")}
    own = {"MIDWATCH_DATA_DIR": str(place), "MIDWATCH_CONFIG": str(place / "midwatch.yaml")}
    return kept | temporal | own | {"TEMPORAL_NAMESPACE": "midwatch-drill"}


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


class _Environment(BaseSettings):
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
        description="Give the http(s) address under which the phone carrier reaches the API.",
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


_FIELDS = {str(field.validation_alias): name for name, field in _Environment.model_fields.items()}


def _read(environ: Mapping[str, str]) -> tuple[_Environment, list[Fault]]:
    """The variables with the faulty ones left out, and a fault for each of those.

    Passing every name, given or not, keeps the process's own environment out when another one was handed in.
    An empty variable counts as absent, as Compose and systemd write one; an empty simulator port means "off".
    """
    values: dict[str, object] = {name: environ.get(name) or None for name in _FIELDS}
    if environ.get("MIDWATCH_SIMULATOR_PORT") == "":
        values["MIDWATCH_SIMULATOR_PORT"] = 0
    faults: list[Fault] = []
    try:
        return _Environment.model_validate(values), faults
    except ValidationError as invalid:
        for error in invalid.errors():
            name = str(error["loc"][0])
            wrong = error["msg"].removeprefix("Value error, ").removeprefix("Input ")
            faults.append(Fault(name, wrong, _mend(name)))
            values[name] = None
    return _Environment.model_validate(values), faults


def _mend(variable: str) -> str:
    return _Environment.model_fields[_FIELDS[variable]].description or "Correct it, or unset it."


def _secret(value: str | None, file: Path | None, variable: str, faults: list[Fault]) -> str | None:
    """The secret from its variable or its file; what stands in the way is added to `faults`."""
    if file is None:
        return value
    if value is not None:
        faults.append(Fault(variable, f"is given twice, also as {variable}_FILE", "Unset one of the two."))
        return value
    try:
        content = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as fault:
        reason = fault.strerror if isinstance(fault, OSError) else "it is not text"
        faults.append(Fault(f"{variable}_FILE", f"cannot read {file}: {reason}", _mend(f"{variable}_FILE")))
        return None
    if not content:
        faults.append(Fault(f"{variable}_FILE", f"{file} is empty", _mend(f"{variable}_FILE")))
    return content or None


def _carrier_faults(present: Mapping[str, str | None], faulty: set[str]) -> Iterator[Fault]:
    """Without a simulator all three of the carrier's variables are needed, or nobody could ever be phoned."""
    missing = [name for name, value in present.items() if not value and not faulty & {name, f"{name}_FILE"}]
    if len(missing) == len(present):
        yield Fault(
            "MIDWATCH_SIMULATOR_PORT",
            "the simulator is off and no carrier is named, so nobody could be phoned",
            f"Set {', '.join(missing[:-1])} and {missing[-1]}, or give the simulator a port.",
        )
        return
    for name in missing:
        yield Fault(
            name,
            "is missing, while other TWILIO_ variables name a carrier",
            "Set it, or unset all of them to use the simulator.",
        )


def _url(url: AnyHttpUrl | None) -> str | None:
    return str(url).rstrip("/") if url else None


def _database_url(given: str | None, data_dir: Path, faults: list[Fault]) -> str:
    """The given URL with the driver we ship, or the SQLite file in the data directory."""
    if given is None:
        return f"sqlite:///{data_dir / 'midwatch.db'}"
    mend = "Give postgresql://user:password@host/name, or sqlite:////absolute/path.db, or unset it."
    try:
        url = make_url(given)
    except (ArgumentError, ValueError):
        # The URL itself is not repeated: it may carry a password.
        faults.append(Fault("MIDWATCH_DATABASE_URL", "is not a database URL", mend))
        return given
    if url.drivername in ("postgres", "postgresql"):
        url = url.set(drivername="postgresql+psycopg")
    if url.drivername not in ("postgresql+psycopg", "sqlite"):
        faults.append(Fault("MIDWATCH_DATABASE_URL", f"{url.drivername} is not supported", mend))
    return url.render_as_string(hide_password=False)


def _directory_faults(data_dir: Path) -> Iterator[Fault]:
    try:
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=data_dir):
            pass
    except OSError as fault:
        yield Fault(
            "MIDWATCH_DATA_DIR", f"cannot write to {data_dir}: {fault.strerror}", _mend("MIDWATCH_DATA_DIR")
        )


def _kept(path: Path, fresh: str) -> str:
    """The credential kept at `path`; `fresh` becomes it if there is none.

    The link makes the whole file appear at once: of two processes that start together, one mints, both use
    it.
    """
    if not path.exists():
        descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(fresh + "\n")
            with contextlib.suppress(FileExistsError):
                os.link(draft, path)
        finally:
            os.unlink(draft)
    return path.read_text(encoding="utf-8").strip()
