"""What the simulated Slack remembers, and how the control API shows it."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel

from .models import Auto

Block = dict[str, Any]


class User(BaseModel):
    """A person, or the application's own bot. People type @`handle` to mention them."""

    id: str
    name: str
    handle: str
    email: str = ""
    is_bot: bool = False
    auto: list[Auto] = []


class Bookmark(BaseModel):
    """A link at the head of a channel."""

    id: str
    title: str
    link: str
    emoji: str = ""
    at: int


class Channel(BaseModel):
    """A channel, a direct message (`im`) or one of several people (`mpim`)."""

    id: str
    name: str
    kind: Literal["channel", "im", "mpim"] = "channel"
    is_private: bool = False
    is_general: bool = False
    is_archived: bool = False
    creator: str
    created: int
    topic: str = ""
    purpose: str = ""
    members: list[str] = []
    pins: list[str] = []
    bookmarks: list[Bookmark] = []


class Message(BaseModel):
    """A message as it stands now. `ephemeral_to` is set on one that a single person sees."""

    channel: str
    ts: str
    user: str
    text: str = ""
    blocks: list[Block] = []
    metadata: dict[str, Any] | None = None
    thread_ts: str | None = None
    subtype: str | None = None
    edited: str | None = None
    edits: int = 0
    ephemeral_to: str | None = None


class View(BaseModel):
    """A modal or a home tab before one person. `view` is as Slack represents it.

    `errors` are by block id; `trouble` is what the person reads when the application did not answer well.
    """

    id: str
    user: str
    view: dict[str, Any]
    errors: dict[str, str] = {}
    trouble: str | None = None
    trigger: str | None = None


class RequestRecord(BaseModel):
    """A request, `out` to the application or `in` from it. `status` is None when no answer came.

    `error` is the refusal of the Web API, or what the person was told went wrong. `headers` are kept of
    requests out, so that one can be sent again to the letter.
    """

    n: int
    direction: Literal["out", "in"]
    path: str
    headers: dict[str, str] = {}
    body: str
    at: datetime
    status: int | None = None
    answer: str = ""
    error: str | None = None
    replay_of: int | None = None
