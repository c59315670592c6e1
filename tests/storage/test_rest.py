"""Nights and the offers that follow bad ones, on both databases (spec 2.4)."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Engine

from domain.incident import IncidentReport
from domain.jobs import WriteTimeline
from domain.people import PersonRef
from domain.rest import RestOffer
from domain.timeline import Entry, Kind
from storage import rest, timeline
from tests.storage.test_timeline import a_report

EVENING = datetime(2026, 3, 3, 16, 0, tzinfo=UTC)
MORNING = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)
BEN, CHIARA = PersonRef(id="ben", name="Ben Okafor"), PersonRef(id="chiara", name="Chiara Lindqvist")


def an_offer(**more: object) -> RestOffer:
    given: dict[str, object] = {
        "team": "storefront",
        "schedule": "storefront-primary",
        "day": date(2026, 3, 4),
        "person": "alice",
        "to": "ben",
        "begins": MORNING,
        "ends": MORNING + timedelta(hours=8),
        "pages": 3,
        "work": timedelta(minutes=80),
        "made_at": MORNING,
    }
    return RestOffer.model_validate(given | more)


def stored(engine: Engine, **more: object) -> RestOffer:
    """An offer as it is in the database."""
    rest.offer(engine, an_offer(**more))
    return rest.offers(engine, MORNING)[-1]


def an_incident(engine: Engine, key: str, *entries: tuple[datetime, Kind], **more: object) -> IncidentReport:
    report = a_report(key).model_copy(update=more)
    lines = tuple(
        Entry(sequence=number, at=at, kind=kind, text=kind.value, person="alice", data={"run": number})
        for number, (at, kind) in enumerate(entries, start=1)
    )
    timeline.write(engine, WriteTimeline(report=report, entries=lines))
    return report


def test_2_4_a_night_is_read_from_every_incident_that_was_open_in_it(engine: Engine) -> None:
    page, ack = (EVENING + timedelta(hours=9), Kind.PAGE), (EVENING - timedelta(hours=1), Kind.ACKNOWLEDGED)
    begun = {"opened_at": EVENING - timedelta(hours=2)}
    night = an_incident(engine, "night", (EVENING, Kind.ALERT), page, (MORNING, Kind.PAGE), opened_at=EVENING)
    evening = an_incident(engine, "evening", ack, page, **begun)
    an_incident(engine, "drill", page, drill=True, opened_at=EVENING)
    an_incident(engine, "over", ack, resolved_at=EVENING - timedelta(minutes=1), **begun)
    an_incident(engine, "closed", ack, closed_at=EVENING - timedelta(minutes=1), **begun)
    an_incident(engine, "later", (MORNING, Kind.PAGE), opened_at=MORNING)
    found = rest.timelines(engine, EVENING, MORNING)
    kinds = {incident: [entry.kind for entry in entries] for incident, entries in found.items()}
    assert kinds == {night.id: [Kind.PAGE], evening.id: [Kind.ACKNOWLEDGED, Kind.PAGE]}
    assert found[night.id][0].data == {"run": 2}


def test_2_4_an_offer_is_stored_once_for_a_schedule_a_day_and_a_person(engine: Engine) -> None:
    first = stored(engine)
    assert first == an_offer(id=first.id)
    rest.offer(engine, an_offer(to="chiara", pages=9))
    assert rest.offers(engine, MORNING) == (first,)
    rest.offer(engine, an_offer(person="ben", to="chiara"))
    rest.offer(engine, an_offer(schedule="search-primary"))
    rest.offer(engine, an_offer(day=date(2026, 3, 5)))
    assert len(rest.offers(engine, MORNING)) == 4


def test_2_4_an_offer_is_listed_until_its_day_is_over(engine: Engine) -> None:
    made = stored(engine)
    assert rest.offers(engine, made.ends - timedelta(seconds=1)) == (made,)
    assert rest.offers(engine, made.ends) == ()
    assert rest.find(engine, made.id) == made
    assert rest.find(engine, made.id + 1) is None


def test_2_4_that_somebody_was_told_is_remembered(engine: Engine) -> None:
    made = stored(engine)
    rest.mark_told(engine, made.id, MORNING + timedelta(seconds=5))
    told = rest.find(engine, made.id)
    assert told == made.model_copy(update={"told_at": MORNING + timedelta(seconds=5)})


def test_2_4_the_first_answer_counts_and_who_declined_may_still_take_it(engine: Engine) -> None:
    made, later = stored(engine), MORNING + timedelta(minutes=5)
    declined = rest.answer(engine, made.id, "declined", BEN, MORNING)
    assert declined
    assert (declined.answer, declined.answered_by, declined.answered_at) == ("declined", BEN, MORNING)
    assert rest.answer(engine, made.id, "declined", CHIARA, later) == declined
    accepted = rest.answer(engine, made.id, "accepted", BEN, later)
    assert accepted
    assert (accepted.answer, accepted.answered_at) == ("accepted", later)
    for reply in ("accepted", "declined"):
        again = rest.answer(engine, made.id, reply, CHIARA, later)
        assert again == accepted
    assert rest.answer(engine, made.id + 1, "accepted", BEN, later) is None
