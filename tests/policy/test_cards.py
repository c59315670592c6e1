"""Card, posts and modals: within Slack's limits whatever people write, and nothing of it a command of
Slack's (spec 6.2, 6.3, 6.4, 6.6)."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from domain.chat import Button, Channels, Post
from domain.incident import IncidentReport, IncidentState, Status
from domain.ladder import LadderRun
from domain.people import PersonRef
from domain.response import (
    Audience,
    Checkpoint,
    Condition,
    Decision,
    Hypothesis,
    Mitigation,
    Phase,
    Update,
    WarRoom,
)
from domain.roles import Holder, Role
from policy import cards, cards_blocks, cards_modals
from policy.report import report as report_of
from simulator.slack.blocks import checked_view, message_blocks
from tests.policy.conftest import NOON, after

ALICE = PersonRef(id="alice", name="Alice <Moreau>")
NASTY = "<!channel> & <@U123> <https://evil.example|here>"


@pytest.fixture
def report(state: IncidentState, run: LadderRun) -> IncidentReport:
    """An incident in the midst of its response, in which everything was said that can be said."""
    state.title, state.impact, state.status = f"Payments {NASTY}", NASTY, Status.RESPONDING
    state.run, state.acknowledged_at = run, NOON
    state.roles[Role.COMMANDER] = Holder(person=ALICE, since=NOON)
    state.war_room = WarRoom(opened_at=NOON, why="it is a P0", bridge="https://meet.example.com/a|b")
    state.hypotheses = [Hypothesis(number=1, text=NASTY, owner=ALICE, at=NOON)]
    state.decisions = [Decision(number=1, text=NASTY, reason=NASTY, owner=ALICE, at=NOON)]
    state.mitigations = [Mitigation(number=1, text=NASTY, owner=ALICE, at=NOON, changed_at=NOON)]
    state.checkpoints = [Checkpoint(number=1, due_at=after(900))]
    return report_of(state, None, NOON)


def texts(blocks: Any) -> list[str]:
    """Every text that Slack reads as its own markup."""
    if isinstance(blocks, dict):
        own = [blocks["text"]] if blocks.get("type") == "mrkdwn" else []
        return own + [text for part in blocks.values() for text in texts(part)]
    return [text for part in blocks for text in texts(part)] if isinstance(blocks, list) else []


def buttons(blocks: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The buttons, by their action."""
    rows = [block["elements"] for block in blocks if block["type"] == "actions"]
    return {element["action_id"].split(":")[1]: element for row in rows for element in row}


def test_the_card_says_who_what_and_when_in_utc(report: IncidentReport) -> None:
    shown = "\n".join(texts(cards.card(report, "https://shop.example.com/status")))
    for wanted in (
        "*Responding.*",
        "Alice &lt;Moreau&gt;",
        "*Tech lead*\n_nobody yet_",
        "*Communications lead*\n_nobody yet_",
        "*Next checkpoint*\n12:15 UTC",
        "*Next update*\n12:05 UTC",
        "|War-room bridge>",
        "<https://shop.example.com/status|Status page>",
        "Open hypotheses",
        "reply code 12345",
        "opened 2026-03-01 12:00 UTC",
    ):
        assert wanted in shown
    for step in ("roll back", "shift traffic", "flag off", "add capacity", "bypass a dependency"):
        assert step in shown  # spec 6.4


def test_nothing_that_people_wrote_is_a_command_of_slacks(report: IncidentReport) -> None:
    blocks = cards.card(report) + cards.post(report, a_post(NASTY), elsewhere=True)
    for text in texts(blocks):
        assert "<!channel>" not in text
        assert "<@U123>" not in text
        assert "<https://evil" not in text


def test_the_card_has_every_button_and_each_knows_its_incident(report: IncidentReport) -> None:
    found = buttons(cards.card(report))
    assert list(found) == [
        "acknowledge",
        "role",
        "checkpoint",
        "decision",
        "hypothesis",
        "mitigate",
        "update",
        "severity",
        "resolve",
    ]
    assert {json.loads(button["value"])["incident"] for button in found.values()} == {report.id}


def test_a_resolved_incident_shows_what_closing_waits_for_and_a_closed_one_no_button(
    report: IncidentReport,
) -> None:
    missing = (
        Condition(name="fix deployed", met=False, mend="confirm it"),
        Condition(name="metrics recovering", met=True, mend="confirm it"),
        Condition(name="postmortem owner named", met=False, mend="name one"),
    )
    resolved = report.model_copy(update={"status": Status.RESOLVED, "closing": missing})
    assert list(buttons(cards.card(resolved))) == ["confirm-fix", "own-postmortem"]
    assert not buttons(cards.card(report.model_copy(update={"status": Status.IN_REVIEW})))


def test_a_drill_is_marked_everywhere(report: IncidentReport) -> None:
    practised = report.model_copy(update={"drill": True})
    assert "DRILL" in str(cards.card(practised)[0])
    assert "DRILL" in str(cards.post(practised, a_post("Hello")))
    assert "DRILL" in str(cards.post(practised, a_post("Hello"), elsewhere=True))
    assert "DRILL" in cards.summary(practised)


def test_the_card_changes_when_the_incident_does_and_not_with_time(
    state: IncidentState, report: IncidentReport
) -> None:
    later = report_of(state, None, after(30))
    assert cards.digest(later) == cards.digest(report)
    state.checkpoints = [Checkpoint(number=1, due_at=after(960))]
    assert cards.digest(report_of(state, None, NOON)) != cards.digest(report)


