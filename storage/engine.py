"""The connection to the database: SQLite in a file, or PostgreSQL."""

from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url

CONNECT_SECONDS = 3
"""How long a database may take to be there. Whoever waits for it has better things to do."""

IMMEDIATE = "sqlite_begin_immediate"
"""Execution option: this SQLite transaction is going to write, so it takes the lock when it begins."""


def make_engine(url: str) -> Engine:
    """An engine that connects when it is first used, and then fails quickly if nobody is there.

    Args:
        url: `sqlite:////absolute/path.db` or `postgresql://user:password@host/name`.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() in ("postgres", "postgresql"):
        return create_engine(
            parsed.set(drivername="postgresql+psycopg"),
            pool_pre_ping=True,
            pool_timeout=CONNECT_SECONDS,
            connect_args={
                "connect_timeout": CONNECT_SECONDS,
                # A host that vanishes in the midst of a query would else be waited for for many minutes.
                "tcp_user_timeout": CONNECT_SECONDS * 1000,
                "keepalives_idle": CONNECT_SECONDS,
                "keepalives_interval": 1,
                "keepalives_count": 2,
            },
        )
    engine = create_engine(parsed, pool_timeout=CONNECT_SECONDS, connect_args={"timeout": CONNECT_SECONDS})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own transactions leave out changes of tables; ours, below, hold for everything.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    immediate = connection.get_execution_options().get(IMMEDIATE)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
