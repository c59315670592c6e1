"""The carrier at the door: what is said on the phone, what an answer does, and what changes nothing."""

from html import unescape
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit
from xml.etree import ElementTree

import pytest

from domain.messages import Page
from domain.organisation import Organisation
from integrations.twilio_inbound import callback_url
from policy import words
from tests.api.conftest import House, house, mute_carrier, working
from tests.eventually import eventually

NOWHERE = Page(incident_id="checkout.nothing.k3f9a", run=1, attempt=1)
PATHS = ("voice", "answer", "status", "amd", "sms", "sms-status")


def spoken(twiml: str) -> str:
    return " ".join(say.text or "" for say in ElementTree.fromstring(twiml).iter("Say"))


def tags(twiml: str) -> list[str]:
    return [verb.tag for verb in ElementTree.fromstring(twiml)]


async def attempt_of(built: House, page: Page) -> dict[str, object]:
    ladder = (await built.report(page.incident_id))["ladder"]
    found: dict[str, object] = next(a for a in ladder["attempts"] if a["id"] == page.attempt)
    return found


@pytest.mark.parametrize("path", PATHS)
async def test_13_2_a_forged_callback_is_refused(alone: House, path: str) -> None:
    url = callback_url(alone.settings.public_url, path, NOWHERE)
    for signature in ("", "Zm9yZ2Vk", "é"):
        answer = await alone.carrier(url, signature, CallSid="CA1", Digits="1")
        assert (answer.status_code, answer.json()["error"]) == (403, "forged")


async def test_13_2_a_forged_answer_changes_nothing(attended: House) -> None:
    page = await attended.paged(await attended.alert("forged"))
    url = callback_url(attended.settings.public_url, "answer", page)
    assert (await attended.carrier(url, "forged", CallSid="CA1", Digits="1")).status_code == 403
    assert (await attended.report(page.incident_id))["status"] == "detected"
    await attended.end(page.incident_id)


async def test_a_signature_for_our_own_address_instead_of_the_public_one_is_refused(alone: House) -> None:
    url = callback_url(str(alone.http.base_url).rstrip("/"), "status", NOWHERE)
    assert (await alone.carrier(url, CallSid="CA1", CallStatus="busy")).status_code == 403


async def test_the_call_tells_the_incident_as_it_is_and_asks(attended: House) -> None:
    page = await attended.paged(await attended.alert("told", impact="Nobody can pay"))
    answer = await attended.callback("voice", page, CallSid="CA1", To="+12025550101")
    assert answer.headers["Content-Type"].startswith("application/xml")
    said = spoken(answer.text)
    assert "P 0 incident: Payments fail. Nobody can pay. Nobody has it yet." in said
    assert said.endswith(words.MENU)
    gather = ElementTree.fromstring(answer.text)[0]
    assert gather.attrib["action"].startswith("https://midwatch.example.com/callbacks/twilio/answer?")
    assert dict(parse_qsl(urlsplit(gather.attrib["action"]).query))["asked"] == "1"
    await attended.end(page.incident_id)


async def test_key_1_takes_the_incident_and_says_so(attended: House) -> None:
    page = await attended.paged(await attended.alert("key-1"))
    answer = await attended.callback(
        "answer", page, {"asked": "1"}, CallSid="CA1", To="+12025550101", Digits="1"
    )
    assert spoken(answer.text) == "You have it. Nobody else is paged."
    assert tags(answer.text) == ["Say", "Hangup"]
    report = await attended.report(page.incident_id)
    assert report["commander"] == {"id": "alice", "name": "Alice Moreau"}
    again = await attended.callback("voice", page, CallSid="CA2", To="+12025550101")
    assert spoken(again.text) == f"Alice Moreau has it. {words.STALE}"
    await attended.end(page.incident_id)


async def test_the_same_answer_twice_is_answered_alike(attended: House) -> None:
    page = await attended.paged(await attended.alert("answer-twice"))
    form = {"CallSid": "CA1", "To": "+12025550101", "Digits": "1"}
    first = await attended.callback("answer", page, {"asked": "1"}, **form)
    second = await attended.callback("answer", page, {"asked": "1"}, **form)
    assert first.text == second.text
    await attended.end(page.incident_id)


async def test_words_that_were_heard_well_count_and_are_kept(attended: House) -> None:
    page = await attended.paged(await attended.alert("spoken"))
    form = {"SpeechResult": "I'm on it", "Confidence": "0.93"}
    answer = await attended.callback("answer", page, {"asked": "1"}, CallSid="CA1", To="+12025550101", **form)
    assert spoken(answer.text).startswith("You have it.")
    attempt = await attempt_of(attended, page)
    assert (attempt["heard"], attempt["confidence"]) == ("I'm on it", 0.93)
    await attended.end(page.incident_id)


