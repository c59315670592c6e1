"""Rest after a bad night (spec 2.4): the offers are made, and told."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Engine
from temporalio import activity

import storage.rest
from activities.conversation import SlackChat
from domain.entries import PersonEntry
from domain.jobs import Told
from domain.organisation import Organisation
from domain.rest import OFFER_REST, TELL_OFFER, Night, OfferRest, OffersMade, RestOffer, TellOffer
from integrations.slack import Blocks
from integrations.twilio import TwilioCarrier
from policy import rest, rest_words
from policy.calendar import place_of
from rota import Rota


class RestActivities:
    """Nights from the stored timelines, days from the configuration as it is now. `public_url` leads to the
    page on which an offer can be answered."""

    def __init__(
        self, engine: Engine, rota: Rota, carrier: TwilioCarrier, chat: SlackChat | None, public_url: str
    ) -> None:
        self._engine = engine
        self._rota = rota
        self._carrier = carrier
        self._chat = chat
        self._page = f"{public_url}/on-call"

    @activity.defn(name=OFFER_REST)
    async def offer_rest(self, work: OfferRest) -> OffersMade:
        """Offer what has to be offered in this hour; what nobody has heard of yet is told with it."""
        organisation = self._rota.organisation
        drafts = rest.due(organisation, work.now, lambda name, at: self._rota.shift(name, at).person)
        return await asyncio.to_thread(self._offer, organisation, drafts, work.now)

    def _offer(self, organisation: Organisation, drafts: Sequence[RestOffer], now: datetime) -> OffersMade:
        for draft in drafts:
            first, second = (self._night(organisation, draft, who) for who in (draft.person, draft.to))
            if new := rest.offered(draft, first, second, organisation.rest):
                storage.rest.offer(self._engine, new)
        found = storage.rest.offers(self._engine, now)
        return OffersMade(offers=tuple(one for one in found if one.told_at is None and one.answer is None))

    def _night(self, organisation: Organisation, draft: RestOffer, person: str) -> Night:
        begins, ends = rest.night_of(organisation, draft, person)
        return rest.lived(person, begins, ends, storage.rest.timelines(self._engine, begins, ends))

    @activity.defn(name=TELL_OFFER)
    async def tell_rest_offer(self, work: TellOffer) -> Told:
        """Tell whom it is offered to, by text message and, where there is one, in chat, with buttons; one of
        them is enough. Then whose duty it is."""
        offer, organisation = work.offer, self._rota.organisation
        people, team = organisation.people, organisation.teams.get(offer.team)
        if offer.to not in people:
            return Told(done=False, detail=f"there is no {offer.to} any more")
        names = {person: entry.name for person, entry in people.items()}
        schedule = organisation.schedules.get(offer.schedule)
        about = (
            names,
            schedule.name if schedule else offer.schedule,
            place_of(organisation, team.region if team else None).time_zone,
        )
        text = rest_words.to_second(offer, *about)
        told = await self._tell(people[offer.to], text, rest_words.blocks(offer, text))
        if told.done:
            await asyncio.to_thread(storage.rest.mark_told, self._engine, offer.id, work.now)
            if offer.person in people:
                await self._tell(people[offer.person], rest_words.to_first(offer, *about), None)
        return told

    async def _tell(self, person: PersonEntry, text: str, blocks: Blocks | None) -> Told:
        told = [await self._carrier.tell(person.phone, f"{text} {self._page}")]
        if self._chat and person.email:
            told.append(await self._chat.tell(person.email, text, blocks))
        detail = "; ".join(one.detail for one in told if one.detail)
        return Told(done=any(one.done for one in told), detail=detail)
