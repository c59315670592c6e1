"""Pages of the last day, by the number that they went to (spec 4.4). Paging never needs them: who cannot wait
for the database goes on without. Each function brings the tables up to date first, and raises
`sqlalchemy.exc.SQLAlchemyError` when the database is away.

What is decided for one number is decided in one transaction at a time, whichever process asks.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, delete, func, or_, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from domain.messages import Page
from domain.pages import PageLog
from storage.engine import IMMEDIATE
from storage.page_models import PageRow
from storage.schema import ensure

KEPT_FOR = timedelta(days=1)
"""How long a page is remembered."""


def ask(
    engine: Engine, new: PageLog, within: timedelta, choose: Callable[[tuple[PageLog, ...]], PageLog]
) -> PageLog:
    """Store a page before the carrier is asked for it, as `choose` has it, who is shown those to the same
    number `within` so long before, the oldest first. It decides alone: no other page to this number is stored
    meanwhile."""
    ensure(engine)
    with _alone(engine, new.number) as session:
        recent = select(PageRow).where(
            PageRow.number == new.number, col(PageRow.requested_at) > new.requested_at - within
        )
        rows = session.exec(recent.order_by(col(PageRow.requested_at), col(PageRow.id)))
        chosen = choose(tuple(_log(row) for row in rows))
        row = PageRow(**_values(chosen))
        session.add(row)
        session.flush()
        return chosen.model_copy(update={"id": row.id})


def settle(engine: Engine, page: PageLog, now: datetime) -> None:
    """Store what came of asking the carrier, also where nothing could be stored before. Pages that are older
    than `KEPT_FOR` are forgotten."""
    ensure(engine)
    insert: Any = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert
    upsert = insert(PageRow).values(message_left=False, **_values(page))
    fate = {name: upsert.excluded[name] for name in ("result", "rides_on")}
    # The carrier's word may have come before its answer did.
    fate["carrier_id"] = func.coalesce(col(PageRow.carrier_id), upsert.excluded.carrier_id)
    upsert = upsert.on_conflict_do_update(index_elements=["incident_id", "run", "attempt"], set_=fate)
    with engine.connect().execution_options(**{IMMEDIATE: True}) as connection, connection.begin():
        connection.execute(upsert)
        connection.execute(delete(PageRow).where(col(PageRow.requested_at) < now - KEPT_FOR))


def find(engine: Engine, page: int) -> PageLog | None:
    """The page with this number."""
    ensure(engine)
    with Session(engine) as session:
        row = session.get(PageRow, page)
        return _log(row) if row else None


def heard(engine: Engine, page: Page, carrier_id: str, at: datetime, *, over: bool) -> tuple[Page, ...]:
    """Note that the carrier has spoken of a page's call, and maybe that it is `over`; the other pages that it
    carries, which have to hear of it too."""
    ensure(engine)
    with _call_of(engine, page) as (session, call):
        for row in call:
            row.carrier_id = row.carrier_id or carrier_id
            if over:
                row.over_at = row.over_at or at
            session.add(row)
        return tuple(log.page for log in map(_log, call) if log.page != page)


def picked_up(engine: Engine, page: Page, at: datetime) -> tuple[PageLog, ...]:
    """Note that a page's call was answered: no other page joins it any more. All pages of the call that still
    want the person, the worst first; none where the call carries only this one."""
    ensure(engine)
    with _call_of(engine, page) as (session, call):
        for row in call:
            row.answered_at = row.answered_at or at
            session.add(row)
        return _ordered(row for row in call if row.over_at is None) if len(call) > 1 else ()


def spoken_of(engine: Engine, page: Page) -> tuple[PageLog, ...]:
    """The pages of a call that still wanted the person when it was answered: an answer is meant for them,
    also if the call has ended since. One for each incident, the latest."""
    ensure(engine)
    with _call_of(engine, page) as (_, call):
        told = [
            row for row in call if not (row.over_at and row.answered_at and row.over_at < row.answered_at)
        ]
        latest = {row.incident_id: row for row in told}
        return _ordered(latest.values())


def withdraw(engine: Engine, page: Page, at: datetime) -> bool:
    """Note that a page is not wanted any more; whether another one needs its call."""
    ensure(engine)
    with _call_of(engine, page) as (session, call):
        for row in call:
            if _log(row).page == page:
                row.over_at = row.over_at or at
                session.add(row)
        return any(_log(row).open for row in call)


def speaks(engine: Engine, carrier_id: str) -> int:
    """Note that somebody is about to speak to the machine that answered this call: for how many pages. 0: it
    was spoken to already."""
    ensure(engine)
    claim = update(PageRow).where(
        col(PageRow.carrier_id) == carrier_id, col(PageRow.rides_on).is_(None), ~col(PageRow.message_left)
    )
    wanted = col(PageRow.over_at).is_(None)
    carried = select(func.count(), func.count().filter(wanted)).where(PageRow.carrier_id == carrier_id)
    with engine.connect().execution_options(**{IMMEDIATE: True}) as connection, connection.begin():
        claimed = connection.execute(claim.values(message_left=True)).rowcount
        known, still_wanted = connection.execute(carried.select_from(PageRow)).one()
    return 0 if known and not claimed else max(int(still_wanted), 1)


@contextmanager
def _alone(engine: Engine, number: str) -> Iterator[Session]:
    """A transaction in which nobody else decides on this number. SQLite has one writer anyway."""
    with (
        engine.connect().execution_options(**{IMMEDIATE: True}) as connection,
        connection.begin(),
        Session(connection) as session,
    ):
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:number))"), {"number": number})
        yield session
        session.flush()


@contextmanager
def _call_of(engine: Engine, page: Page) -> Iterator[tuple[Session, list[PageRow]]]:
    """All pages of the call that carries this one, alone; none where it is not known."""
    with Session(engine) as reading:
        known = reading.exec(select(PageRow.number).where(*_is(page))).first()
    with _alone(engine, known or "") as session:
        own = session.exec(select(PageRow).where(*_is(page))).first()
        if own is None:
            yield session, []
            return
        first = own.rides_on or own.id
        query = select(PageRow).where(or_(col(PageRow.id) == first, col(PageRow.rides_on) == first))
        yield session, list(session.exec(query.order_by(col(PageRow.id))))


def _is(page: Page) -> tuple[Any, ...]:
    return (
        col(PageRow.incident_id) == page.incident_id,
        col(PageRow.run) == page.run,
        col(PageRow.attempt) == page.attempt,
    )


def _ordered(rows: Any) -> tuple[PageLog, ...]:
    return tuple(sorted(map(_log, rows), key=lambda page: (page.rank, page.requested_at, page.id)))


def _log(row: PageRow) -> PageLog:
    page = Page(incident_id=row.incident_id, run=row.run, attempt=row.attempt)
    return PageLog.model_validate({**row.model_dump(), "page": page})


def _values(page: PageLog) -> dict[str, Any]:
    return page.model_dump(exclude={"id", "page"}) | page.page.model_dump()
