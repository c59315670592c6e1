"""How long it takes to validate a large organisation: `python -m bench.validation`."""

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any, NamedTuple

from validation.check import Checked, checked, examined

PEOPLE, SCHEDULES, SERVICES = 500, 100, 300
TEAMS = SCHEDULES // 2
ZONES = "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Sydney"
NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)


def organisation() -> dict[str, Any]:
    """A configuration of this size without a fault: teams of ten, each with two schedules of two layers (one
    of them restricted), and services that need each other."""
    members = {
        team: [f"person-{team * 10 + number}" for number in range(PEOPLE // TEAMS)] for team in range(TEAMS)
    }
    return {
        "pack": "sev",
        "default_service": "service-0",
        "regions": {f"region-{at}": {"name": zone, "time_zone": zone} for at, zone in enumerate(ZONES)},
        "channels": {"duty": {"name": "Duty", "sms": "+12025550100"}},
        "people": dict(_people()),
        "teams": {f"team-{team}": _team(team, people) for team, people in members.items()},
        "schedules": {
            f"{position}-{team}": _schedule(people, team, later)
            for team, people in members.items()
            for position, later in (("primary", 0), ("secondary", 2))
        },
        "services": {f"service-{number}": _service(number) for number in range(SERVICES)},
        "ladders": {
            "all": {
                "fallback": "duty",
                "rungs": [
                    {"name": "primary", "team": ["primary"]},
                    {"name": "secondary and lead", "team": ["secondary", "lead"]},
                    {"name": "manager", "team": ["manager"], "dependent_services": True},
                ],
            }
        },
    }


def _people() -> Iterator[tuple[str, dict[str, Any]]]:
    for number in range(PEOPLE):
        yield (
            f"person-{number}",
            {
                "name": f"Person {number}",
                "phone": f"+1202555{1000 + number}",
                "email": f"person-{number}@example.com",
                "region": f"region-{number // 10 % len(ZONES)}",
                "phone_verified": "2026-01-15",
            },
        )


def _team(team: int, people: list[str]) -> dict[str, Any]:
    return {
        "name": f"Team {team}",
        "region": f"region-{team % len(ZONES)}",
        "members": people,
        "lead": people[8],
        "manager": people[9],
        "primary": f"primary-{team}",
        "secondary": f"secondary-{team}",
    }


def _schedule(people: list[str], team: int, later: int) -> dict[str, Any]:
    turns = [*people[later:8], *people[:later]]
    days = {"days": ["sat", "sun"], "begins": "08:00", "ends": "20:00"}
    return {
        "name": f"Schedule of team {team}",
        "region": f"region-{team % len(ZONES)}",
        "layers": [
            {"name": "weekly", "people": turns, "starts": "2026-01-05"},
            {"name": "weekends", "people": turns[4:] + turns[:4], "starts": "2026-01-05", "hours": [days]},
        ],
    }


def _service(number: int) -> dict[str, Any]:
    return {
        "name": f"Service {number}",
        "team": f"team-{number % TEAMS}",
        "ladder": "all",
        "depends_on": [
            f"service-{needed}" for needed in (number * 2 + 1, number * 2 + 2) if needed < SERVICES
        ],
        "runbook": f"https://runbooks.example.com/{number}",
    }


def write(directory: Path) -> None:
    """Write the organisation as a directory, a file for each section."""
    content = organisation()
    sections = {key: value for key, value in content.items() if isinstance(value, dict)}
    rest = {key: value for key, value in content.items() if key not in sections}
    for name, section in {
        "organisation": rest,
        **{key: {key: value} for key, value in sections.items()},
    }.items():
        (directory / f"{name}.yaml").write_text(_yaml(section), encoding="utf-8")


def _yaml(value: dict[str, Any]) -> str:
    # JSON is YAML; a line of its own for each value makes it as long as what people write.
    return json.dumps(value, indent=1)


class Figure(NamedTuple):
    """Seconds that validating took, by the clock and of the processor, and what was found."""

    seconds: float
    processor_seconds: float
    found: Checked


def measure() -> Figure:
    """Validate as `midwatch validate` does, without the time that Python takes to start."""
    with TemporaryDirectory(prefix="midwatch-bench-") as place:
        directory = Path(place)
        write(directory)
        began, worked = perf_counter(), process_time()
        found = checked(examined(directory), NOW)
        return Figure(perf_counter() - began, process_time() - worked, found)


def said(figure: Figure) -> str:
    """The figure, for people."""
    return (
        f"Validated, {PEOPLE} people, {SCHEDULES} schedules, {SERVICES} services: {figure.seconds:.2f} s "
        f"(aim: under 2 s), {figure.processor_seconds:.2f} s of the processor"
    )


def main() -> int:
    """Print the figure; 1 if it is not under two seconds, or if anything was found."""
    figure = measure()
    for problem in figure.found.problems[:10]:
        print(problem)
    print(said(figure))
    return int(figure.seconds >= 2 or bool(figure.found.problems))


if __name__ == "__main__":
    sys.exit(main())
