"""The status page as visitors see it, in a real browser."""

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright

import configuration
import settings as environment
from api.app import create_app
from domain.response import ComponentState, Phase
from settings import STARTER_CONFIG
from stack.ports import free_port
from storage.engine import make_engine
from storage.public import publish
from tests.chromium import QUIET, executable
from tests.published import told

PHONE: ViewportSize = {"width": 390, "height": 844}

LEGIBLE = """() => {
  const numbers = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((v) => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
    return .2126 * x + .7152 * y + .0722 * z;
  };
  const ground = (element) => {
    for (; element; element = element.parentElement) {
      const colour = numbers(getComputedStyle(element).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const faint = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data.trim()).join("");
    if (!own || ["SCRIPT", "STYLE"].includes(element.tagName)) continue;
    const both = [numbers(getComputedStyle(element).color), ground(element)].map(light);
    const [a, b] = both.sort((x, y) => y - x);
    if ((a + .05) / (b + .05) < 4.5) faint.push(own);
  }
  return faint;
}"""
"""The texts whose contrast with what is behind them is less than people with weak sight need."""

pytestmark = pytest.mark.browser


@contextmanager
def serving(place: Path, *, eventful: bool) -> Iterator[str]:
    """A status page at its address, with incidents or without. Nothing else of Midwatch runs."""
    given = {
        "MIDWATCH_DATA_DIR": str(place),
        "MIDWATCH_API_PORT": str(free_port(None)),
        "MIDWATCH_SIMULATOR_PORT": str(free_port(None)),
        "TEMPORAL_ADDRESS": f"127.0.0.1:{free_port(None)}",
    }
    settings = environment.load(given)
    if eventful:
        engine = make_engine(settings.database_url.get_secret_value())
        for work in UPDATES:
            publish(engine, work)
        engine.dispose()
    app = create_app(settings, configuration.load(STARTER_CONFIG))
    server = uvicorn.Server(uvicorn.Config(app, port=settings.api_port, log_config=None))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        deadline = time.monotonic() + 20
        while not server.started:
            assert time.monotonic() < deadline, "the server did not start"
            time.sleep(0.02)
        yield f"http://127.0.0.1:{settings.api_port}"
    finally:
        server.should_exit = True
        thread.join(20)


UPDATES = (
    told(
        1,
        Phase.INVESTIGATING,
        ComponentState.PARTIAL_OUTAGE,
        ago=timedelta(minutes=52),
        text="Some payments are failing at checkout. Your cart is kept. We are looking into it.",
    ),
    told(
        2,
        Phase.IDENTIFIED,
        ComponentState.MAJOR_OUTAGE,
        ago=timedelta(minutes=31),
        text="Payments by card are failing for all customers. We have found the reason and are undoing a "
        "recent change.\n\nWorkaround: payment by invoice works.",
    ),
    told(
        3,
        Phase.MONITORING,
        ComponentState.DEGRADED,
        ago=timedelta(minutes=9),
        text="Payments succeed again. Confirmation emails come up to ten minutes late.",
    ),
    told(
        1,
        Phase.INVESTIGATING,
        ComponentState.DEGRADED,
        key="slow",
        about="Product pages",
        ago=timedelta(days=3, hours=2),
        text="Product pages open slowly for some customers.",
    ),
    told(
        2,
        Phase.RESOLVED,
        key="slow",
        about="Product pages",
        ago=timedelta(days=3, hours=1),
        text="Product pages open as fast as usual again. They were slow for 58 minutes.",
    ),
)


@pytest.fixture(scope="module")
def eventful(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("eventful"), eventful=True) as url:
        yield url


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("quiet"), eventful=False) as url:
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=QUIET)
        yield browser
        browser.close()


@contextmanager
def looking(context: BrowserContext, url: str) -> Iterator[Page]:
    """The page; anything it loads from elsewhere, and any fault of its script, fails the test."""
    page = context.new_page()
    asked: list[str] = []
    faults: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.goto(f"{url}/status")
    yield page
    context.close()
    assert faults == []
    assert [one for one in asked if not one.startswith((url, "data:"))] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, {"width": 1200, "height": 900}], ids=["phone", "desk"])
def test_it_is_read_on_a_phone_and_on_a_desk_by_day_and_by_night(
    browser: Browser, eventful: str, viewport: ViewportSize, scheme: str
) -> None:
    context = browser.new_context(
        viewport=viewport,
        color_scheme="dark" if scheme == "dark" else "light",
        timezone_id="Asia/Kolkata",
    )
    with looking(context, eventful) as page:
        expect(page.get_by_role("heading", level=1)).to_have_text("Partially degraded service")
        incident = page.get_by_role("article", name="Checkout: service disruption")
        expect(incident.get_by_role("listitem")).to_have_count(3)
        expect(incident.get_by_role("listitem").first).to_contain_text("Payments succeed again.")
        components = page.get_by_role("region", name="Components")
        expect(components.get_by_role("listitem").first).to_contain_text("Checkout")
        expect(components.get_by_role("listitem").first).to_contain_text("Degraded performance")
        past = page.get_by_role("region", name="Past incidents")
        expect(past.get_by_role("article", name="Product pages: service disruption")).to_be_visible()
        # Each moment in UTC, and in the visitor's own zone beside it.
        told_at = incident.locator(".what").first
        expect(told_at).to_contain_text(re.compile(r"\d\d:\d\d UTC \((\d+ \w+, )?\d\d:\d\d GMT\+5:30\)"))
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
        night = page.evaluate("getComputedStyle(document.body).backgroundColor").startswith("rgb(1")
        assert night == (scheme == "dark")
        assert page.evaluate(LEGIBLE) == []


def test_it_needs_no_script(browser: Browser, eventful: str) -> None:
    with looking(browser.new_context(java_script_enabled=False), eventful) as page:
        expect(page.get_by_text("Payments succeed again.")).to_be_visible()
        expect(page.locator("time").first).to_contain_text("UTC")


def test_it_is_walked_by_keyboard(browser: Browser, eventful: str) -> None:
    with looking(browser.new_context(viewport=PHONE), eventful) as page:
        page.keyboard.press("Tab")
        expect(page.get_by_text("Skip to the content")).to_be_focused()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        incident = page.get_by_role("link", name="Checkout: service disruption")
        expect(incident).to_be_focused()
        page.keyboard.press("Enter")
        expect(page).to_have_title("Checkout: service disruption · Example Shop status")
        expect(page.get_by_role("heading", level=1)).to_have_text("Checkout: service disruption")
        expect(page.get_by_role("listitem")).to_have_count(3)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_quiet_day_is_green_and_legible(browser: Browser, quiet: str, scheme: str) -> None:
    context = browser.new_context(viewport=PHONE, color_scheme="dark" if scheme == "dark" else "light")
    with looking(context, quiet) as page:
        expect(page.get_by_role("heading", level=1)).to_have_text("All systems operational")
        expect(page.get_by_role("heading", name="Open incidents")).to_have_count(0)
        assert page.evaluate(LEGIBLE) == []
