"""What the public was told, written and read (spec 7.4, 8.1). Each function brings the tables up to date
first, and raises `sqlalchemy.exc.SQLAlchemyError` when the database is away.

Nothing internal is in it: no title, impact, person or service of an incident, only the texts that were
published, the component's name, and ids of its own.
"""

import hashlib
import secrets
import string
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, or_, select

from domain.base import Instant, Thing
from domain.jobs import PublishUpdate
from domain.response import Audience, ComponentState, Phase
from storage.engine import IMMEDIATE
from storage.models import PublicIncidentRow, PublicUpdateRow
from storage.schema import ensure
from storage.values import storable

AT_LEAST = 50
"""How many incidents `incidents` gives, however long ago they were, if there are as many."""

WORST_LAST = tuple(ComponentState)
"""The states of a component, each worse than the one before it."""

_IN_ORDER = col(PublicUpdateRow.at), col(PublicUpdateRow.number)
_ID_LETTERS = string.ascii_lowercase + string.digits
_ID_LENGTH = 12


class PublicUpdate(Thing):
    """One published update, and what the component was before and after it."""

    id: str
    phase: Phase
    text: str
    at: Instant
    before: ComponentState
    after: ComponentState


class PublicIncident(Thing):
    """An incident as the public knows it. It has one update at least, the newest first."""

    id: str
    component: str | None
    drill: bool
    updates: tuple[PublicUpdate, ...]

    @property
    def phase(self) -> Phase:
        """Where it is, by its newest update."""
        return self.updates[0].phase

    @property
    def open(self) -> bool:
        """Whether it is not resolved."""
        return self.phase is not Phase.RESOLVED

    @property
    def state(self) -> ComponentState:
        """What its component is because of it."""
        return self.updates[0].after

    @property
    def worst(self) -> ComponentState:
        """The worst that its component has been because of it."""
        return worst(update.after for update in self.updates)

    @property
    def started_at(self) -> datetime:
        """When the public was first told."""
        return self.updates[-1].at

    @property
    def updated_at(self) -> datetime:
        """When the public was last told."""
        return self.updates[0].at

    @property
    def monitoring_at(self) -> datetime | None:
        """Since when it has been watched after its repair, or when that began."""
        return next((update.at for update in self.updates if update.phase is Phase.MONITORING), None)

    @property
    def resolved_at(self) -> datetime | None:
        """When it was resolved, unless it is open (again)."""
        return None if self.open else self.updated_at


def worst(states: Iterable[ComponentState]) -> ComponentState:
    """The worst of them; operational if there is none."""
    return max(states, key=WORST_LAST.index, default=ComponentState.OPERATIONAL)


def stable_id(kind: str, name: str) -> str:
    """An id for something public that has a name: the same for ever, and telling nothing."""
    digest = int.from_bytes(hashlib.sha256(f"{kind}/{name}".encode()).digest())
    letters = []
    for _ in range(_ID_LENGTH):
        digest, letter = divmod(digest, len(_ID_LETTERS))
        letters.append(_ID_LETTERS[letter])
    return "".join(letters)