def test_the_announcement_names_commander_channel_what_is_known_and_how_often(report: IncidentReport) -> None:
    """Spec 6.2."""
    room = Channels(room="C123", room_name="incident-2026-03-01-payments", card="1.1")
    opened = report.model_copy(update={"channels": room})
    text = cards.announcement(opened, timedelta(minutes=15))
    shown = "\n".join(
        texts(
            cards.post(opened, a_post(text, "announcements"), elsewhere=True, status_page="https://s.example")
        )
    )
    for wanted in (
        "Alice &lt;Moreau&gt;",
        "<#C123>",
        "Suspected:",
        "every 15 minutes",
        "12:05 UTC",
        "<https://s.example|Status page>",
    ):
        assert wanted in shown


def test_a_channel_name_is_never_too_long_and_keeps_its_ending(report: IncidentReport) -> None:
    name = cards.channel_name(report, "x" * 200, "-12-status")
    assert len(name) == 80
    assert name.startswith("incident-2026-03-01-xxx")
    assert name.endswith("x-12-status")
    assert cards.channel_name(report, "payments") == "incident-2026-03-01-payments"


def test_a_channel_is_known_as_ours_by_its_purpose(report: IncidentReport) -> None:
    for purpose in (cards.room_purpose(report), cards.status_purpose(report)):
        assert len(purpose) <= 250
        assert cards.incident_of(purpose) == report.id
    assert cards.incident_of("Lunch") is None


anything = st.text(max_size=4_000)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=anything, words=anything, value=st.text(max_size=2_500))
@example(title="<" * 4_000, words="&" * 4_000, value="é" * 2_500)
@example(title="", words="", value="")
def test_whatever_people_write_slack_takes_it(
    report: IncidentReport, title: str, words: str, value: str
) -> None:
    long = report.model_copy(
        update={
            "title": title,
            "hypotheses": tuple(h.model_copy(update={"text": words}) for h in report.hypotheses * 5),
            "mitigations": tuple(m.model_copy(update={"text": words}) for m in report.mitigations * 5),
            "decisions": tuple(d.model_copy(update={"text": words}) for d in report.decisions * 5),
        }
    )
    message_blocks(cards.card(long, "https://shop.example.com/status"))
    pressed = Button(action="role", label=title[:200], value=value)
    message_blocks(cards.post(long, a_post(words, "room", pressed, pressed), elsewhere=True))
    carried = json.loads(cards_blocks.button_value(report.id, value))
    assert carried["incident"] == report.id
    assert value.startswith(carried["value"])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=anything, most=st.integers(min_value=1, max_value=60))
def test_a_cut_leaves_no_half_of_an_escape(report: IncidentReport, text: str, most: int) -> None:
    short = cards_blocks.cut_escaped(cards_blocks.escaped(text), most)
    assert len(short) <= most
    assert not re.search(r"&(?!amp;|lt;|gt;)", short)


def test_every_modal_is_one_that_slack_opens(report: IncidentReport) -> None:
    many = {f"p{number}": f"Person {number} " + "x" * 100 for number in range(150)} | {"me": "Me"}
    for modal in (
        cards_modals.checkpoint(report.id, report, "1"),
        cards_modals.checkpoint(report.id, None, ""),
        cards_modals.decision(report.id),
        cards_modals.decision_result(report.id, report, "1"),
        cards_modals.hypothesis(report.id, report),
        cards_modals.mitigation(report.id, report, "1"),
        cards_modals.update(report.id, report),
        cards_modals.severity(report.id, {"P0": "P0: everything is down", "P1": "P1"}, "P1"),
        cards_modals.role(report.id, many, "me", "scribe"),
        cards_modals.resolve(report.id, many, "me"),
    ):
        checked_view(modal)
        assert json.loads(modal["private_metadata"])["incident"] == report.id
    people = cards_modals.role(report.id, many, "me")["blocks"][1]["element"]
    assert people["initial_option"]["value"] == "me"


def test_the_checkpoint_asks_the_four_questions(report: IncidentReport) -> None:
    """Spec 6.3."""
    assert (
        cards_modals.checkpoint(report.id, report, "1")["blocks"]
        == (cards_modals.checkpoint(report.id, report, "")["blocks"])
    )
    blocks = cards_modals.checkpoint(report.id, report, "1")["blocks"]
    assert "12:15 UTC" in blocks[0]["text"]["text"]
    assert [block["label"]["text"] for block in blocks[1:]] == [
        "What do we know now?",
        "What do we try next?",
        "Do we need more people?",
        "Is the status page current?",
    ]


def test_an_update_begins_with_the_words_of_its_draft(report: IncidentReport) -> None:
    """Spec 7.4."""
    draft = Update(
        number=1,
        audience=Audience.PUBLIC,
        phase=Phase.IDENTIFIED,
        text="Customers may have trouble.",
        drafted_by=ALICE,
        drafted_at=NOON,
    )
    view = cards_modals.update(report.id, report.model_copy(update={"updates": (draft,)}))
    assert view["blocks"][2]["element"]["initial_value"] == "Customers may have trouble."
    assert view["blocks"][1]["element"]["initial_option"]["value"] == "identified"
    empty = cards_modals.update(report.id, report, "internal")
    assert "initial_value" not in empty["blocks"][2]["element"]
    assert empty["blocks"][0]["element"]["initial_option"]["value"] == "internal"


def a_post(text: str, place: str = "room", *pressed: Button) -> Post:
    return Post.model_validate({"number": 1, "at": NOON, "place": place, "text": text, "buttons": pressed})
