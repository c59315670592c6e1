"""How current the status page and the updates within the house are, and who is reminded (spec 7.2)."""

from dataclasses import dataclass
from datetime import datetime

from domain.base import Deadline
from domain.due import Owed
from domain.incident import IncidentState, Status
from domain.response import Audience, Phase, Update
from policy.standing import began, earliest, held, may_page, unmitigated, wakes


@dataclass(frozen=True)
class DraftFirst:
    """Draft the bare acknowledgement, so that it only needs to be approved."""


@dataclass(frozen=True)
class Nudge:
    """Say that an update is due, and have a draft of it ready."""

    audience: Audience
    due_at: datetime


@dataclass(frozen=True)
class CallAboutPage:
    """Phone the commander: the status page is stale and the reminder was not heard."""

    due_at: datetime


Action = DraftFirst | Nudge | CallAboutPage


def published(state: IncidentState, audience: Audience) -> list[Update]:
    """What has been published for them, in order."""
    found = [u for u in state.updates if u.audience is audience and u.published_at]
    return sorted(found, key=lambda update: (update.published_at or update.drafted_at, update.number))


def unpublished(state: IncidentState, audience: Audience) -> Update | None:
    """The latest draft that has not been published."""
    drafts = (u for u in reversed(state.updates) if u.audience is audience and not u.published_at)
    return next(drafts, None)


def offered(state: IncidentState, now: datetime) -> Update | None:
    """The draft for the status page that can go out as it is, if there is one: newer than what is out, with
    a promise that can be kept and, where Midwatch wrote it, still true. Else a new one has to be drafted."""
    draft, told = unpublished(state, Audience.PUBLIC), published(state, Audience.PUBLIC)
    phase = phase_of(state)
    if draft is None or any(update.number > draft.number for update in told):
        return None
    if (draft.next_update_at and draft.next_update_at <= now) or (told and not draft.full):
        return None
    theirs = bool(draft.drafted_by.id) and Phase.RESOLVED not in (draft.phase, phase)
    return draft if theirs or draft.phase is phase else None


def phase_of(state: IncidentState) -> Phase:
    """What an update drafted now would say of where the incident is."""
    if state.status in (Status.RESOLVED, Status.CLOSED):
        return Phase.RESOLVED
    if state.status is Status.MITIGATED:
        return Phase.MONITORING
    known = any(h.state == "confirmed" for h in state.hypotheses) or bool(state.mitigations)
    return Phase.IDENTIFIED if known else Phase.INVESTIGATING


def public_due(state: IncidentState) -> Deadline | None:
    """When the status page has to say more; None where nobody outside needs to be told, or could be: a
    service without a component is not on the page."""
    response, told = state.snapshot.response, published(state, Audience.PUBLIC)
    shown = state.snapshot.service.component is not None
    if response is None or not (told or (shown and state.grade.status_page == "required")):
        return None
    if not (unmitigated(state) or held(state)):
        return None
    if not told:
        return Deadline(name="status page: acknowledge", at=began(state) + response.first_public_within)
    if not any(update.full for update in told):
        at = began(state) + response.full_public_within
        return Deadline(name="status page: first full update", at=at)
    last = told[-1]
    if last.phase is Phase.RESOLVED:
        if not unmitigated(state):
            return None
        back = max(began(state), last.published_at or last.drafted_at) + response.first_public_within
        return Deadline(name="status page: tell that it is back", at=back)
    rhythm = (last.published_at or last.drafted_at) + response.public_every[last.phase]
    at = min(rhythm, last.next_update_at or rhythm)
    return Deadline(name="status page: next update", at=at)


def internal_due(state: IncidentState) -> Deadline | None:
    """When those who wait within the house have to hear more."""
    response = state.snapshot.response
    if response is None or not held(state) or not state.grade.checkpoints:
        return None
    told = published(state, Audience.INTERNAL)
    since = (told[-1].published_at if told else None) or state.acknowledged_at or state.opened_at
    return Deadline(name="next internal update", at=since + response.internal_every)


def owed(state: IncidentState, now: datetime) -> Owed[Action]:
    """What is to be drafted, said or escalated now."""
    response, public, internal = state.snapshot.response, public_due(state), internal_due(state)
    if response is None:
        return Owed()
    later: list[Deadline | None] = []
    actions: list[Action] = []
    if public:
        if not any(update.audience is Audience.PUBLIC for update in state.updates):
            actions.append(DraftFirst())
        call = public.at + response.public_grace
        if public.at > now:
            later.append(public)
        elif state.public_nudged_for != public.at:
            actions.append(Nudge(Audience.PUBLIC, public.at))
        elif state.public_called_for != public.at and state.commander:
            if call > now and wakes(state):
                later.append(Deadline(name="stale status page: the commander is phoned", at=call))
            elif may_page(state, "duty"):
                actions.append(CallAboutPage(public.at))
    if internal:
        if internal.at > now:
            later.append(internal)
        elif state.internal_nudged_for != internal.at:
            actions.append(Nudge(Audience.INTERNAL, internal.at))
    return Owed(tuple(actions), earliest(later))
