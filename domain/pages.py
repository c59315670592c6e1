"""What is remembered of the pages to one number, whichever incident they belong to (spec 4.4)."""

from typing import Literal

from domain.base import Instant, Thing
from domain.messages import Page
from domain.people import Method

PageResult = Literal["accepted", "rejected", "unavailable", "unknown", "held"]
"""What came of asking the carrier for a page; `held`: it was not asked."""


class PageLog(Thing):
    """One page that left, is about to, or was held back.

    Attributes:
        id: its number in the log; 0 until it is stored.
        result: None while the carrier is being asked.
        rings_until: when a call has stopped to ring at the latest.
        answered_at: when its call was picked up; what comes later is not spoken of in it.
        over_at: when the call ended, or the incident needed it no more.
        rides_on: the page whose call speaks of this one as well.
    """

    id: int = 0
    page: Page
    person: str
    number: str
    method: Method
    rank: int
    requested_at: Instant
    rings_until: Instant | None = None
    result: PageResult | None = None
    carrier_id: str | None = None
    answered_at: Instant | None = None
    over_at: Instant | None = None
    rides_on: int | None = None

    @property
    def call(self) -> int:
        """The page whose call it is: its own, or that on which it rides."""
        return self.rides_on or self.id

    @property
    def open(self) -> bool:
        """Whether its call may still reach somebody, and is still wanted by its incident."""
        return self.over_at is None and self.result in (None, "accepted", "unknown")
