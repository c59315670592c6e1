"""The rights that Slack gives the application for a while with what a person did."""

import asyncio
import time
from dataclasses import dataclass, field

from .records import Message

TRIGGER_LASTS = 3.0


@dataclass
class Trigger:
    """The right to open one modal before `user`, for three seconds."""

    id: str
    user: str
    given_at: float = field(default_factory=time.monotonic)
    used: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass
class ResponseUrl:
    """Where the application may answer to a command or a click: five times within half an hour."""

    channel: str
    user: str
    message: Message | None = None
    given_at: float = field(default_factory=time.monotonic)
    uses: int = 0
