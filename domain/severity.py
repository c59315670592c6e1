"""How bad it is: four ranks, whatever an organisation calls them (spec 1.1)."""

from datetime import timedelta
from typing import Literal

from domain.base import Duration, Thing
from domain.people import Method
from domain.roles import Role

Owed = Literal["always", "customer impact", "never"]
Respond = Literal["at once", "working time", "next business day", "backlog"]


class SeverityRules(Thing):
    """What one severity of the policy pack asks for.

    Attributes:
        rank: from 1, the worst, to 4.
        ack_window: how long a rung has before the next is paged.
        methods: the ways in which it may page; none means that nobody is woken for it.
        respond: when people hear of it: at once; at once in working time, else when that begins; in the
            morning of the next business day; or not at all, it waits in the backlog (spec 1.1, 1.6).
        labels: what monitoring systems call it.
        roles: those that have to be filled, and `roles_within` how soon (spec 5.2).
        war_room: whether one is required, recommended or not meant; `war_room_after` opens one by itself
            when there is no mitigation so long after the start (spec 6.1).
        status_page: whether the public has to be told (spec 7.2).
        checkpoints: whether the four questions are asked (spec 6.3).
        rises_after: unmitigated for so long, it becomes the next worse severity (spec 1.3).
        progress_within: acknowledged without progress for so long, the ladder goes one level up (spec 3.4).
        still_after: without progress for so long, it is asked whether it is still this bad (spec 3.4).
        postmortem: when one is owed (spec 9.2).
        published_within: how soon after the resolution the postmortem has to be readable (spec 9.3).
    """

    rank: int
    meaning: str
    ack_window: Duration
    methods: tuple[Method, ...]
    respond: Respond = "at once"
    labels: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()
    roles_within: Duration = timedelta(minutes=15)
    war_room: Literal["required", "recommended", "none"] = "none"
    war_room_after: Duration | None = None
    status_page: Literal["required", "optional", "none"] = "none"
    checkpoints: bool = False
    rises_after: Duration | None = None
    progress_within: Duration | None = None
    still_after: Duration | None = None
    postmortem: Owed = "never"
    published_within: Duration | None = None


class Severity(SeverityRules):
    """One severity, by its name in the pack."""

    name: str
