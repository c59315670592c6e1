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


class ActionItemRow(SQLModel, table=True):
    """An action item as its workflow last told it (spec 9.5, 9.8).

    `item` is the whole of it; the other columns are what lists are filtered and ordered by. `through` is how
    far the incident's timeline had come: what is older never replaces it. `reminded_at` is when its owner was
    last told that it is overdue, and is nobody's but the sweep's.
    """

    __tablename__ = "action_item"
    __table_args__ = (
        Index("ix_action_item_state_due_at", "state", "due_at"),
        Index("ix_action_item_owner", "owner"),
    )

    incident_id: str = Field(primary_key=True, foreign_key="incident.id")
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    service: str
    owner: str
    state: str
    priority: str
    due_at: datetime = _moment(nullable=False)
    through: int
    reminded_at: datetime | None = _moment()
    item: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))


class PublicIncidentRow(SQLModel, table=True):
    """An incident that the public was told of. `resolved_at` is empty while it is open."""

    __tablename__ = "public_incident"
    __table_args__ = (
        Index("ix_public_incident_public_id", "public_id", unique=True),
        Index("ix_public_incident_started_at", "started_at", "public_id"),
        Index("ix_public_incident_resolved_at", "resolved_at"),
    )

    incident_id: str = Field(primary_key=True)
    public_id: str
    component: str | None = None
    drill: bool
    started_at: datetime = _moment(nullable=False)
    resolved_at: datetime | None = _moment()


class PublicUpdateRow(SQLModel, table=True):
    """An update as it was published. It is written once and never changed."""

    __tablename__ = "public_update"

    incident_id: str = Field(primary_key=True, foreign_key="public_incident.incident_id")
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    phase: str
    text: str
    component_state: str | None = None
    at: datetime = _moment(nullable=False)
