"""What nights were like, and what was offered after bad ones (spec 2.4). Each function brings the tables up
to date first, and raises `sqlalchemy.exc.SQLAlchemyError` when the database is away."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, false, func, or_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from domain.people import PersonRef
from domain.rest import Reply, RestOffer
from domain.timeline import Entry, Kind
from storage.engine import IMMEDIATE
from storage.models import EntryRow, IncidentRow
from storage.rest_models import RestOfferRow
from storage.schema import ensure
from storage.values import storable

_OF_NO_INTEREST = (Kind.ALERT, Kind.CARRIER, Kind.RUN, Kind.RUNG, Kind.FAULT)


def timelines(engine: Engine, begins: datetime, ends: datetime) -> dict[str, list[Entry]]:
    """What people did and were paged for in every incident that was open from `begins` until just before
    `ends`, from its start on and in order. Drills disturb nobody's rest."""
    over = func.coalesce(IncidentRow.resolved_at, IncidentRow.closed_at)
    query = (
        select(EntryRow)
        .join(IncidentRow, col(IncidentRow.id) == col(EntryRow.incident_id))
        .where(
            col(IncidentRow.drill).is_(False),
            col(IncidentRow.opened_at) < ends,
            or_(over.is_(None), over >= begins),
            col(EntryRow.at) < ends,
            col(EntryRow.kind).not_in([kind.value for kind in _OF_NO_INTEREST]),
        )
        .order_by(col(EntryRow.incident_id), col(EntryRow.sequence))
    )
    ensure(engine)
    found: dict[str, list[Entry]] = {}
    with Session(engine) as session:
        for row in session.exec(query):
            found.setdefault(row.incident_id, []).append(Entry.model_validate(row, from_attributes=True))
    return found


def offer(engine: Engine, new: RestOffer) -> None:
    """Store an offer, unless there is one for this schedule, day and person."""
    ensure(engine)
    insert: Any = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert
    fields = {"team", "schedule", "day", "person", "begins", "ends", "pages", "made_at"}
    row = new.model_dump(include=fields) | {
        "to_person": new.to,
        "work_seconds": int(new.work.total_seconds()),
    }
    statement = insert(RestOfferRow).values(row)
    _write(engine, statement.on_conflict_do_nothing(index_elements=["schedule", "day", "person"]))


def offers(engine: Engine, now: datetime) -> tuple[RestOffer, ...]:
    """Those whose day is not over, in order of begin."""
    order = (col(RestOfferRow.begins), col(RestOfferRow.id))
    ensure(engine)
    with Session(engine) as session:
        rows = session.exec(select(RestOfferRow).where(col(RestOfferRow.ends) > now).order_by(*order))
        return tuple(map(_offer, rows))


def find(engine: Engine, number: int) -> RestOffer | None:
    """The offer of this number."""
    ensure(engine)
    with Session(engine) as session:
        row = session.get(RestOfferRow, number)
        return _offer(row) if row else None


def mark_told(engine: Engine, number: int, at: datetime) -> None:
    """Remember that whom it was offered to heard of it."""
    ensure(engine)
    _write(engine, update(RestOfferRow).where(col(RestOfferRow.id) == number).values(told_at=at))


def answer(engine: Engine, number: int, reply: Reply, by: PersonRef, at: datetime) -> RestOffer | None:
    """Answer an offer, as it then is; None where there is none. Who declined may still take it; what was
    taken stays taken."""
    ensure(engine)
    taken_back = col(RestOfferRow.answer) == "declined" if reply == "accepted" else false()
    open_still = or_(col(RestOfferRow.answer).is_(None), taken_back)
    values = {
        "answer": reply,
        "answered_by": by.id,
        "answered_by_name": storable(by.name),
        "answered_at": at,
    }
    _write(engine, update(RestOfferRow).where(col(RestOfferRow.id) == number, open_still).values(values))
    return find(engine, number)


def _write(engine: Engine, statement: Any) -> None:
    with engine.connect().execution_options(**{IMMEDIATE: True}) as connection, connection.begin():
        connection.execute(statement)


def _offer(row: RestOfferRow) -> RestOffer:
    who = PersonRef(id=row.answered_by, name=row.answered_by_name or "") if row.answered_by else None
    fields = row.model_dump(exclude={"to_person", "work_seconds", "answered_by", "answered_by_name"})
    return RestOffer(**fields, to=row.to_person, work=timedelta(seconds=row.work_seconds), answered_by=who)
