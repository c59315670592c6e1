"""The page at `/` and the page of one incident (spec 12.2), live, in a real browser on the real system."""

import re
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import pytest
from playwright.async_api import Browser, Page, Request, async_playwright, expect

from domain.incident import Status
from domain.timeline import Kind
from tests.browser.test_status_page import LEGIBLE, PHONE
from tests.chromium import QUIET, executable
from tests.whole.town import Town

pytestmark = pytest.mark.browser

LIVE_MS = 30_000
HOSTILE = "</title><script>window.ran = 1</script><img src=x onerror='window.ran = 1'> \"'&amp;"


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable(), args=QUIET)
        yield browser
        await browser.close()


@pytest.fixture
async def page(town: Town, browser: Browser) -> AsyncIterator[Page]:
    """A browser in which Alice has signed in. What it loads from elsewhere, any fault of a script, and
    what the page's own policy had to block, fail the test."""
    context = await browser.new_context(viewport={"width": 1400, "height": 900})
    page = await context.new_page()
    asked: list[str] = []
    faults: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda told: faults.append(told.text) if "Security Policy" in told.text else None)
    await page.goto(f"{town.stack.api_url}/login?token={town.stack.settings.api_token.get_secret_value()}")
    await page.evaluate("localStorage.setItem('midwatch.person', 'alice')")
    yield page
    await context.close()
    assert faults == []
    assert [url for url in asked if not url.startswith(town.stack.api_url)] == []


async def look(town: Town, page: Page, incident: str = "") -> None:
    """Open the list, or an incident, and wait until it is live."""
    await page.goto(f"{town.stack.api_url}/{f'incidents/{incident}' if incident else ''}")
    await expect(page.get_by_text("Live", exact=True)).to_be_visible(timeout=LIVE_MS)


async def wide(page: Page) -> int:
    found: int = await page.evaluate("document.documentElement.scrollWidth")
    return found


async def test_an_incident_appears_by_itself_and_moves_when_it_is_over(town: Town, page: Page) -> None:
    await look(town, page)
    mild = await town.alert(severity="P2", title="Thumbnails are missing")
    worst = await town.alert(title="Payments fail at checkout")
    opened = page.get_by_role("region", name="Open incidents").get_by_role("listitem")
    line = opened.filter(has_text="Payments fail at checkout")
    await expect(line).to_contain_text("Detected", timeout=LIVE_MS)
    await expect(line).to_contain_text("nobody has it")
    lines = await opened.all_text_contents()
    severities = [re.match(r"P\d", text) for text in lines]
    assert [found.group() for found in severities if found] == sorted(text[:2] for text in lines)

    await town.say(worst, "acknowledge", by="ben")
    await expect(line).to_contain_text("Ben Okafor", timeout=LIVE_MS)
    await town.say(mild, "resolve", by="ben", resolution="They are back")
    mended = page.get_by_role("listitem").filter(has_text="Thumbnails are missing")
    await expect(mended).to_contain_text(re.compile("Resolved|Closed"), timeout=LIVE_MS)


async def test_a_countdown_runs_and_turns_when_it_is_late(town: Town, page: Page) -> None:
    incident = await town.alert()
    await look(town, page, incident)
    due = page.get_by_role("region", name="Deadlines").locator("[data-due]").first
    await expect(due).to_have_text(re.compile(r"^\d+:\d\d"), timeout=LIVE_MS)
    age = page.get_by_role("banner").or_(page.locator("#head")).locator("[data-since]").first
    first = await age.text_content()
    await expect(age).not_to_have_text(first or "")
    await expect(age).to_have_text(re.compile(r"^0:\d\d$"))
    # Nobody takes it: the first rung's window passes, and the next one is drawn with whom it tries.
    secondary = page.get_by_role("region", name="Ladder").locator(".rung").filter(has_text="Secondary")
    await expect(secondary.locator(".attempt").first).to_contain_text("call", timeout=LIVE_MS)
    # News of the incident draws the deadlines anew, so one is made late until it is seen to be.
    await page.wait_for_function(
        """() => {
          const late = document.querySelector('#deadlines [data-state=late]')
          if (late?.textContent.includes('late')) return true
          const due = document.querySelector('#deadlines [data-due]')
          if (due) due.dataset.due = new Date(Date.now() - 9000).toISOString()
          return false
        }""",
        timeout=LIVE_MS,
    )


