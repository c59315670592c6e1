"""An API with schedules, and a browser that looks at it."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from playwright.sync_api import Browser, Page

import settings as environment
from api.app import create_app
from stack.ports import free_port

TOKEN = "a-token"
HOSTILE = "<img src=x onerror='window.ran = 1'>"

CONFIGURATION = f"""
pack: p
default_service: checkout
time_zone: Europe/Berlin
people:
  alice: {{name: Alice Moreau, phone: "+12025550101", email: alice@example.com}}
  ben: {{name: Ben Okafor, phone: "+12025550102", email: ben@example.com}}
  chiara: {{name: Chiara Lindqvist, phone: "+12025550103", email: chiara@example.com}}
  dev: {{name: "{HOSTILE}", phone: "+12025550104", email: dev@example.com}}
schedules:
  shop:
    name: Shop primary
    layers:
      - {{name: weekly, people: [alice, ben], starts: 2020-01-06, handoff: "09:00"}}
  shop-second:
    name: Shop secondary
    layers:
      - {{name: always, people: [dev], starts: 2020-01-06}}
  abandoned:
    name: Abandoned
    layers:
      - {{name: once, people: [chiara], starts: 2020-01-06, ends: 2020-02-01}}
  leads:
    name: Leads
    layers:
      - {{name: base, people: [chiara], starts: 2020-01-06}}
      - {{name: read, calendar: read}}
      - {{name: unread, calendar: unread}}
integrations:
  calendars:
    read: {{file: read.ics, stale_after: 1s}}
    unread: {{file: nowhere.ics}}
ladders:
  shop:
    rungs:
      - {{name: primary, schedules: [shop]}}
      - {{name: secondary, schedules: [shop-second, abandoned]}}
      - {{name: director, people: [chiara], severities: [P0]}}
services:
  checkout: {{name: Checkout, ladder: shop}}
  search: {{name: Search, ladder: shop}}
"""
CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//example//EN
BEGIN:VEVENT
UID:1@example.com
DTSTAMP:20260101T000000Z
DTSTART:20260101T000000Z
DTEND:20260102T000000Z
SUMMARY:Alice Moreau
END:VEVENT
END:VCALENDAR
"""


@dataclass
class Site:
    """A running API and its configuration's files."""

    address: str
    files: Path
    database: str

    def ask(self, path: str) -> Any:
        """What the API answers to the bearer of the token."""
        answer = httpx.get(
            self.address + path, headers={"Authorization": f"Bearer {TOKEN}"}, trust_env=False, timeout=20
        )
        assert answer.status_code == 200, answer.text
        return answer.json()


@contextmanager
def serving(place: Path, **files: str) -> Iterator[Site]:
    """An API with a database of its own, with these files as its configuration. No Temporal is behind it."""
    config = place / "configuration"
    config.mkdir()
    for name, content in files.items():
        (config / name.replace("_", ".")).write_text(content, encoding="utf-8")
    settings = environment.load(
        {
            "MIDWATCH_DATA_DIR": str(place / "data"),
            "MIDWATCH_CONFIG": str(config),
            "MIDWATCH_API_PORT": str(free_port(None)),
            "MIDWATCH_SIMULATOR_PORT": str(free_port(None)),
            "MIDWATCH_API_TOKEN": TOKEN,
            "TEMPORAL_ADDRESS": f"127.0.0.1:{free_port(None)}",
        }
    )
    server = uvicorn.Server(uvicorn.Config(create_app(settings), port=settings.api_port, log_config=None))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        deadline = time.monotonic() + 20
        while not server.started:
            assert time.monotonic() < deadline, "the server did not start"
            time.sleep(0.02)
        database = settings.database_url.get_secret_value()
        yield Site(f"http://127.0.0.1:{settings.api_port}", config, database)
    finally:
        server.should_exit = True
        thread.join(20)


@contextmanager
def looking(browser: Browser, site: Site, **context: Any) -> Iterator[Page]:
    """A browser in which Alice has signed in. What it loads from elsewhere, any fault of a script, and what
    the page's own policy had to block, fail the test."""
    opened = browser.new_context(**{"viewport": {"width": 1400, "height": 1600}, **context})
    page = opened.new_page()
    asked: list[str] = []
    faults: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda told: faults.append(told.text) if "Security Policy" in told.text else None)
    page.goto(f"{site.address}/login?token={TOKEN}")
    page.evaluate("localStorage.setItem('midwatch.person', 'alice')")
    yield page
    opened.close()
    assert faults == []
    assert [url for url in asked if not url.startswith(site.address)] == []