async def test_4_2_a_mumble_is_asked_again_once_and_never_counts(attended: House) -> None:
    page = await attended.paged(await attended.alert("mumble"))
    form = {"CallSid": "CA1", "To": "+12025550101", "SpeechResult": "acknowledge", "Confidence": "0.1"}
    first = await attended.callback("answer", page, {"asked": "1"}, **form)
    assert spoken(first.text) == words.ASK_AGAIN
    asked = dict(parse_qsl(urlsplit(ElementTree.fromstring(first.text)[0].attrib["action"]).query))
    assert asked["asked"] == "2"
    second = await attended.callback("answer", page, {"asked": "2"}, **form)
    assert (spoken(second.text), tags(second.text)) == (words.NOT_UNDERSTOOD, ["Say", "Hangup"])

    async def noted() -> bool:
        return (await attempt_of(attended, page))["outcome"] == "unclear answer"

    await eventually(noted)
    assert (await attempt_of(attended, page))["heard"] == "acknowledge"
    assert (await attended.report(page.incident_id))["status"] == "detected"
    await attended.end(page.incident_id)


async def test_silence_is_an_unclear_answer(attended: House) -> None:
    page = await attended.paged(await attended.alert("silence"))
    answer = await attended.callback("answer", page, {"asked": "1"}, CallSid="CA1", To="+12025550101")
    assert spoken(answer.text) == words.ASK_AGAIN
    await attended.end(page.incident_id)


async def test_key_3_repeats_and_key_2_passes_on(attended: House) -> None:
    page = await attended.paged(await attended.alert("key-2"))
    form = {"CallSid": "CA1", "To": "+12025550101"}
    repeated = await attended.callback("answer", page, {"asked": "1"}, **form, Digits="3")
    assert "P 0 incident" in spoken(repeated.text)
    passed = await attended.callback("answer", page, {"asked": "1"}, **form, Digits="2")
    assert spoken(passed.text) == "Passed on. The next person is paged."
    await attended.end(page.incident_id)


async def test_13_2_an_answer_to_a_page_of_another_time_changes_nothing(attended: House) -> None:
    page = await attended.paged(await attended.alert("stale"))
    other_incident = page.model_copy(update={"incident_id": f"{page.incident_id.rpartition('.')[0]}.zzzzz"})
    other_run = page.model_copy(update={"run": 9})
    for stale in (NOWHERE, other_incident, other_run):
        voice = await attended.callback("voice", stale, CallSid="CA1", To="+12025550101")
        answer = await attended.callback("answer", stale, CallSid="CA1", To="+12025550101", Digits="1")
        status = await attended.callback("status", stale, CallSid="CA1", CallStatus="busy")
        assert (voice.status_code, spoken(voice.text)) == (200, words.STALE)
        assert (answer.status_code, spoken(answer.text)) == (200, words.STALE)
        assert status.status_code == 200
    report = await attended.report(page.incident_id)
    assert report["status"] == "detected"
    assert not [a for a in report["ladder"]["attempts"] if a["outcome"] == "busy"]
    await attended.end(page.incident_id)


@pytest.mark.parametrize("path", PATHS)
async def test_an_address_without_a_page_changes_nothing(alone: House, path: str) -> None:
    for query in ("", "?incident=x&run=one&attempt=1", "?incident=%00&run=1&attempt=1"):
        url = f"{alone.settings.public_url}/callbacks/twilio/{path}{query}"
        answer = await alone.carrier(url, CallSid="CA1", From="+19995550000", Digits="1", CallStatus="busy")
        assert answer.status_code == 200


async def test_status_and_machine_reach_the_attempt(attended: House) -> None:
    async with mute_carrier(attended):
        page = await attended.paged(await attended.alert("machine"))
        await attended.callback("status", page, CallSid="CA1", CallStatus="ringing")
        await attended.callback("amd", page, CallSid="CA1", AnsweredBy="machine_end_beep")

        async def ended() -> bool:
            return (await attempt_of(attended, page))["outcome"] == "voicemail"

        await eventually(ended)
        assert (await attended.report(page.incident_id))["status"] == "detected"
        await attended.end(page.incident_id)


async def test_without_a_worker_the_call_tells_what_is_known_and_the_answer_counts(served: House) -> None:
    async with working(served):
        page = await served.paged(await served.alert("worker-away"))
    said = spoken((await served.callback("voice", page, CallSid="CA1", To="+12025550101")).text)
    assert "P 0 incident: Payments fail." in said
    pressed = {"CallSid": "CA1", "To": "+12025550101", "Digits": "1"}
    answer = await served.callback("answer", page, {"asked": "1"}, **pressed)
    assert spoken(answer.text) == words.STORED
    async with working(served):

        async def taken() -> bool:
            report = await served.report(page.incident_id)
            return bool(report["commander"] == {"id": "alice", "name": "Alice Moreau"})

        await eventually(taken)
        await served.end(page.incident_id)


async def test_without_temporal_the_call_still_asks(alone: House) -> None:
    answer = await alone.callback("voice", NOWHERE, CallSid="CA1", To="+12025550101")
    assert spoken(answer.text) == f"{words.UNREADABLE} {words.MENU}"


