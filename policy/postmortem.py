"""When a postmortem is owed, where it stands, and what is due of it (spec 9.2, 9.3)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.aftermath import Aftermath, Due, PostmortemState, Section, Step
from domain.base import Deadline
from domain.due import Owed
from domain.incident import IncidentReport, IncidentState
from domain.postmortem import Stage
from domain.snapshot import Postmortems
from policy import action_items, blameless
from policy.standing import earliest

MINOR_RANK = 3
"""The rank at which the same cause twice makes a postmortem owed."""

REMINDED, MISSED, RISEN = 1, 2, 3
"""How far the telling about a deadline has come. Beyond `RISEN` it is told again, once each `rise_after`."""

FOR_A_DRAFT = (Section.SUMMARY, Section.IMPACT)
"""What a draft cannot be without."""


def owed(state: IncidentState) -> str | None:
    """Why the incident gets a postmortem, in words; None if none is owed (spec 9.2). The worst severity that
    it had counts, not the last."""
    figures, grade = state.snapshot.postmortems, state.worst_grade
    if figures is None or settled_by_itself(state):
        return None
    if grade.postmortem == "always":
        return f"every {grade.name} gets one"
    if grade.postmortem == "customer impact" and state.customer_impact:
        return f"a {grade.name} that customers felt gets one"
    if (hours := engineer_hours(state)) > figures.engineer_hours:
        return f"it took {hours:.1f} engineer hours, more than {figures.engineer_hours:g}"
    if state.recurs and grade.rank == MINOR_RANK:
        return f"a {grade.name} came back from the same cause"
    return None


def settled_by_itself(state: IncidentState) -> bool:
    """Whether the automated response ended it, and nobody ever had it: there is nothing to ask anybody."""
    return bool(state.automated and state.automated.worked and state.acknowledged_at is None)


def engineer_hours(state: IncidentState) -> float:
    """The hours of work that the incident took: as given or, without that, for everybody who holds a role
    from taking the first until the resolution."""
    if state.engineer_hours is not None:
        return state.engineer_hours
    if state.resolved_at is None:
        return 0.0
    since: dict[str, datetime] = {}
    for held in state.roles.values():
        who = held.person.id or held.person.name
        since[who] = min(since.get(who, held.since), held.since)
    worked = (max(state.resolved_at - at, timedelta(0)) for at in since.values())
    return sum(worked, timedelta(0)) / timedelta(hours=1)


def begin(state: IncidentState, report: IncidentReport, now: datetime) -> PostmortemState:
    """The postmortem that follows an incident whose room has closed: its deadlines count from the resolution,
    and the incident's timeline and its place in chat go on.

    Raises:
        ValueError: the incident lives by rules that know no postmortem.
    """
    figures, resolved_at = state.snapshot.postmortems, state.resolved_at or now
    if figures is None:
        raise ValueError(f"{state.id} lives by rules without postmortems")
    within = {
        Step.OWNER: timedelta(0),
        Step.DRAFT: figures.draft_within,
        Step.PUBLISHED: state.grade.published_within,
        Step.MEETING: figures.meeting_within,
        Step.REVIEW: figures.meeting_within + figures.review_for,
        Step.FINAL: figures.final_within,
    }
    return PostmortemState(
        incident=report,
        reason=owed(state) or "it was asked for",
        snapshot=state.snapshot,
        owner=state.postmortem_owner,
        resolved_at=resolved_at,
        due={step: Due(at=resolved_at + length) for step, length in within.items() if length is not None},
        incident_document=state.document,
        papers=("postmortem",),
        timeline=state.timeline.model_copy(deep=True),
        outbox=state.outbox.model_copy(deep=True),
    )


def figures_of(state: Aftermath) -> Postmortems:
    """The figures that it lives by.

    Raises:
        ValueError: there are none, so it should not have begun.
    """
    if state.snapshot.postmortems is None:
        raise ValueError(f"{state.id} lives by rules without postmortems")
    return state.snapshot.postmortems


def minutes(figures: Postmortems) -> int:
    """How long a meeting lasts, unless it is said otherwise."""
    return max(1, round(figures.meeting_lasts / timedelta(minutes=1)))


def stage(state: PostmortemState) -> Stage:
    """What the postmortem waits for."""
    if state.final_at:
        return Stage.DONE
    if state.owner is None:
        return Stage.OWNER
    if state.submitted_at is None:
        return Stage.DRAFT
    if not held(state):
        return Stage.MEETING
    return Stage.FINAL if state.review_over else Stage.REVIEW


def held(state: PostmortemState) -> bool:
    """Whether the meeting is over."""
    return state.meeting is not None and state.meeting.held


def is_done(state: PostmortemState, step: Step) -> bool:
    """Whether this deadline is kept, or can be missed no more."""
    return (
        state.final_at is not None
        or {
            Step.OWNER: state.owner is not None,
            Step.DRAFT: state.submitted_at is not None,
            Step.PUBLISHED: state.published_at is not None,
            Step.MEETING: held(state),
            Step.REVIEW: state.review_over,
            Step.FINAL: state.final_at is not None,
        }[step]
    )


def deadlines(state: PostmortemState) -> tuple[Deadline, ...]:
    """Every deadline that has yet to be kept, the earliest first; those that were missed among them."""
    found = [
        Deadline(name=step.label, at=due.at) for step, due in state.due.items() if not is_done(state, step)
    ]
    if state.meeting and not state.meeting.held and not state.final_at:
        found.append(Deadline(name="postmortem meeting begins", at=state.meeting.at))
    return tuple(sorted(found, key=lambda deadline: deadline.at))


@dataclass(frozen=True)
class Tell:
    """Tell of a deadline: remind its owner, say that it was missed or, from `RISEN` on, let it rise to the
    commander (spec 9.3)."""

    step: Step
    level: int


@dataclass(frozen=True)
class EndReview:
    """The hours for comments are over."""


def due(state: PostmortemState, now: datetime) -> Owed[Tell | EndReview]:
    """What has to be told or ended now, and what comes next."""
    figures = figures_of(state)
    actions: list[Tell | EndReview] = []
    later: list[Deadline] = []
    current = next((step for step in Step if step in state.due and not is_done(state, step)), None)
    for step, told in state.due.items():
        if is_done(state, step):
            continue
        if step is Step.REVIEW and state.reviewing_since:
            if told.at <= now:
                actions.append(EndReview())
            else:
                later.append(Deadline(name=step.label, at=told.at))
            continue
        level = level_at(told, figures, now, repeats=step is current)
        if level > told.told:
            actions.append(Tell(step, level))
        if comes := next_telling(step.label, told, figures, now, repeats=step is current):
            later.append(comes)
    return Owed(tuple(actions), earliest(later))


def level_at(told: Due, figures: Postmortems, now: datetime, *, repeats: bool) -> int:
    """How far the telling about a deadline should have come by now."""
    if now < told.at:
        return REMINDED if now >= told.at - figures.remind_before else 0
    late = (now - told.at) // figures.rise_after
    return MISSED + (late if repeats else min(late, 1))


def next_telling(
    name: str, told: Due, figures: Postmortems, now: datetime, *, repeats: bool
) -> Deadline | None:
    """When people hear of a deadline next, by a name that says what for."""
    reminder = told.at - figures.remind_before
    if now < reminder:
        return Deadline(name=f"reminder: {name}", at=reminder)
    if now < told.at:
        return Deadline(name=name, at=told.at)
    rises = level_at(told, figures, now, repeats=True) - MISSED + 1
    if rises > 1 and not repeats:
        return None
    return Deadline(name=f"overdue: {name}", at=told.at + rises * figures.rise_after)


def overdue(state: PostmortemState, now: datetime) -> tuple[str, ...]:
    """The names of the deadlines that were missed, and are not kept yet."""
    return tuple(
        step.label for step, told in state.due.items() if told.at <= now and not is_done(state, step)
    )


def lacks(state: Aftermath) -> tuple[str, ...]:
    """What the final version cannot be without (spec 9.2)."""
    return tuple(
        f"'{section.label}' is not written ({section.value})"
        for section in Section
        if not state.sections.get(section, "").strip()
    )


def remarks(state: Aftermath, *, final: bool = True) -> tuple[str, ...]:
    """What is pointed out before publication: persons named as a cause and, of a final version, what the list
    of action items leaves out (spec 9.4, 9.5)."""
    figures = figures_of(state)
    texts = {f"'{section.label}'": text for section, text in state.sections.items()}
    texts |= {f"action item {item.number}": item.text for item in state.items}
    texts |= {"the cause": state.incident.cause, "the resolution": state.incident.resolution}
    blaming = blameless.remarks(texts, names(state))
    listed = action_items.remarks(state.items, figures.priorities, figures.top_items)
    return (*blaming, *listed) if final else blaming


def names(state: Aftermath) -> tuple[str, ...]:
    """Everybody who is known to the incident, by name."""
    fallback = state.snapshot.ladder.fallback
    known = [person.name for person in state.snapshot.people.values() if person.id != fallback]
    known += [held.person.name for held in state.incident.roles.values()]
    return tuple(dict.fromkeys(known))


def factors(state: Aftermath) -> tuple[str, ...]:
    """The contributing factors that were found, one a line."""
    written = (state.sections.get(section, "") for section in (Section.TECHNICAL, Section.PROCESS))
    return tuple(line.strip(" -*\t") for text in written for line in text.splitlines() if line.strip(" -*\t"))
