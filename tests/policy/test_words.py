"""What is said and written (spec 4.1 to 4.3)."""

from domain.base import Deadline
from domain.incident import IncidentState
from domain.ladder import LadderRun
from domain.people import PersonRef
from domain.roles import Holder, Role
from policy import words
from policy.report import report
from tests.policy.conftest import NOON, after
from tests.policy.test_ladder import left


def test_4_1_a_call_says_severity_title_impact_owner_and_when_the_next_is_paged(
    state: IncidentState, run: LadderRun
) -> None:
    state.run = run
    run.attempts = [left(at=30, look_at=after(50))]
    brief = words.briefing(report(state, Deadline(name="carrier's word", at=after(50)), NOON))
    assert words.spoken(brief) == (
        "Midwatch. P 0 incident: Payments fail at checkout. Nobody can pay. "
        "Nobody has it yet. You are asked to take it now. The next person is paged at 12:05 UTC."
    ), "the ack window ends at 12:05:30, whatever else falls due before"


def test_4_1_a_call_about_an_owned_incident_names_its_owner(state: IncidentState) -> None:
    state.roles[Role.COMMANDER] = Holder(person=PersonRef(id="ben", name="Ben Okafor"), since=NOON)
    assert "Ben Okafor has it." in words.spoken(words.briefing(report(state, None, NOON)))


def test_4_1_a_call_reaches_its_question_within_twenty_seconds(state: IncidentState, run: LadderRun) -> None:
    state.run = run
    said = words.spoken(words.briefing(report(state, None, NOON)))
    assert len(said.split()) / 150 * 60 < 20, "at 150 words a minute"


def test_11_1_a_drill_says_so_first(state: IncidentState) -> None:
    state.drill = True
    assert words.spoken(words.briefing(report(state, None, NOON))).startswith("This is a drill.")
    assert words.text_message(state).startswith("DRILL ")


def test_4_3_a_message_carries_the_incidents_reply_code_and_fits_two_segments(state: IncidentState) -> None:
    text = words.text_message(state)
    assert "ACK 12345" in text
    assert "PASS 12345" in text
    assert len(text) <= 306


def test_4_2_a_voicemail_gives_no_way_to_acknowledge_by_key(state: IncidentState) -> None:
    assert "Press" not in words.voicemail(words.briefing(report(state, None, NOON)))
