"""The organisation's configuration while it changes: the last good one holds."""

from datetime import UTC, datetime
from pathlib import Path

import structlog

import configuration
from domain.base import Instant, Thing
from domain.organisation import Organisation
from rota.kept import keep, kept

log = structlog.get_logger()

Seen = tuple[tuple[str, int, int, int], ...]
"""What can be told of files without reading them."""


class Standing(Thing):
    """How the configuration in force came to be.

    Attributes:
        loaded_at: when the configuration that holds was read from its files.
        faults: what is wrong with the files as they are now; empty if they are what holds.
        refused_at: when they were found to be wrong; None if they are not.
        remembered: they were so already when the process started, and what holds is a copy from before.
    """

    path: Path
    loaded_at: Instant
    faults: tuple[str, ...] = ()
    refused_at: Instant | None = None
    remembered: bool = False


class _Copy(Thing):
    """The last good configuration, as it is kept. It belongs to its path: another one's is no help."""

    path: Path
    loaded_at: Instant
    organisation: Organisation


class Configured:
    """The configuration at `path`, and how it stands. Making one and `look` wait for the disk.

    Args:
        organisation: what the files say, where the caller has read them already.

    Raises:
        configuration.Faults: the files are wrong, and there is no copy from before.
    """

    def __init__(self, path: Path, data_dir: Path, organisation: Organisation | None = None) -> None:
        self._path = path.absolute()
        self._file = data_dir / "configuration.json"
        self._seen = _seen(self._path)
        now = datetime.now(UTC)
        found = organisation or _loaded(self._path)
        if isinstance(found, Organisation):
            self._take(found, now)
            return
        copy = kept(self._file, _Copy)
        if copy is None or copy.path != self._path:
            raise found
        self.organisation = copy.organisation
        self.standing = Standing(path=self._path, loaded_at=copy.loaded_at, remembered=True)
        self._refuse(found, now)

    def look(self) -> bool:
        """Look whether the files have changed; whether another configuration holds now."""
        seen = _seen(self._path)
        if seen == self._seen:
            return False
        now = datetime.now(UTC)
        found = _loaded(self._path)
        if _seen(self._path) != seen:
            return False  # Somebody is still writing: half of a change may look like a whole one.
        self._seen = seen
        if not isinstance(found, Organisation):
            self._refuse(found, now)
            return False
        self._take(found, now)
        log.info("a changed configuration is taken", path=str(self._path))
        return True

    def _take(self, organisation: Organisation, now: datetime) -> None:
        self.organisation = organisation
        self.standing = Standing(path=self._path, loaded_at=now)
        keep(self._file, _Copy(path=self._path, loaded_at=now, organisation=organisation))

    def _refuse(self, found: Exception, now: datetime) -> None:
        said = found.faults if isinstance(found, configuration.Faults) else [f"cannot be loaded: {found!r}"]
        faults = tuple(map(str, said))
        self.standing = self.standing.model_copy(update={"faults": faults, "refused_at": now})
        log.error("configuration refused; the last good one holds", path=str(self._path), faults=faults)


def _loaded(path: Path) -> Organisation | Exception:
    try:
        return configuration.load(path)
    except Exception as error:  # Whatever a file does to the loader, the last good configuration holds.
        return error


def _seen(path: Path) -> Seen:
    return tuple(_traits(file) for file in configuration.files(path))


def _traits(file: Path) -> tuple[str, int, int, int]:
    try:
        about = file.stat()
    except OSError:
        return str(file), 0, 0, 0
    return str(file), about.st_size, about.st_mtime_ns, about.st_ino
