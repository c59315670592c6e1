"""What Twilio says, in our words; what it is told, in its own."""

from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from starlette.datastructures import FormData
from twilio.request_validator import RequestValidator

from domain.messages import Page
from integrations import twiml
from integrations.twilio_inbound import answered_by, callback_url, event_of, is_genuine, page_of

NOW = datetime(2026, 3, 1, tzinfo=UTC)
PAGE = Page(incident_id="checkout.errors.k3f9a", run=1, attempt=7)
URL = "https://midwatch.example.com/callbacks/twilio/status?incident=a&run=1"


@pytest.mark.parametrize(
    ("status", "word"),
    [
        ("queued", "queued"),
        ("initiated", "initiated"),
        ("ringing", "ringing"),
        ("in-progress", "answered"),
        ("completed", "completed"),
        ("busy", "busy"),
        ("no-answer", "no-answer"),
        ("failed", "failed"),
        ("canceled", "canceled"),
    ],
)
def test_each_status_of_a_call_has_its_word(status: str, word: str) -> None:
    event = event_of({"CallSid": "CA1", "CallStatus": status}, PAGE, NOW)
    assert event is not None
    assert (event.word, event.carrier_id, event.page, event.at) == (word, "CA1", PAGE, NOW)


@pytest.mark.parametrize(
    ("status", "word"),
    [("sent", "sent"), ("delivered", "delivered"), ("undelivered", "undelivered"), ("failed", "failed")],
)
def test_each_status_of_a_message_has_its_word(status: str, word: str) -> None:
    event = event_of({"MessageSid": "SM1", "MessageStatus": status, "ErrorCode": "30003"}, PAGE, NOW)
    assert event is not None
    assert (event.word, event.carrier_id, event.detail) == (word, "SM1", "Twilio 30003")


@pytest.mark.parametrize("form", [{"CallSid": "CA1", "CallStatus": "pondering"}, {"CallStatus": "busy"}, {}])
def test_words_that_are_not_known_are_no_event(form: dict[str, str]) -> None:
    assert event_of(form, PAGE, NOW) is None


@pytest.mark.parametrize(
    ("found", "word"),
    [
        ("human", "human"),
        ("unknown", "human"),
        ("machine_start", "machine"),
        ("machine_end_beep", "machine"),
        ("fax", "machine"),
    ],
)
def test_a_machine_is_told_from_a_person(found: str, word: str) -> None:
    event = answered_by({"CallSid": "CA1", "AnsweredBy": found}, PAGE, NOW)
    assert event is not None
    assert event.word == word


def test_a_callback_address_names_its_page() -> None:
    url = callback_url("https://midwatch.example.com", "answer", PAGE, asked="2")
    assert url.startswith("https://midwatch.example.com/callbacks/twilio/answer?")
    query = dict(pair.split("=") for pair in url.partition("?")[2].split("&"))
    assert page_of(query) == PAGE
    assert query["asked"] == "2"


@pytest.mark.parametrize("query", [{}, {"incident": "x"}, {"incident": "x", "run": "one", "attempt": "1"}])
def test_an_address_that_names_no_page_is_no_page(query: dict[str, str]) -> None:
    assert page_of(query) is None


def test_a_signature_holds_for_its_address_and_its_form_only() -> None:
    form = FormData([("CallSid", "CA1"), ("CallStatus", "busy")])
    signature = RequestValidator("secret").compute_signature(URL, dict(form))
    assert is_genuine("secret", URL, form, signature)
    assert not is_genuine("other", URL, form, signature)
    assert not is_genuine("secret", URL.replace("run=1", "run=2"), form, signature)
    assert not is_genuine("secret", URL, FormData([("CallSid", "CA1"), ("CallStatus", "done")]), signature)
    assert not is_genuine("secret", URL, form, "")


def test_a_question_takes_keys_and_words_and_does_not_hang_on_silence() -> None:
    text = twiml.question("Payments fail & burn.", "Press 1.", answer_url="https://a/b?c=1&d=2", hints="ack")
    gather, redirect = ElementTree.fromstring(text)
    assert gather.attrib == {
        "input": "dtmf speech",
        "numDigits": "1",
        "timeout": "6",
        "speechTimeout": "auto",
        "hints": "ack",
        "action": "https://a/b?c=1&d=2",
        "method": "POST",
    }
    assert [say.text for say in gather] == ["Payments fail & burn.", "Press 1."]
    assert (redirect.tag, redirect.text) == ("Redirect", "https://a/b?c=1&d=2")


def test_a_goodbye_ends_the_call() -> None:
    assert [verb.tag for verb in ElementTree.fromstring(twiml.goodbye("Bye"))] == ["Say", "Hangup"]


def test_a_hold_waits_and_goes_on() -> None:
    say, pause, redirect = ElementTree.fromstring(twiml.hold("Wait", "https://a/b"))
    assert (say.text, pause.attrib, redirect.text) == ("Wait", {"length": "2"}, "https://a/b")
