"""Rest after a bad night: what a night was like, and the offer that follows a bad one (spec 2.4)."""

from datetime import date, timedelta
from typing import Literal

from pydantic import Field

from domain.base import Duration, Instant, Thing
from domain.people import PersonRef

OFFER_REST = "offer_rest"
TELL_OFFER = "tell_rest_offer"

Reply = Literal["accepted", "declined"]
"""What came of an offer."""


class Night(Thing):
    """What somebody had to do between two working days: how often they were paged, how long they worked."""

    begins: Instant
    ends: Instant
    pages: int = 0
    work: Duration = timedelta(0)


class RestOffer(Thing):
    """One day's duty, offered to whoever is second in line because the first had a bad night.

    Attributes:
        schedule: the team's primary schedule, of which the day is taken over.
        day: of the region in which the team works.
        person: whose night was bad; `pages` and `work` say how bad.
        to: to whom the duty is offered.
        begins: when the working day begins; `ends` when it ends.
        told_at: when `to` heard of it; None: not yet.
    """

    id: int = 0
    team: str
    schedule: str
    day: date
    person: str
    to: str
    begins: Instant
    ends: Instant
    pages: int = Field(ge=0)
    work: Duration
    made_at: Instant
    told_at: Instant | None = None
    answer: Reply | None = None
    answered_by: PersonRef | None = None
    answered_at: Instant | None = None


class OfferRest(Thing):
    """Find the teams whose working day begins within the hour of `now`, and store an offer for each that has
    to be made. Safe to repeat: there is one for a schedule, a person and a day."""

    now: Instant


class OffersMade(Thing):
    """Every offer of which nobody has heard yet, also of an earlier hour."""

    offers: tuple[RestOffer, ...]


class TellOffer(Thing):
    """Tell whom it was offered to, and whose duty it is; `now` is when."""

    offer: RestOffer
    now: Instant
