"""The life of a call, by the behaviour of the person called."""

import pytest

from tests.simulator.outside import ALICE, MIDWATCH, Application, Outside, until

PATIENT = '<Response><Say>Checkout is down.</Say><Pause length="30"/></Response>'
SHORT = "<Response><Say>Checkout is down.</Say></Response>"


def test_an_answered_call_tells_every_state_once_in_order(outside: Outside, application: Application) -> None:
    application.documents["/voice"] = SHORT
    outside.phone(ALICE, name="Alice", calls={"kind": "answer", "after": 0.1})
    sid = outside.place().sid
    call = outside.until_over(str(sid), callbacks=4)

    assert application.statuses_told(str(sid)) == ["initiated", "ringing", "in-progress", "completed"]
    assert [state["state"] for state in call["states"]] == ["queued", *application.statuses_told(str(sid))]
    assert call["spoken"] == ["Checkout is down."]
    assert call["name"] == "Alice"
    last = application.got("/status", sid)[-1].parameters
    assert last["CallbackSource"] == "call-progress-events"
    assert last["SequenceNumber"] == "3"
    assert last["Direction"] == "outbound-api"
    assert last["CallDuration"] == "0"
    assert last["Timestamp"].endswith("+0000")


def test_every_request_carries_a_signature_the_official_validator_accepts(
    outside: Outside, application: Application
) -> None:
    application.documents["/voice"] = (
        '<Response><Redirect method="GET">/more?a=1&amp;b=%2F</Redirect></Response>'
    )
    application.documents["/more"] = SHORT
    outside.phone(ALICE, calls={"kind": "answer", "after": 0})
    sid = str(outside.place(url=application.url("/voice?run=1&attempt=2%203")).sid)
    outside.until_over(sid, callbacks=4)
    assert {request.path.split("?")[0] for request in application.requests} == {"/voice", "/status", "/more"}
    assert all(request.signed for request in application.requests)


def test_only_the_events_asked_for_are_told(outside: Outside, application: Application) -> None:
    application.documents["/voice"] = SHORT
    outside.phone(ALICE, calls={"kind": "answer", "after": 0})
    sid = str(outside.place(status_callback_event=["answered", "completed"]).sid)
    outside.until_over(sid, callbacks=2)
    assert application.statuses_told(sid) == ["in-progress", "completed"]


@pytest.mark.parametrize(
    ("behaviour", "told", "sip"),
    [
        ({"kind": "busy"}, ["initiated", "busy"], "486"),
        ({"kind": "line-down"}, ["initiated", "failed"], "503"),
        ({"kind": "no-answer"}, ["initiated", "ringing", "no-answer"], "487"),
        ({"kind": "answer", "after": 5}, ["initiated", "ringing", "no-answer"], "487"),
    ],
)
def test_a_call_nobody_takes_ends_as_the_line_has_it(
    outside: Outside, application: Application, behaviour: dict[str, object], told: list[str], sip: str
) -> None:
    outside.phone(ALICE, calls=behaviour)
    sid = str(outside.place(timeout=1).sid)
    outside.until_over(sid, callbacks=len(told))
    assert application.statuses_told(sid) == told
    assert application.got("/status", sid)[-1].parameters["SipResponseCode"] == sip
    assert application.got("/voice") == []
    fetched = outside.client.calls(sid).fetch()
    assert (fetched.status, fetched.duration) == (told[-1], None)


def test_a_person_who_hangs_up_ends_the_call(outside: Outside, application: Application) -> None:
    application.documents["/voice"] = PATIENT
    outside.phone(ALICE, calls={"kind": "hang-up", "after": 0, "talk": 0.2})
    sid = str(outside.place().sid)
    outside.until_over(sid, callbacks=4)
    assert application.statuses_told(sid)[-1] == "completed"


def test_behaviours_are_played_call_after_call_and_the_last_one_repeats(
    outside: Outside, application: Application
) -> None:
    application.documents["/voice"] = SHORT
    outside.phone(ALICE, calls=[{"kind": "busy"}, {"kind": "line-down"}])
    ends = []
    for _ in range(3):
        sid = str(outside.place().sid)
        ends.append(outside.until_over(sid)["status"])
    assert ends == ["busy", "failed", "failed"]


def test_a_number_nobody_set_up_waits_for_a_hand(outside: Outside, application: Application) -> None:
    application.documents["/voice"] = PATIENT
    sid = str(outside.place(to="+15551119999").sid)
    outside.until_status(sid, "ringing")
    assert outside.hand("+15551119999", "press", digits="1").status_code == 409
    outside.hand("+15551119999", "pick-up").raise_for_status()
    outside.until_status(sid, "in-progress")
    outside.hand("+15551119999", "hang-up").raise_for_status()
    outside.until_over(sid)
    assert outside.hand("+15551119999", "hang-up").status_code == 409


def test_declining_makes_the_line_busy(outside: Outside, application: Application) -> None:
    sid = str(outside.place().sid)
    outside.until_status(sid, "ringing")
    outside.hand(ALICE, "hang-up").raise_for_status()
    assert outside.until_over(sid, callbacks=3)["status"] == "busy"


