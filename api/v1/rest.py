"""Duties that are offered after a bad night (spec 2.4), beneath `/api/v1/rest-offers`."""

from datetime import UTC, date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Path
from pydantic import BaseModel, Field
from sqlalchemy import Engine

from api import errors
from api.auth import require_token
from api.errors import Refused
from api.v1.models import example
from api.v1.oncall import EngineDep, RotaDep, database, view_now
from api.v1.oncall_models import Named, OverrideNow
from api.v1.requests import person_ref
from domain.base import Duration, Instant
from domain.oncall import Override
from domain.people import PersonRef
from domain.rest import Reply, RestOffer
from policy import rest, rest_words
from policy.calendar import place_of
from policy.oncall import stretches
from rota import Rota
from storage import overrides
from storage import rest as stored

LARGEST_NUMBER = 2**31 - 1
"""Of what a database counts by itself."""

router = APIRouter(dependencies=[Depends(require_token)])


class UnknownOffer(Refused):
    """There is no such offer."""

    status, code = 404, "unknown_offer"


class OfferRefused(Refused):
    """An offer that cannot be answered like this any more, or not by this person."""

    status, code = 409, "offer_refused"


class OfferNow(BaseModel):
    """A day's duty that is offered to somebody else, and what came of it."""

    id: int
    team: Named
    schedule: Named
    day: date
    person: PersonRef = Field(description="whose night was bad")
    to: PersonRef = Field(description="to whom their duty is offered")
    begins: Instant
    ends: Instant
    pages: int = Field(description="in that night")
    work: Duration = Field(description="in that night")
    reason: str = Field(description="the same in a sentence")
    answer: Reply | None = Field(description="null: there is none yet")
    answered_at: Instant | None


class OfferList(BaseModel):
    """The offers of all teams whose day is not over, in order of begin."""

    offers: list[OfferNow]


class AnswerOffer(BaseModel):
    """Somebody answers."""

    by: str = Field(description="to whom it was offered: a person of the configuration")


class OfferOutcome(BaseModel):
    """What came of it, in words, and the override that was made."""

    said: str
    offer: OfferNow
    override: OverrideNow | None = None


class RestOffers:
    """The offers, and what follows when one is answered."""

    def __init__(self, rota: Rota, engine: Engine) -> None:
        self._rota = rota
        self._engine = engine

    async def today(self) -> list[OfferNow]:
        """Those whose day is not over.

        Raises:
            DatabaseAway: nobody can tell.
        """
        found = await database(lambda: stored.offers(self._engine, datetime.now(UTC)))
        return [self._shown(offer) for offer in found]

    async def answer(self, number: int, reply: Reply, by: PersonRef) -> OfferOutcome:
        """Answer an offer. One that is accepted becomes an override, once, however often it is pressed.

        Raises:
            UnknownOffer, OfferRefused: it cannot be done.
            DatabaseAway: it was not done, or not wholly; repeating it is harmless.
        """
        found = await self._found(number)
        await self._rota.refresh()
        now, names = datetime.now(UTC), self._names()
        shift = self._rota.shift(found.schedule, max(now, found.begins))
        # Read again: where the shift is an override of the same offer, pressed twice, the offer says so, too.
        found = await self._found(number)
        if why := rest.refusal(found, reply, by.id, shift, names, now):
            raise OfferRefused(why)
        answered = await database(lambda: stored.answer(self._engine, number, reply, by, now)) or found
        if answered.answer != reply:  # Two pressed at once.
            raise OfferRefused(f"It is {answered.answer} already.")
        if reply == "declined":
            return OfferOutcome(said=rest_words.DECLINED, offer=self._shown(answered))
        override = await self._override(answered, by, now)
        await self._rota.refresh()
        place = self._place(answered)
        schedule = view_now(self._rota).named(answered.schedule).name
        return OfferOutcome(
            said=rest_words.taken(answered, names, schedule, override.ends, place),
            offer=self._shown(answered),
            override=view_now(self._rota).override(override),
        )

    async def _found(self, number: int) -> RestOffer:
        found = await database(lambda: stored.find(self._engine, number))
        if found is None:
            raise UnknownOffer(f"there is no offer {number}")
        return found

    async def _override(self, offer: RestOffer, by: PersonRef, now: datetime) -> Override:
        """The override that this offer is. Where it was marked as accepted and no more, it is made now."""
        key, begins = f"rest-offer:{offer.id}", max(now, offer.begins)
        # No more than the duty of whoever is to rest: what others have of this day stays theirs.
        own = stretches(self._rota.shifts(offer.schedule, begins, offer.ends), offer.person)
        known = await database(lambda: overrides.made(self._engine, key))
        if known is None:
            if not own or own[0].begins > begins:
                raise OfferRefused("The duty has passed to somebody else meanwhile.")
            new = Override(
                id=0,
                schedule=offer.schedule,
                person=offer.to,
                begins=begins,
                ends=own[0].ends,
                reason=f"{rest_words.reason(offer, self._names())}.",
                by=by,
                made_at=now,
            )
            known = await database(lambda: overrides.add(self._engine, new, key))
        if known.ends <= now:
            raise OfferRefused(f"Override {known.id} was made of it, and is over or was taken back.")
        return known

    def _names(self) -> dict[str, str]:
        return {person: entry.name for person, entry in self._rota.organisation.people.items()}

    def _place(self, offer: RestOffer) -> str:
        organisation = self._rota.organisation
        team = organisation.teams.get(offer.team)
        return place_of(organisation, team.region if team else None).time_zone

    def _shown(self, offer: RestOffer) -> OfferNow:
        view, teams = view_now(self._rota), self._rota.organisation.teams
        team = teams[offer.team].name if offer.team in teams else offer.team
        return OfferNow(
            team=Named(id=offer.team, name=team),
            schedule=view.named(offer.schedule),
            person=view.ref(offer.person),
            to=view.ref(offer.to),
            reason=f"{rest_words.reason(offer, self._names())}.",
            **offer.model_dump(exclude={"team", "schedule", "person", "to"}),
        )