def publish(engine: Engine, work: PublishUpdate) -> None:
    """Put an update where the public reads it.

    Safe to repeat: an update that is there stays as it is. What counts is when each was published, not when
    it arrived here, so one that comes late never sets back the phase or the component.

    Raises:
        ValueError: the update is not meant for the public.
    """
    if work.update.audience is not Audience.PUBLIC:
        raise ValueError(f"update {work.update.number} is internal, and never shown to the public")
    ensure(engine)
    insert: Any = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert
    update_row = _update_row(work)
    incident_row = {
        "incident_id": work.report.id,
        # Not made from the internal id: that could be guessed, and the guess be proved.
        "public_id": "".join(secrets.choice(_ID_LETTERS) for _ in range(_ID_LENGTH)),
        "component": storable(work.component) if work.component else None,
        "drill": work.report.drill,
        "started_at": update_row["at"],
    }
    mine = col(PublicIncidentRow.incident_id) == work.report.id
    updates = select(PublicUpdateRow.at, PublicUpdateRow.phase).where(
        PublicUpdateRow.incident_id == work.report.id
    )
    with engine.connect().execution_options(**{IMMEDIATE: True}) as connection, connection.begin():
        connection.execute(insert(PublicIncidentRow).values(incident_row).on_conflict_do_nothing())
        # Two updates at once: the second waits here, and then sees the first among the updates.
        connection.execute(select(PublicIncidentRow.incident_id).where(mine).with_for_update())
        connection.execute(insert(PublicUpdateRow).values(update_row).on_conflict_do_nothing())
        told = connection.execute(updates.order_by(*_IN_ORDER)).all()
        (first, _), (last, phase) = told[0], told[-1]
        resolved_at = last if phase == Phase.RESOLVED.value else None
        connection.execute(
            update(PublicIncidentRow).where(mine).values(started_at=first, resolved_at=resolved_at)
        )


def incidents(engine: Engine, *, since: datetime) -> tuple[PublicIncident, ...]:
    """Every incident that is open or was resolved since then, and the latest `AT_LEAST` in any case. The
    latest to start comes first."""
    latest = col(PublicIncidentRow.started_at).desc(), col(PublicIncidentRow.public_id).desc()
    lately = select(PublicIncidentRow.incident_id).order_by(*latest).limit(AT_LEAST)
    query = select(PublicIncidentRow).where(
        or_(
            col(PublicIncidentRow.resolved_at).is_(None),
            col(PublicIncidentRow.resolved_at) >= since,
            col(PublicIncidentRow.incident_id).in_(lately),
        )
    )
    ensure(engine)
    with Session(engine) as session:
        return _read(session, session.exec(query.order_by(*latest)).all())


def incident(engine: Engine, public_id: str) -> PublicIncident | None:
    """The incident with this public id."""
    ensure(engine)
    with Session(engine) as session:
        found = session.exec(select(PublicIncidentRow).where(PublicIncidentRow.public_id == public_id))
        return next(iter(_read(session, found.all())), None)


def _read(session: Session, rows: Sequence[PublicIncidentRow]) -> tuple[PublicIncident, ...]:
    ids = [row.incident_id for row in rows]
    query = select(PublicUpdateRow).where(col(PublicUpdateRow.incident_id).in_(ids)).order_by(*_IN_ORDER)
    told: dict[str, list[PublicUpdateRow]] = defaultdict(list)
    for update_row in session.exec(query):
        told[update_row.incident_id].append(update_row)
    return tuple(
        PublicIncident(
            id=row.public_id,
            component=row.component,
            drill=row.drill,
            updates=_updates(row.public_id, told[row.incident_id]),
        )
        for row in rows
    )


def _updates(public_id: str, rows: Sequence[PublicUpdateRow]) -> tuple[PublicUpdate, ...]:
    """The updates, newest first. One that names no state leaves the component as it was; an incident that
    never named one degrades it, for something is wrong; a resolution restores it."""
    read: list[PublicUpdate] = []
    for row in rows:
        phase = Phase(row.phase)
        before = read[-1].after if read else ComponentState.OPERATIONAL
        if phase is Phase.RESOLVED:
            after = ComponentState.OPERATIONAL
        elif row.component_state:
            after = ComponentState(row.component_state)
        elif not read or read[-1].phase is Phase.RESOLVED:
            after = ComponentState.DEGRADED
        else:
            after = before
        id = stable_id("update", f"{public_id}/{row.number}")
        read.append(PublicUpdate(id=id, phase=phase, text=row.text, at=row.at, before=before, after=after))
    return tuple(reversed(read))


def _update_row(work: PublishUpdate) -> dict[str, Any]:
    told = work.update
    return {
        "incident_id": work.report.id,
        "number": told.number,
        "phase": told.phase.value,
        "text": storable(told.text),
        "component_state": told.component.value if told.component else None,
        "at": told.published_at or told.approved_at or told.drafted_at,
    }
