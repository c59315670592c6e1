"""The migrations make what the models mean, whoever runs them and however many at once."""

import subprocess
import sys

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text
from sqlmodel import SQLModel

import storage
import storage.models
from settings import ROOT
from storage import timeline
from storage.engine import make_engine

MIGRATE = """
import sys
from storage import migrate
from storage.engine import make_engine
migrate(make_engine(sys.argv[1]))
"""


def test_the_migrations_make_exactly_the_tables_of_the_models(engine: Engine) -> None:
    storage.migrate(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []
    assert {"incident", "timeline_entry"} <= set(inspect(engine).get_table_names())


def test_migrating_again_changes_nothing(engine: Engine) -> None:
    storage.migrate(engine)
    storage.migrate(engine)


def test_processes_that_start_at_once_migrate_once(database_url: str) -> None:
    command = [sys.executable, "-c", MIGRATE, database_url]
    started = [subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    faults = [process.communicate(timeout=60)[1] for process in started]
    assert [process.returncode for process in started] == [0] * 4, faults
    engine = make_engine(database_url)
    assert timeline.incidents(engine).incidents == ()
    engine.dispose()


def test_a_database_of_a_newer_release_is_left_as_it_is(engine: Engine) -> None:
    storage.migrate(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    storage.migrate(engine)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == "9999"