def offers_of(rota: RotaDep, engine: EngineDep) -> RestOffers:
    """The offers, as a handler needs them."""
    return RestOffers(rota, engine)


OffersDep = Annotated[RestOffers, Depends(offers_of)]
OfferNumber = Annotated[int, Path(ge=1, le=LARGEST_NUMBER)]

_ALICE, _BEN = {"id": "alice", "name": "Alice Moreau"}, {"id": "ben", "name": "Ben Okafor"}
_OFFER: dict[str, Any] = {
    "id": 7,
    "team": {"id": "storefront", "name": "Storefront"},
    "schedule": {"id": "storefront-primary", "name": "Storefront primary"},
    "day": "2026-03-04",
    "person": _ALICE,
    "to": _BEN,
    "begins": "2026-03-04T08:00:00Z",
    "ends": "2026-03-04T16:00:00Z",
    "pages": 3,
    "work": "1h20m",
    "reason": "Alice Moreau had 3 pages and 1h20m of work last night.",
    "answer": None,
    "answered_at": None,
}
_BY = {"by": "ben"}
_ANSWERS = {
    **errors.responses(400, 503),
    404: {**errors.responses(404)[404], "description": "No such offer"},
    409: {**errors.responses(409)[409], "description": "It cannot be answered like this any more"},
}


@router.get(
    "",
    summary="List the duties that are offered after a bad night",
    responses={**example({"offers": [_OFFER]}), **errors.responses(503)},
)
async def list_offers(offers: OffersDep) -> OfferList:
    """Of today: until the working day that they are about is over."""
    return OfferList(offers=await offers.today())


@router.post("/{number}/accept", summary="Take over a duty that is offered", responses=_ANSWERS)
async def accept_offer(
    number: OfferNumber, given: Annotated[AnswerOffer, Body(examples=[_BY])], offers: OffersDep, rota: RotaDep
) -> OfferOutcome:
    """It becomes an override until the working day ends. Pressed again it is the same one."""
    return await offers.answer(number, "accepted", person_ref(given.by, rota.organisation))


@router.post("/{number}/decline", summary="Leave a duty that is offered", responses=_ANSWERS)
async def decline_offer(
    number: OfferNumber, given: Annotated[AnswerOffer, Body(examples=[_BY])], offers: OffersDep, rota: RotaDep
) -> OfferOutcome:
    """Nothing changes. It may still be accepted later on that day."""
    return await offers.answer(number, "declined", person_ref(given.by, rota.organisation))
