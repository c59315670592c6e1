"""What others may read of an incident after its room has closed: the report, and Temporal's own page."""

from datetime import datetime

from domain.aftermath import Aftermath, Manuscript, PostmortemState, ReviewState
from domain.base import Deadline
from domain.incident import IncidentReport, Status
from domain.postmortem import ItemState, PostmortemNow, Stage
from policy import action_review, postmortem
from policy.follow_ups import day
from policy.standing import earliest


def report(state: Aftermath, now: datetime) -> IncidentReport:
    """The incident as it is now: as its room left it, and what has become of it since (spec 1.7)."""
    if isinstance(state, ReviewState):
        status = Status.CLOSED if state.closed_at else Status.IN_PREVENTION
        closed_at, known = state.closed_at, _review(state, now)
    elif isinstance(state, PostmortemState):
        status, closed_at, known = Status.IN_REVIEW, None, _postmortem(state, now)
    else:
        raise TypeError(f"{type(state).__name__} is neither a postmortem nor a review")
    return state.incident.model_copy(
        update={
            "status": status,
            "closed_at": closed_at,
            "postmortem": known,
            "postmortem_owner": state.owner,
            "document": state.incident_document,
            "deadlines": known.deadlines,
            "next_deadline": next_deadline(known.deadlines, now),
            "faults": {**state.incident.faults, **state.faults},
            "channels": state.outbox.channels,
            "chat_away_since": state.outbox.away_since,
        }
    )


def next_deadline(deadlines: tuple[Deadline, ...], now: datetime) -> Deadline | None:
    """The first to come or, with none to come, the first that was missed."""
    return earliest(deadline for deadline in deadlines if deadline.at > now) or earliest(deadlines)


def manuscript(state: Aftermath) -> Manuscript:
    """What has been written of the postmortem, and what its final version lacks."""
    return Manuscript(
        reason=state.reason,
        sections=state.sections,
        lacks=postmortem.lacks(state),
        meeting=state.meeting if isinstance(state, PostmortemState) else None,
    )


def summary(state: Aftermath, now: datetime) -> str:
    """What becomes of the incident, in Markdown, for Temporal's page (spec 12.1)."""
    incident = report(state, now)
    known = incident.postmortem
    if known is None:
        return ""
    coming = incident.next_deadline
    is_open = [item for item in known.items if item.state is ItemState.OPEN]
    lines = [
        f"### {incident.severity} {incident.title}{' (drill)' if incident.drill else ''}",
        f"- **Status:** {incident.status.value}, postmortem: {known.stage.value}",
        f"- **Commander:** {state.commander.name if state.commander else 'nobody'}",
        f"- **Postmortem owner:** {known.owner.name if known.owner else 'nobody yet'}",
        f"- **Next deadline:** {f'{coming.name} at {day(coming.at)}' if coming else 'none'}",
        f"- **Overdue:** {', '.join(known.overdue) or 'nothing'}",
        f"- **Action items:** {len(is_open)} open of {len(known.items)}",
    ]
    lines += [f"- {deadline.name}: {day(deadline.at)}" for deadline in known.deadlines]
    lines += [
        f"- item {item.number} ({item.priority}, {item.owner.name}): {item.text}, {item.state.value}"
        for item in known.items
    ]
    lines += [f"- **Fault in {duty}:** {count} times" for duty, count in state.faults.items()]
    return "\n".join(lines)


def _postmortem(state: PostmortemState, now: datetime) -> PostmortemNow:
    return PostmortemNow(
        stage=postmortem.stage(state),
        owner=state.owner,
        reason=state.reason,
        deadlines=postmortem.deadlines(state),
        overdue=postmortem.overdue(state, now),
        items=tuple(state.items),
        remarks=postmortem.remarks(state),
        factors=postmortem.factors(state) if state.final_at else (),
        document=state.document,
        meeting_at=state.meeting.at if state.meeting else None,
        published_at=state.published_at,
        final_at=state.final_at,
    )


def _review(state: ReviewState, now: datetime) -> PostmortemNow:
    return PostmortemNow(
        stage=Stage.DONE,
        owner=state.owner,
        reason=state.reason,
        deadlines=action_review.deadlines(state),
        overdue=action_review.overdue(state, now),
        items=tuple(state.items),
        factors=postmortem.factors(state),
        document=state.document,
        published_at=state.published_at,
        final_at=state.final_at,
        review_at=None if state.closed_at else state.due.at,
        review_document=state.review_document,
        reviewed_at=state.held[-1].at if state.held else None,
        answers=state.item_answers,
    )
