"""How an alert becomes an incident (spec 1.1, 1.2, 10.3), and how its time is compressed."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.ids import IncidentId, slug
from domain.incident import Status
from domain.organisation import Organisation
from domain.people import PersonRef
from domain.response import WarRoom
from domain.roles import Holder, Role
from policy import respond
from policy.grouping import incident_of, service_of, shortened
from policy.opening import memo_of, open_incident, snapshot_for, successor
from policy.tempo import SHORTEST, compressed
from tests.make import an_alert
from tests.policy.conftest import NOON, after


@pytest.mark.parametrize(
    ("label", "severity"),
    [
        ("critical", "P0"),
        ("P0", "P0"),
        ("p2", "P2"),
        ("Warning", "P2"),
        ("nonsense", "P1"),
        (None, "P1"),
        ("", "P1"),
    ],
)
def test_1_2_a_severity_is_read_from_its_label_and_unclassified_otherwise(
    organisation: Organisation, label: str | None, severity: str
) -> None:
    assert open_incident(an_alert(severity=label), organisation, "abcde", "12345").severity == severity


def test_10_3_alerts_of_one_service_and_rule_are_one_incident(organisation: Organisation) -> None:
    first = incident_of(an_alert(fingerprint="a"), "aaaaa").workflow_id
    assert first == incident_of(an_alert(fingerprint="b"), "bbbbb").workflow_id
    assert first != incident_of(an_alert(name="Other"), "aaaaa").workflow_id


def test_an_alert_for_an_unknown_service_is_not_lost(organisation: Organisation) -> None:
    assert service_of("no such thing", organisation) == organisation.default_service
    assert service_of(None, organisation) == organisation.default_service
    assert service_of("Catalogue", organisation) == "catalogue"


def test_an_incident_id_tells_its_workflow() -> None:
    incident = IncidentId.parse("checkout.payments-fail.k3f9a")
    assert incident.workflow_id == "incident/checkout/payments-fail"
    assert str(incident) == "checkout.payments-fail.k3f9a"


@pytest.mark.parametrize(
    "text", ["", "checkout", "a.b", "a.b.c.d", "A.b.cdefg", "../x.y.abcde", "a.b.abcde\n"]
)
def test_what_is_no_incident_id_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an incident id"):
        IncidentId.parse(text)


@pytest.mark.parametrize("name", ["Zahlung schlägt fehl!", "  ", "💥", "A" * 500, "../../etc"])
def test_any_name_makes_a_valid_id(name: str) -> None:
    assert IncidentId.parse(str(IncidentId("checkout", slug(name, 80), "abcde")))


def test_the_snapshot_holds_the_ladders_people_and_the_fallback(organisation: Organisation) -> None:
    snapshot = snapshot_for(organisation, ["checkout"], NOON)
    assert set(snapshot.people) == {"alice", "ben", "chiara", "dev", "fallback"}
    assert [rung.name for rung in snapshot.ladder.rungs] == ["primary", "secondary", "manager"]


def test_an_incident_opens_with_the_alerts_own_words(organisation: Organisation) -> None:
    state = open_incident(an_alert(), organisation, "abcde", "12345")
    assert (state.title, state.severity, state.service) == ("Payments fail at checkout", "P0", "checkout")


def test_compressed_time_keeps_who_and_how_and_shortens_every_wait(organisation: Organisation) -> None:
    quick = compressed(organisation, 60)
    assert quick.severities["P0"].ack_window == timedelta(seconds=5)
    assert quick.timing.ring_for == SHORTEST
    assert quick.people == organisation.people
    assert quick.ladders == organisation.ladders
    assert [rule.method for rule in quick.notify] == ["call", "sms"]


def test_a_long_value_is_cut_and_says_so() -> None:
    assert shortened("x" * 10, 4) == "xxxx… (cut from 10 characters)"
    assert shortened("short") == "short"


def test_10_3_what_comes_while_the_postmortem_begins_opens_an_incident_of_its_own(
    organisation: Organisation,
) -> None:
    first = open_incident(an_alert(), organisation, "aaaaa", "11111", chat=True)
    first.roles[Role.COMMANDER] = Holder(person=PersonRef(id="alice", name="Alice"), since=NOON)
    first.status, first.war_room = Status.IN_REVIEW, WarRoom(opened_at=NOON, why="it is a P0")
    late = [
        an_alert(fingerprint="f2", severity="warning", at=after(60)),
        an_alert(fingerprint="f3", at=after(61)),
    ]
    following = successor(first, late, "bbbbb", "22222")
    assert (following.id, following.reply_code) == ("checkout.payments-fail.bbbbb", "22222")
    assert IncidentId.parse(following.id).workflow_id == IncidentId.parse(first.id).workflow_id
    assert (following.severity, following.classified, following.opened_at) == ("P2", True, after(60))
    assert (following.status, following.commander, following.war_room) == (Status.DETECTED, None, None)
    assert respond.paging_begins(following) == datetime(2026, 3, 2, 8, tzinfo=UTC), "a P2, on Monday"
    assert following.arrived == late, "and they are counted as soon as it begins"
    assert following.alerts.received == 0
    assert following.snapshot == first.snapshot
    assert memo_of(following)["incident_id"] == following.id


def test_1_2_a_successor_of_unknown_severity_is_unclassified(organisation: Organisation) -> None:
    first = open_incident(an_alert(), organisation, "aaaaa", "11111")
    following = successor(first, [an_alert(severity="whatever")], "bbbbb", "22222")
    assert (following.severity, following.classified) == ("P1", False)
