"""The tables."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, Column, DateTime, Dialect, Index
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, always aware and always UTC: SQLite keeps no zone, and PostgreSQL gives its session's."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a moment without a zone; there is no telling when it was."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value.isoformat()} has no zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment with its zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _moment(*, nullable: bool = True) -> Any:
    return Field(default=None, sa_column=Column(UtcDateTime(), nullable=nullable))


class IncidentRow(SQLModel, table=True):
    """An incident as it was when its latest entry was stored.

    `report` is the whole of it; the other columns are what lists are filtered and ordered by. `through`
    is the sequence of the last entry that the row knows of: an older one never replaces it.
    """

    __tablename__ = "incident"
    __table_args__ = (
        Index("ix_incident_opened_at_id", "opened_at", "id"),
        Index("ix_incident_status", "status"),
        Index("ix_incident_service", "service"),
    )

    id: str = Field(primary_key=True)
    workflow_id: str
    service: str
    title: str
    severity: str
    rank: int
    status: str
    drill: bool
    commander: str | None = None
    opened_at: datetime = _moment(nullable=False)
    acknowledged_at: datetime | None = _moment()
    resolved_at: datetime | None = _moment()
    closed_at: datetime | None = _moment()
    through: int
    report: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))


class EntryRow(SQLModel, table=True):
    """One line of a timeline. It is written once and never changed."""

    __tablename__ = "timeline_entry"

    incident_id: str = Field(primary_key=True, foreign_key="incident.id")
    sequence: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime = _moment(nullable=False)
    kind: str
    text: str
    person: str | None = None
    data: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
