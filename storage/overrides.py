"""Overrides, written and read (spec 2.1). Each function brings the tables up to date first, and raises
`sqlalchemy.exc.SQLAlchemyError` when the database is away.

Nothing is ever changed or taken away: a cancellation is written down beside its override. One that was
cancelled before it began never held; one that held already ended at that moment, so that the past stays
what it was.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from domain.oncall import Override
from domain.people import PersonRef
from storage.engine import IMMEDIATE
from storage.oncall_models import CancellationRow, OverrideRow
from storage.schema import ensure
from storage.values import storable


def add(engine: Engine, override: Override, key: str) -> Override:
    """Store an override; as it is stored, with its number (that of `override` does not count). The same `key`
    stores it once: what came first is returned again, whatever is given now."""
    row = {
        "key": key,
        **override.model_dump(include={"schedule", "person", "begins", "ends", "made_at"}),
        "reason": storable(override.reason),
        "by_id": override.by.id,
        "by_name": storable(override.by.name),
    }
    _insert(engine, OverrideRow, row, "key")
    [stored] = _read(engine, col(OverrideRow.key) == key)
    return stored


def cancel(engine: Engine, number: int, by: PersonRef, at: datetime) -> Override | None:
    """Take an override back from `at` on; as it holds now, or None where there is no such override. The first
    cancellation counts, and one that is over already stays as it is."""
    found = find(engine, number)
    if found is None or found.ends <= at:
        return found
    row = {"override_id": number, "by_id": by.id, "by_name": storable(by.name), "at": at}
    _insert(engine, CancellationRow, row, "override_id")
    return find(engine, number)


def find(engine: Engine, number: int) -> Override | None:
    """The override of this number, as it holds now: cancelled before it began, it ends when it begins."""
    return next(iter(_read(engine, col(OverrideRow.id) == number)), None)


def made(engine: Engine, key: str) -> Override | None:
    """The override that a request of this key has made."""
    return next(iter(_read(engine, col(OverrideRow.key) == key)), None)


def upcoming(engine: Engine, now: datetime) -> tuple[Override, ...]:
    """All that hold at `now` or will, in order of begin."""
    return _holding(_read(engine, col(OverrideRow.ends) > now), after=now)


def between(engine: Engine, begins: datetime, ends: datetime) -> tuple[Override, ...]:
    """All that hold at some moment from `begins` until just before `ends`, in order of begin."""
    found = _read(engine, col(OverrideRow.ends) > begins, col(OverrideRow.begins) < ends)
    return _holding(found, after=begins)


def _holding(found: Sequence[Override], after: datetime) -> tuple[Override, ...]:
    return tuple(one for one in found if one.ends > max(one.begins, after))


def _read(engine: Engine, *conditions: Any) -> list[Override]:
    query = (
        select(OverrideRow, CancellationRow)
        .join(CancellationRow, col(CancellationRow.override_id) == col(OverrideRow.id), isouter=True)
        .where(*conditions)
        .order_by(col(OverrideRow.begins), col(OverrideRow.id))
    )
    ensure(engine)
    with Session(engine) as session:
        return [_override(row, cancelled) for row, cancelled in session.exec(query)]


def _override(row: OverrideRow, cancelled: CancellationRow | None) -> Override:
    ends = row.ends if cancelled is None else max(row.begins, min(row.ends, cancelled.at))
    fields = row.model_dump(exclude={"key", "by_id", "by_name", "ends"})
    return Override(**fields, ends=ends, by=PersonRef(id=row.by_id, name=row.by_name))


def _insert(engine: Engine, table: Any, row: dict[str, Any], unique: str) -> None:
    """Insert the row, unless there is one with the same `unique` value."""
    ensure(engine)
    insert: Any = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert
    statement = insert(table).values(row).on_conflict_do_nothing(index_elements=[unique])
    with engine.connect().execution_options(**{IMMEDIATE: True}) as connection, connection.begin():
        connection.execute(statement)
