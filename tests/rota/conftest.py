"""A calendar server that behaves as it is told, and a configuration that asks it."""

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from sqlalchemy import Engine

from rota import Rota
from settings import STARTER_CONFIG
from storage.engine import make_engine

SCHEDULES = """
schedules:
  primary:
    name: Storefront primary
    layers:
      - {people: [alice, ben], starts: 2026-01-05}
  secondary:
    name: Storefront secondary
    layers:
      - {people: [chiara], starts: 2026-01-05}
      - {calendar: swaps}
integrations:
  calendars:
    swaps: {SOURCE, refresh: 1s}
"""


def configured(source: str = "file: swaps.ics") -> str:
    """The starter's configuration with two schedules, the second of which asks a calendar."""
    return STARTER_CONFIG.read_text(encoding="utf-8") + SCHEDULES.replace("SOURCE", source)


@dataclass
class CalendarServer:
    """What it answers next, and what it was asked."""

    url: str = ""
    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    silent: threading.Event = field(default_factory=threading.Event)
    asked: list[dict[str, str]] = field(default_factory=list)


@pytest.fixture
def calendar_server() -> Iterator[CalendarServer]:
    told = CalendarServer()
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.asked.append({name.lower(): value for name, value in self.headers.items()})
            if told.silent.is_set():
                over.wait()
                return
            tag = told.headers.get("ETag")
            unchanged = tag is not None and self.headers.get("If-None-Match") == tag
            self.send_response(304 if unchanged else told.status)
            for name, value in told.headers.items():
                self.send_header(name, value)
            self.end_headers()
            if not unchanged:
                # Whoever has read enough hangs up.
                with contextlib.suppress(ConnectionError):
                    self.wfile.write(told.body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    told.url = f"http://127.0.0.1:{server.server_port}/s3cret/oncall.ics"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield told
    over.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def config_path(tmp_path: Path) -> Path:
    """A directory with a good configuration."""
    path = tmp_path / "configuration"
    path.mkdir()
    (path / "midwatch.yaml").write_text(configured(), encoding="utf-8")
    return path


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = make_engine(f"sqlite:///{tmp_path / 'midwatch.db'}")
    yield engine
    engine.dispose()


@contextlib.asynccontextmanager
async def running(rota: Rota) -> AsyncIterator[Rota]:
    """A rota that is kept up to date, until the block ends."""
    task = asyncio.create_task(rota.run())
    try:
        yield rota
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
