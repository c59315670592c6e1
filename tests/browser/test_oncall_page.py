"""The page of who is on call (spec 12.2), in a real browser on a real API with its database."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from domain.rest import RestOffer
from storage.engine import make_engine
from storage.rest import offer
from tests.browser.oncall_site import CALENDAR, CONFIGURATION, HOSTILE, TOKEN, Site, looking, serving
from tests.browser.test_status_page import LEGIBLE, PHONE
from tests.chromium import QUIET, executable

pytestmark = pytest.mark.browser

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One for all tests that only look."""
    with serving(tmp_path_factory.mktemp("site"), midwatch_yaml=CONFIGURATION, read_ics=CALENDAR) as site:
        yield site


@pytest.fixture
def own_site(tmp_path: Path) -> Iterator[Site]:
    """One for a test that changes who is on call."""
    with serving(tmp_path, midwatch_yaml=CONFIGURATION, read_ics=CALENDAR) as site:
        yield site


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    with looking(browser, site, timezone_id="America/New_York") as page:
        yield page


@pytest.fixture
def own_page(browser: Browser, own_site: Site) -> Iterator[Page]:
    with looking(browser, own_site, timezone_id="America/New_York") as page:
        yield page


def look(site: Site, page: Page, query: str = "") -> None:
    """Open the page and wait until it is live."""
    page.goto(f"{site.address}/on-call{query}")
    expect(page.get_by_text("Live", exact=True)).to_be_visible()
    expect(card(page, "Shop primary")).to_be_visible()


def card(page: Page, schedule: str) -> Locator:
    return page.get_by_role("region", name="On call now").locator(".duty").filter(has_text=schedule)


def drawn(page: Page, schedule: str) -> Locator:
    return page.get_by_role("region", name=schedule, exact=True)


def stand_in(page: Page, reason: str = "") -> Locator:
    """Fill the form that is open, as Alice, for Chiara."""
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Who stands in").select_option("chiara")
    dialog.get_by_label("Why").fill(reason)
    return dialog


def test_who_is_on_call_until_when_and_who_is_next_is_seen_at_a_glance(site: Site, page: Page) -> None:
    look(site, page)
    now = next(one for one in site.ask("/api/v1/on-call")["schedules"] if one["schedule"]["id"] == "shop")
    shop = card(page, "Shop primary")
    expect(shop.locator(".holder")).to_contain_text(now["person"]["name"])
    expect(shop.locator(".then")).to_contain_text(now["next"]["person"]["name"])
    expect(shop).to_contain_text("of weekly")
    until = datetime.fromisoformat(now["until"]).astimezone(ZoneInfo("America/New_York"))
    expect(shop.locator(".until")).to_contain_text(f"{until:%H:%M}")
    left = shop.locator(".due")
    first = left.get_attribute("datetime")
    assert first == now["until"]
    page.get_by_label("I am").select_option(now["person"]["id"])
    expect(page.locator("#mine")).to_contain_text("You are on call now: Shop primary")


def test_whoever_looks_is_told_their_next_duty_and_given_their_calendar(site: Site, page: Page) -> None:
    look(site, page)
    now = next(one for one in site.ask("/api/v1/on-call")["schedules"] if one["schedule"]["id"] == "shop")
    page.get_by_label("I am").select_option(now["next"]["person"]["id"])
    mine = page.locator("#mine")
    expect(mine).to_contain_text("You are not on call now")
    expect(mine).to_contain_text("Next: Shop primary from")
    expect(mine.locator(".due")).to_have_attribute("datetime", now["next"]["begins"])
    address = mine.get_by_role("link", name="Your calendar").get_attribute("href") or ""
    answer = httpx.get(address, trust_env=False)
    assert answer.status_code == 200
    assert "Shop primary" in answer.text


def test_a_duty_without_an_end_is_not_counted_down(site: Site, page: Page) -> None:
    look(site, page)
    expect(card(page, "Shop secondary")).to_contain_text("with no end in sight")
    expect(card(page, "Shop secondary").locator(".due")).to_have_count(0)
    expect(card(page, "Abandoned")).to_contain_text("nobody is to follow")


