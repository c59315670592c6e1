"""The page with the phones, in a real browser, by keyboard and by mouse."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.chromium import QUIET, executable
from tests.simulator.outside import ALICE, BRAM, MIDWATCH, Application, Outside, running, until

PROMPT = "Checkout is down. Press 1."
VOICE = f"""<Response>
<Gather numDigits="1" action="/heard" input="dtmf speech" speechTimeout="auto" timeout="30">
<Say>{PROMPT}</Say></Gather>
</Response>"""
THANKS = '<Response><Say>Thank you, Alice.</Say><Pause length="30"/></Response>'

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def outside() -> Iterator[Outside]:
    application = Application()
    application.documents |= {"/voice": VOICE, "/heard": THANKS}
    with running(application) as outside:
        yield outside
    application.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def page(outside: Outside, browser: Browser) -> Iterator[Page]:
    """The page, live, with two phones on it; anything it loads from elsewhere fails the test."""
    outside.http.post("/reset").raise_for_status()
    outside.phone(ALICE, name="Alice")
    outside.phone(BRAM, name="Bram", messages={"kind": "reply", "after": 0})
    page = browser.new_page()
    asked: list[str] = []
    faults: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(outside.url)
    expect(page.get_by_text("Live", exact=True)).to_be_visible()
    yield page
    page.close()
    assert faults == []
    assert [url for url in asked if not url.startswith((outside.url, "data:"))] == []


def test_a_call_is_taken_and_answered_by_keyboard_alone(outside: Outside, page: Page) -> None:
    phone = page.get_by_role("article", name="Phone of Alice")
    sid = str(outside.place().sid)
    expect(phone).to_have_attribute("data-state", "ringing")
    expect(page.get_by_role("alert")).to_contain_text("Alice: phone is ringing")
    expect(page).to_have_title("☎ Alice ringing")

    page.keyboard.press("Enter")
    expect(phone).to_have_attribute("data-state", "talking")
    expect(phone.get_by_label("What is spoken")).to_contain_text(PROMPT)
    page.keyboard.press("1")
    expect(phone.get_by_text("You pressed 1")).to_be_visible()
    expect(phone.get_by_label("What is spoken")).to_contain_text("Thank you, Alice.")
    assert outside.application.got("/heard", sid)[0].parameters["Digits"] == "1"

    page.keyboard.press("Escape")
    expect(phone).to_have_attribute("data-state", "idle")
    expect(phone.get_by_label("Last call")).to_contain_text("completed")
    expect(phone).to_be_focused()


def test_a_call_is_taken_and_answered_by_mouse(outside: Outside, page: Page) -> None:
    phone = page.get_by_role("article", name="Phone of Alice")
    sid = str(outside.place().sid)
    phone.get_by_role("button", name="Pick up").click()
    phone.get_by_label("Say a sentence").fill("I'm on it")
    phone.get_by_role("button", name="Say").click()
    expect(phone.get_by_text("You: “I'm on it”")).to_be_visible()
    until(lambda: outside.application.got("/heard", sid))
    assert outside.application.got("/heard", sid)[0].parameters["SpeechResult"] == "I'm on it"
    phone.get_by_role("button", name="Hang up").click()
    expect(phone).to_have_attribute("data-state", "idle")


def test_messages_and_their_answers_are_a_thread(outside: Outside, page: Page) -> None:
    outside.client.messages.create(to=BRAM, from_=MIDWATCH, body="Reply ACK 4711")
    bram = page.get_by_role("article", name="Phone of Bram")
    expect(bram.get_by_label("Messages")).to_contain_text("Reply ACK 4711")
    expect(bram.get_by_text("ACK 4711", exact=True)).to_be_visible()
    alice = page.get_by_role("article", name="Phone of Alice")
    alice.get_by_label("Message to Midwatch").fill("Who is on call?")
    page.keyboard.press("Enter")
    expect(alice.get_by_text("Who is on call?")).to_be_visible()


def test_the_carrier_is_changed_from_the_page_and_shown_on_it(outside: Outside, page: Page) -> None:
    select = page.get_by_label("Carrier")
    select.select_option("fails: 503")
    until(lambda: outside.http.get("/carrier").json()["fail_with"] == 503)
    outside.carrier(callbacks={"times": 2})
    expect(select).to_have_value("callbacks doubled")
    outside.carrier(slow=1.5)
    expect(select).to_have_value("custom")


def test_errors_in_our_documents_are_shown(outside: Outside, page: Page) -> None:
    outside.phone(ALICE, name="Alice", calls={"kind": "answer", "after": 0})
    outside.client.calls.create(to=ALICE, from_=MIDWATCH, twiml="<Response><Speak/></Response>")
    expect(page.get_by_text("1 error")).to_be_visible()
    expect(page.get_by_text("12100").first).to_be_visible()


def test_a_reset_clears_the_page(outside: Outside, page: Page) -> None:
    outside.place()
    expect(page.get_by_role("button", name="Pick up")).to_be_visible()
    outside.http.post("/reset").raise_for_status()
    expect(page.get_by_text("No phones yet.")).to_be_visible()
    expect(page).to_have_title("Phones · Midwatch simulator")


def test_everything_is_reached_by_tab(outside: Outside, page: Page) -> None:
    outside.place()
    expect(page.get_by_role("button", name="Pick up")).to_be_visible()
    reached = []
    for _ in range(9):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.innerText || document.activeElement.ariaLabel"))
    names = [name.split("\n")[0] for name in reached]
    assert names[0] == "Skip to the phones"
    assert "Alice is ringing" in names
    assert names.index("Alice") < names.index("Decline") < names.index("Pick up")
