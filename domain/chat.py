"""What Midwatch says in chat, whatever the vendor: posts with buttons, and where the incident's room is."""

from typing import Literal

from pydantic import Field

from domain.base import Instant, State, Thing

MOST_PENDING = 100
"""Posts that wait for a chat that is away. Older ones make room: who comes back reads the card."""


class Button(Thing):
    """Something to press. `action` is what it does (`acknowledge`, `role`, `checkpoint`, `approve`, …) and
    `value` what it is about: a role, a number."""

    action: str
    label: str
    value: str = ""
    style: Literal["primary", "danger"] | None = None


class Post(Thing):
    """One message: to the responders' room, the status channel, the channel of announcements, or one person.
    `number` counts within the incident, so that a post that may have been sent can be looked for."""

    number: int
    at: Instant
    place: Literal["room", "status", "announcements", "person"]
    text: str
    person: str | None = None
    buttons: tuple[Button, ...] = ()


class Channels(Thing):
    """Where the room is, as chat knows it: ids of channels and of the pinned card."""

    room: str | None = None
    room_name: str | None = None
    room_url: str | None = None
    status: str | None = None
    status_name: str | None = None
    card: str | None = None
    archived: bool = False


class Outbox(State):
    """What chat has not got yet, and what it has. `away_since` is set while it does not answer."""

    last: int = 0
    pending: list[Post] = Field(default_factory=list)
    channels: Channels = Channels()
    card_shown: str = ""
    away_since: Instant | None = None

    def add(self, post: Post) -> None:
        """Append a post."""
        self.last = post.number
        self.pending = [*self.pending, post][-MOST_PENDING:]

    def sent(self, through: int) -> None:
        """Forget what was sent: every post up to and including `through`."""
        self.pending = [post for post in self.pending if post.number > through]
