"""How often one person is paged, whatever number of incidents there is (spec 4.4).

A call that still rings takes along what other incidents want of the same person; what is too much is held
back. The worst severity has nothing to do with either: its calls always leave, and speak of nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.base import spell_duration
from domain.pages import PageLog
from domain.snapshot import Limit, Limits
from policy.words import clock

WORST = 1
"""The rank that is never held back and never shares a call."""


@dataclass(frozen=True)
class Go:
    """Let it leave. `quiet_until`: it is the last that the limit allows before then, and so many `others`
    have paged this person lately."""

    quiet_until: datetime | None = None
    others: int = 0


@dataclass(frozen=True)
class Ride:
    """Let the call of this page speak of it too."""

    on: PageLog


@dataclass(frozen=True)
class Hold:
    """Do not page; the next one may leave at `until`."""

    until: datetime
    why: str


Decision = Go | Ride | Hold


def decide(recent: Sequence[PageLog], new: PageLog, limits: Limits, now: datetime) -> Decision:
    """What becomes of a page, given those of late. By it no number gets more pages than its limit within any
    stretch of that length, except by the worst severity."""
    if new.rank <= WORST:
        return Go()
    to_them = [page for page in recent if page.number == new.number]
    if new.method == "call" and (call := _open_call(to_them, new, now)):
        return Ride(call)
    limit = limits.calls if new.method == "call" else limits.messages
    left = sorted(page.requested_at for page in to_them if _counts(page, new, limit, now))
    if len(left) >= limit.most:
        until = left[-limit.most] + limit.within
        within = spell_duration(limit.within)
        return Hold(until, f"{limit.most} {_named(new, limit)} within {within}; again from {clock(until)}")
    others = len({page.page.incident_id for page in to_them} - {new.page.incident_id})
    last = len(left) + 1 == limit.most
    return Go(min([*left, now]) + limit.within if last else None, others)


def _counts(page: PageLog, new: PageLog, limit: Limit, now: datetime) -> bool:
    """Whether it reached the person by this method within the limit's length, as far as is known."""
    sent = page.rides_on is None and page.result in (None, "accepted", "unknown")
    return sent and page.method == new.method and page.requested_at > now - limit.within


def _open_call(to_them: Sequence[PageLog], new: PageLog, now: datetime) -> PageLog | None:
    """The call of another incident that may still be answered, and has not been: what is said in it is
    settled once somebody listens."""
    wanted = {page.call for page in to_them if page.open}
    return next(
        (
            page
            for page in reversed(to_them)
            if page.id in wanted
            and (page.method, page.rides_on, page.answered_at) == ("call", None, None)
            and page.rank > WORST
            and page.result in (None, "accepted")
            and page.page.incident_id != new.page.incident_id
            and page.rings_until
            and now < page.rings_until
        ),
        None,
    )


def _named(new: PageLog, limit: Limit) -> str:
    thing = "call" if new.method == "call" else "message"
    return thing if limit.most == 1 else f"{thing}s"
