"""What should have happened in the drill, held against what did."""

from collections.abc import Iterator

from drill.checks import aftermath, closing, paging, response, room
from drill.checks.base import Verdict, judged
from drill.facts import Facts

__all__ = ["Verdict", "judge"]

CHECKS = (*paging.CHECKS, *room.CHECKS, *response.CHECKS, *closing.CHECKS, *aftermath.CHECKS)


def judge(facts: Facts) -> Iterator[Verdict]:
    """Every check, in the order of the story."""
    for check in CHECKS:
        yield judged(check, facts)
