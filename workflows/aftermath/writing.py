"""What people do in a postmortem, one function for each act (spec 9.3). Whether it may be done is for
`policy.follow_ups` to say."""

from domain import aftermath_acts as acts
from domain.aftermath import Due, Meeting, PostmortemState, Step
from domain.aftermath_acts import FollowingUp
from domain.incident import Said
from domain.timeline import Kind
from policy import blameless, postmortem
from policy.follow_ups import day
from workflows.aftermath import items
from workflows.aftermath.live import LiveAftermath

LivePostmortem = LiveAftermath[PostmortemState]


def perform(live: LivePostmortem, asked: FollowingUp) -> Said:
    """Do it; what was done already, by the id of its source, is answered alike and done once."""
    if known := live.state.answers.get(asked.source_id):
        return known
    live.know(asked.contacts)
    return live.remember(asked.source_id, Said(accepted=True, text=_do(live, asked)))


def open_once(live: LivePostmortem) -> None:
    """Tell the owner, if there is one, what is expected of them."""
    if not live.state.began:
        live.state.began = True
        if live.state.owner:
            _hand_to_owner(live)


def _do(live: LivePostmortem, asked: FollowingUp) -> str:
    match asked.act:
        case acts.NameOwner() as act:
            return _name_owner(live, asked, act)
        case acts.Write() as act:
            return _write(live, asked, act)
        case acts.HoldMeeting() as act:
            return _meeting(live, asked, act)
        case acts.BeginReview():
            return _begin_review(live, asked)
        case acts.PublishPostmortem() as act:
            return _publish(live, asked, act)
        case acts.MoveDeadline() as act:
            return _move(live, asked, act)
        case acts.ItemDraft() as act:
            return items.add(live, asked, act)
        case acts.SettleItem() as act:
            return items.settle(live, asked, act)
    raise ValueError(f"a postmortem knows no {asked.act.verb}")


def _name_owner(live: LivePostmortem, asked: FollowingUp, act: acts.NameOwner) -> str:
    state = live.state
    before, state.owner = state.owner, live.named(act.owner)
    live.want("postmortem")
    after = f" after {before.name}" if before and before != state.owner else ""
    text = f"{state.owner.name} writes the postmortem{after}."
    live.log(Kind.POSTMORTEM, text, person=asked.by.id)
    _hand_to_owner(live)
    return text


def _hand_to_owner(live: LivePostmortem) -> None:
    due = "; ".join(f"{d.name} by {day(d.at)}" for d in postmortem.deadlines(live.state))
    name = live.state.owner.name if live.state.owner else "Nobody yet"
    live.ask(Kind.ASKED, f"{name} writes the postmortem: {due}.", live.state.owner)


def _write(live: LivePostmortem, asked: FollowingUp, act: acts.Write) -> str:
    state = live.state
    state.sections = state.sections | act.sections
    live.want("postmortem")
    names = ", ".join(f"'{section.label}'" for section in act.sections)
    said = f"Written: {names}." if names else ""
    if names:
        live.log(Kind.POSTMORTEM, f"{asked.by.name} wrote {names}.", person=asked.by.id)
    if act.submit:
        state.submitted_at = live.now()
        live.log(Kind.POSTMORTEM, f"{asked.by.name} handed in the draft.", person=asked.by.id)
        live.announce("The draft of the postmortem is in.")
        said = f"{said} The draft is in."
    found = blameless.remarks(
        {f"'{section.label}'": text for section, text in act.sections.items()}, postmortem.names(state)
    )
    return " ".join((said.strip(), *found))


def _meeting(live: LivePostmortem, asked: FollowingUp, act: acts.HoldMeeting) -> str:
    state, known = live.state, live.state.meeting
    figures = postmortem.figures_of(state)
    usual = known.minutes if known else postmortem.minutes(figures)
    attendees = tuple(live.named(person) for person in act.attendees)
    planned = act.on > live.now()
    meeting = Meeting(
        at=act.on,
        minutes=act.minutes or usual,
        attendees=attendees or (known.attendees if known else ()),
        notes=act.notes,
        held=not planned,
        sequence=known.sequence + 1 if known else 0,
    )
    state.meeting = meeting
    live.want("postmortem")
    with_whom = f" with {', '.join(person.name for person in meeting.attendees)}" if meeting.attendees else ""
    if planned:
        live.want("meeting")
        text = f"The postmortem meeting is on {day(act.on)}, for {meeting.minutes} minutes{with_whom}."
        live.ask(Kind.POSTMORTEM, text, *meeting.attendees)
        return text
    notes = f" {act.notes.strip()}" if act.notes.strip() else ""
    text = f"The postmortem meeting was held on {day(act.on)}{with_whom}."
    live.log(Kind.POSTMORTEM, f"{text}{notes}", person=asked.by.id)
    return f"{text} What comes next: open the draft for comments (begin-review)."


def _begin_review(live: LivePostmortem, asked: FollowingUp) -> str:
    state, now = live.state, live.now()
    state.reviewing_since = now
    ends = now + postmortem.figures_of(state).review_for
    state.due[Step.REVIEW] = Due(at=ends)
    text = f"Comments on the postmortem are heard until {day(ends)}."
    live.log(Kind.POSTMORTEM, f"{asked.by.name} opened it for comments. {text}", person=asked.by.id)
    live.announce(text)
    return text


def end_review(live: LivePostmortem) -> None:
    """The hours for comments are over."""
    state = live.state
    state.review_over = True
    final = day(state.due[Step.FINAL].at)
    live.ask(
        Kind.POSTMORTEM,
        f"The hours for comments are over. Publish the final version by {final}.",
        state.owner,
    )


def _publish(live: LivePostmortem, asked: FollowingUp, act: acts.PublishPostmortem) -> str:
    state, now = live.state, live.now()
    found = postmortem.remarks(state, final=act.final)
    state.published_at = state.published_at or now
    live.want("postmortem")
    what = "The postmortem is published as it stands; it is not final yet."
    if act.final:
        state.final_at = now
        live.want("incident")
        what = "The postmortem is final."
    despite = f" Despite: {' '.join(found)}" if found else ""
    live.log(
        Kind.POSTMORTEM,
        f"{asked.by.name} published it. {what}{despite}",
        person=asked.by.id,
        final=act.final,
        remarks=list(found),
    )
    live.announce(what)
    return what


def _move(live: LivePostmortem, asked: FollowingUp, act: acts.MoveDeadline) -> str:
    state = live.state
    before = state.due[act.step].at
    state.due[act.step] = Due(at=act.to)
    why = f": {act.reason.strip()}" if act.reason.strip() else "."
    text = f"The deadline of the {act.step.label} moves from {day(before)} to {day(act.to)}{why}"
    live.log(Kind.POSTMORTEM, f"{asked.by.name}: {text}", person=asked.by.id, step=act.step.value)
    return text