async def test_acknowledging_by_button_ends_the_paging(town: Town, page: Page) -> None:
    await town.phone("alice", {"kind": "manual"})
    incident = await town.alert()
    await town.call(incident, "alice")
    await look(town, page, incident)
    ladder = page.get_by_role("region", name="Ladder")
    await expect(ladder.get_by_text("Alice Moreau call")).to_be_visible(timeout=LIVE_MS)
    await page.get_by_label("I am").select_option("ben")
    await page.get_by_role("button", name="Acknowledge").click()
    await expect(page.get_by_role("status").filter(has_text="You have it")).to_be_visible(timeout=LIVE_MS)
    await expect(ladder).to_contain_text("Acknowledged by Ben Okafor", timeout=LIVE_MS)
    await expect(page.locator("#people")).to_contain_text("Ben Okafor")
    report = await town.report(incident)
    assert report.commander is not None
    assert report.commander.id == "ben"
    assert (await town.ended_call(incident, "alice"))["status"] in ("canceled", "completed")
    await expect(page.get_by_label(re.compile("^Status: triaged"))).to_be_visible(timeout=LIVE_MS)


@pytest.mark.parametrize("where", ["list", "incident"])
async def test_hostile_text_stays_text(town: Town, page: Page, where: str) -> None:
    incident = await town.alert(title=HOSTILE, impact=HOSTILE, severity="P2")
    await town.say(incident, "acknowledge", by="alice")
    await town.say(incident, "hypothesis", by="alice", text=HOSTILE)
    await town.entry(incident, Kind.HYPOTHESIS)
    await look(town, page, incident if where == "incident" else "")
    title = (await town.report(incident)).title
    await expect(page.get_by_text(title).first).to_be_visible(timeout=LIVE_MS)
    if where == "incident":
        await expect(page.get_by_role("heading", level=1)).to_have_text(title)
        await expect(page.get_by_role("region", name="Hypotheses")).to_contain_text("onerror=")
        await expect(page.get_by_role("region", name="Timeline")).to_contain_text("onerror=")
    assert await page.evaluate("window.ran") is None
    assert await page.locator("main img, main script").count() == 0


async def test_it_is_walked_and_steered_by_keyboard(town: Town, page: Page) -> None:
    await town.alert(severity="P2", title="The first of two")
    await town.alert(severity="P2", title="The second of two")
    await look(town, page)
    links = page.get_by_role("region", name="Open incidents").get_by_role("link")
    await expect(links.filter(has_text="of two")).to_have_count(2, timeout=LIVE_MS)
    await page.keyboard.press("j")
    await expect(links.nth(0)).to_be_focused()
    await page.keyboard.press("j")
    await expect(links.nth(1)).to_be_focused()
    await page.keyboard.press("k")
    await expect(links.nth(0)).to_be_focused()
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    ours = links.filter(has_text="The first of two")
    for _line in range(await links.count()):
        if await ours.evaluate("link => link === document.activeElement"):
            break
        await page.keyboard.press("j")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text("The first of two", timeout=LIVE_MS)
    await page.keyboard.press("a")
    await page.get_by_role("dialog").get_by_role("button", name="Hypothesis…").press("Enter")
    await expect(page.get_by_role("dialog", name="A hypothesis")).to_be_visible()
    await page.keyboard.type("A full disk")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("region", name="Hypotheses")).to_contain_text(
        "A full disk", timeout=LIVE_MS
    )
    await page.keyboard.press("u")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Incidents")


async def test_what_is_refused_is_told_where_it_was_done_and_nothing_typed_is_lost(
    town: Town, page: Page
) -> None:
    incident = await town.alert()
    await town.say(incident, "acknowledge", by="alice")
    await look(town, page, incident)
    await page.get_by_role("button", name="Give a role…").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Role", exact=True).select_option("commander")
    await dialog.get_by_label("Person").select_option("alice")
    await dialog.get_by_label("Brief").fill("All is said")
    await dialog.get_by_role("button", name="Give it").click()
    await expect(dialog.get_by_role("alert")).to_have_text("Alice Moreau is commander already")
    await expect(dialog.get_by_label("Brief")).to_have_value("All is said")
    await dialog.get_by_label("Person").select_option("chiara")
    await dialog.get_by_role("button", name="Give it").click()
    await expect(dialog).to_have_count(0)
    people = page.get_by_role("region", name="People")
    await expect(people.get_by_role("status")).to_contain_text("Chiara Lindqvist")
    await expect(people.get_by_role("listitem").filter(has_text="commander")).to_contain_text(
        "Chiara Lindqvist"
    )


