"""What was seen of a drill from the outside: by the API, by the carrier, in Slack, on disk."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

from pydantic import BaseModel, ConfigDict

from domain.incident import IncidentReport, Status
from domain.organisation import Organisation
from domain.response import Audience, Checkpoint, Update
from domain.timeline import Entry, Kind

OK = 200


class Seen(BaseModel):
    """A part of what others tell; of what is not needed nothing is read."""

    model_config = ConfigDict(extra="ignore")


class Passage(Seen):
    """A state that a call or message came to, by the carrier's clock."""

    state: str
    at: datetime


class Heard(Seen):
    """What was heard from the person who was called."""

    digits: str | None = None


class Contact(Seen):
    """A call or message, as the carrier's side recorded it."""

    sid: str
    to: str
    created_at: datetime
    status: str
    states: list[Passage]
    voicemail: str | None = None
    body: str = ""
    heard: list[Heard] = []

    @property
    def keys(self) -> str:
        """The keys that were pressed."""
        return "".join(heard.digits or "" for heard in self.heard)

    def came_to(self, state: str) -> datetime | None:
        """When it came to this state."""
        return next((passage.at for passage in self.states if passage.state == state), None)


class Request(Seen):
    """A request that Slack had from us (`in`), or made of us (`out`), and how it was answered."""

    direction: str
    path: str
    body: str
    at: datetime
    status: int | None = None


class Channel(Seen):
    """A channel in Slack."""

    id: str
    name: str
    is_archived: bool
    pins: list[str]


class Message(Seen):
    """A message in Slack. What Midwatch has said of an incident has `metadata`."""

    ts: str
    text: str
    blocks: list[dict[str, Any]]
    metadata: dict[str, Any] | None = None

    @property
    def elements(self) -> list[dict[str, Any]]:
        """What can be pressed."""
        return [element for block in self.blocks for element in block.get("elements", ())]


class PublicUpdate(Seen):
    """One update on the status page."""

    status: str
    body: str
    created_at: datetime


class PublicIncident(Seen):
    """An incident on the status page, its updates from the newest to the oldest."""

    name: str
    status: str
    incident_updates: list[PublicUpdate]


class PublicComponent(Seen):
    """A component on the status page."""

    name: str
    status: str


class PublicPage(Seen):
    """The status page in the shape of Statuspage's summary."""

    incidents: list[PublicIncident]
    components: list[PublicComponent]


class Refusal(Seen):
    """Something that was not done, when, why, and what is wrong with which field."""

    at: datetime
    detail: str
    faults: dict[str, str]


@dataclass
class Notes:
    """What could be seen only while the story went on.

    Attributes:
        statuses: those the incident was seen in, in their order.
        slack_down: from when to when Slack answered nothing.
        pages: the status page after each publication.
        refusals: what was refused, by what was tried; None where it was done.
        held: the incident when the review was held, with one item open.
        stuck: why the story did not come to its end; empty if it did.
    """

    alerted_at: datetime
    statuses: list[Status] = field(default_factory=list)
    slack_down: tuple[datetime, datetime] | None = None
    pages: list[PublicPage] = field(default_factory=list)
    refusals: dict[str, Refusal | None] = field(default_factory=dict)
    held: IncidentReport | None = None
    stuck: str = ""


@dataclass(frozen=True)
class Facts:
    """Everything the checks look at."""

    organisation: Organisation
    notes: Notes
    report: IncidentReport
    entries: list[Entry]
    calls: list[Contact]
    messages: list[Contact]
    requests: list[Request]
    channels: Mapping[str, Channel]
    room: list[Message]
    status_channel: list[Message]

    @property
    def contacts(self) -> list[Contact]:
        """Calls and messages that ask for an answer; what people are only told is not among them."""
        return [*self.calls, *(message for message in self.messages if "Reply ACK" in message.body)]

    def name(self, person: str) -> str:
        """What somebody is called."""
        return self.organisation.people[person].name

    def to(self, person: str, contacts: Iterable[Contact]) -> list[Contact]:
        """Those of the contacts that went to this person."""
        phone = self.organisation.people[person].phone
        return [contact for contact in contacts if contact.to == phone]

    def of(self, kind: Kind, words: str = "", **data: object) -> list[Entry]:
        """The entries of this kind with these words and data."""
        return [
            entry
            for entry in self.entries
            if entry.kind is kind and words in entry.text and data.items() <= entry.data.items()
        ]

    @property
    def asked_of_slack(self) -> list[Request]:
        """What Slack was asked by us."""
        return [request for request in self.requests if request.direction == "in"]

    def deeds(self, kind: str, words: str) -> list[Request]:
        """What people did in Slack with buttons (`block_actions`) and modals (`view_submission`)."""
        told = [
            (request, unquote_plus(request.body)) for request in self.requests if request.direction == "out"
        ]
        return [request for request, body in told if request.status == OK and kind in body and words in body]

    def updates(self, audience: Audience) -> list[Update]:
        """The updates that were published for them."""
        return [one for one in self.report.updates if one.audience is audience and one.published_at]

    def checkpoint(self, number: int) -> Checkpoint | None:
        """A checkpoint by its number."""
        return next((one for one in self.report.checkpoints if one.number == number), None)

    def paged_between(self, start: datetime, end: datetime) -> list[Contact]:
        """Whoever was called or texted for an answer after one moment and before another."""
        return [contact for contact in self.contacts if start < contact.created_at < end]

    def text(self, path: str | None) -> str:
        """A document; nothing if it is not there."""
        place = Path(path) if path else None
        return place.read_text(encoding="utf-8") if place and place.exists() else ""