async def test_without_temporal_an_answer_is_tried_again_and_in_the_end_said_not_to_count(
    alone: House,
) -> None:
    form = {"CallSid": "CA1", "To": "+12025550101"}
    answer = await alone.callback(
        "answer", NOWHERE, {"asked": "2"}, **form, SpeechResult="pass it on", Confidence="0.9"
    )
    assert (spoken(answer.text), tags(answer.text)) == (words.STORING, ["Say", "Pause", "Redirect"])
    first = ""
    for tries in range(1, 11):
        url = unescape(ElementTree.fromstring(answer.text)[2].text or "")
        query = dict(parse_qsl(urlsplit(url).query))
        first = first or query["at"]
        assert query["tries"] == str(tries)
        assert (query["asked"], query["SpeechResult"], query["at"]) == ("2", "pass it on", first)
        answer = await alone.carrier(url, **form)
    assert (spoken(answer.text), tags(answer.text)) == (words.NOT_STORED, ["Say", "Hangup"])


async def test_without_temporal_a_status_is_not_taken(alone: House) -> None:
    answer = await alone.callback("status", NOWHERE, CallSid="CA1", CallStatus="busy")
    assert (answer.status_code, answer.json()["error"]) == (503, "temporal_unavailable")


async def test_an_answer_that_was_held_back_is_stored_when_temporal_returns(
    attended: House, organisation: Organisation, tmp_path: Path
) -> None:
    page = await attended.paged(await attended.alert("held"))
    async with house(tmp_path, organisation, None) as away:
        form = {"CallSid": "CA1", "To": "+12025550101"}
        held = await away.callback("answer", page, {"asked": "1"}, **form, Digits="1")
    url = unescape(ElementTree.fromstring(held.text)[2].text or "")
    assert spoken((await attended.carrier(url, **form)).text).startswith("You have it.")
    await attended.end(page.incident_id)


async def test_4_3_a_reply_code_takes_the_incident(attended: House) -> None:
    incident = await attended.alert("sms-code")
    code = (await attended.report(incident))["reply_code"]
    assert "You have it." in await attended.text("ben", f"ack {code}", sid="SM-code")
    assert (await attended.report(incident))["commander"]["id"] == "ben"
    assert "Alice" not in await attended.text("ben", f"ack {code}", sid="SM-code")
    assert "Ben Okafor already has it" in await attended.text("chiara", code, sid="SM-late")
    await attended.end(incident)


async def test_4_3_a_reply_from_an_unknown_number_is_refused_politely(attended: House) -> None:
    incident = await attended.alert("sms-stranger")
    code = (await attended.report(incident))["reply_code"]
    assert words.UNKNOWN_SENDER in await attended.text("+19995550000", f"ack {code}")
    assert (await attended.report(incident))["status"] == "detected"
    await attended.end(incident)


async def test_a_code_that_stands_for_nothing_is_said_to(attended: House) -> None:
    assert "No open incident has the code 00000" in await attended.text("alice", "ack 00000")


async def test_without_a_code_one_incident_is_meant_and_of_several_the_codes_are_told(
    attended: House,
) -> None:
    first = await attended.alert("sms-one")
    await attended.paged(first)

    async def alone_taken() -> bool:
        # Other tests' incidents end in Temporal's search a moment after they end.
        return "You have it." in await attended.text("alice", "OK", sid="SM-one")

    await eventually(alone_taken)
    both = [await attended.alert("sms-two"), await attended.alert("sms-three")]
    codes = [(await attended.report(incident))["reply_code"] for incident in both]
    taken = (await attended.report(first))["reply_code"]
    for incident in both:
        await attended.paged(incident)

    async def both_told() -> bool:
        said = await attended.text("alice", "what is it?", sid="SM-help")
        return all(code in said for code in codes)

    await eventually(both_told)
    said = await attended.text("alice", "ack", sid="SM-two")
    assert all(code in said for code in codes)
    assert taken not in said, "what is taken rings for nobody and needs no answer"
    for incident in both:
        assert (await attended.report(incident))["status"] == "detected"
    for incident in (first, *both):
        await attended.end(incident)


async def test_a_reply_that_is_not_understood_is_helped(attended: House) -> None:
    incident = await attended.alert("sms-help")
    await attended.paged(incident)
    code = (await attended.report(incident))["reply_code"]

    async def helped() -> bool:
        return code in await attended.text("alice", "who is this?")

    await eventually(helped)
    assert (await attended.report(incident))["status"] == "detected"
    await attended.end(incident)


async def test_a_reply_is_stored_while_every_worker_is_down(served: House) -> None:
    incident = await served.alert("sms-no-worker")
    code = await served.code(incident)
    assert words.REPLY_STORED in await served.text("ben", f"ack {code}", sid="SM-nw")
    async with working(served):

        async def taken() -> bool:
            report = await served.report(incident)
            return bool(report["commander"] == {"id": "ben", "name": "Ben Okafor"})

        await eventually(taken)
    await served.end(incident)


async def test_without_temporal_a_reply_is_said_not_to_count(alone: House) -> None:
    assert words.REPLY_NOT_STORED in await alone.text("alice", "ack 12345")