async def test_who_has_not_said_who_they_are_is_asked_once(town: Town, page: Page) -> None:
    incident = await town.alert(severity="P2")
    await page.evaluate("localStorage.clear()")
    await look(town, page, incident)
    await page.get_by_role("button", name="Acknowledge").click()
    dialog = page.get_by_role("dialog", name="Who are you?")
    await dialog.get_by_label("I am").select_option("chiara")
    await dialog.get_by_role("button", name="That is me").click()
    await expect(page.locator("#head")).to_contain_text("commander Chiara Lindqvist", timeout=LIVE_MS)
    await page.reload()
    await expect(page.get_by_label("I am")).to_have_value("chiara")


async def test_what_responders_record_is_shown_and_what_is_missing_is_marked(town: Town, page: Page) -> None:
    incident = await town.alert()
    await town.say(incident, "acknowledge", by="alice")
    await look(town, page, incident)
    people = page.get_by_role("region", name="People")
    scribe = people.get_by_role("listitem").filter(has_text="Scribe")
    await expect(scribe).to_contain_text("missing", timeout=LIVE_MS)
    await scribe.get_by_role("button", name="Take", exact=True).click()
    await expect(people.get_by_role("listitem").filter(has_text="scribe")).to_contain_text("Alice Moreau")

    await page.get_by_role("button", name="Log one…").click()
    await page.get_by_label("What was decided?").fill("Roll back release 4.2")
    await page.get_by_label("Why?").fill("It began with it")
    await page.get_by_role("button", name="Log it").click()
    decisions = page.get_by_role("region", name="Decisions")
    await expect(decisions).to_contain_text("result missing", timeout=LIVE_MS)
    await decisions.get_by_role("button", name="Add the result…").click()
    await page.get_by_label("What came of it?").fill("Errors fall")
    await page.get_by_role("button", name="Record it").click()
    await expect(decisions).to_contain_text("Result Errors fall", timeout=LIVE_MS)
    await expect(decisions.get_by_text("result missing")).to_have_count(0)

    await page.get_by_role("button", name="Begin one…").click()
    await page.get_by_label("What is done to end the harm?").fill("Rolling back")
    await page.get_by_role("button", name="Begin it").click()
    mitigations = page.get_by_role("region", name="Mitigations")
    await mitigations.get_by_role("button", name="It worked").click()
    await expect(page.get_by_label(re.compile("^Status: mitigated"))).to_be_visible(timeout=LIVE_MS)

    checkpoints = page.get_by_role("region", name="Checkpoints")
    await checkpoints.get_by_role("button", name="Answer the four questions…").click()
    await page.get_by_label("What do we know now?").fill("The rollback helps")
    await page.get_by_label("No", exact=True).check()
    await page.get_by_role("button", name="Answer it").click()
    await expect(checkpoints).to_contain_text("not current", timeout=LIVE_MS)

    await page.get_by_role("button", name="Resolve…").first.click()
    await page.get_by_label("What ended it?").fill("Rolled back")
    await page.get_by_label("The metrics are recovering").check()
    await page.get_by_role("button", name="Resolve it").click()
    closing = page.get_by_role("region", name="Closing")
    await expect(closing.get_by_role("listitem").filter(has_text="Metrics recovering")).to_have_class("good")
    await expect(closing).to_contain_text("confirm that the fix is deployed")
    assert (await town.report(incident)).status is Status.RESOLVED


async def test_the_timeline_is_filtered_and_turned(town: Town, page: Page) -> None:
    incident = await town.alert(severity="P2")
    await town.say(incident, "acknowledge", by="alice")
    await town.say(incident, "hypothesis", by="alice", text="A full disk")
    last = await town.entry(incident, Kind.HYPOTHESIS)
    await look(town, page, incident)
    timeline = page.get_by_role("region", name="Timeline")
    entries = timeline.get_by_role("listitem")
    await expect(entries.filter(has_text="A full disk")).to_be_visible(timeout=LIVE_MS)
    await timeline.get_by_role("button", name=re.compile("^Work")).click()
    await expect(entries).to_have_count(1)
    await timeline.get_by_role("button", name=re.compile("^All")).click()
    await expect(entries.last).to_contain_text("incident opened")
    await timeline.get_by_role("button", name="Newest first").click()
    await expect(entries.first).to_contain_text("incident opened")
    shown = entries.filter(has_text="A full disk").locator("time")
    assert await shown.get_attribute("title") == f"{last.at:%Y-%m-%d %H:%M:%S} UTC"


