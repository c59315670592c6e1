"""Services that leave the one who is woken alone (spec 3.1, 9.7)."""

from collections.abc import Iterator, Mapping

from domain.finding import Finding
from policy.audit.facts import Facts, warning


def services(facts: Facts) -> Iterator[Finding]:
    """Services without a runbook or an owner, and those that need each other in a circle."""
    entries = facts.organisation.services
    for name, entry in entries.items():
        if not entry.runbook:
            message = f"whoever is woken for {name} finds no runbook"
            yield warning("no-runbook", ("services", name), message, "give the address of one as `runbook`")
        # Where nobody has a team, there is but one.
        if not entry.team and facts.organisation.teams:
            message = f"no team owns {name}"
            yield warning("no-team", ("services", name), message, "name the team that owns it as `team`")
    for circle in _circles({name: entry.depends_on for name, entry in entries.items()}):
        yield warning(
            "dependency-circle",
            ("services", circle[0], "depends_on"),
            f"services need each other in a circle: {' → '.join([*circle, circle[0]])}",
            "take out the dependency that is not one",
        )


def _circles(needs: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """Circles of dependencies, each service in one of them at most, beginning with its first in the files."""
    done: set[str] = set()
    for first in needs:
        path: list[str] = []
        ways = [iter((first,))]
        while ways:
            name = next(ways[-1], None)
            if name is None:
                ways.pop()
                done.update(path[-1:])
                path = path[:-1]
            elif name in path and not done.intersection(circle := path[path.index(name) :]):
                if len(circle) > 1:  # What needs itself keeps the configuration from being used at all.
                    begin = min(range(len(circle)), key=lambda at: list(needs).index(circle[at]))
                    yield (*circle[begin:], *circle[:begin])
                done.update(circle)
            elif name in needs and name not in done and name not in path:
                path.append(name)
                ways.append(iter(needs[name]))
