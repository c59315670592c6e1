"""The page of the configuration and its faults (spec 12.2), in a real browser on a real API."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.oncall_site import HOSTILE, Site, looking, serving
from tests.browser.test_oncall_page import browser
from tests.browser.test_status_page import LEGIBLE, PHONE

__all__ = ["browser"]

pytestmark = pytest.mark.browser

NOTICED_MS = 20_000

ORGANISATION = """
pack: p
default_service: checkout
time_zone: Europe/Berlin
teams:
  shop: {name: Shop, members: [alice, ben], primary: shop, lead: ben, manager: alice}
schedules:
  shop:
    name: Shop primary
    layers:
      - {name: weekly, people: [alice, ben], starts: 2020-01-06}
      - {name: over, people: [alice], starts: 2020-01-06, ends: 2020-02-03}
"""
PEOPLE = """people:
  alice: {name: Alice Moreau, phone: "+12025550101", email: alice@example.com}
  ben:
    name: Ben Okafor
    phone: "+12025550102"
    email: ben@example.com
"""
SERVICES = f"""services:
  checkout: {{name: Checkout, ladder: shop, team: shop, depends_on: [payments, stock], runbook: "https://runbooks.example.com/checkout"}}
  payments: {{name: Payments, ladder: shop, depends_on: [accounts], runbook: "javascript:alert(1)"}}
  stock: {{name: "{HOSTILE}", ladder: shop}}
  accounts: {{name: Accounts, ladder: shop}}
  mail: {{name: Mail, ladder: shop}}
ladders:
  shop:
    rungs:
      - {{name: primary, schedules: [shop]}}
      - {{name: manager, people: [alice], severities: [P0]}}