async def test_a_broken_stream_is_told_and_then_everything_is_caught_up_once(town: Town, page: Page) -> None:
    incident = await town.alert()
    await look(town, page, incident)
    timeline = page.get_by_role("region", name="Timeline").get_by_role("listitem")
    await expect(timeline.first).to_be_visible(timeout=LIVE_MS)
    resumed: list[str | None] = []

    def note(request: Request) -> None:
        if request.url.endswith("/stream"):
            resumed.append(request.headers.get("last-event-id"))

    page.on("request", note)
    await town.stack.kill("api")
    banner = page.get_by_role("alert").filter(has_text="reconnecting")
    await expect(banner).to_be_visible(timeout=LIVE_MS)
    # The worker goes on meanwhile: it pages the next rung.
    await town.call(incident, "ben", within=20)
    await town.stack.start("api")
    await expect(banner).to_be_hidden(timeout=LIVE_MS)
    await town.say(incident, "acknowledge", by="ben")
    await expect(timeline.filter(has_text="Ben Okafor is incident commander")).to_be_visible(timeout=LIVE_MS)
    rows = await page.locator("#entries .entry").evaluate_all(
        "rows => rows.map(row => [row.querySelector('time').dateTime, row.querySelector('p').textContent])"
    )
    told = [(entry.at, entry.text) for entry in await town.timeline(incident)]
    shown = [(datetime.fromisoformat(at), text) for at, text in reversed(rows)]
    assert shown == told[: len(shown)]
    assert resumed[-1], "it asked for everything again"


async def test_somebody_declares_an_incident_and_is_taken_there(town: Town, page: Page) -> None:
    await look(town, page)
    await page.keyboard.press("d")
    dialog = page.get_by_role("dialog", name="Declare an incident")
    await dialog.get_by_label("What is wrong").fill("Refunds are paid twice")
    await dialog.get_by_label("Service").select_option("checkout")
    await dialog.get_by_label("Severity").select_option("P0")
    await dialog.get_by_role("button", name="Declare and page").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Refunds are paid twice", timeout=LIVE_MS)
    incident = page.url.rsplit("/", 1)[1]
    town.opened.append(incident)
    assert await town.call(incident, "alice")


async def test_without_a_session_one_signs_in_first_and_comes_back(
    town: Town, browser: Browser, page: Page
) -> None:
    incident = await town.alert(severity="P2", title="Thumbnails are missing")
    await page.context.clear_cookies()
    await page.goto(f"{town.stack.api_url}/incidents/{incident}")
    field = page.get_by_label("API token")
    await expect(field).to_be_focused(timeout=LIVE_MS)
    await field.fill("not the token")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("not the token")
    await field.fill(town.stack.settings.api_token.get_secret_value())
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Thumbnails are missing", timeout=LIVE_MS)
    assert page.url == f"{town.stack.api_url}/incidents/{incident}"
    await page.get_by_role("button", name="Sign out").click()
    await page.goto(town.stack.api_url)
    await expect(field).to_be_visible(timeout=LIVE_MS)


async def test_what_does_not_exist_is_told(town: Town, page: Page) -> None:
    await page.goto(f"{town.stack.api_url}/incidents/checkout.nothing.k3f9a")
    await expect(page.get_by_role("heading", level=1)).to_have_text(
        "There is no such incident", timeout=LIVE_MS
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_it_is_read_on_a_phone_by_day_and_by_night(town: Town, page: Page, scheme: str) -> None:
    await page.set_viewport_size(PHONE)
    await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    incident = await town.alert(title="x" * 200, impact="y" * 200)
    await town.say(incident, "acknowledge", by="alice")
    records: dict[str, dict[str, Any]] = {
        "hypothesis": {"text": "h" * 200},
        "decision": {"text": "d" * 200, "reason": "r" * 200},
        "mitigate": {"text": "m" * 200, "high_impact": True},
        "announce": {"text": "a" * 200},
        "draft": {"text": "u" * 200},
    }
    for verb, fields in records.items():
        assert (await town.say(incident, verb, by="alice", **fields)).status_code == 200, verb
    await town.entry(incident, Kind.ANNOUNCEMENT)
    for where in ("", incident):
        await look(town, page, where)
        await expect(page.get_by_text("x" * 50).first).to_be_visible(timeout=LIVE_MS)
        assert await wide(page) == PHONE["width"]
        assert await page.evaluate(LEGIBLE) == []
    await expect(page.get_by_text("a" * 50).first).to_be_visible(timeout=LIVE_MS)
    assert await wide(page) == PHONE["width"]
    more = page.get_by_role("button", name="More…")
    await expect(more).to_be_in_viewport()
    await more.click()
    await page.get_by_role("dialog").get_by_role("button", name="Update…").click()
    await expect(page.get_by_role("button", name="Draft it")).to_be_in_viewport()
    assert await wide(page) == PHONE["width"]
