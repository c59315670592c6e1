"""What a workflow asks of the outside world: the names of its activities, their inputs and answers.

Every job may run twice. Calls and messages are tried once each, and what came of them is an answer,
never an exception: the workflow decides what is next.
"""

from typing import Literal

from domain.base import Duration, Instant, Thing
from domain.incident import IncidentReport
from domain.messages import CarrierWord, Page
from domain.people import Method
from domain.timeline import Entry

PLACE_CALL = "place_call"
SEND_SMS = "send_sms"
LOOK_UP = "look_up_page"
HANG_UP = "hang_up"
LEAVE_MESSAGE = "leave_message"
WRITE_TIMELINE = "write_timeline"
WRITE_DOCUMENT = "write_document"


class PlaceCall(Thing):
    """Ring a phone. What is said is asked for when it is answered."""

    page: Page
    to: str
    ring_for: Duration


class SendSms(Thing):
    """Send a text message."""

    page: Page
    to: str
    text: str


class Placed(Thing):
    """What the carrier made of a page.

    `accepted`: it has it, under `carrier_id`. `rejected`: it never will. `unavailable`: it certainly
    does not have it, and may take it later. `unknown`: it may or may not have it.
    """

    result: Literal["accepted", "rejected", "unavailable", "unknown"]
    carrier_id: str | None = None
    detail: str = ""


class LookUp(Thing):
    """Ask the carrier about a page: by its id there, or by whom it went to since when, `known` being
    the ids that belong to other pages."""

    method: Method
    to: str
    since: Instant
    carrier_id: str | None = None
    known: tuple[str, ...] = ()


class Found(Thing):
    """What the carrier knows of a page. `checked` is false when it could not be asked."""

    checked: bool
    carrier_id: str | None = None
    word: CarrierWord | None = None


class HangUp(Thing):
    """End a call that rings."""

    carrier_id: str


class LeaveMessage(Thing):
    """Speak to the machine that answered."""

    carrier_id: str
    text: str


class Told(Thing):
    """Whether the carrier did what it was told with a call, and why not."""

    done: bool
    detail: str = ""


class WriteTimeline(Thing):
    """Store entries, and the incident as it is with them."""

    report: IncidentReport
    entries: tuple[Entry, ...]


class Stored(Thing):
    """The database has every entry up to and including this one."""

    through: int


class WriteDocument(Thing):
    """Write the incident document from the stored timeline (spec 9.1)."""

    report: IncidentReport


class Written(Thing):
    """Where a document lies."""

    path: str
