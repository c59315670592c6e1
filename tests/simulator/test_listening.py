"""Gather: keys, speech, silence; and where they lead."""

from typing import Any

import pytest

from tests.simulator.outside import ALICE, Application, Outside, until

LONG = "word " * 400  # ten seconds of speech
THANKS = "<Response><Say>Thank you</Say><Hangup/></Response>"


def gather(attributes: str, after: str = "") -> str:
    return f'<Response><Gather action="/heard" {attributes}><Say>Press one.</Say></Gather>{after}</Response>'


def answering(*steps: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "answer", "after": 0, "then": list(steps)}


@pytest.fixture(autouse=True)
def _thanks(application: Application) -> None:
    application.documents["/heard"] = THANKS


def heard_by(
    outside: Outside, document: str, behaviour: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, str]]:
    outside.application.documents["/voice"] = document
    outside.phone(ALICE, calls=behaviour)
    call = outside.until_over(str(outside.place().sid))
    requests = outside.application.got("/heard")
    assert all(request.signed for request in requests)
    return call, requests[0].parameters if requests else {}


def test_a_key_reaches_the_action_and_the_answer_is_spoken(outside: Outside) -> None:
    call, posted = heard_by(outside, gather('numDigits="1"'), answering({"wait": 0.2, "press": "1"}))
    assert posted["Digits"] == "1"
    assert posted["CallStatus"] == "in-progress"
    assert call["spoken"] == ["Press one.", "Thank you"]
    assert call["heard"][0]["digits"] == "1"


def test_a_sentence_reaches_the_action_with_its_confidence(outside: Outside) -> None:
    step = {"wait": 0.2, "say": "I'm on it", "confidence": 0.93}
    _, posted = heard_by(outside, gather('input="dtmf speech" speechTimeout="auto"'), answering(step))
    assert (posted["SpeechResult"], posted["Confidence"]) == ("I'm on it", "0.93")
    assert "Digits" not in posted


def test_a_mumble_is_heard_with_low_confidence_every_time(outside: Outside, application: Application) -> None:
    application.documents["/heard"] = gather('input="speech" speechTimeout="0"').replace("/heard", "/again")
    application.documents["/again"] = THANKS
    _, posted = heard_by(
        outside, gather('input="speech" speechTimeout="0"'), {"kind": "mumble", "after": 0, "text": "hrm"}
    )
    assert (posted["SpeechResult"], posted["Confidence"]) == ("hrm", "0.2")
    assert application.got("/again")[0].parameters["SpeechResult"] == "hrm"


def test_a_key_barges_in_on_the_prompt(outside: Outside) -> None:
    document = f'<Response><Gather numDigits="1" action="/heard"><Say>{LONG}</Say></Gather></Response>'
    call, posted = heard_by(outside, document, answering({"wait": 0.1, "press": "2"}))
    assert posted["Digits"] == "2"
    assert call["speaking"] is None


def test_one_step_is_taken_at_each_gather(outside: Outside, application: Application) -> None:
    application.documents["/heard"] = gather('numDigits="1"').replace("/heard", "/second")
    application.documents["/second"] = THANKS
    _, posted = heard_by(
        outside, gather('numDigits="1"'), answering({"wait": 0.1, "press": "3"}, {"wait": 0.1, "press": "1"})
    )
    assert posted["Digits"] == "3"
    assert application.got("/second")[0].parameters["Digits"] == "1"


def test_silence_falls_through_to_what_follows(outside: Outside) -> None:
    call, posted = heard_by(outside, gather('timeout="0.2"', "<Say>Nothing heard</Say>"), answering())
    assert posted == {}
    assert call["spoken"] == ["Press one.", "Nothing heard"]


def test_silence_reaches_the_action_when_empty_results_are_wanted(outside: Outside) -> None:
    _, posted = heard_by(outside, gather('timeout="0.2" actionOnEmptyResult="true"'), answering())
    assert posted["Digits"] == ""


def test_the_finish_key_ends_the_input_and_is_not_part_of_it(outside: Outside) -> None:
    _, posted = heard_by(outside, gather('timeout="20"'), answering({"wait": 0, "press": "4711#"}))
    assert (posted["Digits"], posted["FinishedOnKey"]) == ("4711", "#")


def test_fewer_keys_than_wanted_are_taken_after_the_timeout(outside: Outside) -> None:
    _, posted = heard_by(
        outside, gather('numDigits="4" timeout="0.2"'), answering({"wait": 0, "press": "47"})
    )
    assert posted["Digits"] == "47"


def test_speech_is_not_heard_by_a_gather_for_keys(outside: Outside) -> None:
    call, posted = heard_by(outside, gather('timeout="0.3"'), answering({"wait": 0, "say": "hello"}))
    assert posted == {}
    assert call["heard"][0]["speech"] == "hello"


def test_hands_press_and_speak_in_a_manual_call(outside: Outside, application: Application) -> None:
    application.documents["/voice"] = gather(
        'input="dtmf speech" numDigits="1" timeout="20" speechTimeout="auto"'
    )
    application.documents["/heard"] = application.documents["/voice"].replace("/heard", "/second")
    application.documents["/second"] = THANKS
    sid = str(outside.place().sid)
    outside.until_status(sid, "ringing")
    outside.hand(ALICE, "pick-up").raise_for_status()
    until(lambda: outside.call(sid)["listening"])
    outside.hand(ALICE, "say", text="who is this", confidence=0.6).raise_for_status()
    until(lambda: application.got("/heard"))
    until(lambda: outside.call(sid)["listening"])
    outside.hand(ALICE, "press", digits="1").raise_for_status()
    outside.until_over(sid)
    assert application.got("/heard")[0].parameters["SpeechResult"] == "who is this"
    assert application.got("/second")[0].parameters["Digits"] == "1"


def test_a_recording_keeps_what_was_said(outside: Outside, application: Application) -> None:
    application.documents["/voice"] = (
        '<Response><Record action="/heard" timeout="0.5" maxLength="5"/></Response>'
    )
    sid = str(outside.place().sid)
    outside.until_status(sid, "ringing")
    outside.hand(ALICE, "pick-up").raise_for_status()
    until(lambda: outside.call(sid)["listening"])
    outside.hand(ALICE, "say", text="restarting it").raise_for_status()
    outside.until_over(sid)
    assert application.got("/heard")[0].parameters["RecordingSid"].startswith("RE")


def test_joining_a_conference_is_recorded_and_lasts_until_somebody_ends_it(
    outside: Outside, application: Application
) -> None:
    application.documents["/voice"] = "<Response><Dial><Conference>bridge</Conference></Dial></Response>"
    outside.phone(ALICE, calls={"kind": "answer", "after": 0})
    sid = str(outside.place().sid)
    until(lambda: outside.call(sid)["joined"] == ["Conference bridge"])
    outside.hand(ALICE, "hang-up").raise_for_status()
    assert outside.until_over(sid)["status"] == "completed"
