"""What the documents of an incident say, computed from the report and the timeline (spec 9.1, 9.2, 9.6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from domain.ids import slug
from domain.incident import IncidentReport
from domain.ladder import Outcome
from domain.postmortem import ActionItem, ItemState, PostmortemNow
from domain.timeline import Entry, Kind

STORY = frozenset(
    {
        Kind.OPENED,
        Kind.ACKNOWLEDGED,
        Kind.SEVERITY,
        Kind.IMPACT,
        Kind.COMMANDER,
        Kind.WAR_ROOM,
        Kind.CHECKPOINT,
        Kind.HYPOTHESIS,
        Kind.DECISION,
        Kind.ANNOUNCEMENT,
        Kind.MITIGATION,
        Kind.RESOLVED,
        Kind.REOPENED,
    }
)
"""What a postmortem tells of the timeline: what people found, decided and did (spec 9.2)."""


@dataclass(frozen=True)
class Document:
    """The figures and findings of one incident, for any of its documents."""

    report: IncidentReport
    postmortem: PostmortemNow | None
    items: Sequence[ActionItem]
    entries: Sequence[Entry]
    story: Sequence[Entry]
    duration: str
    detection: str
    to_acknowledge: str
    to_mitigate: str
    delays: Sequence[str]


def document(report: IncidentReport, entries: Sequence[Entry]) -> Document:
    """Everything that a template needs, beside what people have written."""
    ended = report.resolved_at or report.closed_at or report.opened_at
    return Document(
        report=report,
        postmortem=report.postmortem,
        items=report.postmortem.items if report.postmortem else (),
        entries=entries,
        story=[entry for entry in entries if entry.kind in STORY],
        duration=_duration(report, ended),
        detection=_detection(report),
        to_acknowledge=_acknowledged(report),
        to_mitigate=_mitigated(report),
        delays=_delays(entries, report.acknowledged_at),
    )


def _duration(report: IncidentReport, ended: datetime) -> str:
    """From the first alert to the resolution, and how long of that the harm lasted."""
    whole = spelled(ended - report.opened_at)
    if report.mitigated_at is None:
        return whole
    return f"{whole}, of which {spelled(report.mitigated_at - report.opened_at)} until it was mitigated"


def filename(report: IncidentReport) -> str:
    """`2026-11-21-checkout-payments-fail`, without its ending."""
    return f"{report.opened_at.astimezone(UTC):%Y-%m-%d}-{slug(f'{report.service} {report.title}', limit=70)}"


def standing(item: ActionItem) -> str:
    """How an action item stands, and why."""
    why = f": {item.reason}" if item.reason else ""
    if item.state is not ItemState.OPEN:
        return f"{item.state.value}{why}"
    times = "once" if item.moved == 1 else f"{item.moved} times"
    return f"open, moved {times}{why}" if item.moved else "open"


def spelled(length: timedelta) -> str:
    """A length of time for people: `1 h 5 min`, `12 min 3 s`, `8 s`."""
    seconds = max(0, round(length.total_seconds()))
    hours, minutes, rest = seconds // 3600, seconds % 3600 // 60, seconds % 60
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def utc(at: datetime | None) -> str:
    """A moment as the document writes it."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC" if at else "not yet"


def _detection(report: IncidentReport) -> str:
    if report.first_started_at is None:
        return "Reported by a person; when the harm began is not recorded."
    gap = report.opened_at - report.first_started_at
    if gap < timedelta(seconds=1):
        return "The alert came at the moment it says the harm began."
    return f"{spelled(gap)} passed between the harm's beginning, as the alert dates it, and its arrival here."


def _acknowledged(report: IncidentReport) -> str:
    if report.acknowledged_at is None:
        return "Nobody acknowledged it."
    return f"{spelled(report.acknowledged_at - report.opened_at)} from the first alert to an acknowledgement."


def _mitigated(report: IncidentReport) -> str:
    ended = report.mitigated_at or report.resolved_at
    if ended is None:
        return "The harm has not ended yet."
    return f"{spelled(ended - report.opened_at)} from the first alert to the end of the harm."


def _delays(entries: Sequence[Entry], until: datetime | None) -> list[str]:
    """What stood between the alert and a person: every page that came to nothing, every further rung. Nothing
    that happened once somebody had it did, nor a chat that was away."""
    came_to_something = {Outcome.ACKNOWLEDGED.value, Outcome.PASSED.value, Outcome.WITHDRAWN.value}
    return [
        entry.text
        for entry in entries
        if (until is None or entry.at <= until)
        and (
            entry.kind in (Kind.RUNG, Kind.PASSED)
            or (entry.kind is Kind.FAULT and "duty" in entry.data)
            or (
                entry.kind is Kind.CARRIER
                and entry.data.get("outcome", "acknowledged") not in came_to_something
            )
        )
    ]
