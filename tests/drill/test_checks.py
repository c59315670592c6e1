"""The drill's checks are strict: what did not happen, or happened otherwise, keeps no promise."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import configuration
from domain.incident import IncidentReport, Status
from domain.timeline import Entry, Kind
from drill.checks import CHECKS, paging, response
from drill.checks.base import Check, judged
from drill.facts import Contact, Facts, Notes
from settings import STARTER_CONFIG

ORGANISATION = configuration.load(STARTER_CONFIG)
START = datetime(2026, 3, 1, 3, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def contact(person: str, seconds: float, sid: str, **more: Any) -> Contact:
    to = ORGANISATION.people[person].phone
    return Contact(sid=sid, to=to, created_at=at(seconds), status="completed", states=[], **more)


def entry(sequence: int, seconds: float, kind: Kind, text: str, person: str = "", **data: Any) -> Entry:
    return Entry(sequence=sequence, at=at(seconds), kind=kind, text=text, person=person or None, data=data)


def report(**more: Any) -> IncidentReport:
    fields: dict[str, Any] = {
        "id": "checkout.payments-fail.k3f9a",
        "reply_code": "48213",
        "service": "checkout",
        "service_name": "Checkout",
        "title": "Payments fail",
        "impact": "",
        "severity": "P0",
        "rank": 1,
        "drill": True,
        "status": Status.DETECTED,
        "opened_at": START,
        "resolution": "",
        "alerts_received": 1,
        "alerts_firing": 1,
        "faults": {},
    }
    absent = ("commander", "acknowledged_at", "resolved_at", "closed_at", "first_started_at", "ladder")
    nothing = dict.fromkeys((*absent, "next_deadline", "document"))
    return IncidentReport.model_validate({**fields, **nothing, **more})


def facts(
    *,
    calls: Sequence[Contact] = (),
    messages: Sequence[Contact] = (),
    entries: Sequence[Entry] = (),
    **more: Any,
) -> Facts:
    return Facts(
        organisation=ORGANISATION,
        notes=Notes(alerted_at=START),
        report=report(**more),
        entries=list(entries),
        calls=list(calls),
        messages=list(messages),
        requests=[],
        channels={},
        room=[],
        status_channel=[],
    )


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_a_story_in_which_nothing_happened_keeps_no_promise(check: Check) -> None:
    assert not judged(check, facts()).kept


def test_the_secondary_must_not_be_called_before_the_window_has_passed() -> None:
    window = ORGANISATION.severities["P0"].ack_window.total_seconds()
    for waited, kept in ((window - 1, False), (window + 0.5, True), (window + 9, False)):
        found = facts(calls=[contact("alice", 0, "CA1"), contact("ben", waited, "CA2")])
        assert judged(paging.window, found).kept is kept


def test_a_page_of_the_same_run_after_its_acknowledgement_is_seen() -> None:
    calls = [contact("alice", 0, "CA1"), contact("ben", 5, "CA2")]
    entries = [entry(1, 0, Kind.RUN, "Ladder run 1 begins", run=1)]
    assert judged(paging.silence, facts(calls=calls, entries=entries, acknowledged_at=at(6))).kept
    late = [*calls, contact("chiara", 7, "CA3")]
    assert not judged(paging.silence, facts(calls=late, entries=entries, acknowledged_at=at(6))).kept


def test_a_page_of_a_later_run_is_no_page_of_the_first() -> None:
    calls = [contact("ben", 5, "CA2"), contact("alice", 15, "CA3")]
    entries = [entry(1, 0, Kind.RUN, "one", run=1), entry(2, 14.9, Kind.RUN, "two", run=2)]
    assert judged(paging.silence, facts(calls=calls, entries=entries, acknowledged_at=at(6))).kept


def test_a_call_that_is_written_down_nowhere_is_seen() -> None:
    entries = [
        entry(1, 0, Kind.PAGE, "Calling Alice", "alice", attempt=1),
        entry(2, 1, Kind.CARRIER, "rings", "alice", attempt=1, carrier_id="CA1"),
    ]
    assert judged(paging.records_agree, facts(calls=[contact("alice", 0, "CA1")], entries=entries)).kept
    twice = [contact("alice", 0, "CA1"), contact("alice", 1, "CA2")]
    assert not judged(paging.records_agree, facts(calls=twice, entries=entries)).kept


def test_somebody_paged_between_fall_and_rise_is_seen() -> None:
    entries = [
        entry(1, 10, Kind.SEVERITY, "falls", before="P0", after="P1"),
        entry(2, 14, Kind.SEVERITY, "rises", before="P1", after="P0"),
    ]
    assert judged(response.fall, facts(entries=entries)).kept
    assert not judged(response.fall, facts(entries=entries, calls=[contact("ben", 12, "CA1")])).kept
