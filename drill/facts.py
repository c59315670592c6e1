"""What was seen of a drill from the outside: by the API, by the carrier, on disk."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from domain.incident import IncidentReport
from domain.organisation import Organisation
from domain.timeline import Entry


class Passage(BaseModel):
    """A state that a call or message came to, by the carrier's clock."""

    state: str
    at: datetime


class Contact(BaseModel):
    """A call or message, as the carrier's side recorded it."""

    model_config = ConfigDict(extra="ignore")

    sid: str
    to: str
    created_at: datetime
    status: str
    states: list[Passage]
    voicemail: str | None = None

    def came_to(self, state: str) -> datetime | None:
        """When it came to this state."""
        return next((passage.at for passage in self.states if passage.state == state), None)


@dataclass(frozen=True)
class Facts:
    """Everything the checks look at."""

    organisation: Organisation
    alerted_at: datetime
    answered_at: datetime
    report: IncidentReport
    entries: list[Entry]
    calls: list[Contact]
    messages: list[Contact]
    document: Path | None

    def to(self, person: str, contacts: list[Contact]) -> list[Contact]:
        """Those of the contacts that went to this person."""
        phone = self.organisation.people[person].phone
        return [contact for contact in contacts if contact.to == phone]