def test_a_duty_that_nobody_has_is_told_first_and_drawn_in_red(site: Site, page: Page) -> None:
    look(site, page)
    expect(page.get_by_role("alert").filter(has_text="Nobody is on call now")).to_contain_text("Abandoned")
    first = page.locator(".duty").first
    expect(first).to_contain_text("Abandoned")
    expect(first.locator(".holder")).to_have_text("Nobody")
    gap = drawn(page, "Abandoned").locator(".bar.gap")
    expect(gap).to_have_count(1)
    assert gap.locator(".face").evaluate("face => getComputedStyle(face).fill") == 'url("#hatched")'


def test_each_service_shows_its_whole_ladder_as_it_is_now(site: Site, page: Page) -> None:
    look(site, page)
    ladder = page.get_by_role("region", name="Who would be paged").locator(".climb")
    expect(ladder).to_have_count(1)
    expect(ladder.locator("h3")).to_have_text("CheckoutSearch")
    steps = ladder.locator(".step")
    expect(steps).to_have_count(3)
    expect(steps.nth(0)).to_contain_text("Shop primary")
    expect(steps.nth(1)).to_contain_text("NobodyAbandoned")
    expect(steps.nth(2)).to_contain_text("only P0")
    expect(steps.nth(2)).to_contain_text("Chiara Lindqvist")
    page.keyboard.press("/")
    page.keyboard.type("nothing like it")
    expect(ladder).to_have_count(0)


def test_somebody_takes_over_at_once_and_it_is_called_off_again(own_site: Site, own_page: Page) -> None:
    site, page = own_site, own_page
    look(site, page)
    shop = card(page, "Shop primary")
    before = shop.locator(".holder").text_content() or ""
    shop.get_by_role("button", name="Take over…").click()
    dialog = stand_in(page, "At a concert")
    expect(dialog).to_contain_text("is on call")
    dialog.get_by_role("button", name="Take over").click()
    expect(dialog).to_have_count(0)
    expect(shop.get_by_role("status")).to_contain_text("Chiara Lindqvist")
    expect(shop.locator(".holder")).to_contain_text("Chiara Lindqvist")
    expect(shop).to_contain_text("override")
    expect(shop).to_contain_text("At a concert")
    schedule = drawn(page, "Shop primary")
    expect(schedule.get_by_role("group", name="Overrides").locator(".bar")).to_have_count(1)
    expect(page.locator(".step").first).to_contain_text("Chiara Lindqvist")

    schedule.get_by_role("listitem").get_by_role("button", name="Cancel…").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel the override").click()
    expect(shop.locator(".holder")).to_contain_text(before.removesuffix("you"))
    expect(schedule.get_by_role("status")).to_contain_text("taken back")
    expect(schedule.get_by_role("button", name="Cancel…")).to_have_count(0)


def test_what_is_refused_is_told_in_the_form_and_nothing_typed_is_lost(site: Site, page: Page) -> None:
    look(site, page)
    drawn(page, "Shop primary").get_by_role("button", name="Override…").click()
    dialog = stand_in(page, "Dentist")
    dialog.get_by_label("Until").fill("2020-01-01T10:00")
    dialog.get_by_role("button", name="Override").click()
    expect(dialog.get_by_role("alert").or_(dialog.locator(".wrong:not(:empty)")).first).not_to_be_empty()
    expect(dialog.get_by_label("Why")).to_have_value("Dentist")
    assert site.ask("/api/v1/on-call/overrides")["overrides"] == []


def test_rest_is_only_broken_by_whoever_says_so(own_site: Site, own_page: Page) -> None:
    site, page = own_site, own_page
    look(site, page)
    drawn(page, "Shop primary").get_by_role("button", name="Override…").click()
    dialog = stand_in(page)
    despite = dialog.get_by_label("All the same")
    expect(despite).to_be_hidden()
    far = datetime.now(BERLIN) + timedelta(days=60)
    dialog.get_by_label("Until").fill(f"{far:%Y-%m-%dT%H:%M}")
    dialog.get_by_role("button", name="Override").click()
    expect(despite).to_be_visible()
    expect(dialog).not_to_contain_text("despite_rest")
    despite.check()
    dialog.get_by_role("button", name="Override").click()
    expect(dialog).to_have_count(0)
    assert len(site.ask("/api/v1/on-call/overrides")["overrides"]) == 1


