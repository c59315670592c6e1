"""What one incident needs of the configuration, frozen when it starts."""

from pydantic import Field

from domain.base import Duration, Thing
from domain.ladder import Ladder
from domain.people import Person
from domain.severity import Severity


class Service(Thing):
    """Something that can break. `runbook` is where its repair is written down."""

    id: str
    name: str
    ladder: str
    runbook: str | None = None


class Timing(Thing):
    """The figures of the policy pack that steer paging.

    Attributes:
        ring_for: how long a phone rings before the carrier gives up.
        next_method_within: how long a page may take to leave before the next method starts beside it.
        window_starts_within: when a rung's ack window begins at the latest (spec 3.2).
        retry_after: the pause before a page that the carrier did not take is tried again.
        trace_after: how long a page of unknown fate waits for the carrier's word before it is looked for.
        silent_after: how long past its ringing a call may stay unheard of before the carrier is asked.
        trust_speech: the lowest confidence (0 to 1) at which spoken words count (spec 4.2).
        reopen_after: how long after a resolution a repetition of the same alert is old news.
    """

    ring_for: Duration
    next_method_within: Duration
    window_starts_within: Duration
    retry_after: Duration
    trace_after: Duration
    silent_after: Duration
    trust_speech: float = Field(ge=0, le=1)
    reopen_after: Duration


class Snapshot(Thing):
    """The rules an incident lives by. A later change of the configuration does not touch it."""

    pack: str
    unclassified: str
    severities: tuple[Severity, ...]
    timing: Timing
    service: Service
    ladder: Ladder
    people: dict[str, Person]

    def severity(self, name: str) -> Severity:
        """The severity of that name."""
        return next(severity for severity in self.severities if severity.name == name)
