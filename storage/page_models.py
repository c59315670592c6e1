"""The table of pages."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index
from sqlmodel import Field, SQLModel

from storage.models import UtcDateTime


def _moment(*, nullable: bool = True) -> Any:
    return Field(default=None, sa_column=Column(UtcDateTime(), nullable=nullable))


class PageRow(SQLModel, table=True):
    """One attempt to page somebody, remembered for a day (spec 4.4). `domain.pages.PageLog` says what the
    columns mean; `message_left`: the machine that answered its call was spoken to."""

    __tablename__ = "page"
    __table_args__ = (
        Index("ix_page_attempt", "incident_id", "run", "attempt", unique=True),
        Index("ix_page_number_requested_at", "number", "requested_at"),
        Index("ix_page_requested_at", "requested_at"),
        Index("ix_page_rides_on", "rides_on"),
        Index("ix_page_carrier_id", "carrier_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    incident_id: str
    run: int
    attempt: int
    person: str
    number: str
    method: str
    rank: int
    requested_at: datetime = _moment(nullable=False)
    rings_until: datetime | None = _moment()
    result: str | None = None
    carrier_id: str | None = None
    answered_at: datetime | None = _moment()
    over_at: datetime | None = _moment()
    rides_on: int | None = None
    message_left: bool = False