def test_whoever_is_offered_a_duty_after_a_bad_night_takes_it_by_one_press(
    own_site: Site, own_page: Page
) -> None:
    site, page = own_site, own_page
    now = datetime.now(UTC)
    engine = make_engine(site.database)
    work = RestOffer(
        team="shop",
        schedule="shop-second",
        day=now.date(),
        person="dev",
        to="alice",
        begins=now - timedelta(hours=1),
        ends=now + timedelta(hours=7),
        pages=3,
        work=timedelta(minutes=80),
        made_at=now,
    )
    offer(engine, work)
    engine.dispose()
    look(site, page)
    offered = page.locator(".offer")
    expect(offered).to_contain_text("3 pages")
    page.get_by_label("I am").select_option("ben")
    expect(offered.get_by_role("button")).to_have_count(0)
    page.get_by_label("I am").select_option("alice")
    offered.get_by_role("button", name="Take it").click()
    expect(card(page, "Shop secondary").locator(".holder")).to_contain_text("Alice Moreau")
    expect(offered).to_have_count(0)


def test_the_drawing_is_walked_and_steered_by_keyboard(site: Site, page: Page) -> None:
    look(site, page)
    final = drawn(page, "Shop primary").get_by_role("group", name="On call", exact=True).locator(".bar")
    stop = drawn(page, "Shop primary").locator(".bar[tabindex='0']")
    expect(stop).to_have_count(1)
    stop.focus()
    page.keyboard.press("ArrowRight")
    tip = page.get_by_role("tooltip")
    expect(final.last).to_be_focused()
    expect(tip).to_contain_text(final.last.get_attribute("aria-label").split(".")[0])  # type: ignore[union-attr]  # every bar has one
    expect(tip).to_contain_text("of weekly")
    page.keyboard.press("ArrowDown")
    expect(drawn(page, "Shop primary").get_by_role("group", name="weekly").locator(":focus")).to_have_count(1)
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Override Shop primary")
    begins = datetime.fromtimestamp(float(final.last.get_attribute("data-begins") or 0) / 1000, UTC)
    there = max(begins, datetime.now(UTC)).astimezone(ZoneInfo("America/New_York"))
    assert dialog.get_by_label("From").input_value()[:13] == f"{there:%Y-%m-%dT%H}"
    expect(dialog).to_contain_text("By the schedule's clock")
    page.keyboard.press("Escape")
    header = drawn(page, "Shop primary").locator(".cap .count")
    first = header.text_content() or ""
    page.keyboard.press("n")
    expect(header).not_to_have_text(first)
    page.keyboard.press("t")
    expect(header).to_have_text(first)
    page.keyboard.press("w")
    expect(drawn(page, "Shop primary").locator(".day-column")).to_have_count(28)


@pytest.mark.parametrize(("month", "hours"), [(3, 23), (10, 25)])
def test_a_day_on_which_the_clocks_change_is_drawn_as_long_as_it_is(
    site: Site, page: Page, month: int, hours: int
) -> None:
    # The last Sunday of the month, in the coming year.
    day = datetime(datetime.now(UTC).year + 1, month, 31, tzinfo=BERLIN)
    day -= timedelta(days=(day.weekday() - 6) % 7)
    today = datetime.now(BERLIN).date()
    monday = today - timedelta(days=today.weekday())
    look(site, page, f"?from={(day.date() - monday).days // 7}&weeks=1")
    columns = drawn(page, "Shop primary").locator(".day-column rect")
    expect(columns).to_have_count(7)
    expect(drawn(page, "Shop primary").locator(".day-column.changed")).to_have_count(1)
    widths = [float(columns.nth(number).get_attribute("width") or 0) for number in range(columns.count())]
    assert widths[6] / widths[0] == pytest.approx(hours / 24, abs=0.01)
    expect(drawn(page, "Shop primary").locator(".day-column title")).to_contain_text("60 minutes")
    # The handoff is at nine by the clock on the wall, before and after.
    page.goto(f"{site.address}/on-call?from={(day.date() - monday).days // 7}&weeks=2")
    handoffs = drawn(page, "Shop primary").get_by_role("group", name="weekly").locator(".bar")
    expect(handoffs).to_have_count(3)
    expect(handoffs.nth(1)).to_have_attribute("aria-label", re.compile("09:00 .*09:00"))


