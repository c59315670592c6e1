"""Who can be paged, and how they wish to be."""

from datetime import timedelta
from typing import Literal

from domain.base import Duration, Thing

Method = Literal["call", "sms"]
"""A way to page someone."""


class NotificationRule(Thing):
    """One way in which a person wants to be paged, `after` their rung began. A method that comes to
    nothing starts the next rule at once (spec 3.2)."""

    method: Method
    after: Duration = timedelta(0)


class Person(Thing):
    """Somebody who can be paged. `phone` is E.164; `email` finds them in chat; `rules` are tried in order."""

    id: str
    name: str
    phone: str
    email: str | None = None
    rules: tuple[NotificationRule, ...]


class PersonRef(Thing):
    """Somebody who did something. `id` is empty when only a phone number is known."""

    id: str
    name: str
