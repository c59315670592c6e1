"""What a program that calls the API has to know: where it is, the token, and who acts. Nothing is created."""

import os
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, SecretStr

from settings.variables import DEFAULT_API_PORT


class Caller(BaseModel):
    """How the API is reached.

    Attributes:
        token_place: where the token comes from or, without one, where it was looked for.
        person: the id of who acts, unless the command says otherwise.
    """

    model_config = ConfigDict(frozen=True)

    url: str
    token: SecretStr | None
    token_place: str
    person: str | None


URL_FILE = "api-url"
"""Where, in the data directory, whoever started the API leaves its address."""


def caller(environ: Mapping[str, str] | None = None) -> Caller:
    """Read from `environ` (by default this process's own) what a caller needs, and nothing more: it may run
    on a machine where nothing else of Midwatch is configured."""
    environ = os.environ if environ is None else environ
    token, place = _token(environ)
    return Caller(
        url=(environ.get("MIDWATCH_URL") or _url(environ)).rstrip("/"),
        token=SecretStr(token) if token else None,
        token_place=place,
        person=environ.get("MIDWATCH_AS") or None,
    )


def _url(environ: Mapping[str, str]) -> str:
    """The port that is named, else where `midwatch up` says that it listens, else the usual one."""
    if port := environ.get("MIDWATCH_API_PORT"):
        return f"http://127.0.0.1:{port}"
    try:
        return (_data(environ) / URL_FILE).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return f"http://127.0.0.1:{DEFAULT_API_PORT}"


def _data(environ: Mapping[str, str]) -> Path:
    return Path(environ.get("MIDWATCH_DATA_DIR") or "data").absolute()


def _token(environ: Mapping[str, str]) -> tuple[str | None, str]:
    if token := environ.get("MIDWATCH_API_TOKEN"):
        return token.strip(), "MIDWATCH_API_TOKEN"
    kept = _data(environ) / "api-token"
    file = Path(environ.get("MIDWATCH_API_TOKEN_FILE") or kept)
    try:
        return file.read_text(encoding="utf-8").strip() or None, str(file)
    except (OSError, UnicodeDecodeError):
        return None, str(file)
