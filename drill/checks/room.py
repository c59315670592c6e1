"""The room: chat, roles, and what the public reads (spec 5, 6.2, 7)."""

from domain.response import Audience, Phase
from domain.roles import Role
from domain.timeline import Kind
from drill.checks.base import Check, after, demand, one, seconds, there
from drill.facts import Facts
from drill.scenario import MANAGER, PRIMARY, SECONDARY, TEAM_LEAD


def room_opens(facts: Facts) -> str:
    """Once Slack was back the room opened, with its card pinned and all that was said before in it"""
    _, back = there(facts.notes.slack_down, "time without Slack")
    channel = there(facts.channels.get(facts.report.channels.room or ""), "room")
    card = facts.report.channels.card
    posted = min((float(post.ts) for post in facts.room), default=0.0)
    said_before = [post for post in facts.room if "has to acknowledge this" in post.text]
    waited = posted - back.timestamp()
    kept = card in channel.pins and waited > 0 and len(said_before) == 1
    return demand(kept, f"#{channel.name}, {waited:.2f} s later, {len(facts.room)} messages")


def roles(facts: Facts) -> str:
    """Four people took the four roles: by message, by button, by API, by phone"""
    wanted = {
        Role.COMMANDER: SECONDARY,
        Role.TECH_LEAD: TEAM_LEAD,
        Role.COMMUNICATIONS_LEAD: MANAGER,
        Role.SCRIBE: PRIMARY,
    }
    held = {role: holder.person.id for role, holder in facts.report.roles.items()}
    pressed = facts.deeds("block_actions", "mw:role:")
    seen = ", ".join(f"{role}: {who}" for role, who in held.items()) or "nobody"
    return demand(held == wanted and len(pressed) == 1, f"{seen}; {len(pressed)} button")


def scribe(facts: Facts) -> str:
    """The scribe was asked for, then paged for when that was due, and found by pressing 1"""
    asked = one(facts.of(Kind.ASKED, "Who is scribe?", role=Role.SCRIBE.value), "word asking for a scribe")
    run = one(facts.of(Kind.RUN, f"nobody is {Role.SCRIBE}"), "run for a scribe")
    taken = one(facts.of(Kind.ROLE, role=Role.SCRIBE.value), "scribe")
    keys = [call for call in facts.to(PRIMARY, facts.calls) if "1" in call.keys]
    due = facts.organisation.severities["P0"].roles_within
    waited = run.at - facts.report.opened_at
    kept = asked.at < run.at <= taken.at and bool(keys) and after(due, facts.report.opened_at, run.at)
    return demand(kept, f"paged for after {seconds(waited)}, found {seconds(taken.at - run.at)} later")


def manager(facts: Facts) -> str:
    """The manager was told of the war room, and asked for no answer"""
    told = one(facts.of(Kind.ASKED, "was told: War room"), "word to the manager")
    texts = [message.body for message in facts.to(MANAGER, facts.messages) if "War room" in message.body]
    return demand(told.person == MANAGER and len(texts) == 1, one(texts, "message to the manager")[:60])


def updates(facts: Facts) -> str:
    """Each update was drafted, then approved, then published by the communications lead"""
    told = facts.updates(Audience.PUBLIC)
    phases = [update.phase for update in told]
    orderly = all(
        update.approved_at
        and update.published_at
        and update.drafted_at < update.approved_at < update.published_at
        and update.published_by
        and update.published_by.id == MANAGER
        for update in told
    )
    return demand(orderly and phases == list(Phase), ", ".join(phases) or "nothing was published")


def status_page(facts: Facts) -> str:
    """Everybody could read each of them, as a drill that breaks no component"""
    pages = facts.notes.pages
    shown = [page.incidents[0].incident_updates[0].status for page in pages if page.incidents]
    marked = all(one.name.startswith("Drill: ") for page in pages for one in page.incidents)
    whole = all(one.status == "operational" for page in pages for one in page.components)
    over = bool(pages) and not pages[-1].incidents
    kept = shown == list(Phase)[:-1] and marked and whole and over
    return demand(kept, f"{', '.join(shown)}, {'gone' if over else 'still there'}; drill: {marked}")


def inside(facts: Facts) -> str:
    """Those who wait within the house were told in the status channel, at each turn"""
    told = facts.updates(Audience.INTERNAL)
    posts = [post for post in facts.status_channel if post.metadata]
    phases = list(dict.fromkeys(update.phase for update in told))
    wanted = {Phase.INVESTIGATING, Phase.MONITORING, Phase.RESOLVED}
    kept = wanted <= set(phases) and len(posts) == len(told)
    return demand(kept, f"{len(told)} updates, {len(posts)} posts: {', '.join(phases)}")


CHECKS: tuple[Check, ...] = (room_opens, roles, scribe, manager, updates, status_page, inside)
