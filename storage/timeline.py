"""Incidents and their timelines, written and read. Each function brings the tables up to date first, and
raises `sqlalchemy.exc.SQLAlchemyError` when the database is away."""

import base64
import binascii
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from domain.base import Thing
from domain.ids import IncidentId
from domain.incident import IncidentReport, Status
from domain.jobs import Stored, WriteTimeline
from domain.timeline import Entry
from storage.engine import IMMEDIATE
from storage.models import EntryRow, IncidentRow
from storage.schema import ensure
from storage.values import storable


class Incidents(Thing):
    """One page of a list, the latest first; `cursor` asks for the next, if there is one."""

    incidents: tuple[IncidentReport, ...]
    cursor: str | None = None


def write(engine: Engine, work: WriteTimeline) -> Stored:
    """Store entries, and the incident as it is with them.

    Safe to repeat: an entry that is there stays as it is. An incident that was stored with a later entry
    stays too, so a writer that was thought dead cannot set it back.
    """
    ensure(engine)
    insert: Any = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert
    through = max(entry.sequence for entry in work.entries)
    row = _incident_row(work.report, through)
    upsert = insert(IncidentRow).values(row)
    upsert = upsert.on_conflict_do_update(
        index_elements=["id"],
        set_={name: upsert.excluded[name] for name in row if name != "id"},
        where=col(IncidentRow.through) <= upsert.excluded.through,
    )
    entries = [_entry_row(work.report.id, entry) for entry in work.entries]
    with engine.connect().execution_options(**{IMMEDIATE: True}) as connection, connection.begin():
        connection.execute(upsert)
        connection.execute(insert(EntryRow).values(entries).on_conflict_do_nothing())
    return Stored(through=through)


def entries(engine: Engine, incident_id: str, *, after: int = 0, limit: int | None = None) -> list[Entry]:
    """The incident's stored entries with a sequence above `after`, in order."""
    ensure(engine)
    query = (
        select(EntryRow)
        .where(EntryRow.incident_id == incident_id, EntryRow.sequence > after)
        .order_by(col(EntryRow.sequence))
        .limit(limit)
    )
    with Session(engine) as session:
        return [Entry.model_validate(row, from_attributes=True) for row in session.exec(query)]


def incident(engine: Engine, incident_id: str) -> IncidentReport | None:
    """The incident as it was last stored."""
    ensure(engine)
    with Session(engine) as session:
        row = session.get(IncidentRow, incident_id)
        return IncidentReport.model_validate(row.report) if row else None


def incidents(
    engine: Engine,
    *,
    statuses: Collection[Status] = (),
    service: str | None = None,
    limit: int = 50,
    cursor: str | None = None,
) -> Incidents:
    """Incidents, the latest first: all of them, or those in one of `statuses` and of this service.

    Raises:
        ValueError: the cursor is not one of ours.
    """
    query = select(IncidentRow)
    place = tuple_(col(IncidentRow.opened_at), col(IncidentRow.id))
    if cursor:
        query = query.where(place < tuple_(*_place(cursor)))
    if statuses:
        query = query.where(col(IncidentRow.status).in_([status.value for status in statuses]))
    if service:
        query = query.where(IncidentRow.service == service)
    query = query.order_by(col(IncidentRow.opened_at).desc(), col(IncidentRow.id).desc()).limit(limit + 1)
    ensure(engine)
    with Session(engine) as session:
        rows = session.exec(query).all()
    page = tuple(IncidentReport.model_validate(row.report) for row in rows[:limit])
    return Incidents(incidents=page, cursor=_cursor(rows[limit - 1]) if len(rows) > limit else None)


def _incident_row(report: IncidentReport, through: int) -> dict[str, Any]:
    return {
        "id": report.id,
        "workflow_id": IncidentId.parse(report.id).workflow_id,
        "service": report.service,
        "title": storable(report.title),
        "severity": report.severity,
        "rank": report.rank,
        "status": report.status.value,
        "drill": report.drill,
        "commander": storable(report.commander.name) if report.commander else None,
        "opened_at": report.opened_at,
        "acknowledged_at": report.acknowledged_at,
        "resolved_at": report.resolved_at,
        "closed_at": report.closed_at,
        "through": through,
        "report": storable(report.model_dump(mode="json")),
    }


def _entry_row(incident_id: str, entry: Entry) -> dict[str, Any]:
    return {
        "incident_id": incident_id,
        "sequence": entry.sequence,
        "at": entry.at,
        "kind": entry.kind.value,
        "text": storable(entry.text),
        "person": entry.person,
        "data": storable(entry.model_dump(mode="json")["data"]),
    }


def _cursor(row: IncidentRow) -> str:
    return base64.urlsafe_b64encode(f"{row.opened_at.isoformat()}|{row.id}".encode()).decode()


def _place(cursor: str) -> tuple[datetime, str]:
    try:
        moment, _, incident_id = base64.urlsafe_b64decode(cursor.encode()).decode().partition("|")
        at = datetime.fromisoformat(moment)
    except (binascii.Error, ValueError) as fault:
        raise ValueError("the cursor is not one that a list gave") from fault
    if at.tzinfo is None or not incident_id:
        raise ValueError("the cursor is not one that a list gave")
    return at, incident_id
