"""Configurations of the tests, and what is known of their calendars."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from domain.oncall import Feed
from validation.check import Checked, checked, examined

HERE = Path(__file__).parent
GOOD, FORTY = HERE / "good", HERE / "forty"

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
"""The moment at which they are looked at."""

MARK = "# fault: "


def good() -> Checked:
    """The configuration without a fault, its calendar just read."""
    return checked(examined(GOOD), NOW, {"shared": Feed(name="shared", fetched_at=NOW)})


def forty() -> Checked:
    """The one with forty, its calendar two days old."""
    feeds = {
        "shared": Feed(name="shared", fetched_at=NOW - timedelta(days=2)),
        "spare": Feed(name="spare", fetched_at=NOW),
    }
    return checked(examined(FORTY), NOW, feeds)


def marked(directory: Path) -> list[tuple[str, int, str]]:
    """File, line and rule of every fault that is marked in the files themselves."""
    return [
        (file.name, number, rule)
        for file in sorted(directory.rglob("*.yaml"))
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
        if MARK in line
        for rule in line.partition(MARK)[2].split(", ")
    ]
