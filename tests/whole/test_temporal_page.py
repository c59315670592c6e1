"""Temporal's own page tells an incident without any code being opened (spec 12.1), seen in a real browser."""

from collections.abc import AsyncIterator
from urllib.parse import quote

import pytest
from playwright.async_api import Page, async_playwright, expect

from domain.ids import IncidentId
from tests.chromium import QUIET, executable
from tests.whole.town import BUSY, Town

pytestmark = pytest.mark.browser


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable(), args=QUIET)
        yield await browser.new_page(viewport={"width": 1400, "height": 1000})
        await browser.close()


async def test_12_1_the_page_shows_details_timers_and_calls_by_name(town: Town, page: Page) -> None:
    await town.phone("alice", BUSY)
    incident = await town.alert(severity="P1", title="Payments fail at checkout", impact="Nobody can pay")
    await town.message(incident, "alice")
    run_id = (await (await town.handle(incident)).describe()).run_id
    workflow = quote(IncidentId.parse(incident).workflow_id, safe="")
    namespace = f"{town.stack.temporal_ui_url}/namespaces/{town.stack.temporal_namespace}"
    base = f"{namespace}/workflows/{workflow}/{run_id}"

    await page.goto(f"{base}/timeline")
    for name in ("P1 call to Alice Moreau", "P1 text message to Alice Moreau", "ack window: Alice Moreau"):
        await expect(page.get_by_text(name).first).to_be_visible(timeout=15_000)

    await page.goto(f"{base}/user-metadata")
    summary, _details, current = (page.frame_locator("iframe").nth(number) for number in range(3))
    await expect(summary.get_by_text("P1 Checkout: Payments fail at checkout")).to_be_visible(timeout=15_000)
    for text in (
        "core function degraded for many users",
        "nobody yet",
        "ack window: Alice Moreau at",
        "call to Alice Moreau: busy",
    ):
        await expect(current.get_by_text(text).first).to_be_visible(timeout=15_000)

    await page.goto(f"{base}/search-attributes")
    for text in ("MidwatchSeverity", "MidwatchDeadline", "MidwatchStatus"):
        await expect(page.get_by_text(text).first).to_be_visible(timeout=15_000)
