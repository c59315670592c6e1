"""The figures of the incident document (spec 9.1)."""

from datetime import timedelta

import pytest

from domain.incident import IncidentState
from domain.timeline import Entry, Kind
from policy.document import document, filename, spelled
from policy.report import report
from tests.policy.conftest import NOON, after


def test_9_1_the_document_tells_how_long_everything_took(state: IncidentState) -> None:
    state.alerts.first_started_at = after(-90)
    state.acknowledged_at, state.resolved_at = after(200), after(3_900)
    entries = [
        Entry(sequence=1, at=NOON, kind=Kind.OPENED, text="opened"),
        Entry(sequence=2, at=NOON, kind=Kind.CARRIER, text="call to Alice: busy.", data={"outcome": "busy"}),
        Entry(
            sequence=3,
            at=NOON,
            kind=Kind.CARRIER,
            text="sms to Ben: acknowledged.",
            data={"outcome": "acknowledged"},
        ),
        Entry(sequence=4, at=NOON, kind=Kind.RUNG, text="The ladder goes to secondary."),
    ]
    found = document(report(state, None, NOON), entries)
    assert found.duration == "1 h 5 min"
    assert found.detection.startswith("1 min 30 s passed")
    assert found.to_acknowledge.startswith("3 min 20 s")
    assert found.delays == ["call to Alice: busy.", "The ladder goes to secondary."]


def test_9_1_the_file_is_named_by_day_and_what_happened(state: IncidentState) -> None:
    assert filename(report(state, None, NOON)) == "2026-03-01-checkout-payments-fail-at-checkout"


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0 s"), (8.4, "8 s"), (123, "2 min 3 s"), (3_900, "1 h 5 min"), (-5, "0 s")]
)
def test_lengths_of_time_are_written_for_people(seconds: float, text: str) -> None:
    assert spelled(timedelta(seconds=seconds)) == text
