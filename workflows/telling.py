"""What an incident tells people by itself: updates within the house, roles that changed hands."""

from datetime import datetime

from domain.chat import Button
from domain.people import PersonRef
from domain.response import Audience, Phase, Update
from domain.roles import Holder, Role
from domain.timeline import Kind
from policy import living, status_page, updates
from policy.words import clock
from workflows.live_incident import LiveIncident

MOST_RECORDS = 100
"""Records of one sort that are kept in state; the timeline has them all."""

MIDWATCH = PersonRef(id="", name="Midwatch")
"""Who drafts what nobody drafted."""


def tell_inside(live: LiveIncident, by: PersonRef = MIDWATCH) -> None:
    """Publish an update within the house, filled from the state: to the status channel and the timeline."""
    state, now = live.state, live.now()
    phase = status_page.phase_of(state)
    rules = state.snapshot.response
    next_at = now + rules.internal_every if rules and phase is not Phase.RESOLVED else None
    text = updates.internal(state, phase, now, next_at)
    number = add_update(live, audience=Audience.INTERNAL, phase=phase, text=text, by=by, next_at=next_at)
    replace_update(live, number, approved_by=by, approved_at=now, published_by=by, published_at=now, out=True)
    before, state.told = state.told, living.facts(state)
    news = " ".join(living.changes(before, state.told)) or "the first one"
    live.log(Kind.UPDATE, f"Internal update {number} ({phase.value}): {news}", update=number, said=text)
    live.say("status", text)


def draft_public(live: LiveIncident, *, full: bool, by: PersonRef = MIDWATCH) -> int:
    """Draft an update for the status page from the state; its number."""
    state, now = live.state, live.now()
    phase = status_page.phase_of(state)
    every = state.snapshot.response.public_every.get(phase) if state.snapshot.response else None
    next_at = now + every if every else None
    text = updates.public(state, phase, next_at, full=full)
    number = add_update(
        live, audience=Audience.PUBLIC, phase=phase, text=text, by=by, next_at=next_at, full=full
    )
    live.log(Kind.UPDATE, f"Update {number} for the status page is drafted ({phase.value}).", update=number)
    return number


def add_update(
    live: LiveIncident,
    *,
    audience: Audience,
    phase: Phase,
    text: str,
    by: PersonRef,
    next_at: datetime | None,
    full: bool = True,
) -> int:
    """Put a draft among the updates; its number."""
    state = live.state
    number = max((update.number for update in state.updates), default=0) + 1
    update = Update(
        number=number,
        audience=audience,
        phase=phase,
        text=text,
        full=full,
        component=updates.component_state(state, phase) if audience is Audience.PUBLIC else None,
        next_update_at=next_at,
        drafted_by=by,
        drafted_at=live.now(),
    )
    state.updates = [*state.updates, update][-MOST_RECORDS:]
    return number


def replace_update(live: LiveIncident, number: int, **changes: object) -> Update | None:
    """Change an update in its place."""
    state = live.state
    state.updates = [
        update.model_copy(update=changes) if update.number == number else update for update in state.updates
    ]
    live.changed()
    return next((update for update in state.updates if update.number == number), None)


def tell_published(live: LiveIncident, update: Update) -> None:
    """Write down that somebody publishes an update; the duty to publish takes it where it is read."""
    who = update.published_by or MIDWATCH
    text = f"{who.name} publishes update {update.number} ({update.audience.value}, {update.phase.value}): "
    live.log(Kind.UPDATE, text + " ".join(update.text.split()), person=who.id or None, update=update.number)


def publish_buttons(number: int) -> tuple[Button, ...]:
    """What a draft for the status page can be pressed for."""
    return (
        Button(action="approve", label="Approve", value=str(number)),
        Button(action="publish", label="Publish", value=str(number), style="primary"),
    )


def take_role(
    live: LiveIncident,
    role: Role,
    person: PersonRef,
    at: datetime,
    *,
    by: PersonRef | None = None,
    brief: str = "",
) -> None:
    """Somebody holds a role from now on. Command that changes hands carries a brief (spec 5.3)."""
    state, before = live.state, live.state.roles.get(role)
    written = brief.strip()
    if role is Role.COMMANDER and before and not written:
        written = living.handover(state, live.now())
    state.roles[role] = Holder(person=person, since=at)
    state.role_asks.pop(role, None)
    if role is Role.COMMANDER:
        state.relief_asked_at = None
    given = f" {by.name} asked them to." if by and by.id != person.id else ""
    after = f" after {before.person.name}" if before else ""
    text = f"{person.name} is {role.value}{after}.{given}"
    kind = Kind.COMMANDER if role is Role.COMMANDER else Kind.ROLE
    live.log(kind, text, at=at, person=person.id, role=role.value, brief=written or None)
    live.say("room", f"{text} {written}".strip())
    if role is Role.COMMANDER and written:
        live.say(
            "person",
            f"You command {state.severity} {state.title} since {clock(at)}. {written}",
            person=person.id,
        )
