"""What nobody uses. It was meant for something, and that something does without it."""

from collections.abc import Iterator

from domain.finding import Finding, Place
from policy.audit.facts import Facts, warning


def unused(facts: Facts) -> Iterator[Finding]:
    """Entries that nothing refers to."""
    organisation = facts.organisation
    services, teams = organisation.services.values(), organisation.teams.values()
    layers = [layer for schedule in organisation.schedules.values() for layer in schedule.layers]
    rungs = [rung for ladder in organisation.ladders.values() for rung in ladder.rungs]
    on_teams = [person for team in teams for person in (*team.members, team.lead, team.manager)]
    turns = [person for layer in layers for person in layer.people]
    named = [person for rung in rungs for person in rung.people]
    fed = [shift.person for feed in facts.feeds.values() for shift in feed.shifts]
    kinds: list[tuple[str, Place, set[str], set[str | None]]] = [
        ("person", ("people",), set(organisation.people), {*on_teams, *turns, *named, *fed}),
        ("team", ("teams",), set(organisation.teams), {service.team for service in services}),
        (
            "schedule",
            ("schedules",),
            set(organisation.schedules),
            {
                *(schedule for rung in rungs for schedule in rung.schedules),
                *(schedule for team in teams for schedule in (team.primary, team.secondary)),
            },
        ),
        ("ladder", ("ladders",), set(organisation.ladders), {service.ladder for service in services}),
        (
            "channel",
            ("channels",),
            set(organisation.channels),
            {ladder.fallback for ladder in organisation.ladders.values()},
        ),
        (
            "calendar",
            ("integrations", "calendars"),
            set(organisation.integrations.calendars),
            {layer.calendar for layer in layers},
        ),
        (
            "region",
            ("regions",),
            set(organisation.regions),
            {
                *(person.region for person in organisation.people.values()),
                *(team.region for team in teams),
                *(schedule.region for schedule in organisation.schedules.values()),
                *(layer.region for layer in layers),
            },
        ),
    ]
    for kind, section, there, used in kinds:
        for name in sorted(there - used):
            said = _SAID[kind].format(name)
            yield warning(f"unused-{kind}", (*section, name), said, "use it, or take it out")


_SAID = {
    "person": "no team, rotation or rung names {}",
    "team": "no service is owned by team {}",
    "schedule": "no rung and no team asks schedule {}",
    "ladder": "no service climbs ladder {}",
    "channel": "no ladder falls back on channel {}",
    "calendar": "no layer reads calendar {}",
    "region": "no person, team or schedule is in region {}",
}
