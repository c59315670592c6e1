"""An organisation's own configuration, as its files say it."""

import re
from typing import Annotated, Self
from zoneinfo import available_timezones

import phonenumbers
from pydantic import AfterValidator, ConfigDict, Field, model_validator

from domain.base import Thing
from domain.people import NotificationRule
from domain.severity import SeverityRules
from domain.snapshot import Postmortems, Response, Timing


def _e164(text: str) -> str:
    mend = "write it with its country code, like +12025550101"
    try:
        number = phonenumbers.parse(text)
    except phonenumbers.NumberParseException as fault:
        raise ValueError(f"{text!r} is not a phone number; {mend}") from fault
    if not phonenumbers.is_possible_number(number):
        raise ValueError(f"{text!r} cannot be a phone number; {mend}")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


PhoneNumber = Annotated[str, AfterValidator(_e164)]


def _email(text: str) -> str:
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", text):
        raise ValueError(f"{text!r} is not an email address")
    return text


EmailAddress = Annotated[str, AfterValidator(_email)]


def _time_zone(text: str) -> str:
    if text not in available_timezones():
        raise ValueError(f"{text!r} is not a time zone; write it like Europe/Berlin")
    return text


TimeZone = Annotated[str, AfterValidator(_time_zone)]


def _name(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,59}", text):
        raise ValueError(f"{text!r} cannot be a name; use lower-case letters, digits and hyphens")
    return text


Name = Annotated[str, AfterValidator(_name)]
"""What something is called in configuration: it ends up in ids and addresses."""


class Strict(Thing):
    """A part of the configuration. A key it does not know is a fault: most likely a slip of the pen."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class PersonEntry(Strict):
    """Somebody who can be paged. Without rules of their own the pack's `notify` holds."""

    name: str = Field(min_length=1)
    phone: PhoneNumber
    email: EmailAddress | None = None
    notify: tuple[NotificationRule, ...] | None = Field(default=None, min_length=1)


class ServiceEntry(Strict):
    """Something that can break, and the ladder that is climbed when it does. `component` is what customers
    know it as on the status page; a service without one is not shown there."""

    name: str = Field(min_length=1)
    ladder: str
    runbook: str | None = None
    component: str | None = Field(default=None, min_length=1)
    group: str | None = Field(default=None, min_length=1)


class StatusPageEntry(Strict):
    """The public status page."""

    title: str = Field(default="Status", min_length=1)


class ChatEntry(Strict):
    """Where incidents are talked about. `announcements` is the channel in which war rooms are announced."""

    announcements: str = Field(default="incidents", pattern=r"^[a-z0-9_-]{1,80}$")


class RungEntry(Strict):
    """The people who are paged together."""

    name: str = Field(min_length=1)
    people: tuple[str, ...] = Field(min_length=1)


class FallbackEntry(Strict):
    """Where it is told, by SMS, that a whole ladder has not answered: a bridge, a duty phone."""

    name: str = Field(min_length=1)
    phone: PhoneNumber


class LadderEntry(Strict):
    """Rungs in the order in which they are paged. `fallback` is told when nobody answers (spec 3.2)."""

    rungs: tuple[RungEntry, ...] = Field(min_length=1)
    repeats: int = Field(default=2, ge=0, le=20)
    fallback: FallbackEntry | None = None


class SeverityEntry(SeverityRules):
    """One severity of a pack (spec 1.1)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rank: int = Field(ge=1, le=4)

    @model_validator(mode="after")
    def _window_is_long_enough(self) -> Self:
        if self.ack_window.total_seconds() < 2:
            raise ValueError("ack_window is shorter than 2s, in which nobody can answer a phone")
        return self


class Organisation(Strict):
    """The whole configuration: a policy pack with the organisation's changes, people, services, ladders.

    `unclassified` is the severity of an incident that nobody has classified; `default_service` takes
    the alerts that name no service we know, because an alert that nobody receives is worse than one
    that reaches the wrong team. `bridge` is the link of the call in which a war room meets, with
    `{incident}` for the incident's id.
    """

    pack: str
    unclassified: str
    severities: dict[str, SeverityEntry] = Field(min_length=1)
    timing: Timing
    response: Response
    postmortems: Postmortems
    time_zone: TimeZone = "UTC"
    bridge: str | None = Field(default=None, pattern=r"^https?://")
    status_page: StatusPageEntry = StatusPageEntry()
    chat: ChatEntry = ChatEntry()
    notify: tuple[NotificationRule, ...] = Field(min_length=1)
    default_service: str
    people: dict[Name, PersonEntry] = Field(min_length=1)
    services: dict[Name, ServiceEntry] = Field(min_length=1)
    ladders: dict[Name, LadderEntry] = Field(min_length=1)