"""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    files = {"organisation_yaml": ORGANISATION, "people_yaml": PEOPLE, "services_yaml": SERVICES}
    with serving(tmp_path, **files) as site:
        yield site


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    with looking(browser, site) as page:
        yield page


def look(site: Site, page: Page) -> None:
    """Open the page and wait until it is live."""
    page.goto(f"{site.address}/configuration")
    expect(page.get_by_text("Live", exact=True)).to_be_visible()
    expect(page.get_by_role("heading", name="To mend", exact=True)).to_be_visible()


def test_what_is_wrong_stands_at_its_file_and_line_with_the_mend(site: Site, page: Page) -> None:
    look(site, page)
    found = site.ask("/api/v1/configuration")["findings"]
    assert found, "this configuration has something to mend"
    shown = page.get_by_role("region", name="Findings").locator(".finding")
    expect(shown).to_have_count(len(found))
    ended = next(one for one in found if one["place"][:4] == ["schedules", "shop", "layers", 1])
    assert ended["spot"] == {
        "file": "organisation.yaml",
        "line": ORGANISATION.splitlines().index(
            "      - {name: over, people: [alice], starts: 2020-01-06, ends: 2020-02-03}"
        )
        + 1,
    }
    file = page.get_by_role("region", name="organisation.yaml")
    line = (
        file.locator(".finding")
        .filter(has_text=f"line {ended['spot']['line']}")
        .filter(has_text=ended["rule"])
    )
    expect(line).to_contain_text("Mend: ")
    expect(line).to_contain_text(ended["mend"].replace("`", ""))


def test_findings_are_counted_filtered_and_walked(site: Site, page: Page) -> None:
    look(site, page)
    found = site.ask("/api/v1/configuration")["findings"]
    errors = [one for one in found if one["level"] == "error"]
    shown = page.locator(".finding")
    warnings = page.get_by_role("button", name=re.compile("^Warnings"))
    expect(warnings).to_contain_text(str(len(found) - len(errors)))
    warnings.click()
    expect(shown).to_have_count(len(found) - len(errors))
    page.keyboard.press("e")
    expect(shown).to_have_count(len(errors))
    page.keyboard.press("e")
    expect(shown).to_have_count(len(found))
    page.locator("body").click(position={"x": 5, "y": 300})
    page.keyboard.press("j")
    expect(shown.first).to_be_focused()
    page.keyboard.press("/")
    page.keyboard.type(found[0]["rule"])
    expect(shown).to_have_count(sum(one["rule"] == found[0]["rule"] for one in found))
    page.keyboard.type("-nothing like it")
    expect(page.get_by_text("Nothing fits")).to_be_visible()


def test_a_bad_change_is_refused_in_red_and_gone_once_it_is_mended(site: Site, page: Page) -> None:
    look(site, page)
    people = site.files / "people.yaml"
    good = people.read_text(encoding="utf-8")
    people.write_text(good.replace('"+12025550102"', '"call me"'), encoding="utf-8")
    refusal = page.get_by_role("alert").filter(has_text="The latest change is refused")
    expect(refusal).to_be_visible(timeout=NOTICED_MS)
    expect(refusal).to_contain_text("last good configuration is still in force")
    fault = refusal.get_by_role("listitem")
    expect(fault).to_have_count(1)
    expect(fault.locator("code")).to_have_text("people.yaml:5")
    expect(fault).to_contain_text("not a phone number")
    # Lines of files that do not hold would lead astray.
    expect(page.locator(".finding .line").first).to_be_empty()
    expect(page).to_have_title("Change refused · Midwatch")
    elsewhere = page.context.new_page()
    elsewhere.goto(f"{site.address}/on-call")
    expect(elsewhere.get_by_role("navigation", name="Pages")).to_contain_text("refused")
    elsewhere.close()
    people.write_text(good.replace("Ben Okafor", "Ben Adeyemi"), encoding="utf-8")
    expect(refusal).to_have_count(0, timeout=NOTICED_MS)
    expect(page.get_by_role("region", name="Teams")).to_contain_text("Ben Adeyemi")


def test_services_are_drawn_with_what_they_need(site: Site, page: Page) -> None:
    look(site, page)
    drawing = page.get_by_role("group", name="Services and what they need")
    expect(drawing.locator("[data-service]")).to_have_count(4)
    needs = drawing.locator(".need")
    expect(needs).to_have_count(3)
    payments = drawing.get_by_label(re.compile("^Payments; .*needs Accounts; needed by Checkout"))
    payments.focus()
    expect(drawing.locator(".need.near")).to_have_count(2)
    left, right = (
        drawing.locator(f"[data-service={name}] rect").bounding_box() for name in ("checkout", "payments")
    )
    assert left
    assert right
    assert left["x"] + left["width"] < right["x"]
    payments.press("Enter")
    expect(page.locator("#service-payments")).to_be_in_viewport()
    expect(page.get_by_role("region", name="Services", exact=True).get_by_role("listitem")).to_have_count(5)


def test_teams_and_ladders_say_whom_they_mean(site: Site, page: Page) -> None:
    look(site, page)
    team = page.locator("#team-shop")
    expect(team).to_contain_text("LeadBen Okafor")
    expect(team.get_by_role("link", name="Shop primary")).to_have_attribute("href", "/on-call#schedule-shop")
    ladder = page.locator("#ladder-shop")
    expect(ladder.locator(".rung").nth(0)).to_contain_text("Shop primary")
    expect(ladder.locator(".rung").nth(1)).to_contain_text("only P0")
    expect(ladder).to_contain_text("nobody is told")


def test_hostile_names_stay_text_and_hostile_addresses_are_no_links(site: Site, page: Page) -> None:
    look(site, page)
    expect(page.locator("#service-stock")).to_contain_text(HOSTILE)
    expect(page.locator("#service-payments")).to_contain_text("javascript:alert(1)")
    assert page.locator("a[href^='javascript']").count() == 0
    assert page.evaluate("window.ran") is None
    assert page.locator("main img").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_read_on_a_phone_by_day_and_by_night(browser: Browser, site: Site, scheme: str) -> None:
    with looking(browser, site, viewport=PHONE, color_scheme=scheme) as page:
        look(site, page)
        people = site.files / "people.yaml"
        people.write_text(PEOPLE + f"  carl: {{name: {'x' * 200}}}\n", encoding="utf-8")
        expect(page.get_by_role("alert").filter(has_text="is refused")).to_be_visible(timeout=NOTICED_MS)
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        assert page.evaluate(LEGIBLE) == []


def test_only_whoever_has_the_token_reads_the_configuration(site: Site) -> None:
    assert httpx.get(f"{site.address}/api/v1/configuration", trust_env=False).status_code == 401
