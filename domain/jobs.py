"""What a workflow asks of the outside world: the names of its activities, their inputs and answers.

Every job may run twice. Calls and messages are tried once each, and what came of them is an answer,
never an exception: the workflow decides what is next.
"""

from typing import Literal

from domain.base import Duration, Instant, Thing
from domain.chat import Channels, Post
from domain.incident import IncidentReport
from domain.messages import CarrierWord, Page
from domain.people import Method, Person
from domain.response import Update
from domain.snapshot import Limits
from domain.timeline import Entry

PLACE_CALL = "place_call"
SEND_SMS = "send_sms"
LOOK_UP = "look_up_page"
HANG_UP = "hang_up"
LEAVE_MESSAGE = "leave_message"
WRITE_TIMELINE = "write_timeline"
WRITE_DOCUMENT = "write_document"
PUBLISH_UPDATE = "publish_update"
CONVERSE = "converse"
NOTIFY = "notify"
SEND_SLACK = "send_slack"
WITHDRAW_SLACK = "withdraw_slack"
WHO_IS_ON_CALL = "who_is_on_call"
CALL_WEBHOOK = "call_webhook"


class PlaceCall(Thing):
    """Ring a phone. What is said is asked for when it is answered.

    `limits` hold for the `person`, unless the severity's `rank` is the worst (spec 4.4); an incident that
    began before there were any has none. `at` is the incident's own time.
    """

    page: Page
    to: str
    ring_for: Duration
    person: str = ""
    rank: int = 1
    limits: Limits | None = None
    at: Instant | None = None


class SendSms(Thing):
    """Send a text message, within limits as a call is."""

    page: Page
    to: str
    text: str
    person: str = ""
    rank: int = 1
    limits: Limits | None = None
    at: Instant | None = None


class SendSlack(Thing):
    """Page somebody in chat, with buttons to answer: directly or, where a channel is paged like a person, in
    that channel (spec 3.2).

    Attributes:
        key: what this page is known by there, whichever attempt it is: it is posted once.
        since: nothing of this key is older.
        heading: severity and title; `text` is the rest of what they have to know.
    """

    page: Page
    person: Person
    key: str
    since: Instant
    heading: str
    text: str


class WithdrawSlack(Thing):
    """Take the buttons off a page in chat, and say why it is over."""

    carrier_id: str
    heading: str
    text: str


class Placed(Thing):
    """What the carrier made of a page.

    `accepted`: it has it, under `carrier_id`, which several pages may share. `rejected`: it never will.
    `unavailable`: it certainly does not have it, and may take it later. `unknown`: it may or may not have it.
    `held`: it was not asked, because the person has been paged enough (spec 4.4).
    """

    result: Literal["accepted", "rejected", "unavailable", "unknown", "held"]
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
    """End a call that rings. Where `page` is not the only one that it carries, it goes on for the others."""

    carrier_id: str
    page: Page | None = None


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


class PublishUpdate(Thing):
    """Put a published update where the public reads it (spec 7.4, 8.1). Doing it again changes nothing."""

    report: IncidentReport
    update: Update
    component: str | None


class Converse(Thing):
    """Bring chat up to date: open the room if it is wanted and missing, send the posts in their order, make
    the pinned card true, close the room once it is over. Safe to repeat: `channels` is what is known of an
    earlier turn, and a post that may have been sent is looked for first. What is to be written down meanwhile
    may travel along (`entries`): it is stored first, and one errand is shorter than two."""

    report: IncidentReport
    announcements: str
    room_wanted: bool
    room_over: bool
    channels: Channels
    posts: tuple[Post, ...]
    people: dict[str, str]
    entries: tuple[Entry, ...] = ()


class Conversed(Thing):
    """How far chat came, and what was `stored` before. `through` is the number of the last post that is sent;
    `fault` why not all is done, and `retry_after` how long chat asked for patience."""

    channels: Channels
    through: int
    card_done: bool
    fault: str = ""
    retry_after: Duration | None = None
    stored: Stored | None = None


class Notify(Thing):
    """Tell one person something by text message that asks for no answer, and by chat where there is one."""

    person: Person
    text: str


class WhoIsOnCall(Thing):
    """Look up who is on call by these schedules at this moment (spec 2.1)."""

    schedules: tuple[str, ...]
    at: Instant


class OnCallNow(Thing):
    """Who is on call, by schedule; None: nobody is. `people` says how to reach them. A schedule that is not
    there any more is left out."""

    on_call: dict[str, str | None]
    people: tuple[Person, ...]


class CallWebhook(Thing):
    """Ask the automated response of a service to repair it (spec 3.1). `key` is the same whenever it is asked
    again for the same."""

    url: str
    key: str
    report: IncidentReport
