"""From an incident's timeline and an agenda to what a rehearsal showed."""

from collections.abc import Sequence
from datetime import datetime

from domain.incident import IncidentState
from domain.timeline import Entry, Kind
from rehearsal.agenda import Agenda, Page
from rehearsal.record import EventLine, Fate, PageLine, Rehearsed, RungLine, Scene

PAGING = (Kind.OPENED, Kind.ALERT, Kind.PAGE, Kind.CARRIER, Kind.DOCUMENT)
"""What the pages themselves tell, or what is no news of a rehearsal."""


def told(state: IncidentState, scene: Scene, agenda: Agenda, entries: Sequence[Entry]) -> Rehearsed:
    """All that a rehearsal showed, in order."""
    ends = scene.at + scene.length
    pages = tuple(_page(page, scene, ends) for page in agenda.pages.values())
    taken = next((page for page in pages if page.fate == "acknowledged"), None)
    return Rehearsed(
        scene=scene,
        time_zone=state.snapshot.time_zone,
        title=f"{scene.severity} of {', '.join(scene.services)}",
        pages=pages,
        rungs=_rungs(agenda, entries, ends),
        events=tuple(
            EventLine(at=entry.at, after=entry.at - scene.at, kind=entry.kind.value, text=entry.text)
            for entry in entries
            if entry.kind not in PAGING and not _climbs(entry)
        ),
        taken_by=taken.name if taken else None,
        taken_after=taken.ends - scene.at if taken and taken.ends else None,
        ends=ends,
    )


def _page(page: Page, scene: Scene, ends: datetime) -> PageLine:
    paged = page.paged
    open_yet: Fate = "still rings" if paged.method == "call" else "not read"
    return PageLine(
        at=paged.at,
        after=paged.at - scene.at,
        run=page.run,
        run_for=paged.run_for,
        rung=paged.rung,
        round=paged.round,
        person=paged.person,
        name=page.name,
        method=paged.method,
        fate=page.fate or open_yet,
        ends=page.ended_at or (ends if paged.method == "call" else None),
        why=page.why,
    )


def _rungs(agenda: Agenda, entries: Sequence[Entry], ends: datetime) -> tuple[RungLine, ...]:
    """Each rung until the next one, or until its run ended."""
    over = [entry.at for entry in entries if entry.kind in (Kind.ACKNOWLEDGED, Kind.RESOLVED)]
    over += [entry.at for entry in entries if entry.kind is Kind.RUN and "rung" not in entry.data]
    begun = [climb.at for climb in agenda.climbs]
    return tuple(
        RungLine(
            at=climb.at,
            ends=min((at for at in [*begun[number + 1 :], *over] if at > climb.at), default=ends),
            run=climb.run,
            run_for=climb.run_for,
            rung=climb.rung,
            round=climb.round,
        )
        for number, climb in enumerate(agenda.climbs)
    )


def _climbs(entry: Entry) -> bool:
    """Whether it is a step on the ladder, which the pages show; a change of the roster is news."""
    return entry.kind is Kind.RUNG and "rung" in entry.data
