"""What the simulator makes of documents that are wrong, and of answers that are none."""

import pytest

from simulator.player import recorded_part
from simulator.twiml import Malformed, parse
from simulator.verbs import Gather, Say
from tests.simulator.outside import ALICE, Application, Outside

MALFORMED = {
    "not XML": "OK",
    "cut short": "<Response><Say>Hello</Response>",
    "another root": "<Twiml><Say>Hello</Say></Twiml>",
    "an unknown verb": "<Response><Speak>Hello</Speak></Response>",
    "a verb in the wrong case": "<Response><say>Hello</say></Response>",
    "a verb of messages": "<Response><Message>Hello</Message></Response>",
    "a wrong nesting": "<Response><Say><Gather/></Say></Response>",
    "a gather in a gather": "<Response><Gather><Gather/></Gather></Response>",
    "text outside a verb": "<Response>Hello</Response>",
    "a timeout that is no number": '<Response><Gather timeout="soon"/></Response>',
    "no digits wanted": '<Response><Gather numDigits="0"/></Response>',
    "an unknown input": '<Response><Gather input="touch"/></Response>',
    "two finish keys": '<Response><Gather finishOnKey="#*"/></Response>',
    "an unknown method": '<Response><Redirect method="PUT">/x</Redirect></Response>',
    "a redirect to nowhere": "<Response><Redirect/></Response>",
    "a dial to nobody": "<Response><Dial/></Response>",
    "an unsure flag": '<Response><Gather actionOnEmptyResult="maybe"/></Response>',
}


@pytest.mark.parametrize("document", MALFORMED.values(), ids=MALFORMED.keys())
def test_a_malformed_document_is_refused(document: str) -> None:
    with pytest.raises(Malformed):
        parse(document)


def test_an_attribute_that_the_verb_does_not_have_is_a_warning_only() -> None:
    document = parse('<Response><Say colour="red">Hello</Say></Response>')
    assert document.verbs == (Say(text="Hello", times=1),)
    assert document.warnings == ("attribute 'colour' is not allowed in <Say>",)


def test_speech_markup_is_read_as_its_words() -> None:
    spoken = 'Call <break time="1s"/><say-as interpret-as="digits">4711</say-as> now'
    assert parse(f"<Response><Say>{spoken}</Say></Response>").verbs == (Say(text="Call 4711 now", times=1),)


def test_speech_ends_after_the_gathers_timeout_unless_said_otherwise() -> None:
    (default,) = parse('<Response><Gather input="speech" timeout="3"/></Response>').verbs
    (auto,) = parse('<Response><Gather input="speech" speechTimeout="auto"/></Response>').verbs
    assert isinstance(default, Gather)
    assert isinstance(auto, Gather)
    assert (default.speech_timeout, auto.speech_timeout) == (3, None)


@pytest.mark.parametrize(
    ("beep", "until", "left"),
    [(0.0, 4.0, "one two six ten"), (1.5, 4.0, "six ten"), (9.0, 9.0, ""), (0.0, 1.5, "one two")],
)
def test_a_mailbox_keeps_the_words_between_the_beep_and_the_end(beep: float, until: float, left: str) -> None:
    assert recorded_part("one two six ten", 0.0, 3.0, beep, until) == left


@pytest.mark.parametrize(
    ("document", "http", "content_type", "code"),
    [
        ("<Response><Speak/></Response>", 200, "text/xml", 12100),
        ("", 200, "text/xml", 12100),
        ("", 500, "text/xml", 11200),
        ("", 403, "text/xml", 11200),
        ('{"say": "hello"}', 200, "application/json", 12300),
    ],
)
def test_a_document_that_cannot_be_obeyed_ends_the_call_with_its_error(
    outside: Outside, application: Application, document: str, http: int, content_type: str, code: int
) -> None:
    application.documents["/voice"] = document
    application.statuses["/voice"] = http
    application.types["/voice"] = content_type
    outside.phone(ALICE, calls={"kind": "answer", "after": 0})
    sid = str(outside.place().sid)
    call = outside.until_over(sid, callbacks=4)
    assert call["status"] == "completed"
    assert [error["code"] for error in call["errors"]] == [code]
    logged = outside.http.get("/errors").json()
    assert [(entry["code"], entry["sid"], entry["url"]) for entry in logged] == [
        (code, sid, application.url("/voice"))
    ]


def test_a_malformed_answer_to_a_key_ends_the_call_too(outside: Outside, application: Application) -> None:
    application.documents["/voice"] = '<Response><Gather numDigits="1" action="/heard"/></Response>'
    application.documents["/heard"] = "<Response><Say>Thanks</Response>"
    outside.phone(ALICE, calls={"kind": "answer", "after": 0, "then": [{"wait": 0, "press": "1"}]})
    call = outside.until_over(str(outside.place().sid))
    assert [error["code"] for error in call["errors"]] == [12100]


def test_a_call_goes_on_after_a_schema_warning(outside: Outside, application: Application) -> None:
    application.documents["/voice"] = '<Response><Say colour="red">Hello</Say></Response>'
    outside.phone(ALICE, calls={"kind": "answer", "after": 0})
    call = outside.until_over(str(outside.place().sid))
    assert call["spoken"] == ["Hello"]
    assert [(error["code"], error["level"]) for error in call["errors"]] == [(12200, "warning")]


def test_an_application_that_cannot_be_reached_is_an_11200(outside: Outside) -> None:
    outside.phone(ALICE, calls={"kind": "answer", "after": 0})
    call = outside.until_over(str(outside.place(url="http://127.0.0.1:9/voice", status_callback=None).sid))
    assert [error["code"] for error in call["errors"]] == [11200]
