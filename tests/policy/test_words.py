"""What is said and written (spec 4.1 to 4.3)."""

from domain.base import Deadline
from domain.incident import IncidentState
from domain.people import PersonRef
from policy import words
from policy.report import report
from tests.policy.conftest import after


def test_4_1_a_call_says_severity_title_impact_owner_and_when_the_next_is_paged(state: IncidentState) -> None:
    brief = words.briefing(report(state, Deadline(name="ack window", at=after(300))))
    assert words.spoken(brief) == (
        "Midwatch. P 0 incident: Payments fail at checkout. Nobody can pay. "
        "Nobody has it yet. You are asked to take it now. The next person is paged at 12:05 UTC."
    )


def test_4_1_a_call_about_an_owned_incident_names_its_owner(state: IncidentState) -> None:
    state.commander = PersonRef(id="ben", name="Ben Okafor")
    assert "Ben Okafor has it." in words.spoken(words.briefing(report(state, None)))


def test_4_1_a_call_reaches_its_question_within_twenty_seconds(state: IncidentState) -> None:
    said = words.spoken(words.briefing(report(state, Deadline(name="ack window", at=after(300)))))
    assert len(said.split()) / 150 * 60 < 20, "at 150 words a minute"


def test_11_1_a_drill_says_so_first(state: IncidentState) -> None:
    state.drill = True
    assert words.spoken(words.briefing(report(state, None))).startswith("This is a drill.")
    assert words.text_message(state).startswith("DRILL ")


def test_4_3_a_message_carries_the_incidents_reply_code_and_fits_two_segments(state: IncidentState) -> None:
    text = words.text_message(state)
    assert "ACK 12345" in text
    assert "PASS 12345" in text
    assert len(text) <= 306


def test_4_2_a_voicemail_gives_no_way_to_acknowledge_by_key(state: IncidentState) -> None:
    assert "Press" not in words.voicemail(words.briefing(report(state, None)))
