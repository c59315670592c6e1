"""Action items of all incidents, written and read (spec 9.5, 9.8). Each function brings the tables up to date
first, and raises `sqlalchemy.exc.SQLAlchemyError` when the database is away."""

from datetime import datetime
from typing import Any

from sqlalchemy import Engine, or_, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from domain.aftermath_jobs import MarkReminded, StoreItems
from domain.incident import IncidentReport
from domain.jobs import Stored
from domain.people import PersonRef
from domain.postmortem import ActionItem, ItemState, ListedItem
from storage.engine import IMMEDIATE
from storage.models import ActionItemRow, IncidentRow
from storage.schema import ensure
from storage.values import storable


def store(engine: Engine, work: StoreItems) -> Stored:
    """Store an incident's items. Safe to repeat; what an item was later is not set back by what it was
    before."""
    ensure(engine)
    if not work.items:
        return Stored(through=work.through)
    insert: Any = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert
    upsert = insert(ActionItemRow).values([_row(work, item) for item in work.items])
    kept = ("incident_id", "number", "reminded_at")
    upsert = upsert.on_conflict_do_update(
        index_elements=["incident_id", "number"],
        set_={name: upsert.excluded[name] for name in ActionItemRow.model_fields if name not in kept},
        where=col(ActionItemRow.through) <= upsert.excluded.through,
    )
    with engine.connect().execution_options(**{IMMEDIATE: True}) as connection, connection.begin():
        connection.execute(upsert)
    return Stored(through=work.through)


def items(
    engine: Engine,
    *,
    state: ItemState | None = None,
    owner: str | None = None,
    service: str | None = None,
    incident_id: str | None = None,
    overdue_at: datetime | None = None,
    not_reminded_since: datetime | None = None,
    limit: int | None = None,
) -> list[ListedItem]:
    """Items, those due first at the front: all of them, or only those that all the given filters let pass.
    `overdue_at`: open, and due before this moment. `not_reminded_since`: nobody was told of them since."""
    query = select(ActionItemRow, IncidentRow).join(
        IncidentRow, col(IncidentRow.id) == col(ActionItemRow.incident_id)
    )
    if state:
        query = query.where(ActionItemRow.state == state.value)
    if owner:
        query = query.where(ActionItemRow.owner == owner)
    if service:
        query = query.where(ActionItemRow.service == service)
    if incident_id:
        query = query.where(ActionItemRow.incident_id == incident_id)
    if overdue_at:
        query = query.where(
            ActionItemRow.state == ItemState.OPEN.value, col(ActionItemRow.due_at) < overdue_at
        )
    if not_reminded_since:
        reminded_at = col(ActionItemRow.reminded_at)
        query = query.where(or_(reminded_at.is_(None), reminded_at < not_reminded_since))
    order = (col(ActionItemRow.due_at), col(ActionItemRow.incident_id), col(ActionItemRow.number))
    ensure(engine)
    with Session(engine) as session:
        return [_listed(row, incident) for row, incident in session.exec(query.order_by(*order).limit(limit))]


def mark_reminded(engine: Engine, work: MarkReminded) -> int:
    """Remember that the owners of these items were told; the number of items."""
    ensure(engine)
    if not work.items:
        return 0
    wanted = [(ref.incident_id, ref.number) for ref in work.items]
    statement = (
        update(ActionItemRow)
        .where(tuple_(col(ActionItemRow.incident_id), col(ActionItemRow.number)).in_(wanted))
        .values(reminded_at=work.at)
    )
    with engine.connect().execution_options(**{IMMEDIATE: True}) as connection, connection.begin():
        return connection.execute(statement).rowcount


def _row(work: StoreItems, item: ActionItem) -> dict[str, Any]:
    return {
        "incident_id": work.incident_id,
        "number": item.number,
        "service": work.service,
        "owner": item.owner.id,
        "state": item.state.value,
        "priority": storable(item.priority),
        "due_at": item.due_at,
        "through": work.through,
        "item": storable(item.model_dump(mode="json")),
    }


def _listed(row: ActionItemRow, incident: IncidentRow) -> ListedItem:
    report = IncidentReport.model_validate(incident.report)
    owner = report.postmortem.owner if report.postmortem else None
    superiors: dict[str, PersonRef] = {who.id: who for who in (report.commander, owner) if who}
    item = ActionItem.model_validate(row.item).model_copy(update={"reminded_at": row.reminded_at})
    return ListedItem(
        incident_id=row.incident_id,
        service=row.service,
        title=incident.title,
        item=item,
        superiors=tuple(superiors.values()),
    )
