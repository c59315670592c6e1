"""The table of the duties that are offered after a bad night."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Index
from sqlmodel import Field, SQLModel

from storage.models import UtcDateTime


def _moment(*, nullable: bool = False) -> Any:
    return Field(default=None if nullable else ..., sa_column=Column(UtcDateTime(), nullable=nullable))


class RestOfferRow(SQLModel, table=True):
    """An offer (spec 2.4): one for a schedule, a day and a person. What was offered never changes; `told_at`
    and the answer are added."""

    __tablename__ = "rest_offer"
    __table_args__ = (
        Index("ix_rest_offer_schedule_day_person", "schedule", "day", "person", unique=True),
        Index("ix_rest_offer_ends", "ends"),
    )

    id: int | None = Field(default=None, primary_key=True)
    team: str
    schedule: str
    day: date
    person: str
    to_person: str
    begins: datetime = _moment()
    ends: datetime = _moment()
    pages: int
    work_seconds: int
    made_at: datetime = _moment()
    told_at: datetime | None = _moment(nullable=True)
    answer: str | None = None
    answered_by: str | None = None
    answered_by_name: str | None = None
    answered_at: datetime | None = _moment(nullable=True)
