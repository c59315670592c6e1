"""The tables brought up to date."""

import threading
from pathlib import Path
from weakref import WeakSet

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from storage.engine import IMMEDIATE

MIGRATIONS = Path(__file__).resolve().parent / "migrations"
_LOCK_NUMBER = 0x6D_69_64_77_61_74_63_68

_lock = threading.Lock()  # Alembic keeps the migration under way in a global of its module
_current: WeakSet[Engine] = WeakSet()


def migrate(engine: Engine) -> None:
    """Upgrade to the latest migration, all of it or nothing. Two processes may do so at once: the second
    waits, and finds it done. A database that is newer than this program is left as it is.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database is away.
    """
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    # Connected before the lock is taken: while the database is away, nobody waits for another's attempt.
    with engine.connect().execution_options(**{IMMEDIATE: True}) as connection, _lock, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK_NUMBER})
        if not _is_newer(connection, config):
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    _current.add(engine)


def ensure(engine: Engine) -> None:
    """Migrate, unless this process has done so with this engine: the database may come after its users."""
    if engine not in _current:
        migrate(engine)


def _is_newer(connection: Connection, config: Config) -> bool:
    known = {revision.revision for revision in ScriptDirectory.from_config(config).walk_revisions()}
    return not known.issuperset(MigrationContext.configure(connection).get_current_heads())
