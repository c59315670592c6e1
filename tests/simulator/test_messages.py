"""Messages to people, their answers, and their opting out."""

from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException

from simulator.message import reply_text, segments
from tests.simulator.outside import ALICE, MIDWATCH, Application, Outside, until


def send(outside: Outside, body: str = "Reply ACK 4711") -> str:
    callback = outside.application.url("/sms-status")
    message = outside.client.messages.create(to=ALICE, from_=MIDWATCH, body=body, status_callback=callback)
    assert message.status == "queued"
    return str(message.sid)


def bodies(outside: Outside) -> list[tuple[str, str]]:
    return [(message["direction"], message["body"]) for message in outside.http.get("/messages").json()]


def test_a_delivered_message_tells_its_states(outside: Outside, application: Application) -> None:
    outside.phone(ALICE, messages={"kind": "ignore"})
    sid = send(outside)
    until(lambda: len(application.got("/sms-status", sid)) == 2)
    told = application.got("/sms-status", sid)
    assert [request.parameters["MessageStatus"] for request in told] == ["sent", "delivered"]
    assert all(request.signed and request.parameters["SmsSid"] == sid for request in told)
    assert outside.client.messages(sid).fetch().status == "delivered"


def test_an_undeliverable_message_is_a_30003(outside: Outside, application: Application) -> None:
    outside.phone(ALICE, messages={"kind": "undeliverable"})
    sid = send(outside)
    until(lambda: len(application.got("/sms-status", sid)) == 2)
    last = application.got("/sms-status", sid)[-1].parameters
    assert (last["MessageStatus"], last["ErrorCode"]) == ("undelivered", "30003")
    fetched = outside.client.messages(sid).fetch()
    assert (fetched.status, fetched.error_code) == ("undelivered", 30003)


def test_a_reply_brings_the_code_and_gets_the_answer_of_the_application(
    outside: Outside, application: Application
) -> None:
    application.documents["/sms"] = "<Response><Message>It is yours.</Message></Response>"
    outside.phone(ALICE, messages={"kind": "reply", "after": 0.1})
    send(outside)
    until(lambda: ("outbound-reply", "It is yours.") in bodies(outside))
    (came,) = application.got("/sms")
    assert came.signed
    wanted = {"Body": "ACK 4711", "From": ALICE, "To": MIDWATCH, "NumMedia": "0", "SmsStatus": "received"}
    assert {name: came.parameters[name] for name in wanted} == wanted


def test_an_empty_answer_to_a_message_is_no_error(outside: Outside, application: Application) -> None:
    outside.hand(ALICE, "send", text="Hello").raise_for_status()
    until(lambda: application.got("/sms"))
    application.documents["/sms"] = "<Response/>"
    outside.hand(ALICE, "send", text="Hello again").raise_for_status()
    until(lambda: len(application.got("/sms")) == 2)
    assert outside.http.get("/errors").json() == []


@pytest.mark.parametrize(
    ("document", "http", "code"),
    [("<Response><Say>Hi</Say></Response>", 200, 12100), ("Thanks!", 200, 12100), ("", 500, 11200)],
)
def test_a_wrong_answer_to_a_message_is_logged(
    outside: Outside, application: Application, document: str, http: int, code: int
) -> None:
    application.documents["/sms"] = document
    application.statuses["/sms"] = http
    outside.hand(ALICE, "send", text="Hello").raise_for_status()
    until(lambda: [error["code"] for error in outside.http.get("/errors").json()] == [code])


@pytest.mark.parametrize("behaviour", [{"kind": "opted-out"}, [{"kind": "opted-out"}, {"kind": "ignore"}]])
def test_a_message_to_somebody_opted_out_is_a_21610(outside: Outside, behaviour: Any) -> None:
    outside.phone(ALICE, messages=behaviour)
    with pytest.raises(TwilioRestException) as refused:
        send(outside)
    assert (refused.value.status, refused.value.code) == (400, 21610)


def test_stop_ends_messages_until_start(outside: Outside, application: Application) -> None:
    outside.hand(ALICE, "send", text=" stop ").raise_for_status()
    until(lambda: application.got("/sms"))
    with pytest.raises(TwilioRestException) as refused:
        send(outside)
    assert refused.value.code == 21610
    outside.hand(ALICE, "send", text="START").raise_for_status()
    until(lambda: len(application.got("/sms")) == 2)
    assert send(outside)


def test_the_code_is_the_first_number_of_four_to_six_digits() -> None:
    assert (
        reply_text("ACK {code}", "SEV1 since 3 min, 12345678 errors. Reply ACK 90210 or 4711") == "ACK 90210"
    )
    assert reply_text("{code}?", "no code here") == "?"


@pytest.mark.parametrize(
    ("text", "number"), [("x" * 160, 1), ("x" * 161, 2), ("ж" * 70, 1), ("ж" * 71, 2), ("x" * 459, 3)]
)
def test_a_long_text_counts_as_several(text: str, number: int) -> None:
    assert segments(text) == number
