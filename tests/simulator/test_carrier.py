"""A carrier on a bad day."""

import time
from typing import Any

import pytest
import requests
from twilio.base.exceptions import TwilioRestException

from tests.simulator.outside import ALICE, MIDWATCH, Application, Outside, until

SHORT = "<Response><Say>Checkout is down.</Say></Response>"


@pytest.fixture(autouse=True)
def _alice_answers(outside: Outside, application: Application) -> None:
    application.documents["/voice"] = SHORT
    outside.phone(ALICE, calls={"kind": "answer", "after": 0.1}, messages={"kind": "ignore"})


@pytest.mark.parametrize(("status", "code"), [(429, 20429), (500, 20500), (503, 20503)])
def test_a_failing_carrier_places_nothing(outside: Outside, status: int, code: int) -> None:
    outside.carrier(fail_with=status)
    with pytest.raises(TwilioRestException) as call:
        outside.place()
    with pytest.raises(TwilioRestException) as message:
        outside.client.messages.create(to=ALICE, from_=MIDWATCH, body="Hi")
    for refused in (call.value, message.value):
        assert (refused.status, refused.code) == (status, code)
    assert outside.http.get("/calls").json() == outside.http.get("/messages").json() == []


def test_a_mood_for_the_next_creations_passes(outside: Outside) -> None:
    outside.carrier(fail_with=503, for_next=2)
    for _ in range(2):
        with pytest.raises(TwilioRestException):
            outside.place()
    assert outside.place().status == "queued"
    assert outside.http.get("/carrier").json()["fail_with"] is None


def test_a_lost_answer_leaves_a_call_that_was_placed(outside: Outside, application: Application) -> None:
    outside.carrier(lose_answers=True, for_next=1)
    with pytest.raises(requests.exceptions.ConnectionError):
        outside.place()
    (call,) = outside.http.get("/calls").json()
    outside.until_over(call["sid"], callbacks=4)
    assert application.statuses_told(call["sid"]) == ["initiated", "ringing", "in-progress", "completed"]
    assert [listed.sid for listed in outside.client.calls.list(to=ALICE)] == [call["sid"]]


def test_a_slow_carrier_places_the_call_before_it_answers(outside: Outside, application: Application) -> None:
    outside.carrier(slow=0.8)
    began = time.monotonic()
    sid = str(outside.place().sid)
    assert time.monotonic() - began >= 0.8
    assert application.got("/status", sid)[0].at - began < 0.6


def told(outside: Outside, callbacks: int, **mischief: Any) -> tuple[str, list[str]]:
    outside.carrier(callbacks=mischief)
    sid = str(outside.place().sid)
    outside.until_over(sid, callbacks=callbacks)
    return sid, outside.application.statuses_told(sid)


def test_callbacks_come_late(outside: Outside, application: Application) -> None:
    sid, statuses = told(outside, 4, delay=0.5)
    assert statuses == ["initiated", "ringing", "in-progress", "completed"]
    # The document is asked for when the call is answered; only the news of it is late.
    assert application.got("/voice")[0].at < application.got("/status", sid)[0].at


def test_callbacks_come_twice_with_the_same_token(outside: Outside, application: Application) -> None:
    sid, statuses = told(outside, 8, times=2)
    assert statuses[::2] == statuses[1::2] == ["initiated", "ringing", "in-progress", "completed"]
    tokens = [request.token for request in application.got("/status", sid)]
    assert tokens[::2] == tokens[1::2]
    assert len(set(tokens)) == 4


def test_callbacks_come_out_of_order(outside: Outside, application: Application) -> None:
    sid, statuses = told(outside, 4, reorder=True)
    assert statuses == ["ringing", "initiated", "completed", "in-progress"]
    numbers = [request.parameters["SequenceNumber"] for request in application.got("/status", sid)]
    assert numbers == ["1", "0", "3", "2"]


def test_callbacks_get_lost(outside: Outside) -> None:
    sid, statuses = told(outside, 4, drop=["completed", "ringing"])
    assert statuses == ["initiated", "in-progress"]
    assert [one["dropped"] for one in outside.call(sid)["callbacks"]] == [False, True, False, True]


def test_what_was_placed_before_keeps_the_carrier_it_had(outside: Outside, application: Application) -> None:
    outside.carrier(callbacks={"drop": ["completed"]}, for_next=1)
    sid = str(outside.place().sid)
    outside.until_over(sid, callbacks=4)
    assert "completed" not in application.statuses_told(sid)


def test_a_detection_gets_lost(outside: Outside, application: Application) -> None:
    application.documents["/voice"] = '<Response><Pause length="30"/></Response>'
    outside.carrier(callbacks={"drop": ["amd"]})
    sid = str(
        outside.place(
            machine_detection="Enable", async_amd="true", async_amd_status_callback=application.url("/amd")
        ).sid
    )
    until(lambda: [one["event"] for one in outside.call(sid)["callbacks"] if one["dropped"]] == ["amd"])
    assert application.got("/amd") == []


def test_a_message_from_a_person_comes_twice_or_never(outside: Outside, application: Application) -> None:
    outside.carrier(callbacks={"times": 2})
    outside.hand(ALICE, "send", text="ACK 4711").raise_for_status()
    until(lambda: len(application.got("/sms")) == 2)
    assert len({request.parameters["MessageSid"] for request in application.got("/sms")}) == 1
    outside.carrier(callbacks={"drop": ["sms"]})
    outside.hand(ALICE, "send", text="ACK 4712").raise_for_status()
    until(lambda: len(outside.http.get("/messages").json()) == 2)
    assert len(application.got("/sms")) == 2


def test_a_refused_callback_is_seen_and_not_sent_again(outside: Outside, application: Application) -> None:
    application.statuses["/status"] = 500
    sid = str(outside.place().sid)
    call = outside.until_over(sid, callbacks=4)
    assert [one["http_status"] for one in call["callbacks"]] == [500] * 4
    assert len(application.got("/status", sid)) == 4
    assert {error["code"] for error in call["errors"]} == {15003}
