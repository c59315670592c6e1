"""An alert becomes calls, in the order of the ladder (spec 3.2, 4.1, 4.2, 4.3)."""

from datetime import datetime, timedelta
from typing import Any

from domain.incident import Status
from domain.ladder import Outcome
from domain.timeline import Kind
from tests.eventually import eventually
from tests.whole.conftest import ACK_WINDOW
from tests.whole.town import BUSY, LINE_DOWN, Town, presses, says

PROMPT = timedelta(seconds=5)


def created(contact: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(contact["created_at"])


def came_to(contact: dict[str, Any], state: str) -> datetime:
    return next(datetime.fromisoformat(s["at"]) for s in contact["states"] if s["state"] == state)


async def test_key_1_acknowledges_and_makes_the_first_responder_commander(town: Town) -> None:
    await town.phone("alice", presses("1"))
    incident = await town.alert()
    report = await town.until_taken(incident)
    assert report.commander is not None
    assert report.commander.name == "Alice Moreau"
    entry = await town.entry(incident, Kind.ACKNOWLEDGED)
    assert "key" in entry.data["via"]
    call = await town.call(incident, "alice")
    assert "Payments fail" in call["spoken"][0]


async def test_4_2_plain_words_acknowledge_and_what_was_heard_is_written_down(town: Town) -> None:
    await town.phone("alice", says("I'm on it", confidence=0.87))
    incident = await town.alert()
    await town.until_taken(incident)
    entry = await town.entry(incident, Kind.ACKNOWLEDGED)
    assert (entry.data["heard"], entry.data["confidence"]) == ("I'm on it", 0.87)


async def test_3_6_key_2_pages_the_next_rung_at_once(town: Town) -> None:
    await town.phone("alice", presses("2"))
    await town.phone("ben", presses("1"))
    incident = await town.alert()
    report = await town.until_taken(incident)
    assert report.commander is not None
    assert report.commander.id == "ben"
    passed, taken = await town.call(incident, "alice"), await town.call(incident, "ben")
    assert created(taken) - created(passed) < ACK_WINDOW
    assert (await town.entry(incident, Kind.PASSED)).person == "alice"


async def test_key_3_says_it_again(town: Town) -> None:
    await town.phone("alice", presses("3", "1"))
    incident = await town.alert()
    await town.until_taken(incident)
    call = await town.call(incident, "alice")
    assert sum("Payments fail" in text for text in call["spoken"]) == 2


async def test_4_3_a_reply_with_the_code_acknowledges(town: Town) -> None:
    await town.phone("alice", BUSY, {"kind": "reply", "after": 0.2, "text": "ack {code}"})
    incident = await town.alert()
    report = await town.until_taken(incident)
    assert report.commander is not None
    assert report.commander.id == "alice"
    assert (await town.entry(incident, Kind.ACKNOWLEDGED)).data["via"] == "SMS"


async def test_4_3_a_reply_with_pass_pages_the_next_rung(town: Town) -> None:
    await town.phone("alice", BUSY, {"kind": "reply", "after": 0.2, "text": "PASS {code}"})
    await town.phone("ben", presses("1"))
    incident = await town.alert()
    assert (await town.until_taken(incident)).commander.id == "ben"  # type: ignore[union-attr]  # it is taken


async def test_4_3_an_unknown_sender_is_refused_politely_and_changes_nothing(town: Town) -> None:
    incident = await town.alert()
    code = (await town.report(incident)).reply_code
    stranger = "/control/phones/%2B12025550188"
    await town.world.put(stranger, json={"name": "A stranger"})
    await town.world.post(f"{stranger}/send", json={"text": f"ACK {code}"})

    async def refusal() -> list[str]:
        messages = (await town.world.get("/control/messages")).json()
        return [
            m["body"] for m in messages if m["to"] == "+12025550188" and m["direction"] == "outbound-reply"
        ]

    assert "not on it" in (await eventually(refusal))[0]
    assert (await town.report(incident)).status is Status.DETECTED


async def test_3_2_a_busy_line_moves_on_within_5_seconds_not_at_the_windows_end(town: Town) -> None:
    await town.phone("alice", BUSY)
    incident = await town.alert(severity="P1")
    call, message = await town.ended_call(incident, "alice"), await town.message(incident, "alice")
    assert created(message) - came_to(call, "busy") < PROMPT
    report = await town.report(incident)
    assert report.ladder is not None
    assert report.ladder.rung == "primary"


async def test_3_2_an_unanswered_call_moves_on_within_5_seconds(town: Town) -> None:
    incident = await town.alert(severity="P1")
    call, message = await town.ended_call(incident, "alice"), await town.message(incident, "alice")
    assert created(message) - came_to(call, "no-answer") < PROMPT


async def test_3_2_a_hang_up_without_an_answer_moves_on_within_5_seconds(town: Town) -> None:
    await town.phone("alice", {"kind": "hang-up", "after": 0.2, "talk": 0.3})
    incident = await town.alert(severity="P1")
    call, message = await town.ended_call(incident, "alice"), await town.message(incident, "alice")
    assert created(message) - came_to(call, "completed") < PROMPT
    assert (await town.entry(incident, Kind.CARRIER, "hung up")).data["outcome"] == Outcome.HUNG_UP


async def test_4_2_voicemail_is_not_an_acknowledgement_and_gets_a_short_message(town: Town) -> None:
    await town.phone("alice", {"kind": "voicemail", "after": 0.2, "greeting": 0.3})
    incident = await town.alert(severity="P1")
    await town.entry(incident, Kind.CARRIER, "voicemail.")
    await town.message(incident, "alice")
    assert (await town.report(incident)).status is Status.DETECTED

    async def left() -> str | None:
        voicemail: str | None = (await town.calls(incident, "alice"))[0]["voicemail"]
        return voicemail

    assert "Check your text messages" in str(await eventually(left))


async def test_4_2_a_mumble_is_asked_again_once_and_is_no_acknowledgement(town: Town) -> None:
    await town.phone("alice", {"kind": "mumble", "after": 0.2})
    incident = await town.alert(severity="P1")
    entry = await town.entry(incident, Kind.CARRIER, "unclear")
    assert entry.data["outcome"] == Outcome.UNCLEAR
    call = await town.ended_call(incident, "alice")
    assert len(call["heard"]) == 2, "asked twice, no more"
    assert sum("did not understand that" in text for text in call["spoken"]) == 1
    assert (await town.report(incident)).status is Status.DETECTED


async def test_3_2_the_next_rung_is_paged_when_the_window_ends_and_not_before(town: Town) -> None:
    await town.phone("ben", presses("1"))
    incident = await town.alert()
    await town.until_taken(incident)
    first, second = await town.call(incident, "alice"), await town.call(incident, "ben")
    assert created(second) - created(first) >= ACK_WINDOW - timedelta(milliseconds=100)


async def test_3_2_a_ladder_of_dead_lines_is_climbed_at_once_and_its_last_rung_waits(town: Town) -> None:
    await town.everybody(LINE_DOWN, {"kind": "undeliverable"})
    incident = await town.alert()
    first, last = await town.call(incident, "alice"), await town.call(incident, "dev")
    assert created(last) - created(first) < timedelta(seconds=10)
    assert "nothing is left to try" in (await town.entry(incident, Kind.RUNG)).text


async def test_3_3_no_call_is_placed_after_an_acknowledgement(town: Town) -> None:
    await town.phone("alice", presses("1", after=0.1))
    incident = await town.alert()
    taken = await town.until_taken(incident)
    assert taken.ladder is not None
    assert taken.acknowledged_at is not None
    # The window in which the next rung would have been paged passes; then a further alert joins.
    await town.alert(key=incident.split(".")[1], title="Payments still fail")

    async def window_has_passed() -> bool:
        probe = await town.report(incident)
        now = datetime.now(tz=taken.opened_at.tzinfo)
        return probe.status is Status.TRIAGED and now > taken.opened_at + ACK_WINDOW + timedelta(seconds=2)

    await eventually(window_has_passed)
    assert len(await town.calls(incident)) == 1
    assert await town.messages(incident) == []


async def test_3_3_what_rings_is_hung_up_when_somebody_else_takes_it(town: Town) -> None:
    await town.phone("ben", {"kind": "answer", "after": 1.0, "then": [{"wait": 0.1, "press": "1"}]})
    await town.phone("chiara", {"kind": "manual"})
    incident = await town.alert()
    await town.say(incident, "escalate", by="alice", reason="I am on a train")
    await town.until_taken(incident)
    call = await town.ended_call(incident, "chiara")
    assert call["status"] in ("canceled", "completed")
    await town.entry(incident, Kind.CARRIER, "Call to Chiara Lindqvist: withdrawn")


async def test_3_3_a_second_acknowledgement_is_harmless_and_recorded(town: Town) -> None:
    await town.phone("alice", presses("1"))
    incident = await town.alert()
    await town.until_taken(incident)
    answer = await town.say(incident, "acknowledge", by="ben")
    assert answer.status_code == 200
    assert "Alice Moreau already has it" in answer.text
    report = await town.report(incident)
    assert report.commander is not None
    assert report.commander.id == "alice"
    await town.entry(incident, Kind.ACKNOWLEDGED, "Ben Okafor acknowledged too")


async def test_a_key_pressed_in_a_call_of_an_ended_run_changes_nothing_and_is_told(town: Town) -> None:
    await town.phone("alice", {"kind": "manual"})
    incident = await town.alert()

    async def rings() -> bool:
        calls = await town.calls(incident, "alice")
        return bool(calls) and calls[0]["status"] == "ringing"

    await eventually(rings)
    await town.hand("alice", "pick-up")
    # A call that is known to be answered is not hung up: whoever listens is told.
    await town.entry(incident, Kind.CARRIER, "was answered")
    await town.say(incident, "acknowledge", by="ben")
    await town.hand("alice", "press", digits="1")
    call = await town.ended_call(incident, "alice")
    assert "Ben Okafor" in call["spoken"][-1]
    report = await town.report(incident)
    assert report.commander is not None
    assert report.commander.id == "ben"


async def test_1_1_a_severity_that_pages_nobody_is_written_down_and_calls_nobody(town: Town) -> None:
    incident = await town.alert(severity="P3")
    await town.entry(incident, Kind.ALERT)
    report = await town.report(incident)
    assert (report.severity, report.ladder) == ("P3", None)
    assert await town.calls(incident) == []


async def test_who_is_not_paged_has_nothing_to_pass_on(town: Town) -> None:
    incident = await town.alert()
    await town.call(incident, "alice")
    code = (await town.report(incident)).reply_code
    await town.hand("dev", "send", text=f"PASS {code}")

    async def answered() -> bool:
        said = (await town.world.get("/control/messages")).json()
        return any("nothing to pass on" in message["body"] for message in said)

    await eventually(answered, what="the answer")
    report = await town.report(incident)
    assert report.ladder
    assert report.ladder.rung == "primary"