def test_days_and_times_are_the_schedules_or_the_readers(site: Site, page: Page) -> None:
    look(site, page)
    bar = drawn(page, "Shop primary").get_by_role("group", name="On call", exact=True).locator(".bar").first
    expect(bar).to_have_attribute("aria-label", re.compile("09:00 (CET|CEST|GMT)"))
    page.get_by_role("button", name="Yours").click()
    expect(bar).to_have_attribute("aria-label", re.compile("0[34]:00 (GMT-|E[SD]T)"))
    page.reload()
    expect(bar).to_have_attribute("aria-label", re.compile("0[34]:00 (GMT-|E[SD]T)"))


def test_another_moment_is_asked_for_and_left_again(site: Site, page: Page) -> None:
    look(site, page)
    page.keyboard.press("m")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("When").fill("2020-01-08T12:00")
    dialog.get_by_role("button", name="Show it").click()
    expect(page.get_by_role("status").filter(has_text="not at now")).to_contain_text("8 Jan")
    # In that week the rotation had begun a moment ago, and the abandoned one was still held.
    expect(card(page, "Shop primary").locator(".holder")).to_contain_text("Alice Moreau")
    expect(card(page, "Abandoned").locator(".holder")).to_contain_text("Chiara Lindqvist")
    expect(drawn(page, "Abandoned").locator(".mark.asked")).to_have_count(1)
    page.reload()
    expect(card(page, "Abandoned").locator(".holder")).to_contain_text("Chiara Lindqvist")
    page.get_by_role("button", name="Back to now").click()
    expect(card(page, "Abandoned").locator(".holder")).to_have_text("Nobody")


def test_a_calendar_that_is_old_is_amber_and_one_that_was_never_read_red(site: Site, page: Page) -> None:
    look(site, page)
    feeds = drawn(page, "Leads").locator(".feeds .tag")
    expect(feeds).to_have_count(2)
    expect(feeds.filter(has_text="calendar read")).to_have_class("tag soon", timeout=20_000)
    expect(feeds.filter(has_text="calendar unread")).to_have_class("tag late")


def test_a_calendar_program_reads_the_feed_without_a_session(site: Site, page: Page) -> None:
    look(site, page)
    address = drawn(page, "Shop primary").get_by_role("link", name="Calendar").get_attribute("href") or ""
    answer = httpx.get(address, trust_env=False)
    assert answer.status_code == 200
    assert answer.text.startswith("BEGIN:VCALENDAR")
    assert httpx.get(address.split("?")[0], trust_env=False).status_code == 401


def test_hostile_names_stay_text(site: Site, page: Page) -> None:
    look(site, page)
    expect(card(page, "Shop secondary")).to_contain_text(HOSTILE)
    assert page.evaluate("window.ran") is None
    assert page.locator("main img").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_read_on_a_phone_by_day_and_by_night(browser: Browser, site: Site, scheme: str) -> None:
    with looking(browser, site, viewport=PHONE, color_scheme=scheme) as page:
        look(site, page)
        drawn(page, "Shop primary").scroll_into_view_if_needed()
        expect(drawn(page, "Shop primary").locator(".bar").first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        assert page.evaluate(LEGIBLE) == []
        drawn(page, "Shop primary").get_by_role("button", name="Override…").click()
        expect(page.get_by_role("button", name="Override", exact=True)).to_be_in_viewport()


def test_the_database_or_everything_away_is_told_and_what_was_known_stays(
    browser: Browser, tmp_path: Path
) -> None:
    with serving(tmp_path, midwatch_yaml=CONFIGURATION, read_ics=CALENDAR) as site:
        opened = browser.new_context()
        page = opened.new_page()
        page.goto(f"{site.address}/login?token={TOKEN}")
        look(site, page)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_role("alert").filter(has_text="reconnecting")).to_be_visible()
    expect(card(page, "Shop primary")).to_be_visible()
    opened.close()
