"""The duty to leave everything written: documents, invitations, and the list of action items (spec 9.1, 9.2,
9.3, 9.5)."""

from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import ActivityError

from domain.aftermath import Aftermath, InvitationKind, Paper, PostmortemState, ReviewState
from domain.aftermath_jobs import (
    STORE_ITEMS,
    WRITE_INVITATION,
    WRITE_POSTMORTEM,
    WRITE_REVIEW,
    Guest,
    StoreItems,
    WriteInvitation,
    WritePostmortem,
    WriteReview,
)
from domain.base import Thing
from domain.jobs import WRITE_DOCUMENT, Stored, WriteDocument, Written
from domain.people import PersonRef
from domain.timeline import Kind
from policy import action_review, postmortem
from workflows.aftermath.live import AftermathT, LiveAftermath

PAUSE = timedelta(seconds=30)
PATIENCE = timedelta(seconds=30)


async def papers(live: LiveAftermath[AftermathT]) -> None:
    """Write down what is wanted, one thing after the other, however long that takes."""
    state = live.state
    while True:
        await workflow.wait_condition(lambda: _next(state) is not None and not live.draining)
        paper = _next(state)
        if paper is None:
            continue
        # Taken off first: what changes while it is being written makes it wanted again.
        state.papers = tuple(other for other in state.papers if other != paper)
        try:
            await _write(live, paper)
        except ActivityError:
            live.want(paper)
            await workflow.sleep(PAUSE, summary=f"{paper} could not be written")


def _next(state: Aftermath) -> Paper | None:
    """The first that can be written now. Documents are made of what is stored, so they wait for it."""
    waiting = ("postmortem", "incident") if state.timeline.pending else ()
    return next((paper for paper in state.papers if paper not in waiting), None)


async def _write(live: LiveAftermath[AftermathT], paper: Paper) -> None:
    state = live.state
    match paper:
        case "items":
            await _store_items(live)
        case "meeting" | "review":
            await _invite(live, paper)
        case "postmortem":
            await _write_postmortem(live)
        case "incident":
            work = WriteDocument(report=live.report())
            state.incident_document = await _path(live, WRITE_DOCUMENT, work, "write the incident document")
    live.changed()


async def _store_items(live: LiveAftermath[AftermathT]) -> None:
    state = live.state
    work = StoreItems(
        incident_id=state.id,
        service=state.incident.service,
        through=state.timeline.last,
        items=tuple(state.items),
    )
    await live.job(STORE_ITEMS, work, Stored, summary="store the action items", timeout=PATIENCE)


async def _write_postmortem(live: LiveAftermath[AftermathT]) -> None:
    state = live.state
    work = WritePostmortem(report=live.report(), sections=state.sections)
    path = await _path(live, WRITE_POSTMORTEM, work, "write the postmortem")
    if path != state.document:
        state.document = path
        live.log(Kind.DOCUMENT, f"Postmortem written: {path}", path=path)
    if isinstance(state, ReviewState) and (state.held or state.item_answers):
        review = WriteReview(report=live.report(), held=tuple(state.held))
        path = await _path(live, WRITE_REVIEW, review, "write what was reviewed")
        if path != state.review_document:
            state.review_document = path
            live.log(Kind.DOCUMENT, f"Review of the action items written: {path}", path=path)


async def _path(live: LiveAftermath[AftermathT], job: str, work: Thing, summary: str) -> str:
    return (await live.job(job, work, Written, summary=summary, timeout=PATIENCE)).path


async def _invite(live: LiveAftermath[AftermathT], kind: InvitationKind) -> None:
    if work := _invitation(live, kind):
        path = await _path(live, WRITE_INVITATION, work, f"write the invitation to the {kind}")
        if not work.sequence:
            live.log(Kind.DOCUMENT, f"Invitation to the {kind} written: {path}", path=path)


def _invitation(live: LiveAftermath[AftermathT], kind: InvitationKind) -> WriteInvitation | None:
    state = live.state
    if isinstance(state, ReviewState) and kind == "review":
        at, sequence = state.due.at, state.sequence
        minutes = postmortem.minutes(postmortem.figures_of(state))
        people = action_review.participants(state)
    elif isinstance(state, PostmortemState) and state.meeting:
        at, minutes = state.meeting.at, state.meeting.minutes
        sequence, people = state.meeting.sequence, state.meeting.attendees
    else:
        return None
    return WriteInvitation(
        report=live.report(),
        kind=kind,
        begins_at=at,
        minutes=minutes,
        sequence=sequence,
        written_at=live.now(),
        organiser=_guest(state, state.owner) if state.owner else None,
        guests=tuple(_guest(state, person) for person in people),
    )


def _guest(state: Aftermath, person: PersonRef) -> Guest:
    known = state.snapshot.people.get(person.id)
    return Guest(name=person.name, email=known.email if known else None)
