"""The timeline while the database is away: bounded, and never in the way of paging."""

from domain.incident import IncidentState
from domain.timeline import MOST_BATCH_BYTES, MOST_PENDING_BYTES, Entry, Kind, Timeline
from policy.opening import open_incident
from tests.make import an_alert
from tests.workflows.crew import quick_organisation

TEMPORALS_LIMIT = 2 * 1024 * 1024


def fill(state: IncidentState) -> None:
    """What a very long outage of the database leaves in an incident's state."""
    for number in range(1, 6_000):
        kind = Kind.OPENED if number == 1 else Kind.ALERT if number % 7 == 0 else Kind.CARRIER
        text = "x" * (3_000 if kind is Kind.ALERT else 200)
        state.timeline.add(Entry(sequence=number, at=state.opened_at, kind=kind, text=text))
    state.alerts.recent = ["i" * 150] * 300
    state.alerts.firing = ["f" * 64] * 300


def test_an_incident_filled_to_the_brim_still_fits_what_temporal_stores() -> None:
    state = open_incident(an_alert(), quick_organisation(), "abcde", "12345")
    fill(state)
    assert len(state.model_dump_json()) < TEMPORALS_LIMIT * 0.9
    assert state.timeline.dropped > 0
    assert state.timeline.pending[0].kind is Kind.OPENED, "what matters most is kept longest"


def test_what_is_sent_to_the_database_at_once_is_bounded_and_never_nothing() -> None:
    timeline, moment = Timeline(), an_alert().received_at
    timeline.add(Entry(sequence=1, at=moment, kind=Kind.ALERT, text="x" * (MOST_BATCH_BYTES + 1)))
    for number in range(2, 200):
        timeline.add(Entry(sequence=number, at=moment, kind=Kind.CARRIER, text="y" * 2_000))
    assert [entry.sequence for entry in timeline.batch()] == [1]
    timeline.written(1)
    assert sum(entry.size for entry in timeline.batch()) <= MOST_BATCH_BYTES
    assert timeline.pending_bytes == sum(entry.size for entry in timeline.pending) <= MOST_PENDING_BYTES
