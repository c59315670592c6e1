"""Who can be paged, and how they wish to be."""

from datetime import timedelta
from typing import Literal

from domain.base import Duration, Thing

Method = Literal["call", "sms", "slack"]
"""A way to page someone. A Slack message has buttons to acknowledge and to pass on."""


class NotificationRule(Thing):
    """One way in which a person wants to be paged, `after` their rung began. A method that comes to
    nothing starts the next rule at once (spec 3.2)."""

    method: Method
    after: Duration = timedelta(0)


class Person(Thing):
    """Somebody who can be paged. `phone` is E.164; `email` finds them in chat; `rules` are tried in order. A
    channel is paged like a person: `slack` is the name of one in chat."""

    id: str
    name: str
    phone: str
    email: str | None = None
    slack: str | None = None
    rules: tuple[NotificationRule, ...]


class PersonRef(Thing):
    """Somebody who did something. `id` is empty when only a phone number is known."""

    id: str
    name: str
