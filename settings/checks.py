"""What is wrong with the variables taken together, and with what they point to."""

import contextlib
import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import AnyHttpUrl

from settings.faults import Fault
from settings.variables import mend


def secret(value: str | None, file: Path | None, variable: str, faults: list[Fault]) -> str | None:
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
        faults.append(Fault(f"{variable}_FILE", f"cannot read {file}: {reason}", mend(f"{variable}_FILE")))
        return None
    if not content:
        faults.append(Fault(f"{variable}_FILE", f"{file} is empty", mend(f"{variable}_FILE")))
    return content or None


def carrier_faults(present: Mapping[str, str | None], faulty: set[str]) -> Iterator[Fault]:
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


def slack_faults(
    present: Mapping[str, str | None], faulty: set[str], *, named: bool, reachable: bool
) -> Iterator[Fault]:
    """Slack needs both its token and its signing secret, or neither; `named`: some variable of it is given.
    A real one has to reach us (`reachable`), or no button would ever do anything."""
    if not named:
        return
    missing = [name for name, value in present.items() if not value and not faulty & {name, f"{name}_FILE"}]
    for name in missing:
        yield Fault(
            name,
            "is missing, while other SLACK_ variables name a Slack",
            "Set it, or unset all of them to do without Slack.",
        )
    if all(present.values()) and not reachable:
        wrong = "is missing, so Slack could not tell us who presses which button"
        yield Fault("MIDWATCH_PUBLIC_URL", wrong, mend("MIDWATCH_PUBLIC_URL"))


def plain_url(url: AnyHttpUrl | None) -> str | None:
    """The address without a slash at its end."""
    return str(url).rstrip("/") if url else None


def database_url(given: str | None, data_dir: Path, faults: list[Fault]) -> str:
    """The given URL with the driver we ship, or the SQLite file in the data directory."""
    if given is None:
        return f"sqlite:///{data_dir / 'midwatch.db'}"
    mend = "Give postgresql://user:password@host/name, or sqlite:////absolute/path.db, or unset it."
    # Loaded here: the command line reads settings too, and has no use for a database.
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

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


def directory_faults(data_dir: Path) -> Iterator[Fault]:
    """Why the data directory, which is made if it is missing, cannot be used."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=data_dir):
            pass
    except OSError as fault:
        yield Fault(
            "MIDWATCH_DATA_DIR", f"cannot write to {data_dir}: {fault.strerror}", mend("MIDWATCH_DATA_DIR")
        )


def kept(path: Path, fresh: str) -> str:
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