def test_a_hand_that_picks_up_speaks_instead_of_the_script(
    outside: Outside, application: Application
) -> None:
    application.documents["/voice"] = '<Response><Gather numDigits="1" timeout="1"/></Response>'
    outside.phone(ALICE, calls={"kind": "answer", "after": 30, "then": [{"wait": 0, "press": "1"}]})
    sid = str(outside.place().sid)
    outside.until_status(sid, "ringing")
    outside.hand(ALICE, "pick-up").raise_for_status()
    assert outside.until_over(sid)["heard"] == []


def test_canceling_stops_a_ringing_call(outside: Outside, application: Application) -> None:
    sid = str(outside.place().sid)
    outside.until_status(sid, "ringing")
    outside.client.calls(sid).update(status="canceled")
    outside.until_over(sid, callbacks=3)
    assert application.statuses_told(sid) == ["initiated", "ringing", "canceled"]
    assert outside.client.calls(sid).update(status="canceled").status == "canceled"


def test_canceling_leaves_a_call_in_progress_alone_and_completing_ends_it(
    outside: Outside, application: Application
) -> None:
    application.documents["/voice"] = PATIENT
    outside.phone(ALICE, calls={"kind": "answer", "after": 0})
    sid = str(outside.place().sid)
    until(lambda: outside.call(sid)["spoken"])
    outside.client.calls(sid).update(status="canceled")
    outside.client.calls(sid).update(twiml='<Response><Say>Still here</Say><Pause length="30"/></Response>')
    until(lambda: "Still here" in outside.call(sid)["spoken"])
    outside.client.calls(sid).update(status="completed")
    assert outside.until_over(sid)["status"] == "completed"


def test_a_live_call_is_redirected_to_another_document(outside: Outside, application: Application) -> None:
    application.documents["/voice"] = PATIENT
    application.documents["/elsewhere"] = "<Response><Say>Resolved.</Say></Response>"
    outside.phone(ALICE, calls={"kind": "answer", "after": 0})
    sid = str(outside.place().sid)
    until(lambda: outside.call(sid)["spoken"])
    outside.client.calls(sid).update(url=application.url("/elsewhere"))
    assert outside.until_over(sid)["spoken"] == ["Checkout is down.", "Resolved."]
    assert application.got("/elsewhere")[0].parameters["CallStatus"] == "in-progress"


def test_what_is_spoken_after_the_beep_is_the_voicemail_left(
    outside: Outside, application: Application
) -> None:
    words = " ".join(f"word{number}" for number in range(30))  # about a second of speech
    application.documents["/voice"] = f"<Response><Say>{words}</Say></Response>"
    outside.phone(ALICE, calls={"kind": "voicemail", "after": 0, "greeting": 0.5})
    left = outside.until_over(str(outside.place().sid))["voicemail"]
    assert left is not None
    assert words.endswith(left)
    assert 5 < len(left.split()) < 25


def test_voicemail_that_ends_before_the_beep_leaves_nothing(
    outside: Outside, application: Application
) -> None:
    application.documents["/voice"] = SHORT
    outside.phone(ALICE, calls={"kind": "voicemail", "after": 0, "greeting": 5})
    assert outside.until_over(str(outside.place().sid))["voicemail"] is None


@pytest.mark.parametrize(
    ("behaviour", "mode", "verdict"),
    [
        ({"kind": "answer", "after": 0}, "Enable", "human"),
        ({"kind": "voicemail", "after": 0, "greeting": 0.4}, "Enable", "machine_start"),
        ({"kind": "voicemail", "after": 0, "greeting": 0.4}, "DetectMessageEnd", "machine_end_beep"),
    ],
)
def test_machine_detection_reports_while_the_document_already_plays(
    outside: Outside, application: Application, behaviour: dict[str, object], mode: str, verdict: str
) -> None:
    application.documents["/voice"] = PATIENT
    outside.phone(ALICE, calls=behaviour)
    asked = {"machine_detection": mode, "async_amd": "true"}
    sid = str(outside.place(async_amd_status_callback=application.url("/amd"), **asked).sid)
    until(lambda: application.got("/amd"))
    detected = application.got("/amd")[0]
    assert detected.signed
    assert detected.parameters["AnsweredBy"] == verdict
    assert int(detected.parameters["MachineDetectionDuration"]) >= 400
    assert application.got("/voice")[0].at < detected.at
    assert outside.client.calls(sid).fetch().answered_by == verdict


def test_synchronous_machine_detection_comes_with_the_request_for_the_document(
    outside: Outside, application: Application
) -> None:
    application.documents["/voice"] = SHORT
    outside.phone(ALICE, calls={"kind": "voicemail", "after": 0, "greeting": 0.2})
    outside.until_over(str(outside.place(machine_detection="Enable").sid))
    assert application.got("/voice")[0].parameters["AnsweredBy"] == "machine_start"


def test_a_call_without_a_url_speaks_the_document_it_was_given(
    outside: Outside, application: Application
) -> None:
    outside.phone(ALICE, calls={"kind": "answer", "after": 0})
    call = outside.client.calls.create(to=ALICE, from_=MIDWATCH, twiml=SHORT)
    assert outside.until_over(str(call.sid))["spoken"] == ["Checkout is down."]
    assert application.requests == []
