"""The verbs of TwiML that a call or a message can obey, as read."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Say:
    """Speaks `text`, `times` times over."""

    text: str
    times: int


@dataclass(frozen=True)
class Play:
    """Plays a recording (or tones); its length is unknown here and taken as one second."""

    url: str


@dataclass(frozen=True)
class Pause:
    """Waits in silence."""

    seconds: float


@dataclass(frozen=True)
class Gather:
    """Listens for keys or speech while the prompts play, and for `timeout` seconds after."""

    prompts: tuple["Say | Play | Pause", ...]
    keys: bool
    speech: bool
    action: str
    method: str
    num_digits: int | None
    timeout: float
    speech_timeout: float | None
    finish_on_key: str
    action_on_empty: bool
    barge_in: bool


@dataclass(frozen=True)
class Redirect:
    """Goes on with another document."""

    url: str
    method: str


@dataclass(frozen=True)
class Hangup:
    """Ends the call."""


@dataclass(frozen=True)
class Dial:
    """Joins the call to somebody else: each noun as `Conference bridge` or `Number +1555…`."""

    parties: tuple[str, ...]
    time_limit: float
    action: str | None
    method: str


@dataclass(frozen=True)
class Record:
    """Records what the person says, until a silence, a key, or the maximum length."""

    action: str
    method: str
    timeout: float
    max_length: float
    finish_on_key: str


@dataclass(frozen=True)
class TextMessage:
    """A message sent as the answer to a message."""

    body: str


Verb = Say | Play | Pause | Gather | Redirect | Hangup | Dial | Record | TextMessage


@dataclass(frozen=True)
class Document:
    """The verbs of a document in their order, and the warnings (12200) it gives."""

    verbs: tuple[Verb, ...]
    warnings: tuple[str, ...] = field(default=())
