"""The tables of on-call."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index
from sqlmodel import Field, SQLModel

from storage.models import UtcDateTime


def _moment() -> Any:
    return Field(sa_column=Column(UtcDateTime(), nullable=False))


class OverrideRow(SQLModel, table=True):
    """An override as it was made (spec 2.1). It is written once and never changed. `key` is what the request
    was known by that made it: the same one makes no second."""

    __tablename__ = "oncall_override"
    __table_args__ = (
        Index("ix_oncall_override_key", "key", unique=True),
        Index("ix_oncall_override_ends", "ends"),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str
    schedule: str
    person: str
    begins: datetime = _moment()
    ends: datetime = _moment()
    reason: str
    by_id: str
    by_name: str
    made_at: datetime = _moment()


class CancellationRow(SQLModel, table=True):
    """That an override was taken back, by whom and when: what it had said until then stays true."""

    __tablename__ = "oncall_cancellation"

    override_id: int = Field(
        primary_key=True, foreign_key="oncall_override.id", sa_column_kwargs={"autoincrement": False}
    )
    by_id: str
    by_name: str
    at: datetime = _moment()
