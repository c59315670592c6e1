"""What is said after a bad night (spec 2.4)."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from domain.base import spell_duration
from domain.base import zone as zone_of
from domain.chat import Button
from domain.rest import RestOffer
from policy.cards_blocks import Block, actions, escaped, section

TAKE, DECLINE = "rest-take", "rest-decline"

DECLINED = "Noted: not today."


def to_second(offer: RestOffer, names: Mapping[str, str], schedule: str, zone: str) -> str:
    """What somebody hears to whom a duty is offered."""
    who = names.get(offer.person, offer.person)
    return (
        f"{reason(offer, names)}. Will you take over {schedule} today, {_hours(offer, zone)}, "
        f"so that {who} can rest?"
    )


def to_first(offer: RestOffer, names: Mapping[str, str], schedule: str, zone: str) -> str:
    """What somebody hears whose duty is offered."""
    who = names.get(offer.to, offer.to)
    return (
        f"You had {_how_bad(offer)} last night. {schedule} today, {_hours(offer, zone)}, is offered "
        f"to {who}. Until {who} takes it you are on call."
    )


def reason(offer: RestOffer, names: Mapping[str, str]) -> str:
    """Why a duty is offered, and changes hands."""
    return f"{names.get(offer.person, offer.person)} had {_how_bad(offer)} last night"


def taken(offer: RestOffer, names: Mapping[str, str], schedule: str, until: datetime, zone: str) -> str:
    """What is said once the duty has changed hands."""
    local = until.astimezone(zone_of(zone))
    who = names.get(offer.person, offer.person)
    return f"You are on call by {schedule} until {local:%H:%M %Z}. {who} can rest."


def blocks(offer: RestOffer, text: str) -> list[Block]:
    """The offer in chat. Its buttons belong to no incident."""
    buttons = (
        Button(action=TAKE, label="Take it", value=str(offer.id), style="primary"),
        Button(action=DECLINE, label="Not today", value=str(offer.id)),
    )
    return [section(escaped(text)), actions("", buttons)]


def _how_bad(offer: RestOffer) -> str:
    minutes = timedelta(minutes=offer.work // timedelta(minutes=1))
    parts = [f"{offer.pages} page{'' if offer.pages == 1 else 's'}"] if offer.pages else []
    parts += [f"{spell_duration(minutes)} of work"] if minutes else []
    return " and ".join(parts)


def _hours(offer: RestOffer, zone: str) -> str:
    begins, ends = (at.astimezone(zone_of(zone)) for at in (offer.begins, offer.ends))
    return f"{begins:%H:%M} to {ends:%H:%M %Z}"
