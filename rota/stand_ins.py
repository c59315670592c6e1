"""Overrides as the database has them, for as long as it is there (spec 2.1)."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog
from sqlalchemy import Engine

import storage.overrides
from domain.base import Thing
from domain.oncall import Override
from rota.kept import keep, kept

BACK = timedelta(days=35)
"""How long those that are over stay known: whoever looks at this month sees who it was."""

log = structlog.get_logger()


class _Copy(Thing):
    """What the database said last, as it is kept."""

    overrides: tuple[Override, ...]


class StandIns:
    """The overrides of the last weeks, and all to come. Making one reads a copy; only `look` asks the
    database."""

    def __init__(self, engine: Engine, data_dir: Path) -> None:
        self._engine = engine
        self._file = data_dir / "overrides.json"
        self._away = False
        copy = kept(self._file, _Copy)
        self.overrides = copy.overrides if copy else ()

    def look(self) -> bool:
        """Ask the database; whether it says anything new. While it is away nothing is."""
        try:
            found = storage.overrides.upcoming(self._engine, datetime.now(UTC) - BACK)
        except Exception as error:  # Also a driver's own: no fault of a database keeps anybody from a page.
            if not self._away:
                log.warning("no news of overrides: the database is away", error=str(error))
            self._away = True
            return False
        if self._away:
            log.info("the database is back: overrides are up to date")
        self._away = False
        if found == self.overrides:
            return False
        self.overrides = found
        keep(self._file, _Copy(overrides=found))
        return True
