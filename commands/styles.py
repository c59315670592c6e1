"""Colours, each with one meaning: red wants somebody, yellow is on its way, green is done."""

from domain.incident import Status
from domain.timeline import Kind

_SEVERITIES = {1: "bold white on red", 2: "bold black on yellow", 3: "bold black on cyan"}
_STATUSES = {Status.DETECTED: "bold red", Status.TRIAGED: "bold yellow", Status.RESPONDING: "bold yellow"}
_KINDS = {
    Kind.OPENED: "bold red",
    Kind.ALERT: "red",
    Kind.SEVERITY: "bold red",
    Kind.RUN: "magenta",
    Kind.RUNG: "bold magenta",
    Kind.PAGE: "yellow",
    Kind.CARRIER: "dim",
    Kind.ACKNOWLEDGED: "bold green",
    Kind.COMMANDER: "green",
    Kind.PASSED: "yellow",
    Kind.DECISION: "bold",
    Kind.ASKED: "yellow",
    Kind.RESOLVED: "bold green",
    Kind.CLOSED: "green",
    Kind.REOPENED: "bold red",
    Kind.DOCUMENT: "cyan",
    Kind.FAULT: "bold white on red",
}

MISSING = "bold red"
GOOD = "green"
WAITS = "yellow"
QUIET = "dim"


def severity_style(rank: int) -> str:
    """Of a severity, by its rank."""
    return _SEVERITIES.get(rank, "bold black on white")


def status_style(status: Status) -> str:
    """Of where an incident is."""
    return _STATUSES.get(status, "bold green")


def kind_style(kind: Kind) -> str:
    """Of a line of the timeline."""
    return _KINDS.get(kind, "")
